"""Exports in the database: found for their owner, laid out from what stands, looked after by the engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, or_, select

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.exports.layout import Blob, Entry, Output, Source
from reelyard.core.exports.models import LIVE, Export, ExportEntry, ExportFormat, ExportStatus
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.runs.models import Artifact, RunStatus, StageRun, SubjectKind
from reelyard.db.session import Transaction
from reelyard.errors import NotFound

AT_ONCE = 2_000  # rows written by one statement


def export_of(tx: Transaction, owner_id: str, batch_id: str, export_id: str, *, lock: bool = False) -> Export:
    """The owner's export of that batch; raises NotFound for another's, a removed one and one of a deleted batch."""
    query = _of_owner(owner_id).where(Export.id == export_id, Export.batch_id == batch_id)
    export = tx.session.scalars(query.with_for_update(of=Export) if lock else query).one_or_none()
    if export is None:
        raise NotFound("There is no such export.", hint="It may have been removed.", noun="export")
    return export


def downloadable(tx: Transaction, owner_id: str, export_id: str) -> Export | None:
    """The export, while it may be fetched."""
    query = _of_owner(owner_id).where(
        Export.id == export_id, Export.status == ExportStatus.COMPLETED, Export.expires_at > tx.now
    )
    return tx.session.scalars(query).one_or_none()


def exports_of(tx: Transaction, batch_id: str, limit: int, offset: int) -> tuple[Sequence[Export], int]:
    """One page of the batch's exports, the newest first, and how many there are."""
    where = and_(Export.batch_id == batch_id, Export.deleted_at.is_(None))
    total = tx.session.execute(select(func.count()).select_from(Export).where(where)).scalar_one()
    page = select(Export).where(where).order_by(Export.created_at.desc(), Export.id)
    return tx.session.scalars(page.limit(limit).offset(offset)).all(), total


def equal_one(tx: Transaction, batch_id: str, digest: str) -> Export | None:
    """An export of the same things in the same way that is under way or can still be fetched."""
    usable = or_(
        Export.status.in_(LIVE), and_(Export.status == ExportStatus.COMPLETED, Export.expires_at > tx.now)
    )
    query = select(Export).where(
        Export.batch_id == batch_id, Export.digest == digest, Export.deleted_at.is_(None), usable
    )
    return tx.session.scalars(query.order_by(Export.created_at.desc()).limit(1)).first()


def _of_owner(owner_id: str) -> Select[Export]:
    return (
        select(Export)
        .join(Batch, Batch.id == Export.batch_id)
        .where(Export.owner_id == owner_id, Export.deleted_at.is_(None), Batch.deleted_at.is_(None))
    )


# --- what goes in ---------------------------------------------------------------------------------------


def sources_of(tx: Transaction, batch: Batch) -> list[Source]:
    """Every item of the batch in order, with what is served of it. Rows, not objects: there may be many thousands."""
    outputs = _outputs_of(tx, batch)
    query = (
        select(
            Item.id, Item.position, Item.status, Item.error_code, Item.error_message, Item.error_hint,
            LibraryFile.name, LibraryFile.status, LibraryFile.blob_key, LibraryFile.size, LibraryFile.crc32,
            LibraryFile.sha256,
        )
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(Item.batch_id == batch.id)
        .order_by(Item.position)
    )  # fmt: skip
    return [
        Source(
            item_id, position, name, status, tuple(outputs.get(item_id, {}).values()),
            Blob(key, size or 0, crc32 or 0, sha256) if file_status == FileStatus.READY and key and sha256 else None,
            code, message, hint,
        )
        for item_id, position, status, code, message, hint, name, file_status, key, size, crc32, sha256
        in tx.session.execute(query)
    ]  # fmt: skip


def edits_in(tx: Transaction, batch: Batch) -> tuple[int, datetime | None]:
    """How many revisions users wrote in the batch, and when the newest: they change outputs without an event."""
    query = (
        select(func.count(), func.max(Artifact.created_at))
        .join(Item, Item.id == Artifact.subject_id)
        .where(Item.batch_id == batch.id, Artifact.revision > 0)
    )
    number, newest = tx.session.execute(query).one()
    return number, newest


def _outputs_of(tx: Transaction, batch: Batch) -> dict[str, dict[str, Output]]:
    """By item and role: the newest revisions of what completed items gave."""
    durations = _durations(tx, batch)
    query = (
        select(
            Artifact.subject_id, Artifact.role, Artifact.stage, Artifact.blob_key, Artifact.size, Artifact.crc32,
            Artifact.sha256,
        )
        .join(Item, and_(Item.id == Artifact.subject_id, Item.served_generation == Artifact.generation))
        .where(Item.batch_id == batch.id, Item.status == ItemStatus.COMPLETED, Artifact.is_output.is_(True))
        .order_by(Artifact.role, Artifact.revision)
    )  # fmt: skip
    found: dict[str, dict[str, Output]] = {}
    for item_id, role, stage, key, size, crc32, sha256 in tx.session.execute(query):
        lasts = durations.get(item_id, {}).get(stage) or durations.get(item_id, {}).get("")
        found.setdefault(item_id, {})[role] = Output(role, Blob(key, size, crc32, sha256), lasts)
    return found


