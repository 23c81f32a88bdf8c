"""Receiving a body: chunks are gathered to blocks, each hashed and written by two threads at once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from reelyard.errors import InvalidInput, TooLarge
from reelyard.storage.files import storage_errors, write_all
from reelyard.storage.storage import PartSlot

# Bytes handed to the threads at once; larger blocks measured no faster. A writer holds two blocks at most.
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """Where the bytes go."""

    descriptor: int
    offset: int
    pool: Executor


@dataclass(frozen=True, slots=True)
class Received:
    size: int
    sha256: str


async def settled(works: Iterable[asyncio.Future[Any]]) -> None:
    """Wait until threads or tasks have ended, even when cancelled; the cancellation is raised afterwards.

    A thread cannot be cancelled: whoever leaves before it has ended would let it write into another's part.
    """
    interrupted = False
    while pending := [work for work in works if not work.done()]:
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError:
            interrupted = True
    if interrupted:
        raise asyncio.CancelledError


async def receive(body: AsyncIterator[bytes], slot: PartSlot, target: Target) -> Received:
    """Write `body` to `target` and tell its size and hash, not synced yet.

    Raises TooLarge before a byte beyond the limit is written, InvalidInput when it is too short or has
    another hash. No thread is at work any more when this returns or raises.
    """
    stream = _Stream(target)
    try:
        async for chunk in body:
            if stream.size + len(chunk) > slot.limit:
                raise TooLarge(
                    f"Part {slot.number} has more than its {slot.limit} bytes.",
                    hint="Send exactly what was declared.",
                )
            await stream.add(chunk)
        return _checked(slot, await stream.finish())
    finally:
        await stream.stop()


def _checked(slot: PartSlot, received: Received) -> Received:
    if slot.exact and received.size < slot.limit:
        raise InvalidInput(
            f"Part {slot.number} ended after {received.size} of {slot.limit} bytes.",
            hint="Send the part again.",
        )
    if slot.sha256 is not None and received.sha256 != slot.sha256.lower():
        raise InvalidInput(
            f"Part {slot.number} has the SHA-256 {received.sha256}, not {slot.sha256[:64]}.",
            hint="Send the part again.",
        )
    return received


class _Stream:
    """One block is gathered while the one before is hashed and written."""

    def __init__(self, target: Target) -> None:
        self.size = 0
        self._target = target
        self._written = 0
        self._sha = hashlib.sha256()
        self._block = bytearray()
        self._works: tuple[asyncio.Future[None], ...] = ()

    async def add(self, chunk: bytes) -> None:
        self._block += chunk
        self.size += len(chunk)
        if len(self._block) >= BLOCK:
            await self._hand_over()

    async def finish(self) -> Received:
        await self._hand_over()
        await self._ended()
        return Received(self.size, self._sha.hexdigest())

    async def stop(self) -> None:
        """Wait for the threads, whatever came of their work."""
        await settled(self._works)
        for work in self._works:
            work.exception()

    async def _hand_over(self) -> None:
        await self._ended()
        block, self._block = self._block, bytearray()
        run = asyncio.get_running_loop().run_in_executor
        offset = self._target.offset + self._written
        self._works = (
            run(self._target.pool, self._sha.update, block),
            run(self._target.pool, _write, self._target.descriptor, block, offset),
        )
        self._written += len(block)

    async def _ended(self) -> None:
        await settled(self._works)
        for work in self._works:
            work.result()


def _write(descriptor: int, block: bytearray, offset: int) -> None:
    with storage_errors("write a part"):
        write_all(descriptor, block, offset)
