"""One owner per data folder: an exclusive lock for the life of the process, and a note for others who it is.

The lock goes with the process however it ends; the note may outlive it and is believed only under a lock.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from reelyard.errors import DataFolderBusy, UnsuitableDataFolder
from reelyard.storage.files import storage_errors, sync_folder, write_all
from reelyard.storage.mounts import NETWORK, file_system_of

_LOCK = "lock"
_NOTE = "holder.json"
_LOOKS = 20  # tries 10 ms apart: a look at the lock (`holder`) holds it for a moment, which is no owner
_UNSUITABLE = {
    errno.EACCES: "it cannot be written",
    errno.EPERM: "it cannot be written",
    errno.EROFS: "it is on a read-only file system",
    errno.ENOTDIR: "a part of its path is a file",
    errno.EEXIST: "it is a file",
    errno.EISDIR: "its lock is a folder",
    errno.ENOLCK: "its file system has no locks",
    errno.EOPNOTSUPP: "its file system has no locks",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a data folder and how to talk to it."""

    address: str  # such as http://127.0.0.1:8400
    pid: int
    credential: str  # lets whoever can read the folder speak as its one user


class DataFolder:
    """A data folder that is ours until `release`, or until the process ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def acquire(cls, path: Path, *, file_system: Callable[[Path], str] = file_system_of) -> DataFolder:
        """Make the folder if need be and take it.

        Raises DataFolderBusy with the holder's address when another has it, UnsuitableDataFolder when it is
        on a network file system or cannot be written, StorageFull.
        """
        kind = file_system(path)
        if kind in NETWORK:
            raise UnsuitableDataFolder(
                f"The data folder {path} is on a network file system ({kind}), where locks do not hold.",
                hint="Choose a folder on a local disk.",
            )
        with storage_errors(f"take the data folder {path}"), _suitable(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                _lock(descriptor, path)
                (path / _NOTE).unlink(missing_ok=True)  # of one who died
            except BaseException:
                os.close(descriptor)
                raise
        return cls(path, descriptor)

    def publish(self, address: str, credential: str | None = None) -> Holder:
        """Tell others where we listen; a credential is made unless one is given."""
        holder = Holder(address, os.getpid(), credential or secrets.token_urlsafe(32))
        fresh = self.path / f".holder-{secrets.token_hex(8)}"
        with storage_errors("publish who holds the data folder"):
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                write_all(descriptor, json.dumps(asdict(holder)).encode(), 0)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            fresh.replace(self.path / _NOTE)
            sync_folder(self.path)
        return holder

    def release(self) -> None:
        """Take the note away and give the folder up; once more does nothing."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                (self.path / _NOTE).unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1


def holder(path: Path) -> Holder | None:
    """Who holds the folder and has published it; None when nobody does, or has not yet."""
    try:
        descriptor = os.open(path / _LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _read_note(path)
    finally:
        os.close(descriptor)
    return None


def _read_note(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads((path / _NOTE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _lock(descriptor: int, path: Path) -> None:
    for _ in range(_LOOKS):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(0.01)
    other = holder(path)
    where = f" It listens at {other.address} (process {other.pid})." if other else ""
    raise DataFolderBusy(
        f"Another Reelyard holds the data folder {path}.{where}",
        hint="Use that one, end it, or choose another data folder.",
    )


@contextlib.contextmanager
def _suitable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = _UNSUITABLE.get(error.errno or 0)
        if reason is None:
            raise
        raise UnsuitableDataFolder(
            f"The data folder {path} cannot be used: {reason}.",
            hint="Choose another folder, or let this user write there.",
        ) from error
