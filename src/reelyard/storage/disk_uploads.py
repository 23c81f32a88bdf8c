"""Uploads to a local disk: the parts of one upload land in one sparse file that is the object when sealed.

    root/uploads/<id>/data        the whole, parts at their offsets
    root/uploads/<id>/journal     which parts were acknowledged
    root/uploads/<id>/part-…      an acknowledged part sent again, laid into `data` at sealing

An upload whose `data` is gone was sealed; one without a folder was sealed, aborted or never begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reelyard.errors import InvalidInput, StorageUnavailable, UploadClosed, UploadIncomplete
from reelyard.storage.disk import DiskStorage
from reelyard.storage.files import BUFFER, storage_errors, sync_folder, write_all
from reelyard.storage.journal import Kept, append_part, create_journal, read_journal
from reelyard.storage.keys import checked_key, checked_segment
from reelyard.storage.receiving import Target, receive, settled
from reelyard.storage.storage import PartSlot, UploadedPart
from reelyard.storage.writers import Gate

MOST_PARTS = 10_000  # as S3 has it


@dataclass(slots=True, eq=False)
class _Upload:
    folder: Path
    size: int | None
    parts: dict[int, Kept]
    gate: Gate = field(default_factory=Gate)
    ending: threading.Lock = field(default_factory=threading.Lock)  # one seal or abort at a time
    journal_lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def journal(self) -> Path:
        return self.folder / "journal"


class DiskUploads:
    """Implements `UploadStore` beside a `DiskStorage`, by one process at a time.

    `patience` is how long, in seconds, sealing waits for writers before it ends them.
    """

    def __init__(self, storage: DiskStorage, *, patience: float = 2.0, threads: int = 8) -> None:
        self._storage = storage
        self._root = storage.root / "uploads"
        self._patience = patience
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="uploads")
        self._lock = threading.Lock()
        self._known: dict[str, _Upload] = {}
        with storage_errors(f"prepare {self._root}"):
            self._root.mkdir(mode=0o700, exist_ok=True)

    def close(self) -> None:
        """End the threads; writers must have ended before."""
        self._pool.shutdown()

    def begin(self, upload_id: str, size: int | None) -> None:
        """Make the upload's folder, durably and as a whole."""
        folder = self._folder(upload_id)
        if size is not None and size < 0:
            raise InvalidInput(f"A file cannot have {size} bytes.")
        if folder.exists():
            return
        new = self._storage.root / "tmp" / f"begin-{uuid.uuid4().hex}"
        with storage_errors("begin an upload"):
            new.mkdir(mode=0o700)
            try:
                (new / "data").touch(mode=0o600)
                create_journal(new / "journal", size)
                sync_folder(new)
                _rename_unless_there(new, folder)
                sync_folder(self._root)
            finally:
                self._storage.discard(new)

    async def write_part(self, upload_id: str, slot: PartSlot, body: AsyncIterator[bytes]) -> UploadedPart:
        """Write one part; see `UploadStore.write_part`."""
        upload = self._find(upload_id)
        if upload is None:
            raise UploadClosed("The upload was sealed, aborted or never begun; it takes no parts.")
        _check_slot(upload, slot)
        return await upload.gate.write(slot.number, partial(self._receive, upload, slot, body))

    def parts(self, upload_id: str) -> tuple[UploadedPart, ...]:
        """The acknowledged parts by number."""
        upload = self._find(upload_id)
        if upload is None:
            return ()
        with upload.journal_lock:
            return tuple(upload.parts[number].part for number in sorted(upload.parts))

    def seal(self, upload_id: str, key: str) -> int:
        """Make the upload the object `key`; see `UploadStore.seal`."""
        checked_key(key)
        upload = self._find(upload_id)
        if upload is None:
            return self._sealed(upload_id, key)
        with upload.ending, storage_errors("seal an upload"):
            if self._storage.exists(key) or not upload.data.exists():  # it was sealed, or aborted meanwhile
                return self._sealed(upload_id, key)
            upload.gate.close()
            try:
                self._end_writers(upload, at_once=False)
                size = self._storage.take(key, assemble(upload.folder, upload.size, [*upload.parts.values()]))
            except BaseException:
                upload.gate.reopen()
                raise
            self._forget(upload_id)
            return size

    def abort(self, upload_id: str) -> None:
        """End the writers and remove what came."""
        upload = self._find(upload_id)
        if upload is None:
            self._forget(upload_id)
            return
        with upload.ending:
            upload.gate.close()
            with contextlib.suppress(StorageUnavailable):  # who still writes does so to a nameless file
                self._end_writers(upload, at_once=True)
            self._forget(upload_id)

    def begun(self) -> Iterator[str]:
        """The uploads that have a folder."""
        with storage_errors("list the uploads"):
            names = [folder.name for folder in self._root.iterdir()]
        yield from names

    async def _receive(self, upload: _Upload, slot: PartSlot, body: AsyncIterator[bytes]) -> UploadedPart:
        """The work of a part's only writer."""
        aside = f"part-{slot.number}-{uuid.uuid4().hex}" if slot.number in upload.parts else None
        with _opened(upload, aside) as descriptor:
            acknowledged = False
            try:
                target = Target(descriptor, 0 if aside else slot.offset, self._pool)
                received = await receive(body, slot, target)
                kept = Kept(slot.number, slot.offset, received.size, received.sha256, aside)
                work = asyncio.get_running_loop().run_in_executor(
                    self._pool, _acknowledge, upload, kept, descriptor
                )
                try:
                    await settled((work,))
                finally:
                    acknowledged = work.exception() is None
                work.result()
                return kept.part
            finally:
                if not acknowledged:
                    _undo(upload, slot, aside, descriptor)

    def _find(self, upload_id: str) -> _Upload | None:
        """The upload as its journal tells it, read once in a process; None when it has no data."""
        folder = self._folder(upload_id)
        with self._lock, storage_errors("read an upload's journal"):
            upload = self._known.get(upload_id)
            if upload is None:
                try:
                    contents = read_journal(folder, folder / "journal", folder / "data")
                except (FileNotFoundError, NotADirectoryError):
                    return None
                upload = self._known[upload_id] = _Upload(folder, contents.size, contents.parts)
                _remove_unnamed(upload)
            return upload

    def _sealed(self, upload_id: str, key: str) -> int:
        if not self._storage.exists(key):
            raise UploadClosed("The upload was aborted or never begun; there is nothing to seal.")
        self._forget(upload_id)  # what a crash between storing and clearing away left
        return self._storage.size(key)

    def _end_writers(self, upload: _Upload, *, at_once: bool) -> None:
        if not at_once and upload.gate.wait(self._patience):
            return
        upload.gate.end_all(UploadClosed("The upload was sealed or aborted while this part was on its way."))
        if not upload.gate.wait(self._patience):
            raise StorageUnavailable("The storage failed: a part is still being written.", hint="Try again.")

    def _forget(self, upload_id: str) -> None:
        with storage_errors("clear an upload away"):
            self._storage.discard(self._folder(upload_id))
        with self._lock:
            self._known.pop(upload_id, None)

    def _folder(self, upload_id: str) -> Path:
        return self._root / checked_segment(upload_id)


