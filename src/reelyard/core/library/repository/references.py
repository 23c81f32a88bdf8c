"""Which rows refer to stored things: asked before one is served, and before one is removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, or_, select

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.exports.models import Export, ExportEntry, ExportStatus
from reelyard.core.library.models import LibraryFile, Upload, UploadStatus
from reelyard.core.runs.models import Artifact, CacheBlob, Part, RunStatus, StageRun, SubjectKind
from reelyard.db.session import Transaction

_LIVE_ITEM = (ItemStatus.PENDING, ItemStatus.UPLOADING, ItemStatus.PROCESSING)
_LIVE_RUN = (RunStatus.QUEUED, RunStatus.RUNNING)


def is_served(tx: Transaction, owner_id: str, blob_key: str) -> bool:
    """Whether the owner still has something that consists of this: a file, what was made of one, or an export."""
    file = select(LibraryFile.id).where(
        LibraryFile.blob_key == blob_key,
        LibraryFile.owner_id == owner_id,
        LibraryFile.deleted_at.is_(None),
    )
    if tx.session.scalars(file.limit(1)).first() is not None:
        return True
    made = _artifacts(select(Artifact.id)).where(Artifact.blob_key == blob_key, Artifact.owner_id == owner_id)
    if tx.session.scalars(made.limit(1)).first() is not None:
        return True
    exported = (
        select(Export.id)
        .join(ExportEntry, ExportEntry.export_id == Export.id)
        .join(Batch, Batch.id == Export.batch_id)
        .where(
            ExportEntry.blob_key == blob_key,
            Export.owner_id == owner_id,
            Export.status == ExportStatus.COMPLETED,
            Export.expires_at > tx.now,
            Batch.deleted_at.is_(None),
        )
    )
    return tx.session.scalars(exported.limit(1)).first() is not None


def named(tx: Transaction, blob_keys: Collection[str]) -> set[str]:
    """Those of the blobs that a file, an artifact, the cache, a part of a live item or an export consists of."""
    found: set[str] = set()
    for query in (
        select(LibraryFile.blob_key).where(
            LibraryFile.blob_key.in_(blob_keys), LibraryFile.deleted_at.is_(None)
        ),
        _artifacts(select(Artifact.blob_key)).where(Artifact.blob_key.in_(blob_keys)),
        select(CacheBlob.blob_key).where(CacheBlob.blob_key.in_(blob_keys)),
        select(ExportEntry.blob_key).where(ExportEntry.blob_key.in_(blob_keys)),
        select(Export.blob_key).where(Export.blob_key.in_(blob_keys)),
        select(Part.blob_key)
        .join(Item, Item.id == Part.subject_id)
        .where(Part.blob_key.in_(blob_keys), Item.status.in_(_LIVE_ITEM)),
    ):
        found.update(key for key in tx.session.scalars(query) if key is not None)
    return found


def _artifacts(query: Select[Any]) -> Select[Any]:
    """Artifacts whose subject was not deleted."""
    return (
        query.outerjoin(Item, and_(Artifact.subject_kind == SubjectKind.ITEM, Item.id == Artifact.subject_id))
        .outerjoin(Batch, Batch.id == Item.batch_id)
        .outerjoin(
            LibraryFile,
            and_(Artifact.subject_kind == SubjectKind.FILE, LibraryFile.id == Artifact.subject_id),
        )
        .where(
            or_(
                Artifact.subject_kind == SubjectKind.EXPORT,
                and_(Item.id.is_not(None), Batch.deleted_at.is_(None)),
                and_(LibraryFile.id.is_not(None), LibraryFile.deleted_at.is_(None)),
            )
        )
    )


def arriving(tx: Transaction, file_ids: Collection[str]) -> Sequence[LibraryFile]:
    """Those of the files whose upload is still open."""
    query = (
        select(LibraryFile)
        .join(Upload, Upload.file_id == LibraryFile.id)
        .where(
            LibraryFile.id.in_(file_ids),
            LibraryFile.deleted_at.is_(None),
            Upload.status == UploadStatus.OPEN,
        )
    )
    return tx.session.scalars(query).all()


def busy_subjects(tx: Transaction, subject_ids: Collection[str]) -> set[str]:
    """Those of the subjects for which a stage runs or waits."""
    query = select(StageRun.subject_id).where(
        StageRun.subject_id.in_(subject_ids), StageRun.status.in_(_LIVE_RUN)
    )
    return set(tx.session.scalars(query))
