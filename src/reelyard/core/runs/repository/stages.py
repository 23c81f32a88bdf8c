"""Stage runs: what waits, what runs and how it ended. Locked where two hands may end the same one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from reelyard.core.batches.lifecycle import BatchStatus, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.exports.models import Export
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.runs.models import RunStatus, StageRun, SubjectKind
from reelyard.db.session import Transaction


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


def done_stages(tx: Transaction, subject_id: str, generation: int) -> list[str]:
    """The names of the finished stages of this generation, in the plan's order."""
    query = (
        select(StageRun.stage)
        .where(
            StageRun.subject_id == subject_id,
            StageRun.generation == generation,
            StageRun.status == RunStatus.DONE,
        )
        .order_by(StageRun.stage_index)
    )
    return list(tx.session.scalars(query))


def failures(tx: Transaction, subject_id: str, generation: int, code: str) -> int:
    """How many runs of this generation failed with this code."""
    query = select(func.count()).where(
        StageRun.subject_id == subject_id, StageRun.generation == generation, StageRun.error_code == code
    )
    return tx.session.execute(query).scalar_one()


def runs_of(tx: Transaction, subject_id: str) -> Sequence[StageRun]:
    """Every run of one subject, in the order in which they were queued."""
    query = (
        select(StageRun)
        .where(StageRun.subject_id == subject_id)
        .order_by(StageRun.queued_at, StageRun.stage_index)
    )
    return tx.session.scalars(query).all()


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


def names_of(tx: Transaction, owner_id: str, subject_ids: Collection[str]) -> dict[str, str]:
    """How the owner calls these items, files and exports of his, by their id."""
    items = (
        select(Item.id, LibraryFile.name)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(Item.id.in_(subject_ids), Item.owner_id == owner_id)
    )
    files = select(LibraryFile.id, LibraryFile.name).where(
        LibraryFile.id.in_(subject_ids), LibraryFile.owner_id == owner_id
    )
    exports = select(Export.id, Export.file_name).where(
        Export.id.in_(subject_ids), Export.owner_id == owner_id
    )
    return {key: name for query in (items, files, exports) for key, name in tx.session.execute(query)}


@dataclass(frozen=True, slots=True)
class Timed:
    """What a batch's report needs of one run."""

    stage: str
    cached: bool
    failed: bool
    started_at: datetime
    ended_at: datetime | None


def timed_runs(tx: Transaction, batch_id: str) -> list[Timed]:
    """Every run of the batch that was begun, in the order of its pipeline's stages."""
    query = (
        select(StageRun.stage, StageRun.cached, StageRun.status, StageRun.started_at, StageRun.ended_at)
        .where(StageRun.batch_id == batch_id, StageRun.started_at.is_not(None))
        .order_by(StageRun.stage_index)
    )
    broken = (RunStatus.FAILED, RunStatus.LOST)
    return [
        Timed(stage, cached, status in broken, started, ended)
        for stage, cached, status, started, ended in tx.session.execute(query)
        if started is not None
    ]
