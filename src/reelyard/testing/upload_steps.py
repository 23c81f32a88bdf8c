"""What a test of an upload store begins with: stores, bodies as a server hands them over, and parts sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from reelyard.storage.storage import PartSlot, Storage, UploadedPart, UploadStore

PART = 300_000  # bytes; a store with larger parts (S3: 5 MiB) overrides `part`


@dataclass(frozen=True, slots=True)
class Stores:
    storage: Storage
    uploads: UploadStore


async def in_chunks(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    """`data` as a server hands over a body."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
        await asyncio.sleep(0)


class Silence:
    """A body that gives `data` and then nothing more, without ending."""

    def __init__(self, data: bytes) -> None:
        self.heard = asyncio.Event()
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data
        self.heard.set()
        await asyncio.Event().wait()


class UploadSteps:
    """Parts of a file, cut and sent. A test class gives a fixture `stores`."""

    part = PART

    def slots(self, size: int) -> list[PartSlot]:
        """The parts of a file of `size` bytes."""
        return [
            PartSlot(number, offset, min(self.part, size - offset))
            for number, offset in enumerate(range(0, size, self.part), start=1)
        ]

    def send(self, stores: Stores, data: bytes, slot: PartSlot, upload_id: str = "u1") -> UploadedPart:
        """Write the part that `slot` cuts out of the whole `data`."""
        body = in_chunks(data[slot.offset : slot.offset + slot.limit])
        return asyncio.run(stores.uploads.write_part(upload_id, slot, body))
