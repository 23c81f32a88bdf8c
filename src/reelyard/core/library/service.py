"""A user's originals: received, verified, listed, used in batches, let go.

A file has states of its own (receiving → verifying → ready, refused or expired); an item's `source_ready`
follows its file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reelyard.core.accounts.limits import TierLimits
from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import Failure, Ledger
from reelyard.core.batches.lifecycle import BatchStatus, ItemEvent, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.events.log import EventLog, NewEvent
from reelyard.core.library import repository
from reelyard.core.library.models import FileStatus, LibraryFile, Upload, UploadStatus
from reelyard.core.library.repository import FileQuery
from reelyard.db.session import Transaction
from reelyard.errors import Conflict, InvalidInput, QuotaExceeded, TooLarge
from reelyard.kit.ids import NewId
from reelyard.media.info import MediaInfo

PART_SIZE = 16 * 1024 * 1024
MAX_NAME = 1_000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What may be sent. Bytes are binary: 2 GiB."""

    max_bytes: int = 2 * 1024**3
    part_size: int = PART_SIZE
    expires: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is announced: `size` None when it is not known before the last byte."""

    name: str
    size: int | None = None
    for_batch_id: str | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """What the verification found: hashes, size and media facts."""

    sha256: str
    crc32: int
    size: int
    info: MediaInfo


class LibraryService:
    """The library of each owner."""

    def __init__(
        self, ledger: Ledger, log: EventLog, new_id: NewId, limits: UploadLimits, tiers: TierLimits
    ) -> None:
        self._ledger = ledger
        self._log = log
        self._new_id = new_id
        self.limits = limits
        self._tiers = tiers

    def announce(self, tx: Transaction, owner_id: str, new: NewFile) -> tuple[LibraryFile, Upload]:
        """A file that is going to come, and the upload that brings it. Raises InvalidInput, TooLarge, QuotaExceeded."""
        name = file_name(new.name)
        if new.size is not None and new.size <= 0:
            raise InvalidInput(
                f"“{name}” is empty.", hint="Choose a file that holds something.", field="size"
            )
        if new.size is not None and new.size > self.limits.max_bytes:
            raise TooLarge(
                f"“{name}” has {new.size:,} bytes; at most {self.limits.max_bytes:,} are taken.",
                hint="Split the file, or raise the limit in the settings.",
            )
        self._tiers.check_storage(tx, owner_id, new.size)
        file = self._new_file(tx, owner_id, NewFile(name, new.size, new.for_batch_id))
        tx.session.add(file)
        tx.session.flush()
        upload = self._upload_for(tx, file)
        self._tell(tx, file, "file.announced")
        return file, upload

    def most_bytes(self, tx: Transaction, owner_id: str) -> int:
        """How large a file of unknown size may become: the installation's limit, or what room the plan has left."""
        room = self._tiers.room(tx, owner_id)
        return self.limits.max_bytes if room is None else min(room, self.limits.max_bytes)

    def announce_unsized(
        self, tx: Transaction, owner_id: str, names: Sequence[str], for_batch_id: str
    ) -> list[LibraryFile]:
        """Places for files of unknown size, all at once, each with its upload. Raises QuotaExceeded."""
        self._tiers.check_storage(tx, owner_id, None)
        files = [self._new_file(tx, owner_id, NewFile(file_name(name), None, for_batch_id)) for name in names]
        tx.session.add_all(files)
        tx.session.flush()
        for file in files:
            self._upload_for(tx, file)
            self._tell(tx, file, "file.announced")
        return files

    def _new_file(self, tx: Transaction, owner_id: str, new: NewFile) -> LibraryFile:
        return LibraryFile(
            id=self._new_id(), owner_id=owner_id, name=new.name, size=new.size, status=FileStatus.RECEIVING,
            for_batch_id=new.for_batch_id, created_at=tx.now, updated_at=tx.now, token=0, stage_index=0, retry_count=0,
        )  # fmt: skip

    def _upload_for(self, tx: Transaction, file: LibraryFile) -> Upload:
        part_size = self.limits.part_size
        whole = file.size is None
        upload = Upload(
            id=self._new_id(),
            owner_id=file.owner_id,
            file_id=file.id,
            size=file.size,
            part_size=self.limits.max_bytes if whole else part_size,
            parts=1 if file.size is None else max(1, -(-file.size // part_size)),
            status=UploadStatus.OPEN,
            created_at=tx.now,
            expires_at=tx.now + self.limits.expires,
        )
        tx.session.add(upload)
        return upload

    def get(self, tx: Transaction, owner_id: str, file_id: str) -> LibraryFile:
        """The owner's file; raises NotFound."""
        return repository.file_of_owner(tx, owner_id, file_id)

    def page(self, tx: Transaction, owner_id: str, query: FileQuery) -> tuple[Sequence[LibraryFile], int]:
        """One page of the library, newest first, and how many match."""
        return repository.list_files(tx, owner_id, query)

    def batches_of(self, tx: Transaction, file: LibraryFile) -> list[tuple[str, str, str]]:
        """In which batches a file is: id, name and status of each."""
        return repository.batches_of(tx, file)

    def delete(self, tx: Transaction, owner_id: str, file_id: str) -> None:
        """Let a file go; refused while a batch that has not ended needs it."""
        file = self.get(tx, owner_id, file_id)
        live = [
            name
            for _, name, status in self.batches_of(tx, file)
            if status in ("pending", "processing", "paused")
        ]
        if live:
            raise Conflict(
                f"“{file.name}” is needed by the batch “{live[0]}”.",
                hint="Remove it there, or wait until it has ended.",
            )
        self._let_go(tx, file)

    # --- what the uploads and the engine report -----------------------------------------------------

    def receiving(self, tx: Transaction, file: LibraryFile) -> None:
        """The first bytes have come."""
        for batch, item in self._waiting_items(tx, file, (ItemStatus.PENDING,)):
            self._ledger.move_item(tx, batch, item, ItemEvent.UP_BEGIN)

    def received(self, tx: Transaction, file: LibraryFile, blob_key: str, size: int) -> None:
        """All bytes have come and are sealed; what they are is found out next."""
        file.blob_key, file.size, file.status = blob_key, size, FileStatus.VERIFYING
        file.stage_index, file.updated_at = 0, tx.now
        self._tell(tx, file, "file.received")

    def verify_again(self, tx: Transaction, file: LibraryFile) -> None:
        """A refused file is looked at once more."""
        file.status, file.stage_index, file.retry_count = FileStatus.VERIFYING, 0, 0
        file.error_code = file.error_message = file.error_hint = None
        file.updated_at = tx.now

    def verified(self, tx: Transaction, file: LibraryFile, original: Original) -> None:
        """The file is what it should be: its items may be worked on."""
        file.sha256, file.crc32, file.size = original.sha256, original.crc32, original.size
        info = original.info
        file.kind, file.format, file.mime, file.duration_s = (
            info.kind,
            info.format,
            info.mime,
            info.duration_s,
        )
        file.info, file.status, file.updated_at = info.to_json(), FileStatus.READY, tx.now
        self._tell(tx, file, "file.ready")
        for batch, item in self._waiting_items(tx, file, (ItemStatus.PENDING, ItemStatus.UPLOADING)):
            batch.media_s += info.duration_s or 0.0
            batch.bytes += original.size
            if self._beyond_plan(tx, batch, item):
                continue
            item.source_ready = True
            if item.status == ItemStatus.UPLOADING:
                self._ledger.move_item(tx, batch, item, ItemEvent.UP_DONE)
            else:
                self._ledger.tell_item(tx, batch, item, "item.ready")

    def _beyond_plan(self, tx: Transaction, batch: Batch, item: Item) -> bool:
        """Whether a batch that was started before the length was known is now more than the plan has: then it fails."""
        if batch.status not in (BatchStatus.PROCESSING, BatchStatus.PAUSED):
            return False
        try:
            self._tiers.check_minutes(tx, batch.owner_id)
        except QuotaExceeded as error:
            failure = Failure(error.code, error.message, error.hint)
            self._ledger.move_item(tx, batch, item, ItemEvent.ERR_FINAL, failure=failure, will_retry=False)
            self._ledger.settle(tx, batch)
            return True
        return False

    def refused(
        self, tx: Transaction, file: LibraryFile, failure: Failure, *, status: FileStatus = FileStatus.REFUSED
    ) -> None:
        """The file cannot be used: its items fail with the reason, the others go on."""
        file.status, file.updated_at = status, tx.now
        file.error_code, file.error_message, file.error_hint = failure.code, failure.message, failure.hint
        self._tell(tx, file, f"file.{status}")
        event = ItemEvent.UP_EXPIRE if status is FileStatus.EXPIRED else ItemEvent.ERR_FINAL
        for batch, item in self._waiting_items(tx, file, (ItemStatus.PENDING, ItemStatus.UPLOADING)):
            self._ledger.move_item(tx, batch, item, event, failure=failure, will_retry=False)
            self._ledger.settle(tx, batch)

    def abort_uploads_of(self, tx: Transaction, batch_id: str) -> None:
        """The batch is cancelled: what has not arrived for it alone need not come any more."""
        for upload, file in repository.open_uploads_for(tx, batch_id):
            upload.status = UploadStatus.ABORTED
            self._let_go(tx, file)

    def release_originals_of(self, tx: Transaction, batch_id: str) -> None:
        """Let go what was uploaded for this batch and is in no other."""
        for file in repository.originals_of_none_but(tx, batch_id):
            self._let_go(tx, file)

    def _waiting_items(
        self, tx: Transaction, file: LibraryFile, states: Collection[ItemStatus]
    ) -> list[tuple[Batch, Item]]:
        items = batches.waiting_for(tx, file.id, states)
        return [(batches.engine_batch(tx, item.batch_id), item) for item in items]

    def _let_go(self, tx: Transaction, file: LibraryFile) -> None:
        file.deleted_at = file.updated_at = tx.now
        self._tell(tx, file, "file.deleted")

    def _tell(self, tx: Transaction, file: LibraryFile, kind: str) -> None:
        self._log.record(tx, NewEvent(file.owner_id, kind, {"file": file_facts(file)}))


def file_facts(file: LibraryFile) -> dict[str, Any]:
    """What every event tells of its file."""
    names = (
        "id",
        "name",
        "size",
        "status",
        "kind",
        "duration_s",
        "error_code",
        "error_message",
        "error_hint",
    )
    return {name: getattr(file, name) for name in names}


def file_name(value: str) -> str:
    """A user's name for a file as data: without folders and NULs, never empty; it is never a path of ours."""
    name = value.replace("\x00", "").replace("\\", "/").rsplit("/", 1)[-1].strip()
    name = name.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no bytes
    return name[:MAX_NAME] or "unnamed"
