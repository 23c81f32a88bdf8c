"""Storage on a local disk: objects under `root/objects`, what is not yet durable in `root/tmp` beside it.

An object is written aside, synced and renamed: a name in `objects` stands for a whole, durable file.
It is read-only from then on, since its links are handed to stages.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from reelyard.errors import BlobMissing, InvalidInput
from reelyard.storage.files import BUFFER, move_into_place, storage_errors, write_all
from reelyard.storage.keys import checked_key, checked_prefix
from reelyard.storage.storage import Entry, Stored

_READ_ONLY = 0o400
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS}


class DiskStorage:
    """Implements `Storage` below `root`, which must be one local file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = root / "objects"
        self._tmp = root / "tmp"
        with storage_errors(f"prepare {root}"):
            self._objects.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._tmp.mkdir(mode=0o700, exist_ok=True)

    def put(self, key: str, source: Path) -> Stored:
        """Store the file at `source`: moved when it lies on the same file system, else copied."""
        target = self._path(key)
        with storage_errors(f"store {key}"), _reading(source) as descriptor:
            if os.fstat(descriptor).st_dev != self._tmp.stat().st_dev:
                return self._copy(key, descriptor, target)
            stored = _digested(key, descriptor, into=None)
            os.fchmod(descriptor, _READ_ONLY)
            os.fsync(descriptor)
            try:
                _place(source, target)
            except OSError as error:
                if error.errno != errno.EXDEV:  # the same device through another mount
                    raise
                os.lseek(descriptor, 0, os.SEEK_SET)
                return self._copy(key, descriptor, target)
            return stored

    def take(self, key: str, source: Path) -> int:
        """Move `source`, which lies below `root`, under `key` unread; returns its bytes. For sealing."""
        target = self._path(key)
        with storage_errors(f"store {key}"), _reading(source) as descriptor:
            os.fchmod(descriptor, _READ_ONLY)
            os.fsync(descriptor)
            size = os.fstat(descriptor).st_size
            _place(source, target)
            return size

    def put_bytes(self, key: str, data: bytes) -> Stored:
        """Store `data`."""
        target = self._path(key)
        with storage_errors(f"store {key}"), self._aside() as (descriptor, path):
            write_all(descriptor, data, 0)
            os.fsync(descriptor)
            _place(path, target)
        return Stored(key, len(data), hashlib.sha256(data).hexdigest(), zlib.crc32(data))

    def open(self, key: str, start: int = 0) -> BinaryIO:
        """Read from byte `start`; beyond the end there is nothing."""
        if start < 0:
            raise InvalidInput(f"Reading cannot begin at byte {start}.")
        with storage_errors(f"read {key}"):
            file = self._existing(key).open("rb")
            file.seek(start)
            return file

    def read_bytes(self, key: str) -> bytes:
        """The whole of something small."""
        with storage_errors(f"read {key}"), self.open(key) as file:
            return file.read()

    def materialise(self, key: str, target: Path) -> None:
        """A hard link at `target`, or a copy where there can be none; what was at `target` is replaced."""
        path = self._existing(key)
        with storage_errors(f"lay out {key}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            try:
                os.link(path, target)
            except FileNotFoundError as error:
                raise _missing(key) from error
            except OSError as error:
                if error.errno not in _NO_LINK:
                    raise
                shutil.copyfile(path, target)
                target.chmod(_READ_ONLY)

    def exists(self, key: str) -> bool:
        with storage_errors(f"look for {key}"):
            return self._path(key).is_file()

    def size(self, key: str) -> int:
        """Bytes stored under `key`."""
        with storage_errors(f"measure {key}"):
            return self._existing(key).stat().st_size

    def delete(self, key: str) -> None:
        """Remove, and the folders that become empty by it."""
        path = self._path(key)
        with storage_errors(f"remove {key}"):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                path.unlink()
            self._prune(path.parent)

    def delete_prefix(self, prefix: str) -> None:
        """Remove everything below `prefix`: out of sight at once, by one rename, then file by file."""
        folder = self._objects / checked_prefix(prefix)
        with storage_errors(f"remove {prefix}"):
            self.discard(folder)
            self._prune(folder.parent)

    def list(self, prefix: str) -> Iterator[Entry]:
        """What lies below `prefix`; things that vanish meanwhile are left out."""
        folder = self._objects / checked_prefix(prefix) if prefix else self._objects
        return self._walk(folder)

    def free_bytes(self) -> int | None:
        """Room left for us on the file system."""
        with storage_errors("ask for free room"):
            found = os.statvfs(self.root)
            return found.f_bavail * found.f_frsize

    def discard(self, path: Path) -> None:
        """Move a folder below `root` out of sight and remove it; nothing happens when it is not there."""
        grave = self._tmp / f"gone-{uuid.uuid4().hex}"
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path.rename(grave)
            shutil.rmtree(grave)

    def remove_stale(self, before: datetime) -> int:
        """Remove what a crash left aside and was not touched since `before`; returns how many things."""
        removed = 0
        with storage_errors("clear away leftovers"):
            for path in [*self._tmp.iterdir()]:
                with contextlib.suppress(FileNotFoundError):
                    if path.lstat().st_mtime >= before.timestamp():
                        continue
                    if path.is_dir():
                        shutil.rmtree(path)
                    else:
                        path.unlink()
                    removed += 1
        return removed

    def _path(self, key: str) -> Path:
        return self._objects / checked_key(key)

    def _existing(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise _missing(key)
        return path

    @contextlib.contextmanager
    def _aside(self) -> Iterator[tuple[int, Path]]:
        """A new file in `tmp`; it is gone afterwards unless it was moved away."""
        path = self._tmp / uuid.uuid4().hex
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _READ_ONLY)
        try:
            yield descriptor, path
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)

    def _copy(self, key: str, source: int, target: Path) -> Stored:
        with self._aside() as (descriptor, path):
            stored = _digested(key, source, into=descriptor)
            os.fsync(descriptor)
            _place(path, target)
            return stored

    def _prune(self, folder: Path) -> None:
        """Remove `folder` and those above it as long as they are empty."""
        while folder != self._objects:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:
                return
            folder = folder.parent

    def _walk(self, folder: Path) -> Iterator[Entry]:
        waiting = [folder]
        while waiting:
            with storage_errors("list what is stored"):
                found = [*_scan(waiting.pop())]
            for entry, facts in found:
                if stat.S_ISDIR(facts.st_mode):
                    waiting.append(Path(entry.path))
                else:
                    key = Path(entry.path).relative_to(self._objects).as_posix()
                    yield Entry(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _scan(folder: Path) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                yield entry, entry.stat(follow_symlinks=False)


def _missing(key: str) -> BlobMissing:
    return BlobMissing(f"Nothing is stored under {key}.", key=key)


def _not_plain(source: Path) -> InvalidInput:
    return InvalidInput(f"{source.name!r} is not a plain file and cannot be stored.")


@contextlib.contextmanager
def _reading(source: Path) -> Iterator[int]:
    """`source` opened, if it is a plain file: a link made by a tool must not lead to another's file."""
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise BlobMissing(f"There is no file {source.name!r} to store.") from error
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise _not_plain(source) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _not_plain(source)
        yield descriptor
    finally:
        os.close(descriptor)


def _digested(key: str, source: int, *, into: int | None) -> Stored:
    """Read `source` once for size and sums, writing it to `into` on the way."""
    sha, crc, size = hashlib.sha256(), 0, 0
    buffer = memoryview(bytearray(BUFFER))
    while count := os.readv(source, [buffer]):
        chunk = buffer[:count]
        sha.update(chunk)
        crc = zlib.crc32(chunk, crc)
        if into is not None:
            write_all(into, chunk, size)
        size += count
    return Stored(key, size, sha.hexdigest(), crc)


def _place(source: Path, target: Path) -> None:
    try:
        move_into_place(source, target)
    except (NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        raise InvalidInput("A storage key cannot be the folder of another key.") from error
