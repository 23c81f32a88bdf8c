"""Finishing the exports that need no worker: an archive is laid out, a playlist written, both checked to hold every file.

Nothing is copied: an archive has no file of its own. All of it can be begun anew at any time; what was written
by one that ended meanwhile is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import Failure
from reelyard.core.batches.models import Batch
from reelyard.core.exports import report, repository
from reelyard.core.exports.layout import MANIFEST, READABLE, REPORT, Blob, Entry
from reelyard.core.exports.links import ExportLinks
from reelyard.core.exports.models import LIVE, Export, ExportFormat
from reelyard.core.exports.moves import Finished, Moves, folder_of
from reelyard.core.exports.repository import Frozen
from reelyard.core.exports.service import missing
from reelyard.db.session import Database, Transaction
from reelyard.errors import BlobMissing, DatabaseBusy, ReelyardError
from reelyard.kit.clock import Clock
from reelyard.kit.faults import Point, reach
from reelyard.storage.storage import Storage, Stored
from reelyard.storage.zip_layout import ZipEntry, ZipLayout

log = structlog.get_logger(__name__)

PLAYLIST = "playlist.m3u8"
KEPT = timedelta(hours=24)

WritePlaylist = Callable[[Sequence[tuple[str, float | None, str]]], str]  # title, seconds, link


@dataclass(frozen=True, slots=True)
class PackingParts:
    """What packing stands on. `kept` is how long an export can be fetched."""

    db: Database
    storage: Storage
    moves: Moves
    links: ExportLinks
    clock: Clock
    write_playlist: WritePlaylist
    kept: timedelta = KEPT


@dataclass(frozen=True, slots=True)
class _Work:
    """One export, read for the work."""

    export: Export
    batch_name: str
    entries: list[Frozen]


class Packing:
    """`pack_all` is called from one thread, whenever something was ordered, and after a start."""

    def __init__(self, parts: PackingParts) -> None:
        self._parts = parts

    def pack_all(self) -> int:
        """Finish everything that waits; returns how many were dealt with. Raises DatabaseBusy: call it again."""
        with self._parts.db.read() as tx:
            waiting = repository.to_pack(tx)
        for export_id in waiting:
            self._pack(export_id)
        return len(waiting)

    def _pack(self, export_id: str) -> None:
        try:
            work = self._begun(export_id)
            if work is not None:
                self._finish(work)
        except BlobMissing as error:
            self._fail(export_id, missing(str(error.details.get("name", ""))))
        except DatabaseBusy:  # no fault of the export
            raise
        except ReelyardError as error:
            log.warning("packing.postponed", export=export_id, reason=str(error))
            with self._parts.db.write() as tx:
                export = self._living(tx, export_id)
                if export is not None:
                    self._parts.moves.again(tx, export, Failure(error.code, error.message, error.hint))

    def _begun(self, export_id: str) -> _Work | None:
        with self._parts.db.write() as tx:
            export = self._living(tx, export_id)
            if export is None:
                return None
            self._parts.moves.begin(tx, export, f"Checking {export.files} files")
        with self._parts.db.read() as tx:
            name = tx.session.get_one(Batch, export.batch_id).name
            return _Work(export, name, repository.entries_of(tx, export_id))

    def _finish(self, work: _Work) -> None:
        self._check(work.entries)
        if work.export.format == ExportFormat.PLAYLIST:
            self._playlist(work)
        else:
            self._archive(work)

    def _check(self, entries: Sequence[Frozen]) -> None:
        """Every file is there with its size; raises BlobMissing with the `name` of the first that is not."""
        for entry in entries:
            try:
                whole = self._parts.storage.size(entry.blob_key) == entry.size
            except BlobMissing:
                whole = False
            if not whole:
                raise BlobMissing(f"“{entry.name}” is not stored whole.", name=entry.name or entry.title)

    def _archive(self, work: _Work) -> None:
        export = work.export
        papers: dict[str, bytes] = {}
        if export.options.get("include_failed"):
            failures = export.failures or []
            papers[REPORT] = report.as_table(failures)
            papers[READABLE] = report.as_text(work.batch_name, failures)
        added = [self._written(export, name, data) for name, data in papers.items()]
        listed = [*(_listed(entry) for entry in work.entries), *added]
        added.append(self._written(export, MANIFEST, report.manifest(export, work.batch_name, listed)))
        zipped = [ZipEntry(e.name, e.size, e.crc32) for e in work.entries]
        zipped += [ZipEntry(e.name, e.blob.size, e.blob.crc32) for e in added]
        layout = ZipLayout(zipped, export.created_at)

        def finished(tx: Transaction, living: Export) -> Finished:
            repository.add_entries(tx, living, added, first=1 + max(e.number for e in work.entries))
            living.files += len(added)
            return Finished(layout.size, living.file_name, tx.now + self._parts.kept)

        self._complete(export, finished)

    def _playlist(self, work: _Work) -> None:
        export, now = work.export, self._parts.clock.now()
        expires_at = now + self._parts.kept
        lines = []
        for entry in work.entries:
            name = f"{entry.title}.{entry.role.rpartition('.')[2]}"
            link = self._parts.links.of_object(export.owner_id, entry.blob_key, name, now, expires_at)
            lines.append((entry.title, entry.duration_s, link))
        text = self._parts.write_playlist(lines)
        stored = self._parts.storage.put_bytes(folder_of(export) + PLAYLIST, text.encode())
        finished = Finished(stored.size, export.file_name, expires_at, stored.key, stored.sha256)
        self._complete(export, lambda _tx, _living: finished)

    def _complete(self, export: Export, finish: Callable[[Transaction, Export], Finished]) -> None:
        """End the export as `finish` says; of one that ended meanwhile goes what was written for it."""
        reach(Point.EXPORT_BEFORE_COMPLETED)
        with self._parts.db.write() as tx:
            living = self._living(tx, export.id)
            if living is None:
                tx.after_commit(lambda: self._parts.storage.delete_prefix(folder_of(export)))
            else:
                self._parts.moves.complete(tx, living, finish(tx, living))

    def _written(self, export: Export, name: str, data: bytes) -> Entry:
        stored: Stored = self._parts.storage.put_bytes(folder_of(export) + name, data)
        blob = Blob(stored.key, stored.size, stored.crc32, stored.sha256)
        return Entry(None, name, name, "", None, blob)

    def _fail(self, export_id: str, failure: Failure) -> None:
        with self._parts.db.write() as tx:
            export = self._living(tx, export_id)
            if export is not None:
                self._parts.moves.fail(tx, export, failure)

    def _living(self, tx: Transaction, export_id: str) -> Export | None:
        """The export, its batch and itself locked, unless it has ended or its batch was deleted."""
        export = tx.session.get(Export, export_id)
        if export is None or batches.engine_batch(tx, export.batch_id).deleted_at is not None:
            return None
        export = repository.engine_export(tx, export_id)
        return export if export is not None and export.status in LIVE else None


def layout_of(entries: Sequence[Frozen], export: Export) -> ZipLayout:
    """Where everything lies in a finished archive: the same each time."""
    return ZipLayout([ZipEntry(e.name, e.size, e.crc32) for e in entries], export.created_at)


def _listed(entry: Frozen) -> Entry:
    blob = Blob(entry.blob_key, entry.size, entry.crc32, entry.sha256)
    return Entry(entry.item_id, entry.role, entry.name, entry.title, entry.duration_s, blob)
