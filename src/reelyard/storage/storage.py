"""The contract of storage: where originals, artifacts, parts and outcomes lie.

A key is a relative path of ASCII segments made by the server; a user's name is never part of one.
What `put` returned is durable: written aside, synced and renamed before it returns.
`reelyard.testing.storage_suite` holds every implementation to this page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: recorded at that moment, so that nothing has to be read again later."""

    key: str
    size: int  # bytes
    sha256: str  # hexadecimal
    crc32: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored thing in a listing."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class UploadedPart:
    """A part that was acknowledged: whole, hashed and synced."""

    number: int  # from 1
    size: int
    sha256: str


class Storage(Protocol):
    """Files by key."""

    def put(self, key: str, source: Path) -> Stored:
        """Store the file at `source`, which the storage may move. Raises StorageFull, StorageUnavailable."""
        ...

    def put_bytes(self, key: str, data: bytes) -> Stored:
        """Store `data`. Raises as `put`."""
        ...

    def open(self, key: str, start: int = 0) -> BinaryIO:
        """Read from byte `start`. Raises BlobMissing."""
        ...

    def read_bytes(self, key: str) -> bytes:
        """The whole of something small. Raises BlobMissing."""
        ...

    def materialise(self, key: str, target: Path) -> None:
        """Make the content readable at `target` (a link where the storage can); not to be written. Raises BlobMissing."""
        ...

    def exists(self, key: str) -> bool: ...

    def size(self, key: str) -> int:
        """Bytes stored under `key`. Raises BlobMissing."""
        ...

    def delete(self, key: str) -> None:
        """Remove; nothing happens when it is not there."""
        ...

    def delete_prefix(self, prefix: str) -> None:
        """Remove everything below `prefix`, which ends with a slash."""
        ...

    def list(self, prefix: str) -> Iterator[Entry]:
        """What lies below `prefix`, in no order."""
        ...

    def free_bytes(self) -> int | None:
        """Room left; None when there is no limit to be known."""
        ...


class UploadStore(Protocol):
    """Receives uploads part by part and seals them into a stored file."""

    def begin(self, upload_id: str, size: int | None) -> None:
        """Prepare; `size` None is a whole-file slot of unknown size. Beginning twice is the same as once."""
        ...

    async def write_part(
        self, upload_id: str, number: int, offset: int, limit: int, body: AsyncIterator[bytes], *, exact: bool
    ) -> UploadedPart:
        """Write one part at `offset`, hashed on the way, acknowledged after it is synced.

        At most `limit` bytes are taken, exactly `limit` when `exact`. One writer a part: a second one ends the first within two seconds.
        Raises TooLarge (nothing of the surplus is kept), InvalidInput (too short), UploadClosed, StorageFull.
        """
        ...

    def parts(self, upload_id: str) -> tuple[UploadedPart, ...]:
        """The acknowledged parts by number."""
        ...

    def seal(self, upload_id: str, key: str) -> int:
        """Close the gate, wait for writers, store the whole under `key`; returns its size in bytes. Sealing twice is the same as once."""
        ...

    def abort(self, upload_id: str) -> None:
        """Close the gate and remove what came; nothing happens when there is nothing."""
        ...
