"""`GET /{id}/progress`: the batch's news as server-sent events without names, until the batch has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch
from reelyard.core.batches.repository import ItemQuery
from reelyard.core.batches.states import BatchStatus
from reelyard.core.batches.views import batch_view
from reelyard.core.events.repository import first_seq, last_seq, since_batch
from reelyard.db.session import Transaction
from reelyard.errors import NotFound
from reelyard.http.doors.video import news, reading, translate
from reelyard.http.doors.video.news import Current, Known, Told, Video
from reelyard.http.doors.video.schemas import EventName
from reelyard.http.facts import items_of, items_told
from reelyard.http.live import Feed, Feeds, Message, MessageType, Since
from reelyard.http.streaming import EventStream
from reelyard.http.tail import fact

RETRY_MS = 3_000  # after so long a browser connects again
HEARTBEAT = ": heartbeat\n\n"
PAGE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader begins: with what is told at once of a batch that has ended, or in the feed after `since`."""

    batch_id: str
    ended: bool
    since: int = 0
    told: Sequence[Told] = ()


async def progress_stream(feeds: Feeds, owner_id: str, job_id: str, last_event_id: str | None) -> Response:
    """The stream; 204 for one who comes back and has missed nothing of a batch that has ended.

    Raises NotFound, TooManyStreams.
    """
    reader = _Reader(feeds.container, owner_id)
    place = await asyncio.to_thread(reader.place, job_id, Since.read(last_event_id))
    if place.ended:
        return _ended(place.told)
    feed = await feeds.open(owner_id, place.batch_id, place.since)
    beat_s = feeds.container.settings.server.heartbeat_s
    return EventStream(_texts(reader, feed, place.batch_id, beat_s), feed.close)


def _ended(told: Sequence[Told]) -> Response:
    if not told:
        return Response(status_code=204)  # tells a browser not to come back
    text = _retry() + "".join(map(sse, told))
    return Response(
        text, media_type="text/event-stream; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


async def _texts(reader: _Reader, feed: Feed, batch_id: str, beat_s: float) -> AsyncIterator[str]:
    """What is told, and a comment whenever nothing was for so long."""
    clock = asyncio.get_running_loop().time
    yield _retry()
    said_at = clock()
    async for messages in feed:
        try:
            told = await asyncio.to_thread(reader.told, batch_id, messages) if messages else []
        except NotFound:  # deleted meanwhile
            return
        end = next((n for n, each in enumerate(told) if each.event.event is EventName.BATCH_COMPLETED), None)
        text = "".join(map(sse, told if end is None else told[: end + 1]))
        if text or clock() - said_at >= beat_s:
            yield text or HEARTBEAT
            said_at = clock()
        if end is not None:
            return


def sse(told: Told) -> str:
    """One plain message, so that `onmessage` sees it; JSON has no line breaks."""
    place = f"id: {told.id}\n" if told.id is not None else ""
    return f"{place}data: {told.event.model_dump_json(exclude=_left_out(told))}\n\n"


def _left_out(told: Told) -> set[str]:
    return set() if told.event.status is not None else {"status"}


def _retry() -> str:
    return f"retry: {RETRY_MS}\n\n"


@dataclass(slots=True)
class _Reader:
    """Reads what one stream tells; in threads. Remembers the videos, whose names and files do not change."""

    services: Container
    owner_id: str
    _videos: dict[str, Video] = field(default_factory=dict)

    def place(self, job_id: str, since: int | None) -> Place:
        """Where to begin; None is the present. Raises NotFound."""
        with self.services.db.read() as tx:
            batch = reading.find(tx, self.owner_id, job_id)
            last = last_seq(tx, self.owner_id, batch.id)
            if not BatchStatus(batch.status).ended:
                return Place(batch.id, ended=False, since=last if since is None else since)
            if since is None:
                end = news.of_end(BatchStatus(batch.status), self._known(tx, batch, ()), last)
                return Place(batch.id, ended=True, told=[end])
            if first_seq(tx, self.owner_id, batch.id) - 1 <= since <= last:
                return Place(batch.id, ended=True, told=self._missed(tx, batch, since))
            return Place(batch.id, ended=True, told=self._state(tx, batch, last))

    def told(self, batch_id: str, messages: Iterable[Message]) -> list[Told]:
        """What the feed's messages are at this door. Raises NotFound."""
        with self.services.db.read() as tx:
            batch = reading.find(tx, self.owner_id, batch_id)
            told: list[Told] = []
            known = self._known(tx, batch, items_told(messages))
            for message in messages:
                told += self._one(tx, batch, message, known)
            return told

    def _one(self, tx: Transaction, batch: Batch, message: Message, known: Known) -> list[Told]:
        match message.type:
            case MessageType.EVENT:
                return news.of_event(message.data, known)
            case MessageType.PROGRESS:
                return [news.of_progress(message.data, known)]
            case MessageType.RESET:
                return self._state(tx, batch, message.id or 0)
        return []

    def _missed(self, tx: Transaction, batch: Batch, since: int) -> list[Told]:
        told: list[Told] = []
        while found := since_batch(tx, self.owner_id, batch.id, since, PAGE):
            seen: list[Any] = [fact(each).data for each in found]
            known = self._known(tx, batch, {item for each in seen for item in items_of(each)})
            told += [message for each in seen for message in news.of_event(each, known)]
            since = found[-1].seq or 0
        return told

    def _state(self, tx: Transaction, batch: Batch, seq: int) -> list[Told]:
        videos = reading.videos(self.services, tx, batch, "")
        known = self._known(tx, batch, {video.id for video in videos})
        told = news.of_state(videos, known, seq)
        status = BatchStatus(batch.status)
        return [*told, news.of_end(status, known, seq)] if status.ended else told

    def _known(self, tx: Transaction, batch: Batch, item_ids: Collection[str]) -> Known:
        view = batch_view(tx, batch, self.services.board)
        running = self.services.board.of_batch(batch.id) if view.counts.processing else []
        self._learn(tx, batch, {*item_ids, *(each.item_id for each in running)})
        pipeline = self.services.registry.get(batch.pipeline)
        current = next(
            (
                Current(self._videos[each.item_id], translate.stage(pipeline, "processing", each.stage))
                for each in running
                if each.item_id in self._videos
            ),
            None,
        )
        return Known(batch.id, pipeline, view.counts, view.eta_s, current, self._videos)

    def _learn(self, tx: Transaction, batch: Batch, item_ids: Collection[str]) -> None:
        new = [item_id for item_id in item_ids if item_id not in self._videos]
        for start in range(0, len(new), PAGE):
            wanted = ItemQuery(ids=tuple(new[start : start + PAGE]), limit=PAGE)
            for item, file in repository.list_items(tx, batch, wanted)[0]:
                self._videos[item.id] = Video(file.id, file.name)
