"""The contract of storage: where originals, artifacts, parts and outcomes lie.

A key is a relative path of ASCII segments made by the server; a user's name is never part of one. What is
not a key is refused with InvalidInput, and no key may be the folder of another ("a" beside "a/b").
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
class PartSlot:
    """Where a part belongs and what it may hold; all of it is decided by the server."""

    number: int  # from 1; a whole-file slot has number 1 only
    offset: int  # bytes from the start of the file
    limit: int  # bytes taken at most
    exact: bool = True  # whether fewer than `limit` bytes are refused
    sha256: str | None = None  # hexadecimal; refused when the bytes have another


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
        """Make the content readable at `target` (a link where the storage can); not to be written.

        Raises BlobMissing.
        """
        ...

    def exists(self, key: str) -> bool: ...

    def size(self, key: str) -> int:
        """Bytes stored under `key`. Raises BlobMissing."""
        ...

    def delete(self, key: str) -> None:
        """Remove; nothing happens when it is not there."""
        ...

    def delete_prefix(self, prefix: str) -> None:
        """Remove everything below `prefix`, which ends with a slash (InvalidInput when it does not)."""
        ...

    def list(self, prefix: str) -> Iterator[Entry]:
        """What lies below `prefix`, in no order; `prefix` ends with a slash, or is empty for everything."""
        ...

    def free_bytes(self) -> int | None:
        """Room left; None when there is no limit to be known."""
        ...


class UploadStore(Protocol):
    """Receives uploads part by part and seals them into a stored file."""

    def begin(self, upload_id: str, size: int | None) -> None:
        """Prepare; `size` None is a whole-file slot of unknown size. Beginning twice is the same as once."""
        ...

    async def write_part(self, upload_id: str, slot: PartSlot, body: AsyncIterator[bytes]) -> UploadedPart:
        """Write one part at its offset, hashed on the way, acknowledged after it is synced.

        One writer a part: a second one ends the first (PartSuperseded there) within two seconds. A part that
        was acknowledged stays so, with its old bytes, until another attempt at it is acknowledged.
        Raises TooLarge (nothing of the surplus is kept), InvalidInput (too short, other hash), UploadClosed
        (sealed, aborted or never begun), StorageFull, StorageUnavailable; what `body` raises goes through.
        """
        ...

    def parts(self, upload_id: str) -> tuple[UploadedPart, ...]:
        """The acknowledged parts by number; none for an upload that is not there."""
        ...

    def seal(self, upload_id: str, key: str) -> int:
        """Close the gate, wait for writers, store the whole under `key`; returns its size in bytes.

        `key` is the upload's own: sealing twice is the same as once. It waits, so call it from a thread,
        never on the loop that writes.
        Raises UploadIncomplete when acknowledged parts do not make up the whole (the gate is open again
        then), UploadClosed when there is neither such an upload nor such a key, StorageFull,
        StorageUnavailable.
        """
        ...

    def abort(self, upload_id: str) -> None:
        """Close the gate, end the writers and remove what came; nothing happens when there is nothing."""
        ...

    def begun(self) -> Iterator[str]:
        """The uploads that take up room: begun, and neither sealed nor aborted. For the janitor."""
        ...
