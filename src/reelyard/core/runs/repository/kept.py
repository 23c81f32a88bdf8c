"""What is kept for work to come: results of equal work, parts of long stages, how long stages take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.exports.models import LIVE, Export
from reelyard.core.runs.models import Artifact, CacheBlob, CacheEntry, Part, RunStatus, StageRate, StageRun
from reelyard.db.session import Transaction


@dataclass(frozen=True, slots=True)
class Remembered:
    """A cache hit: the run that made it, and its files."""

    run: StageRun
    blobs: tuple[CacheBlob, ...]

    @property
    def is_hollow(self) -> bool:
        """Whether files of it are gone: what is known of them is good for work that needs them no more."""
        return any(not blob.blob_key for blob in self.blobs)


def remembered(tx: Transaction, owner_id: str, key: str) -> Remembered | None:
    """What the owner's equal work gave before."""
    entry = tx.session.get(CacheEntry, (owner_id, key))
    if entry is None:
        return None
    made_by = tx.session.get(StageRun, entry.run_id)
    if made_by is None:
        return None
    entry.used_at = tx.now
    blobs = tx.session.scalars(
        select(CacheBlob).where(CacheBlob.owner_id == owner_id, CacheBlob.key == key)
    ).all()
    return Remembered(made_by, tuple(blobs))


def remember(tx: Transaction, run: StageRun, artifacts: Sequence[Artifact]) -> None:
    """Keep a finished run for equal work to come."""
    if run.cache_key is None:
        return
    known = remembered(tx, run.owner_id, run.cache_key)
    if known is not None and not known.is_hollow:
        return
    _forget(tx, run.owner_id, run.cache_key)
    tx.session.add(
        CacheEntry(owner_id=run.owner_id, key=run.cache_key, run_id=run.id, created_at=tx.now, used_at=tx.now)
    )
    for made in artifacts:
        tx.session.add(
            CacheBlob(
                owner_id=run.owner_id, key=run.cache_key, role=made.role, blob_key=made.blob_key,
                size=made.size, sha256=made.sha256, crc32=made.crc32,
            )
        )  # fmt: skip


def hashes_of_gone(tx: Transaction, subject_id: str, generation: int) -> dict[str, str]:
    """What is known of files that finished runs of a subject remembered only: their hashes by role."""
    query = (
        select(CacheBlob.role, CacheBlob.sha256)
        .join(StageRun, and_(StageRun.cache_key == CacheBlob.key, StageRun.owner_id == CacheBlob.owner_id))
        .where(
            StageRun.subject_id == subject_id,
            StageRun.generation == generation,
            StageRun.status == RunStatus.DONE,
            CacheBlob.blob_key == "",
        )
    )
    return {row.role: row.sha256 for row in tx.session.execute(query)}


def forget_cache(tx: Transaction, before: datetime) -> int:
    """Let go of files that were not used since `before` and are nobody's artifacts any more.

    The entry of a batch that still is there stays, hollow: with its files' hashes a redo finds what was made of
    them. Returns how many entries there were.
    """
    blobs = select(CacheBlob.blob_key).where(
        CacheBlob.owner_id == CacheEntry.owner_id, CacheBlob.key == CacheEntry.key
    )
    living = (
        select(Artifact.id)
        .join(Item, Item.id == Artifact.subject_id)
        .join(Batch, Batch.id == Item.batch_id)
        .where(Artifact.blob_key.in_(blobs.correlate(CacheEntry)), Batch.deleted_at.is_(None))
    )
    made_for = (
        select(Batch.id)
        .join(StageRun, StageRun.batch_id == Batch.id)
        .where(StageRun.id == CacheEntry.run_id, Batch.deleted_at.is_(None))
    )
    full = and_(
        CacheBlob.blob_key != "", CacheBlob.key == CacheEntry.key, CacheBlob.owner_id == CacheEntry.owner_id
    )
    has_files = select(CacheBlob.key).where(full)
    gone = and_(CacheEntry.used_at < before, ~living.exists(), or_(has_files.exists(), ~made_for.exists()))
    columns = (CacheEntry.owner_id, CacheEntry.key, made_for.exists())
    entries = tx.session.execute(select(*columns).where(gone).limit(1_000)).all()
    for owner_id, key, is_wanted in entries:
        if is_wanted:
            _hollow(tx, owner_id, key)
        else:
            _forget(tx, owner_id, key)
    return len(entries)


def _hollow(tx: Transaction, owner_id: str, key: str) -> None:
    tx.session.execute(
        update(CacheBlob)
        .where(CacheBlob.owner_id == owner_id, CacheBlob.key == key)
        .values(blob_key="")
        .execution_options(synchronize_session=False)
    )


def _forget(tx: Transaction, owner_id: str, key: str) -> None:
    tx.session.flush()
    for table in (CacheBlob, CacheEntry):
        tx.session.execute(
            delete(table)
            .where(table.owner_id == owner_id, table.key == key)
            .execution_options(synchronize_session="fetch")
        )


def keep_part(tx: Transaction, owner_id: str, subject_id: str, blob_key: str) -> None:
    """A part was kept and is named by this subject."""
    known = tx.session.get(Part, (owner_id, blob_key))
    if known is None:
        tx.session.add(Part(owner_id=owner_id, blob_key=blob_key, subject_id=subject_id, kept_at=tx.now))
    else:
        known.subject_id, known.kept_at = subject_id, tx.now


def rates(tx: Transaction) -> dict[str, Mapping[str, Any]]:
    """What is known of how long stages take, by kind."""
    return {row.key: row.state for row in tx.session.scalars(select(StageRate))}


def keep_rate(tx: Transaction, key: str, state: Mapping[str, Any]) -> None:
    tx.session.merge(StageRate(key=key, state=dict(state), updated_at=tx.now))


def forget_parts(tx: Transaction, before: datetime) -> int:
    """Let go of old parts whose item or export has ended or is no more: nobody goes on from them. Returns how many."""
    live = select(Item.id).where(
        Item.status.in_((ItemStatus.PENDING, ItemStatus.UPLOADING, ItemStatus.PROCESSING))
    )
    exported = select(Export.id).where(Export.status.in_(LIVE))
    gone = tx.session.execute(
        delete(Part)
        .where(Part.kept_at < before, Part.subject_id.not_in(live), Part.subject_id.not_in(exported))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has one
