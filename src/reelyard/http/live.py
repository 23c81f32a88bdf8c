"""The one live feed: what changed since a number, then what changes, and progress between changes.

    feed = await feeds.open(owner_id, batch_id, since)     # NotFound, TooManyStreams
    async for messages in feed: ...                        # an empty list means: still there
    feed.close()

SSE, WebSocket and the doors' sockets read it. It holds nothing for a slow reader: what is not fetched stays
in the database, and progress is the latest value at the time of asking.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from reelyard.bootstrap import Container
from reelyard.core.batches.repository import batch_for_reading
from reelyard.core.events.live import EXPORT, Progress
from reelyard.core.events.repository import Seen, first_seq, last_seq, since_batch
from reelyard.core.events.snapshot import snapshot
from reelyard.errors import TooManyStreams
from reelyard.http.container import Closing
from reelyard.http.tail import PAGE, Fact, Tail, fact

PROGRESS_EVERY_S = 0.5
LOOK_EVERY_S = 5.0  # a ring may be lost between processes; a look costs little


class MessageType(StrEnum):
    EVENT = "event"
    PROGRESS = "progress"  # of one item: the latest value only
    EXPORT = "export_progress"  # of one export: the latest value only
    OUTLOOK = "outlook"  # of one batch: when it is expected to end, how fast it goes
    RESET = "reset"  # what came before cannot be told any more: here is how things stand


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell. `id` is where to go on from after it; None where that does not change."""

    type: MessageType
    name: str  # the event's kind, else the type
    data: Mapping[str, Any]
    text: str  # `data` as JSON
    id: int | None = None


class Since:
    """Where a reader wants to begin: a number, the present (None), or a text that was none (UNREADABLE)."""

    UNREADABLE = -1

    @staticmethod
    def read(text: str | None) -> int | None:
        """A reader's own words as a place to begin."""
        if text is None or not text.strip():
            return None
        digits = text.strip()
        return (
            int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 18 else Since.UNREADABLE
        )


class Feeds:
    """Every open feed of the application, counted by owner."""

    def __init__(self, container: Container, closing: Closing | None = None) -> None:
        self.container = container
        self.closing = closing or Closing()
        self._tails: dict[str, Tail] = {}
        self._open: dict[str, int] = {}

    async def open(
        self, owner_id: str, batch_id: str | None = None, since: int | None = None, *, counted: bool = True
    ) -> Feed:
        """A feed that has begun. Raises NotFound; TooManyStreams when it counts and there are too many."""
        if counted:
            self.enter(owner_id)
        try:
            feed = Feed(self.container, owner_id, batch_id, since=since, feeds=self)
            await feed.begin()
        except BaseException:
            if counted:
                self.leave(owner_id)
            raise
        if counted:
            feed.at_close(lambda: self.leave(owner_id))
        return feed

    def enter(self, owner_id: str) -> None:
        """Count one more stream of the owner. Raises TooManyStreams."""
        most = self.container.settings.server.max_streams
        if self._open.get(owner_id, 0) >= most:
            raise TooManyStreams(
                f"{most} live streams are open already, which is the most for one user.",
                hint="Close one: a stream without batch_id tells of all batches.",
            )
        self._open[owner_id] = self._open.get(owner_id, 0) + 1

    def leave(self, owner_id: str) -> None:
        self._open[owner_id] -= 1
        if not self._open[owner_id]:
            del self._open[owner_id]

    def follow(self, owner_id: str, wake: Callable[[], None]) -> Tail:
        tail = self._tails.get(owner_id)
        if tail is None:
            tail = self._tails[owner_id] = Tail(self.container.db, self.container.board, owner_id)
        tail.follow(wake)
        return tail

    def unfollow(self, owner_id: str, wake: Callable[[], None]) -> None:
        tail = self._tails[owner_id]
        tail.leave(wake)
        if not tail.followed:
            tail.close()
            del self._tails[owner_id]


