"""Stage runs in the database: what the engine asks and writes, each query with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from reelyard.core.batches.lifecycle import BatchStatus, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.runs.models import (
    Artifact,
    CacheBlob,
    CacheEntry,
    Part,
    RunStatus,
    StageRate,
    StageRun,
    SubjectKind,
)
from reelyard.db.session import Transaction
from reelyard.errors import NotFound


def active_batches(tx: Transaction) -> Sequence[Batch]:
    """Batches whose items may be claimed: processing, with a pending item, and below their concurrency."""
    pending = (
        Batch.total - Batch.uploading - Batch.processing - Batch.completed - Batch.failed - Batch.cancelled
    )
    query = (
        select(Batch)
        .where(
            Batch.status == BatchStatus.PROCESSING,
            Batch.deleted_at.is_(None),
            pending > 0,
            Batch.processing < Batch.concurrency,
        )
        .order_by(Batch.priority.desc(), Batch.started_at, Batch.id)
    )
    return tx.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Queued:
    """A stage that waits for a slot, with the rows that it belongs to."""

    run: StageRun
    batch: Batch | None
    item: Item | None
    file: LibraryFile | None


def queued_runs(tx: Transaction, per_queue: int) -> list[Queued]:
    """The oldest waiting stages of each owner in each pool: nobody's thousand hide another's one."""
    waiting = StageRun.status == RunStatus.QUEUED
    queues = tx.session.execute(select(StageRun.owner_id, StageRun.pool).where(waiting).distinct()).all()
    found: list[Queued] = []
    for owner_id, pool in queues:
        query = (
            select(StageRun, Batch, Item, LibraryFile)
            .outerjoin(Batch, Batch.id == StageRun.batch_id)
            .outerjoin(Item, Item.id == StageRun.subject_id)
            .outerjoin(LibraryFile, LibraryFile.id == func.coalesce(Item.file_id, StageRun.subject_id))
            .where(waiting, StageRun.owner_id == owner_id, StageRun.pool == pool)
            .order_by(StageRun.queued_at)
            .limit(per_queue)
        )
        found.extend(Queued(*row) for row in tx.session.execute(query))
    return found


def running_runs(tx: Transaction) -> Sequence[StageRun]:
    """What was handed to a worker and has not been heard of: for recovery."""
    return tx.session.scalars(select(StageRun).where(StageRun.status == RunStatus.RUNNING)).all()


def files_to_verify(tx: Transaction, per_owner: int) -> list[LibraryFile]:
    """Received files for which no stage runs or is queued: the oldest of each owner."""
    open_run = select(StageRun.id).where(
        StageRun.subject_id == LibraryFile.id, StageRun.status.in_((RunStatus.RUNNING, RunStatus.QUEUED))
    )
    waiting = and_(
        LibraryFile.status == FileStatus.VERIFYING, LibraryFile.deleted_at.is_(None), ~open_run.exists()
    )
    owners = tx.session.scalars(select(LibraryFile.owner_id).where(waiting).distinct()).all()
    found: list[LibraryFile] = []
    for owner_id in owners:
        query = select(LibraryFile).where(waiting, LibraryFile.owner_id == owner_id)
        found.extend(tx.session.scalars(query.order_by(LibraryFile.updated_at).limit(per_owner)))
    return found


def run(tx: Transaction, run_id: str) -> StageRun:
    return tx.session.get_one(StageRun, run_id)


def lock_runs(tx: Transaction, run_ids: Sequence[str]) -> Sequence[StageRun]:
    """Load runs under a lock, all at once."""
    return tx.session.scalars(
        select(StageRun).where(StageRun.id.in_(run_ids)).order_by(StageRun.id).with_for_update()
    ).all()


def end_run(tx: Transaction, run_id: str, status: RunStatus, values: Mapping[str, Any]) -> bool:
    """End a run that is still open; False when another hand ended it before."""
    if not tx.is_sqlite:
        lock_runs(tx, (run_id,))
    open_run = tx.session.get(StageRun, run_id)
    if open_run is None or open_run.status not in (RunStatus.RUNNING, RunStatus.QUEUED):
        return False
    open_run.status = status
    for name, value in {"ended_at": tx.now, **values}.items():
        setattr(open_run, name, value)
    return True


def drop_queued(tx: Transaction, batch_id: str) -> None:
    """Nothing of this batch waits for a slot any more."""
    tx.session.execute(
        update(StageRun)
        .where(StageRun.batch_id == batch_id, StageRun.status == RunStatus.QUEUED)
        .values(status=RunStatus.CANCELLED, ended_at=tx.now)
    )


def drop_ownerless(tx: Transaction) -> None:
    """No stage waits for a slot whose item is not at work or whose file was deleted."""
    idle = select(Item.id).where(Item.status != ItemStatus.PROCESSING)
    deleted = select(LibraryFile.id).where(LibraryFile.deleted_at.is_not(None))
    tx.session.execute(
        update(StageRun)
        .where(
            StageRun.status == RunStatus.QUEUED,
            or_(
                and_(StageRun.subject_kind == SubjectKind.ITEM, StageRun.subject_id.in_(idle)),
                and_(StageRun.subject_kind == SubjectKind.FILE, StageRun.subject_id.in_(deleted)),
            ),
        )
        .values(status=RunStatus.CANCELLED, ended_at=tx.now)
        .execution_options(synchronize_session=False)
    )


def drop_queued_items(tx: Transaction) -> None:
    """No stage of any item waits for a slot any more."""
    tx.session.execute(
        update(StageRun)
        .where(StageRun.status == RunStatus.QUEUED, StageRun.subject_kind == SubjectKind.ITEM)
        .values(status=RunStatus.CANCELLED, ended_at=tx.now)
    )


def done_facts(tx: Transaction, subject_id: str, generation: int) -> dict[str, Mapping[str, Any]]:
    """What the finished stages of this generation returned, by stage."""
    query = select(StageRun.stage, StageRun.facts).where(
        StageRun.subject_id == subject_id,
        StageRun.generation == generation,
        StageRun.status == RunStatus.DONE,
    )
    return {stage: facts or {} for stage, facts in tx.session.execute(query)}


def artifacts_of(tx: Transaction, subject_id: str, generation: int) -> Sequence[Artifact]:
    """The artifacts of one generation, every revision, oldest revision first."""
    query = (
        select(Artifact)
        .where(Artifact.subject_id == subject_id, Artifact.generation == generation)
        .order_by(Artifact.role, Artifact.revision)
    )
    return tx.session.scalars(query).all()


def newest(artifacts: Sequence[Artifact]) -> dict[str, Artifact]:
    """The newest revision by role."""
    return {artifact.role: artifact for artifact in artifacts}


def drop_older(tx: Transaction, subject_id: str, generation: int) -> None:
    """Forget what earlier generations made, but for what their user wrote: that is never lost."""
    tx.session.execute(
        delete(Artifact)
        .where(
            Artifact.subject_id == subject_id, Artifact.generation < generation, Artifact.run_id.is_not(None)
        )
        .execution_options(synchronize_session=False)
    )


def drop_roles(tx: Transaction, subject_id: str, roles: Collection[str]) -> None:
    """Forget artifacts that were needed on the way only; the blobs go when nothing refers to them any more."""
    tx.session.execute(
        delete(Artifact)
        .where(Artifact.subject_id == subject_id, Artifact.role.in_(roles))
        .execution_options(synchronize_session=False)
    )


def edits_of(tx: Transaction, subject_id: str, made: Artifact) -> Sequence[Artifact]:
    """The revisions that a user made of an equal artifact in an earlier generation, oldest first."""
    original = select(Artifact.generation).where(
        Artifact.subject_id == subject_id,
        Artifact.role == made.role,
        Artifact.revision == 0,
        Artifact.sha256 == made.sha256,
        Artifact.generation < made.generation,
    )
    query = select(Artifact).where(
        Artifact.subject_id == subject_id,
        Artifact.role == made.role,
        Artifact.revision > 0,
        Artifact.run_id.is_(None),
        Artifact.generation == original.order_by(Artifact.generation.desc()).limit(1).scalar_subquery(),
    )
    return tx.session.scalars(query.order_by(Artifact.revision)).all()


def failures(tx: Transaction, subject_id: str, generation: int, code: str) -> int:
    """How many runs of this generation failed with this code."""
    query = select(func.count()).where(
        StageRun.subject_id == subject_id, StageRun.generation == generation, StageRun.error_code == code
    )
    return tx.session.execute(query).scalar_one()


def forget_cache(tx: Transaction, before: datetime, bare_before: datetime) -> int:
    """Let go of cache entries that nothing living was made with; returns how many.

    Those with files go when none of the files is anybody's artifact any more and they were not used since `before`,
    those without when they were not used since `bare_before`.
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
    gone = or_(
        and_(CacheEntry.used_at < before, blobs.exists(), ~living.exists()),
        and_(CacheEntry.used_at < bare_before, ~blobs.exists()),
    )
    keys = tx.session.execute(select(CacheEntry.owner_id, CacheEntry.key).where(gone).limit(1_000)).all()
    for owner_id, key in keys:
        for table in (CacheBlob, CacheEntry):
            tx.session.execute(
                delete(table)
                .where(table.owner_id == owner_id, table.key == key)
                .execution_options(synchronize_session=False)
            )
    return len(keys)


