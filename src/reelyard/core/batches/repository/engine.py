"""What the engine asks: whose turn it is, what is at work, what stands still. Not bounded by owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select, update

from reelyard.core.batches.backoff import LONGEST_WAIT_S
from reelyard.core.batches.lifecycle import BatchStatus, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs.models import RunStatus, StageRun
from reelyard.db.session import Transaction


def progress_of_running(tx: Transaction, batch: Batch) -> dict[str, float]:
    """Per cent of each item that is at work, as of its last finished stage, by id."""
    query = select(Item.id, Item.progress).where(
        Item.batch_id == batch.id, Item.status == ItemStatus.PROCESSING
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def head_of_queue(tx: Transaction, owner_id: str, limit: int) -> list[tuple[Batch, Item, LibraryFile]]:
    """The owner's pending items in the order of their turn, those of paused batches last."""
    at_work = (
        select(Batch)
        .where(
            Batch.owner_id == owner_id,
            Batch.deleted_at.is_(None),
            Batch.status.in_((BatchStatus.PROCESSING, BatchStatus.PAUSED)),
        )
        .order_by(Batch.status.desc(), Batch.priority.desc(), Batch.created_at, Batch.id)
    )
    found: list[tuple[Batch, Item, LibraryFile]] = []
    for batch in tx.session.scalars(at_work):
        pending = (
            select(Item, LibraryFile)
            .join(LibraryFile, LibraryFile.id == Item.file_id)
            .where(Item.batch_id == batch.id, Item.status == ItemStatus.PENDING)
            .order_by(Item.position)
            .limit(limit - len(found))
        )
        found.extend((batch, item, file) for item, file in tx.session.execute(pending))
        if len(found) >= limit:
            break
    return found


def claimable(tx: Transaction, batch: Batch, limit: int) -> Sequence[tuple[Item, LibraryFile]]:
    """The first items of the batch that may be taken to work now, in order."""
    longest = timedelta(seconds=LONGEST_WAIT_S)  # what is further off was written by a clock that was wrong
    due = or_(Item.not_before.is_(None), Item.not_before <= tx.now, Item.not_before > tx.now + longest)
    query = (
        select(Item, LibraryFile)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(
            Item.batch_id == batch.id,
            Item.status == ItemStatus.PENDING,
            Item.source_ready.is_(True),
            Item.requested.is_(True),
            due,
        )
        .order_by(Item.position)
        .limit(limit)
    )
    return [(item, file) for item, file in tx.session.execute(query)]


def processing_by_owner(tx: Transaction) -> list[tuple[str, int]]:
    """How many items of each owner are at work."""
    query = (
        select(Batch.owner_id, func.sum(Batch.processing))
        .where(Batch.processing > 0)
        .group_by(Batch.owner_id)
    )
    return [(owner, int(number)) for owner, number in tx.session.execute(query)]


def keep_stalled(tx: Transaction, batch_id: str, seconds: float) -> None:
    """Write down how long a batch has held a slot without progress."""
    tx.session.execute(
        update(Batch)
        .where(Batch.id == batch_id)
        .values(stalled_s=seconds)
        .execution_options(synchronize_session=False)
    )


def stalled(tx: Transaction) -> list[tuple[str, float]]:
    """What was written down, of batches at work."""
    at_work = (BatchStatus.PROCESSING, BatchStatus.PAUSED)
    query = select(Batch.id, Batch.stalled_s).where(Batch.status.in_(at_work), Batch.stalled_s > 0)
    return [(batch_id, seconds) for batch_id, seconds in tx.session.execute(query)]


def to_come(tx: Transaction, batch: Batch, limit: int) -> list[tuple[Item, LibraryFile]]:
    """Items that are still to be worked on, as far as they were asked for: those at work first, then in order."""
    live = (ItemStatus.PROCESSING, ItemStatus.PENDING)
    query = (
        select(Item, LibraryFile)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(Item.batch_id == batch.id, Item.status.in_(live), Item.requested.is_(True))
        .order_by(Item.status.desc(), Item.position)
        .limit(limit)
    )
    return [(item, file) for item, file in tx.session.execute(query)]


def tokens_at_work(tx: Transaction, item_ids: Collection[str]) -> dict[str, int]:
    """The tokens under which these items are at work; one that is not at work has none."""
    query = select(Item.id, Item.token).where(Item.id.in_(item_ids), Item.status == ItemStatus.PROCESSING)
    return {row[0]: row[1] for row in tx.session.execute(query)}


def stranded(tx: Transaction) -> Sequence[Item]:
    """Items at work for which no stage runs or waits."""
    open_runs = select(StageRun.subject_id).where(StageRun.status.in_((RunStatus.RUNNING, RunStatus.QUEUED)))
    query = select(Item).where(Item.status == ItemStatus.PROCESSING, Item.id.not_in(open_runs))
    return tx.session.scalars(query).all()


def begun(tx: Transaction) -> Sequence[Item]:
    """Items that wait with some of their stages done."""
    query = select(Item).where(Item.status == ItemStatus.PENDING, Item.stage_index > 0)
    return tx.session.scalars(query).all()


def paused(tx: Transaction, batch_ids: Collection[str]) -> set[str]:
    """Those of the batches that are paused."""
    if not batch_ids:
        return set()
    query = select(Batch.id).where(Batch.id.in_(batch_ids), Batch.status == BatchStatus.PAUSED)
    return set(tx.session.scalars(query))
