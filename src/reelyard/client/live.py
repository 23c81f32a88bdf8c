"""The live feed through the client: server-sent events, gone on with after a break, by polling where streams are refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from reelyard.client.errors import ClientError, Unreachable
from reelyard.client.models import Batch, Event, Message, Outlook, Progress, Reset
from reelyard.client.transport import Transport

NO_STREAM = frozenset({404, 405, 406, 429, 501})  # a proxy that takes none, or too many are open


@dataclass(slots=True)
class Raw:
    """One server-sent event as it stands in the stream."""

    event: str = "message"
    id: str | None = None
    data: list[str] = field(default_factory=list)


def parse_stream(lines: Iterable[str]) -> Iterator[Raw]:
    """The events of a stream by the rules of the HTML standard; comments are left out."""
    current = Raw()
    for line in lines:
        if not line:
            if current.data:
                yield current
            current = Raw()
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            current.data.append(value)
        elif name == "event":
            current.event = value
        elif name == "id":
            current.id = value


class Live:
    """`client.live`: what happens, as it happens."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def follow(self, batch_id: str | None = None, after: int | None = None) -> Iterator[Message]:
        """Messages of a batch, or of all, without end; `after` is the number of the last one known.

        A broken connection is taken up again where it broke; after several in a row that bring nothing it raises
        Unreachable. `Reset` means that too much was missed: read anew how things stand.
        """
        breaks, at = 0, after
        patience = self._transport.patience
        while True:
            try:
                for message, number in self._stream(batch_id, at):
                    breaks, at = 0, at if number is None else number
                    yield message
            except Unreachable:
                breaks += 1
                if breaks > patience.retries:
                    raise
            except ClientError as error:
                if error.status not in NO_STREAM:
                    raise
                for message, number in self._poll(batch_id, at):  # tells what a 404 really means
                    at = number
                    yield message
            patience.sleep(patience.wait_s(max(1, breaks)))

    def _stream(self, batch_id: str | None, at: int | None) -> Iterator[tuple[Message, int | None]]:
        headers = {"Accept": "text/event-stream"}
        if at is not None:
            headers["Last-Event-ID"] = str(at)
        params = {"batch_id": batch_id} if batch_id else {}
        with self._transport.stream(
            "/api/v1/events/stream", headers=headers, params=params, timeout=60.0
        ) as answer:
            for raw in parse_stream(answer.iter_lines()):
                message = read_message(raw.event, json.loads("\n".join(raw.data)))
                if message is not None:
                    yield message, int(raw.id) if raw.id and raw.id.isdecimal() else None

    def _poll(self, batch_id: str | None, at: int | None) -> Iterator[tuple[Message, int]]:
        answer = self._transport.json(
            "GET", "/api/v1/events", params={"batch_id": batch_id, "since": at or 0}
        )
        if answer["reset"]:
            yield Reset(seq=answer["next"]), answer["next"]
        for told in answer["events"]:
            event = Event.model_validate(told)
            yield event, (event.seq if batch_id else event.owner_seq) or 0
        for told in answer["progress"]:
            yield Progress.model_validate(told), answer["next"]

    def wait(self, batch_id: str) -> Batch:
        """Wait until the batch has ended; gives it as it is then."""
        batch = self._batch(batch_id)
        if batch.ended:
            return batch
        for message in self.follow(batch_id, batch.seq):
            if isinstance(message, Event | Reset):
                batch = self._batch(batch_id)
                if batch.ended:
                    break
        return batch

    def _batch(self, batch_id: str) -> Batch:
        return Batch.model_validate(self._transport.json("GET", f"/api/v1/batches/{batch_id}"))


def read_message(name: str, data: Any) -> Message | None:
    """A message from its name and data; None for a kind that this client does not know."""
    kinds: dict[str, type[Progress | Outlook | Reset]] = {
        "progress": Progress,
        "outlook": Outlook,
        "reset": Reset,
    }
    if name in kinds:
        return kinds[name].model_validate(data)
    if isinstance(data, dict) and "owner_seq" in data:
        return Event.model_validate(data)
    return None