def assemble(folder: Path, size: int | None, parts: list[Kept]) -> Path:
    """The file in `folder` that holds the whole, with parts sent again laid into it.

    Raises UploadIncomplete.
    """
    parts.sort(key=lambda part: part.offset)
    end = 0
    for part in parts:
        if part.offset != end:
            break
        end += part.size
    if (
        (size is None and not parts)
        or (size is not None and end != size)
        or sum(p.size for p in parts) != end
    ):
        raise UploadIncomplete(
            f"The upload is not whole: the bytes from {end} on are missing.",
            hint="Send the missing parts, then complete it again.",
            received=[part.number for part in parts],
        )
    data = folder / "data"
    if size is None and parts[0].aside:
        return folder / parts[0].aside
    with data.open("r+b") as whole:
        for part in parts:
            if part.aside:
                _lay_in(folder / part.aside, whole.fileno(), part.offset)
        whole.truncate(end)
    return data


def _lay_in(source: Path, descriptor: int, offset: int) -> None:
    with source.open("rb", buffering=0) as file:
        while block := file.read(BUFFER):
            write_all(descriptor, block, offset)
            offset += len(block)


def _check_slot(upload: _Upload, slot: PartSlot) -> None:
    whole_file = upload.size is None
    fits = slot.limit >= 0 and slot.offset >= 0 and 1 <= slot.number <= MOST_PARTS
    if whole_file:
        fits = fits and slot.number == 1 and slot.offset == 0
    elif upload.size is not None:
        fits = fits and slot.offset + slot.limit <= upload.size
    if not fits:
        raise InvalidInput(
            f"Part {slot.number} does not fit the upload.", hint="Send the parts as the upload lists them."
        )


@contextlib.contextmanager
def _opened(upload: _Upload, aside: str | None) -> Iterator[int]:
    flags = os.O_WRONLY | os.O_CLOEXEC | (os.O_CREAT | os.O_EXCL if aside else 0)
    with storage_errors("write a part"):
        try:
            descriptor = os.open(upload.folder / aside if aside else upload.data, flags, 0o600)
        except FileNotFoundError as error:
            raise UploadClosed from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _acknowledge(upload: _Upload, kept: Kept, descriptor: int) -> None:
    """Make the part durable, then its line in the journal: from here on it is listed."""
    with storage_errors("keep a part"):
        os.fdatasync(descriptor)
        if kept.aside:
            sync_folder(upload.folder)
        with upload.journal_lock:
            append_part(upload.journal, kept)
            before = upload.parts.get(kept.number)
            upload.parts[kept.number] = kept
        if before is not None and before.aside:
            (upload.folder / before.aside).unlink(missing_ok=True)


def _undo(upload: _Upload, slot: PartSlot, aside: str | None, descriptor: int) -> None:
    """Give back the room of a part that was not acknowledged, where no other part shares it."""
    with contextlib.suppress(OSError):
        if aside:
            (upload.folder / aside).unlink(missing_ok=True)
        elif upload.size is None or (slot.offset == 0 and slot.limit == upload.size):
            os.ftruncate(descriptor, 0)


def _remove_unnamed(upload: _Upload) -> None:
    """Remove parts sent again that a crash kept from being acknowledged."""
    named = {part.aside for part in upload.parts.values()}
    for path in upload.folder.glob("part-*"):
        if path.name not in named:
            path.unlink(missing_ok=True)


def _rename_unless_there(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
