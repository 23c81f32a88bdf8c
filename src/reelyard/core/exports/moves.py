"""Where the state of an export changes: row, what it keeps, and event of one move, together in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import Failure, batch_facts
from reelyard.core.events.log import EventLog, NewEvent
from reelyard.core.exports import repository
from reelyard.core.exports.models import LIVE, Export, ExportStatus
from reelyard.db.session import Transaction
from reelyard.errors import IllegalTransition
from reelyard.storage.storage import Storage

MAX_TRIES = 3
_TOLD = {
    ExportStatus.COMPLETED: "export.completed",
    ExportStatus.FAILED: "export.failed",
    ExportStatus.CANCELLED: "export.cancelled",
    ExportStatus.EXPIRED: "export.expired",
}
EXPORT_FACTS = (
    "id",
    "format",
    "status",
    "progress",
    "note",
    "items",
    "files",
    "file_name",
    "size",
    "error_code",
    "error_message",
    "error_hint",
)
_MOMENTS = ("created_at", "completed_at", "expires_at")


@dataclass(frozen=True, slots=True)
class Finished:
    """What a finished export is fetched as."""

    size: int
    file_name: str
    expires_at: datetime
    blob_key: str | None = None
    sha256: str | None = None


def folder_of(export: Export) -> str:
    """Where what is written for the export itself is stored; ends with a slash."""
    return f"exports/{export.owner_id}/{export.id}/"


class Moves:
    """Moves exports. Callers hold the row's lock."""

    def __init__(self, log: EventLog, storage: Storage) -> None:
        self._log = log
        self._storage = storage

    def begin(self, tx: Transaction, export: Export, note: str) -> None:
        """It is worked on from now on; once more only says what is done."""
        first = export.status == ExportStatus.PENDING
        export.status, export.note = ExportStatus.PROCESSING, note
        export.started_at = export.started_at or tx.now
        if first:
            self.tell(tx, export, "export.started")

    def complete(self, tx: Transaction, export: Export, finished: Finished) -> None:
        """It can be fetched until `expires_at`."""
        export.size, export.file_name = finished.size, finished.file_name
        export.blob_key, export.sha256 = finished.blob_key, finished.sha256
        export.expires_at, export.completed_at = finished.expires_at, tx.now
        export.status, export.progress, export.note = ExportStatus.COMPLETED, 100.0, ""
        self.tell(tx, export, _TOLD[ExportStatus.COMPLETED])

    def again(self, tx: Transaction, export: Export, failure: Failure, *, counts: bool = True) -> None:
        """A passing fault: it is begun anew, unless it was tried too often."""
        if counts and export.retry_count >= MAX_TRIES:
            self.fail(tx, export, failure)
            return
        export.retry_count += counts
        export.progress, export.note, export.updated_at = 0.0, "", tx.now

    def fail(self, tx: Transaction, export: Export, failure: Failure) -> None:
        """It cannot be made."""
        self.end(tx, export, ExportStatus.FAILED, failure)

    def end(
        self,
        tx: Transaction,
        export: Export,
        status: ExportStatus,
        failure: Failure | None = None,
        *,
        told: bool = True,
    ) -> None:
        """It ends otherwise than well, or its time is over: nothing is kept for it any more."""
        if export.status not in (*LIVE, ExportStatus.COMPLETED):
            raise IllegalTransition("export", export.status, status, ())
        keys = [export.blob_key] if export.blob_key is not None else []
        export.status, export.note, export.blob_key = status, "", None
        export.token += 1
        if failure is not None:
            export.error_code, export.error_message = failure.code, failure.message
            export.error_hint = failure.hint
        if status is not ExportStatus.EXPIRED:
            export.completed_at = tx.now
        repository.release(tx, export)
        tx.after_commit(partial(self._drop, keys, folder_of(export)))
        if told:
            self.tell(tx, export, _TOLD[status])

    def tell(self, tx: Transaction, export: Export, kind: str) -> None:
        """An event with the export's facts and its batch's, unless that was deleted."""
        export.updated_at = tx.now
        batch = batches.engine_batch(tx, export.batch_id)
        if batch.deleted_at is None:
            data = {"batch": batch_facts(batch), "export": export_facts(export)}
            self._log.record(tx, NewEvent(export.owner_id, kind, data, export.batch_id))

    def _drop(self, keys: list[str], folder: str) -> None:
        for key in keys:
            self._storage.delete(key)
        self._storage.delete_prefix(folder)


def export_facts(export: Export) -> dict[str, Any]:
    """What every event tells of its export."""
    moments = {name: getattr(export, name) for name in _MOMENTS}
    return {
        **{name: getattr(export, name) for name in EXPORT_FACTS},
        **{name: moment.isoformat() if moment is not None else None for name, moment in moments.items()},
    }
