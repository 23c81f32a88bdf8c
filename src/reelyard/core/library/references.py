"""Who refers to a stored thing: asked before it is served, and before it is removed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, or_, select

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile, Upload, UploadStatus
from reelyard.core.library.uploads import original_key
from reelyard.core.runs.models import Artifact, CacheBlob, Part, RunStatus, StageRun, SubjectKind
from reelyard.db.session import Transaction

SUM = ".sum"  # beside a part: its hash
_LIVE_ITEM = (ItemStatus.PENDING, ItemStatus.UPLOADING, ItemStatus.PROCESSING)
_LIVE_RUN = (RunStatus.QUEUED, RunStatus.RUNNING)


def is_served(tx: Transaction, owner_id: str, blob_key: str) -> bool:
    """Whether the owner still has something that consists of this: a file, or what was made of one."""
    file = select(LibraryFile.id).where(
        LibraryFile.blob_key == blob_key,
        LibraryFile.owner_id == owner_id,
        LibraryFile.deleted_at.is_(None),
    )
    if tx.session.scalars(file.limit(1)).first() is not None:
        return True
    made = _artifacts(select(Artifact.id)).where(Artifact.blob_key == blob_key, Artifact.owner_id == owner_id)
    return tx.session.scalars(made.limit(1)).first() is not None


def referred(tx: Transaction, keys: Collection[str]) -> set[str]:
    """Those of `keys` that something in the database still needs."""
    blobs = {key.removesuffix(SUM) if key.startswith("parts/") else key for key in keys}
    needed: set[str] = set()
    for query in (
        select(LibraryFile.blob_key).where(LibraryFile.blob_key.in_(blobs), LibraryFile.deleted_at.is_(None)),
        _artifacts(select(Artifact.blob_key)).where(Artifact.blob_key.in_(blobs)),
        select(CacheBlob.blob_key).where(CacheBlob.blob_key.in_(blobs)),
        select(Part.blob_key)
        .join(Item, Item.id == Part.subject_id)
        .where(Part.blob_key.in_(blobs), Item.status.in_(_LIVE_ITEM)),
    ):
        needed.update(key for key in tx.session.scalars(query) if key is not None)
    needed |= _arriving(tx, blobs) | _under_way(tx, blobs)
    return {key for key in keys if key in needed or (key.endswith(SUM) and key.removesuffix(SUM) in needed)}


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


def _arriving(tx: Transaction, keys: Collection[str]) -> set[str]:
    """Originals that are sealed but not yet written down: their upload is still open."""
    ids = {key.rsplit("/", 1)[-1] for key in keys if key.startswith("originals/")}
    if not ids:
        return set()
    query = (
        select(LibraryFile)
        .join(Upload, Upload.file_id == LibraryFile.id)
        .where(LibraryFile.id.in_(ids), LibraryFile.deleted_at.is_(None), Upload.status == UploadStatus.OPEN)
    )
    return {original_key(file) for file in tx.session.scalars(query)}


def _under_way(tx: Transaction, keys: Collection[str]) -> set[str]:
    """What attempts stored whose result was not taken in yet: keys are work/owner/subject/token-stage/…"""
    subjects = {key: key.split("/")[2] for key in keys if key.startswith("work/") and key.count("/") > 2}
    if not subjects:
        return set()
    query = select(StageRun.subject_id).where(
        StageRun.subject_id.in_(set(subjects.values())), StageRun.status.in_(_LIVE_RUN)
    )
    busy = set(tx.session.scalars(query))
    return {key for key, subject in subjects.items() if subject in busy}