class Feed:
    """Messages for one reader, in lists as they come together. Ends when the server closes."""

    def __init__(
        self,
        container: Container,
        owner_id: str,
        batch_id: str | None = None,
        *,
        since: int | None = None,
        feeds: Feeds | None = None,
    ) -> None:
        self._container = container
        self._owner_id = owner_id
        self._batch_id = batch_id
        self._since = since
        self._feeds = feeds or Feeds(container)
        self._wake = asyncio.Event()
        self._tail: Tail | None = None
        self._at_close: list[Callable[[], None]] = []
        self._at = 0  # the owner's number up to which everything was told
        self._told = 0  # the same in the numbers of the batch, when it is a batch's feed
        self._catching_up = False
        self._version = 0
        self._progress_at = 0.0
        self._resting: set[str] = set()  # items that do not run: progress of them came late and is not told
        self._first: list[Message] = []

    def at_close(self, action: Callable[[], None]) -> None:
        self._at_close.append(action)

    def close(self) -> None:
        """Let go of everything; once more does nothing."""
        actions, self._at_close = self._at_close, []
        for action in actions:
            action()

    async def begin(self) -> None:
        """Find the place to begin. Raises NotFound."""
        wake, loop = self._wake.set, asyncio.get_running_loop()

        def server_closes() -> None:
            loop.call_soon_threadsafe(wake)

        self._tail = self._feeds.follow(self._owner_id, wake)
        self.at_close(lambda: self._feeds.unfollow(self._owner_id, wake))
        self.at_close(self._feeds.closing.watch(server_closes))
        try:
            await asyncio.to_thread(self._place)
        except BaseException:
            self.close()
            raise

    async def __aiter__(self) -> AsyncIterator[list[Message]]:
        if self._tail is None:
            await self.begin()
        try:
            if self._first:
                yield self._first
            while not self._feeds.closing.is_set:
                yield await self._next()
        finally:
            self.close()

    # --- where to begin ---------------------------------------------------------------------------------

    def _place(self) -> None:
        """In a thread: what was missed comes from the log, or as a snapshot if that was purged."""
        with self._container.db.read() as tx:
            if self._batch_id is not None:
                batch_for_reading(tx, self._owner_id, self._batch_id)
            self._at = last_seq(tx, self._owner_id)
            last = last_seq(tx, self._owner_id, self._batch_id)
            since = self._since
            if since is None:
                self._told = last
            elif first_seq(tx, self._owner_id, self._batch_id) - 1 <= since <= last:
                self._told = since
                self._catching_up = self._batch_id is not None
                self._at = self._at if self._catching_up else since
            else:
                state = snapshot(tx, self._owner_id, self._batch_id)
                self._told = state["seq"]
                self._first = [message(MessageType.RESET, state, id=state["seq"])]

    # --- what is new --------------------------------------------------------------------------------------

    async def _next(self) -> list[Message]:
        """Wait for something to tell, at most for a heartbeat."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._container.settings.server.heartbeat_s
        while True:
            self._wake.clear()
            messages = [*await self._events(), *self._progress(loop.time())]
            if messages or self._feeds.closing.is_set or loop.time() >= deadline:
                return messages
            until = min(deadline, loop.time() + LOOK_EVERY_S, self._progress_due(loop.time()))
            try:
                async with asyncio.timeout_at(until):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _events(self) -> list[Message]:
        if self._catching_up:
            facts = await asyncio.to_thread(self._page_of_batch)
        else:
            assert self._tail is not None  # noqa: S101 - `begin` was called
            facts = await self._tail.after(self._at)
            if facts:
                self._at = facts[-1].seen.owner_seq
        for each in facts:
            self._note(each.seen)
        if self._batch_id is None:
            return [_event(each, each.seen.owner_seq) for each in facts]
        mine = [
            each
            for each in facts
            if each.seen.batch_id == self._batch_id and (each.seen.seq or 0) > self._told
        ]
        if mine:
            self._told = mine[-1].seen.seq or self._told
        return [_event(each, each.seen.seq or 0) for each in mine]

    def _note(self, seen: Seen) -> None:
        """Remember who runs: the board hears of an end after the log does."""
        item = seen.data.get("item") or {}
        if item.get("status") == "processing":
            self._resting.discard(item["id"])
        elif "id" in item:
            self._resting.add(item["id"])
        elif seen.kind in ("items.cancelled", "items.failed"):
            self._resting.update(seen.data.get("item_ids", ()))

    def _page_of_batch(self) -> list[Fact]:
        """In a thread: what its reader missed. The owner's number is read first: nothing falls between."""
        with self._container.db.read() as tx:
            at = last_seq(tx, self._owner_id)
            found = since_batch(tx, self._owner_id, self._batch_id or "", self._told, PAGE)
        if len(found) < PAGE:
            self._catching_up, self._at = False, at
        return [fact(seen) for seen in found]

    def _progress(self, now: float) -> list[Message]:
        """The latest values, at most twice a second."""
        if now < self._progress_at:
            return []
        board, since = self._container.board, self._version
        outlooks = board.outlooks(self._owner_id, since, self._batch_id)
        self._version, fresh = board.changed(self._owner_id, since, self._batch_id)
        if not fresh and not outlooks:
            return []
        self._progress_at = now + PROGRESS_EVERY_S
        expected = [
            message(MessageType.OUTLOOK, {"batch_id": batch_id, **asdict(outlook)})
            for batch_id, outlook in outlooks.items()
        ]
        running = (value for value in fresh if value.item_id not in self._resting)
        return [*(_of_progress(value) for value in running), *expected]

    def _progress_due(self, now: float) -> float:
        """When to look for progress: that which came too soon after the last rang no bell of its own."""
        return self._progress_at if now < self._progress_at else float("inf")


def _event(each: Fact, position: int) -> Message:
    return Message(MessageType.EVENT, each.seen.kind, each.data, each.text, position)


def message(kind: MessageType, data: Mapping[str, Any], *, id: int | None = None) -> Message:  # noqa: A002 - SSE's word
    return Message(kind, kind.value, data, json.dumps(data, ensure_ascii=False, separators=(",", ":")), id)


def _of_progress(value: Progress) -> Message:
    if value.kind == EXPORT:
        return message(MessageType.EXPORT, export_progress_data(value))
    return message(MessageType.PROGRESS, progress_data(value))


def export_progress_data(value: Progress) -> dict[str, Any]:
    """What is told of an export that a worker makes."""
    names = ("batch_id", "progress", "eta_s", "note")
    return {"export_id": value.item_id, **{name: getattr(value, name) for name in names}}


def progress_data(value: Progress) -> dict[str, Any]:
    """What is told of a running item."""
    names = ("batch_id", "item_id", "stage", "progress", "eta_s", "note", "live")
    return {name: getattr(value, name) for name in names}


def _feeds(connection: HTTPConnection) -> Feeds:
    state = connection.app.state
    if not hasattr(state, "feeds"):
        state.feeds = Feeds(state.container, state.closing)
    found: Feeds = state.feeds
    return found


LiveFeeds = Annotated[Feeds, Depends(_feeds)]
