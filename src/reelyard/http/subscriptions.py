"""Sockets of the doors: a client says what it wants to hear, and each such thing is read from the live feed.

A door gives the words: a `Line` that understands what its clients ask, and a `Teller` for each thing they may hear.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import structlog
from pydantic import BaseModel
from starlette.websockets import WebSocketDisconnect

from reelyard.errors import InvalidInput, NotFound, ReelyardError
from reelyard.http.live import Feed, Feeds, Message, Since
from reelyard.http.socket import MOST_SUBSCRIPTIONS, POLICY, Talk, settle

log = structlog.get_logger(__name__)

OVERALL_EVERY_S = 0.5
BROKEN = 1011


class Teller(Protocol):
    """One thing that can be heard. Each method runs in a thread, and raises NotFound when the thing is gone."""

    def place(self) -> tuple[str, int]:
        """The batch whose feed tells of it, and the number of the last event there."""
        ...

    def told(self, messages: Sequence[Message], seq: int) -> Sequence[BaseModel]:
        """The feed's messages as the door's; everything up to `seq` was told before."""
        ...

    def overall(self, seq: int) -> Sequence[BaseModel]:
        """How it stands as a whole, everything up to `seq` being told."""
        ...


class Line(Talk):
    """A connection that speaks a door's words: `_answer` calls `_begin` and `_unsubscribe` with a key of the client's."""

    heard = "things"  # what a client can hear, in the door's word

    @abstractmethod
    def _confirmed(self, key: str, seq: int) -> dict[str, Any]:
        """What is said when it begins; everything after `seq` is going to be told."""

    @abstractmethod
    def _refused(self, key: str, error: ReelyardError) -> dict[str, Any]:
        """What is said when it cannot begin, or cannot go on since what was heard is gone."""

    async def counted(self) -> None:
        """Talk to the end, as one of the owner's streams. Raises TooManyStreams."""
        self._feeds.enter(self._owner_id)
        try:
            await self.run()
        finally:
            self._feeds.leave(self._owner_id)

    async def _begin(self, key: str, teller: Teller, since: Any, over: asyncio.Future[int]) -> None:
        """Begin, or begin anew from another number; `since` as the client gave it."""
        self._unsubscribe(key)
        try:
            if len(self._tasks) >= MOST_SUBSCRIPTIONS:
                raise InvalidInput(f"A connection hears at most {MOST_SUBSCRIPTIONS} {self.heard}")
            wanted = None if since is None else Since.read(str(since))
            subscription = await Subscription.begin(self._feeds, self._owner_id, teller, wanted)
        except ReelyardError as error:
            await self._send(self._refused(key, error))
            return
        await self._send(self._confirmed(key, subscription.seq))
        self._tasks[key] = asyncio.create_task(self._hold(key, subscription, over))

    async def _hold(self, key: str, subscription: Subscription, over: asyncio.Future[int]) -> None:
        """Lead a subscription to its end; the connection ends with it when nothing can be told any more."""
        code = None
        try:
            gone = await subscription.run(self)
            if gone is not None:
                await self._send(self._refused(key, gone))
        except* TimeoutError:
            code = POLICY
        except* (WebSocketDisconnect, RuntimeError):  # RuntimeError: it was closed under our hands
            code = 0
        except* Exception:
            log.exception("door.subscription_broke")
            code = BROKEN
        if code is not None:
            settle(over, code)

    async def tell(self, messages: Iterable[BaseModel]) -> None:
        """Send messages of the door."""
        for message in messages:
            await self._send_text(self._written(message))

    def _written(self, message: BaseModel) -> str:
        """A message as its client reads it."""
        return message.model_dump_json(by_alias=True, exclude_none=True)


class Subscription:
    """One thing on one connection: every event at once, how it stands as a whole at most twice a second."""

    def __init__(self, teller: Teller, feed: Feed, seq: int) -> None:
        self._teller = teller
        self._feed = feed
        self.seq = seq  # up to which everything was told
        self._changed = asyncio.Event()
        self._telling = asyncio.Lock()

    @classmethod
    async def begin(cls, feeds: Feeds, owner_id: str, teller: Teller, since: int | None) -> Subscription:
        """From the present, or from the number `since`. Raises NotFound."""
        batch_id, last = await asyncio.to_thread(teller.place)
        wanted = last if since is None else since
        feed = await feeds.open(owner_id, batch_id, wanted, counted=False)
        return cls(teller, feed, wanted if 0 <= wanted <= last else last)

    async def run(self, line: Line) -> NotFound | None:
        """Tell everything until the server stops, or the thing is gone: then that is given back."""
        gone: NotFound | None = None
        self._changed.set()
        try:
            async with asyncio.TaskGroup() as both:
                overall = both.create_task(self._overall(line))
                await self._follow(line)
                overall.cancel()
        except* NotFound as found:
            gone = next(each for each in found.exceptions if isinstance(each, NotFound))
        finally:
            self._feed.close()
        return gone

    async def _follow(self, line: Line) -> None:
        async for messages in self._feed:
            if messages:
                async with self._telling:
                    await line.tell(await asyncio.to_thread(self._teller.told, messages, self.seq))
                    self.seq = next((m.id for m in reversed(messages) if m.id is not None), self.seq)
                self._changed.set()

    async def _overall(self, line: Line) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            async with self._telling:  # so that it never tells of less than what was told before it
                await line.tell(await asyncio.to_thread(self._teller.overall, self.seq))
            await asyncio.sleep(OVERALL_EVERY_S)
