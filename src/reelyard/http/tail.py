"""The newest events of each owner, read once for all who follow them.

A commit rings; the next look reads what is new, in a thread, and whoever follows takes its share from there.
Nothing is pushed: one who is slow reads later, from the database if need be, and costs no memory meanwhile.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from reelyard.core.events.live import LiveBoard
from reelyard.core.events.repository import Seen, last_seq, since_owner
from reelyard.db.session import Database
from reelyard.errors import ReelyardError

log = structlog.get_logger(__name__)

KEPT = 2_000  # events kept of an owner while somebody follows
PAGE = 200
PAUSE_S = 0.02  # commits that come together are read together
PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class Fact:
    """An event, and the JSON that everyone gets."""

    seen: Seen
    data: Mapping[str, Any]
    text: str


def fact(seen: Seen) -> Fact:
    """The event in the form that every way of reading gives."""
    data = {
        "owner_seq": seen.owner_seq,
        "seq": seen.seq,
        "kind": seen.kind,
        "batch_id": seen.batch_id,
        "item_id": seen.item_id,
        "at": seen.at.isoformat(),
        "data": seen.data,
    }
    return Fact(seen, data, json.dumps(data, ensure_ascii=False, separators=(",", ":")))


class Tail:
    """One owner's newest events, on one event loop."""

    def __init__(self, db: Database, board: LiveBoard, owner_id: str) -> None:
        self._db = db
        self._owner_id = owner_id
        self._loop = asyncio.get_running_loop()
        self._facts: list[Fact] = []
        self._upto = -1  # the newest number known here; -1 before the first look
        self._stale = True
        self._rung = False
        self._read_at = 0.0
        self._reading: asyncio.Task[None] | None = None
        self._wakers: set[Callable[[], None]] = set()
        self._unwatch = board.watch(owner_id, self._ring)

    @property
    def followed(self) -> bool:
        return bool(self._wakers)

    def follow(self, wake: Callable[[], None]) -> None:
        self._wakers.add(wake)

    def leave(self, wake: Callable[[], None]) -> None:
        self._wakers.discard(wake)

    def close(self) -> None:
        self._unwatch()

    async def after(self, owner_seq: int) -> list[Fact]:
        """The owner's events after this number, oldest first, at most a page of them."""
        await self._renew()
        oldest = self._upto - len(self._facts)
        if owner_seq >= oldest:
            start = owner_seq - oldest
            return self._facts[start : start + PAGE]
        return await asyncio.to_thread(self._read, owner_seq, PAGE)

    def _ring(self) -> None:
        """From any thread: something of the owner changed."""
        if not self._rung:
            self._rung = True
            try:
                self._loop.call_soon_threadsafe(self._wake)
            except RuntimeError:  # the loop has ended
                self._rung = False

    def _wake(self) -> None:
        self._rung = False
        self._stale = True
        for wake in tuple(self._wakers):
            wake()

    async def _renew(self) -> None:
        """Look once for all who ask at the same time; one who leaves does not end it for the others."""
        while self._stale:
            if self._reading is None:
                self._reading = self._loop.create_task(self._look())
            await asyncio.shield(self._reading)

    async def _look(self) -> None:
        try:
            await asyncio.sleep(max(0.0, self._read_at + PAUSE_S - self._loop.time()))
            self._stale = False
            if self._upto < 0:
                self._upto = await asyncio.to_thread(self._last)
            found = await asyncio.to_thread(self._read, self._upto, KEPT)
            if found:
                self._facts = [*self._facts, *found][-KEPT:]
                self._upto = found[-1].seen.owner_seq
            self._stale = self._stale or len(found) == KEPT
        except ReelyardError as error:
            log.warning("events.unreadable", reason=str(error))
            self._stale = True
            await asyncio.sleep(PATIENCE_S)
        finally:
            self._read_at = self._loop.time()
            self._reading = None

    def _last(self) -> int:
        with self._db.read() as tx:
            return last_seq(tx, self._owner_id)

    def _read(self, after: int, limit: int) -> list[Fact]:
        with self._db.read() as tx:
            return [fact(seen) for seen in since_owner(tx, self._owner_id, after, limit)]
