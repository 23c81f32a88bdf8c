"""Handing sources over: in the batch of an earlier command where there is one, in a new batch otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reelyard.cli.desk import Desk
from reelyard.cli.reporting import seconds, size
from reelyard.cli.results import Begun
from reelyard.cli.sources import Source
from reelyard.client import Batch, Client, ClientError, Order, RefusedFile
from reelyard.client.files import Sent, Slot

UPLOADING = "uploading"


@dataclass(slots=True)
class Round:
    """One batch of this command and its sources by item."""

    batch: Batch
    sources: dict[str, Source] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)  # still to be sent
    ended: set[str] = field(default_factory=set)


class Handing:
    """Batches for one command's sources."""

    def __init__(self, client: Client, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        self._speed = Speed(time.monotonic)
        self.open: list[str] = []  # batches that have not ended

    def rounds(self, sources: Sequence[Source]) -> Iterator[Round]:
        """Batches that an earlier command began, and a new one for what is in none."""
        begun: dict[str, list[tuple[Source, Begun]]] = {}
        fresh: list[Source] = []
        for source in sources:
            found = self._desk.results.begun(source.path, self._desk.wish.key)
            if found is None:
                fresh.append(source)
            else:
                begun.setdefault(found.batch, []).append((source, found))
        for batch_id, pairs in begun.items():
            adopted = self._adopted(batch_id, pairs)
            if adopted is None:
                fresh += [source for source, _ in pairs]
            else:
                self.open.append(batch_id)
                yield adopted
        if fresh:
            yield from self._ordered(fresh)

    def _adopted(self, batch_id: str, pairs: list[tuple[Source, Begun]]) -> Round | None:
        try:
            batch = self._client.batches.get(batch_id)
            if batch.status in ("cancelled", "failed"):
                return None
            there = {item.id: item for item in self._client.batches.items(batch_id)}
        except ClientError as error:
            if error.code != "not_found":
                raise
            return None
        if not all(begun.item in there and there[begun.item].status != "failed" for _, begun in pairs):
            return None  # what failed before is tried anew
        found = Round(batch, {begun.item: source for source, begun in pairs})
        for source, begun in pairs:
            if there[begun.item].file.status == "receiving" and begun.upload:
                found.slots.append(
                    Slot(source.path, self._client.files.upload_state(begun.upload), begun.item)
                )
        self._desk.reporter.tell(
            "resumed", f"go on with batch “{batch.name}”, {len(pairs)} files", batch=batch_id
        )
        return found

    def _ordered(self, sources: Sequence[Source]) -> Iterator[Round]:
        wish = self._desk.wish
        settings = {**wish.settings, **wish.besides}
        order = Order(_name(sources), pipeline=wish.pipeline, settings=settings, concurrency=wish.concurrency)
        batch = self._client.batches.create(order)
        self.open.append(batch.id)
        announced = self._client.files.announce([source.path for source in sources], batch_id=batch.id)
        taken: list[tuple[Source, Slot]] = []
        for source, each in zip(sources, announced, strict=True):
            if isinstance(each, RefusedFile):
                self._desk.refuse(source, each)
            else:
                taken.append((source, each))
        if not taken:
            self.open.remove(batch.id)
            self._client.batches.delete(batch.id)
            return
        found = Round(batch)
        for source, slot in taken:
            found.sources[slot.item_id or ""] = source
            found.slots.append(slot)
        self._desk.results.note_begun(self._begun(batch.id, source, slot) for source, slot in taken)
        yield found

    def _begun(self, batch_id: str, source: Source, slot: Slot) -> Begun:
        facts, upload = source.path.stat(), slot.upload
        return Begun(
            batch_id, slot.item_id or "", upload.file_id, upload.id, str(source.path.resolve()), facts.st_size,
            facts.st_mtime_ns, self._desk.wish.key, str(source.stem),
        )  # fmt: skip

    def send(self, one: Round) -> None:
        """Send what has not arrived, then start the batch, or resume one that was paused."""
        sizes = {slot.path: slot.upload.size or 0 for slot in one.slots}
        received: dict[Path, int] = {}
        total = sum(sizes.values())

        def on_sent(sent: Sent) -> None:
            received[sent.path] = sent.received
            so_far = sum(list(received.values()))
            self._desk.reporter.progress(
                UPLOADING, so_far / total if total else 1.0, self._speed.note(so_far, total)
            )

        for slot, outcome in self._client.files.send(one.slots, on_sent=on_sent):
            if isinstance(outcome, ClientError):
                item_id = slot.item_id or ""
                self._desk.fail(one.sources.pop(item_id), outcome)
                self._desk.results.note_ended([item_id])
                self._client.batches.remove(one.batch.id, [item_id])
        self._desk.reporter.over(UPLOADING)
        batch = self._client.batches.get(one.batch.id)
        if batch.status == "pending" and one.sources:
            batch = self._client.batches.start(batch.id)
        elif batch.status == "paused":
            batch = self._client.batches.resume(batch.id)
        one.batch = batch


class Speed:
    """How fast the bytes go, and how long the rest will take."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun: float | None = None

    def note(self, so_far: int, total: int) -> str:
        """Such as “12 of 80 MB, 45 MB/s, 2 s left”."""
        now = self._clock()
        if self._begun is None:
            self._begun = now
        took = now - self._begun
        text = f"{size(so_far)} of {size(total)}"
        if took < 1 or not so_far:
            return text
        speed = so_far / took
        return f"{text}, {size(speed)}/s, {seconds((total - so_far) / speed)} left"


def _name(sources: Sequence[Source]) -> str:
    first = sources[0].path.name[:60]
    return first if len(sources) == 1 else f"{first} and {len(sources) - 1} more"