def _durations(tx: Transaction, batch: Batch) -> dict[str, dict[str, float | None]]:
    """Per completed item, how long what each stage made lasts, as far as it told; under "" the original."""
    query = (
        select(Item.id, Item.result, LibraryFile.duration_s)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(Item.batch_id == batch.id, Item.status == ItemStatus.COMPLETED)
    )
    return {
        item_id: {"": original, **_told(result or {})}
        for item_id, result, original in tx.session.execute(query)
    }


def _told(result: Mapping[str, Any]) -> dict[str, float | None]:
    lasting = ((stage, (facts or {}).get("duration_s")) for stage, facts in result.items())
    return {stage: float(value) for stage, value in lasting if isinstance(value, int | float)}


def add_entries(tx: Transaction, export: Export, entries: Sequence[Entry], first: int = 1) -> None:
    """Freeze entries into the export: from now on their blobs stay while it lives."""
    rows = [
        {
            "export_id": export.id, "number": number, "item_id": entry.item_id, "role": entry.role,
            "name": entry.name, "title": entry.title, "duration_s": entry.duration_s, "blob_key": entry.blob.key,
            "size": entry.blob.size, "crc32": entry.blob.crc32, "sha256": entry.blob.sha256,
        }
        for number, entry in enumerate(entries, start=first)
    ]  # fmt: skip
    tx.session.flush()
    connection = tx.session.connection()  # rows, not objects: a third of the time
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(insert(ExportEntry), rows[start : start + AT_ONCE])


@dataclass(frozen=True, slots=True)
class Frozen:
    """An entry as it is read: a row without a session."""

    number: int
    item_id: str | None
    role: str
    name: str
    title: str
    duration_s: float | None
    blob_key: str
    size: int
    crc32: int
    sha256: str


def entries_of(tx: Transaction, export_id: str) -> list[Frozen]:
    """What is in the export, in order."""
    columns = [getattr(ExportEntry, name) for name in Frozen.__slots__]
    query = select(*columns).where(ExportEntry.export_id == export_id).order_by(ExportEntry.number)
    return [Frozen(*row) for row in tx.session.execute(query)]


# --- what becomes of them ---------------------------------------------------------------------------------


def release(tx: Transaction, export: Export) -> None:
    """Let go of what the export kept: entries, and what its stages made."""
    tx.session.flush()
    for gone in (
        delete(ExportEntry).where(ExportEntry.export_id == export.id),
        delete(Artifact).where(Artifact.subject_id == export.id, Artifact.subject_kind == SubjectKind.EXPORT),
    ):
        tx.session.execute(gone.execution_options(synchronize_session=False))


def overdue(tx: Transaction) -> Sequence[Export]:
    """Completed ones whose time is over, and those of deleted batches that have not been ended yet."""
    done = (ExportStatus.COMPLETED, *LIVE)
    query = (
        select(Export)
        .join(Batch, Batch.id == Export.batch_id)
        .where(
            Export.status.in_(done),
            or_(
                and_(Export.status == ExportStatus.COMPLETED, Export.expires_at <= tx.now),
                Batch.deleted_at.is_not(None),
            ),
        )
    )
    return tx.session.scalars(query).all()


def forget(tx: Transaction, before: datetime) -> int:
    """Remove the rows of exports that ended before that moment and keep nothing any more; returns how many."""
    ended = Export.status.not_in((ExportStatus.COMPLETED, *LIVE))
    gone = tx.session.execute(
        delete(Export).where(ended, Export.updated_at < before).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has one


def to_pack(tx: Transaction) -> Sequence[str]:
    """Live exports that no worker is needed for, the oldest first."""
    query = (
        select(Export.id)
        .join(Batch, Batch.id == Export.batch_id)
        .where(Export.status.in_(LIVE), Export.format != ExportFormat.MERGED, Batch.deleted_at.is_(None))
        .order_by(Export.created_at)
    )
    return tx.session.scalars(query).all()


# --- what the engine asks ---------------------------------------------------------------------------------


def to_merge(tx: Transaction, per_owner: int) -> list[Export]:
    """Exports that wait for a worker: live, with no stage under way; the oldest of each owner."""
    under_way = select(StageRun.id).where(
        StageRun.subject_id == Export.id, StageRun.status.in_((RunStatus.RUNNING, RunStatus.QUEUED))
    )
    query = (
        select(Export)
        .join(Batch, Batch.id == Export.batch_id)
        .where(
            Export.status.in_(LIVE), Export.format == ExportFormat.MERGED, Batch.deleted_at.is_(None),
            ~under_way.exists(),
        )
        .order_by(Export.created_at)
    )  # fmt: skip
    by_owner: dict[str, list[Export]] = {}
    for export in tx.session.scalars(query):
        by_owner.setdefault(export.owner_id, []).append(export)
    return [export for exports in by_owner.values() for export in exports[:per_owner]]


def tokens_of_exports(tx: Transaction, export_ids: Collection[str]) -> dict[str, int]:
    """The tokens under which these exports may be worked on; one that has ended has none."""
    query = (
        select(Export.id, Export.token)
        .join(Batch, Batch.id == Export.batch_id)
        .where(Export.id.in_(export_ids), Export.status.in_(LIVE), Batch.deleted_at.is_(None))
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def engine_export(tx: Transaction, export_id: str) -> Export | None:
    """An export for the engine, locked: it works for every owner."""
    query = select(Export).where(Export.id == export_id).with_for_update()
    return tx.session.scalars(query).one_or_none()
