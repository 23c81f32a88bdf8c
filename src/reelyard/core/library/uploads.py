"""Uploads: announced in one request, sent in parts, sealed, handed over to be verified.

Unlike the rest of the core this room opens its own transactions: between them it waits for the storage,
and no transaction may be open during that.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from reelyard.core.batches.ledger import Failure
from reelyard.core.library import repository
from reelyard.core.library.models import FileStatus, LibraryFile, Upload, UploadStatus
from reelyard.core.library.service import LibraryService
from reelyard.db.session import Database, Transaction
from reelyard.errors import InvalidInput, UploadClosed, UploadIncomplete
from reelyard.kit.faults import Point, reach
from reelyard.storage.storage import PartSlot, UploadedPart, UploadStore

GIVEN_UP = Failure("upload_aborted", "The upload was given up.", "Announce the file again.")


class UploadService:
    """The way of files into the library."""

    def __init__(
        self, db: Database, store: UploadStore, library: LibraryService, wake: Callable[[], None]
    ) -> None:
        self._db = db
        self._store = store
        self._library = library
        self._wake = wake

    def find(self, tx: Transaction, owner_id: str, upload_id: str) -> tuple[Upload, LibraryFile]:
        """The owner's upload and its file; raises NotFound."""
        return repository.upload_of_owner(tx, owner_id, upload_id)

    def received(self, upload_id: str) -> tuple[UploadedPart, ...]:
        """The parts that were acknowledged, by number."""
        return self._store.parts(upload_id)

    def place(self, owner_id: str, upload_id: str, number: int) -> PartSlot:
        """Where part `number` goes, before a byte of it is taken. Raises NotFound, UploadClosed, InvalidInput."""
        with self._db.read() as tx:
            upload, _ = self.find(tx, owner_id, upload_id)
            fresh = upload.status == UploadStatus.OPEN and not self._store.parts(upload_id)
            most = self._library.most_bytes(tx, owner_id)
        if upload.status != UploadStatus.OPEN:
            raise UploadClosed(
                f"This upload is {upload.status}.", hint="Announce the file again.", status=upload.status
            )
        if not 1 <= number <= upload.parts:
            raise InvalidInput(f"This upload has parts 1 to {upload.parts}; {number} was sent.", field="part")
        self._store.begin(upload_id, upload.size)
        if fresh:
            self._first_bytes(owner_id, upload_id)
        if upload.size is None:
            return PartSlot(1, 0, min(upload.part_size, most), exact=False)
        offset = (number - 1) * upload.part_size
        return PartSlot(number, offset, min(upload.part_size, upload.size - offset))

    def _first_bytes(self, owner_id: str, upload_id: str) -> None:
        with self._db.write() as tx:
            _, file = self.find(tx, owner_id, upload_id)
            self._library.receiving(tx, file)

    def clear_orphans(self) -> int:
        """Remove what was begun of uploads that nobody may go on with: left by a crash. Returns how many."""
        begun = [*self._store.begun()]
        with self._db.read() as tx:
            live = repository.still_open(tx, begun)
        gone = [upload_id for upload_id in begun if upload_id not in live]
        for upload_id in gone:
            self._store.abort(upload_id)
        return len(gone)

    async def write(self, upload_id: str, slot: PartSlot, body: AsyncIterator[bytes]) -> UploadedPart:
        """Take one part; durable when this returns. Raises TooLarge, InvalidInput, UploadClosed, StorageFull."""
        part = await self._store.write_part(upload_id, slot, body)
        reach(Point.UPLOAD_BEFORE_ACK)
        return part

    def complete(self, owner_id: str, upload_id: str) -> LibraryFile:
        """Close the upload and hand the file over to be verified; repeating it gives the same answer.

        Raises NotFound, UploadClosed, UploadIncomplete that names the missing parts.
        """
        with self._db.read() as tx:
            upload, file = self.find(tx, owner_id, upload_id)
        if upload.status == UploadStatus.SEALED:
            return file
        if upload.status != UploadStatus.OPEN:
            raise UploadClosed(
                f"This upload is {upload.status}.", hint="Announce the file again.", status=upload.status
            )
        key = original_key(file)
        size = self._sealed(upload, key)
        reach(Point.SEAL_BEFORE_COMMIT)
        with self._db.write() as tx:
            upload, file = self.find(tx, owner_id, upload_id)
            if upload.status == UploadStatus.OPEN:
                upload.status, upload.sealed_at = UploadStatus.SEALED, tx.now
                self._library.received(tx, file, key, size)
                tx.after_commit(self._wake)
        if (
            upload.status != UploadStatus.SEALED
        ):  # given up meanwhile; the janitor clears away what was sealed
            raise UploadClosed(f"This upload is {upload.status}.", hint="Announce the file again.")
        return file

    def _sealed(self, upload: Upload, key: str) -> int:
        """Seal what came; one that a crash or another request sealed before is as good."""
        have = {part.number for part in self._store.parts(upload.id)}
        missing = [number for number in range(1, upload.parts + 1) if number not in have]
        if not missing:
            return self._store.seal(upload.id, key)
        if not have:
            with contextlib.suppress(UploadClosed, UploadIncomplete):
                return self._store.seal(upload.id, key)
        named = ", ".join(map(str, missing[:10])) + (" …" if len(missing) > 10 else "")
        raise UploadIncomplete(
            f"{len(missing)} of {upload.parts} parts have not arrived: {named}.",
            hint="Send them, then complete the upload again.",
            missing=missing[:1000],
        )

    def abort(self, owner_id: str, upload_id: str, why: Failure = GIVEN_UP) -> None:
        """Give an upload up: its items fail, what came of it is removed. Once more does nothing.

        Raises NotFound, UploadClosed.
        """
        with self._db.write() as tx:
            upload, file = self.find(tx, owner_id, upload_id)
            if upload.status == UploadStatus.ABORTED:
                return
            if upload.status != UploadStatus.OPEN:
                raise UploadClosed(f"This upload is {upload.status}.", status=upload.status)
            upload.status = UploadStatus.ABORTED
            self._library.refused(tx, file, why, status=FileStatus.EXPIRED)
            tx.after_commit(partial(self._store.abort, upload_id))

    def expire(self) -> Sequence[str]:
        """Give up what did not come in time; returns the uploads' ids."""
        with self._db.write() as tx:
            expired = repository.overdue_uploads(tx)
            failure = Failure("upload_expired", "The file was not sent in time.", "Upload it again.")
            for upload in expired:
                upload.status = UploadStatus.EXPIRED
                file = tx.session.get_one(LibraryFile, upload.file_id)
                self._library.refused(tx, file, failure, status=FileStatus.EXPIRED)
                tx.after_commit(partial(self._store.abort, upload.id))
            return [upload.id for upload in expired]


def original_key(file: LibraryFile) -> str:
    """Where an original lies: named by the server, never by the user."""
    return f"originals/{file.owner_id}/{file.id}"
