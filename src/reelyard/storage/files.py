"""The few file operations that decide what survives a crash, and their errors in our words."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from reelyard.errors import StorageFull, StorageUnavailable

BUFFER = 4 * 1024 * 1024  # bytes read or written at once: past 1 MiB larger buffers gain nothing measurable
_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextlib.contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """Turn an OSError into StorageFull or StorageUnavailable; `doing` completes "could not …"."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                f"There is no room left on the storage; could not {doing}.",
                hint="Free some room, then try again.",
            ) from error
        reason = error.strerror or type(error).__name__
        raise StorageUnavailable(
            f"The storage failed: could not {doing} ({reason}).", hint="Try again in a moment."
        ) from error


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make `folder` and the missing ones above it, each durable in its parent."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):
            each.mkdir(mode=0o700)
        sync_folder(each.parent)


def move_into_place(source: Path, target: Path) -> None:
    """Rename the synced `source` to `target`, durably; its folders are made, again if they vanish."""
    for _ in range(20):  # a folder that became empty may be removed between making it and moving into it
        try:
            make_folder(target.parent)
            source.replace(target)
        except FileNotFoundError:
            if not source.exists():
                raise
            continue
        with contextlib.suppress(FileNotFoundError):  # removed again as a whole: nothing to make durable
            sync_folder(target.parent)
        return
    raise StorageUnavailable(f"The storage failed: the folder of {target.name!r} keeps vanishing.")


def write_all(descriptor: int, data: bytes | bytearray | memoryview, offset: int) -> None:
    """Write the whole of `data` at `offset`."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written