def drop_partial(tx: Transaction, batch_id: str) -> None:
    """Forget what cancelled items had made so far; what was completed before stays."""
    cancelled = select(Item.id).where(Item.batch_id == batch_id, Item.status == ItemStatus.CANCELLED)
    served = select(Item.served_generation).where(Item.id == Artifact.subject_id).scalar_subquery()
    tx.session.execute(
        delete(Artifact)
        .where(Artifact.subject_id.in_(cancelled), func.coalesce(served, 0) != Artifact.generation)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """A cache hit: the run that made it, and its files."""

    run: StageRun
    blobs: tuple[CacheBlob, ...]


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
    if run.cache_key is None or tx.session.get(CacheEntry, (run.owner_id, run.cache_key)) is not None:
        return
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


def recent_runs(tx: Transaction, since: datetime, limit: int = 2_000) -> Sequence[StageRun]:
    """What runs, and the newest of what ended after that moment and began at most an hour before it; oldest first."""
    begun = and_(StageRun.started_at >= since - timedelta(hours=1), StageRun.ended_at >= since)
    query = (
        select(StageRun)
        .where(or_(StageRun.status == RunStatus.RUNNING, begun))
        .order_by(StageRun.started_at.desc())
        .limit(limit)
    )
    return tx.session.scalars(query).all()[::-1]


def names_of(tx: Transaction, owner_id: str, subject_ids: Collection[str]) -> dict[str, str]:
    """How the owner calls these items and files of his, by their id."""
    items = (
        select(Item.id, LibraryFile.name)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(Item.id.in_(subject_ids), Item.owner_id == owner_id)
    )
    files = select(LibraryFile.id, LibraryFile.name).where(
        LibraryFile.id.in_(subject_ids), LibraryFile.owner_id == owner_id
    )
    return {key: name for query in (items, files) for key, name in tx.session.execute(query)}


def served_artifact(tx: Transaction, owner_id: str, artifact_id: str) -> tuple[Artifact, LibraryFile]:
    """An output that may be fetched, and the original it was made from.

    Raises NotFound for another's, for one of a deleted batch or file, and for what is not served (any more).
    """
    artifact = tx.session.get(Artifact, artifact_id)
    if artifact is not None and artifact.owner_id == owner_id and artifact.is_output:
        query = (
            select(LibraryFile)
            .join(Item, Item.file_id == LibraryFile.id)
            .join(Batch, Batch.id == Item.batch_id)
            .where(
                Item.id == artifact.subject_id,
                Item.served_generation == artifact.generation,
                Batch.deleted_at.is_(None),
            )
        )
        if artifact.subject_kind == SubjectKind.FILE:
            query = select(LibraryFile).where(
                LibraryFile.id == artifact.subject_id, LibraryFile.deleted_at.is_(None)
            )
        file = tx.session.scalars(query).one_or_none()
        if file is not None:
            return artifact, file
    raise NotFound(
        "There is no such output.",
        hint="Ask for the item again: it may have been done anew.",
        noun="artifact",
    )


def runs_of(tx: Transaction, subject_id: str) -> Sequence[StageRun]:
    """Every run of one subject, in the order in which they were queued."""
    query = (
        select(StageRun)
        .where(StageRun.subject_id == subject_id)
        .order_by(StageRun.queued_at, StageRun.stage_index)
    )
    return tx.session.scalars(query).all()
