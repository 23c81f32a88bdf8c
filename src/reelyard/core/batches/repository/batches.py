"""One batch and its counts, for its owner or locked for a change: owners first, then batches, then items."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from reelyard.core.accounts.models import Owner
from reelyard.core.batches.lifecycle import Counts, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.db.session import Transaction
from reelyard.errors import NotFound


def batch_for_reading(tx: Transaction, owner_id: str, batch_id: str) -> Batch:
    """The owner's batch; raises NotFound for another's, a deleted one or none."""
    query = select(Batch).where(Batch.id == batch_id, Batch.owner_id == owner_id, Batch.deleted_at.is_(None))
    batch = tx.session.scalars(query).one_or_none()
    if batch is None:
        raise NotFound("There is no such batch.", hint="It may have been deleted.", noun="batch")
    return batch


def batch_for_change(tx: Transaction, owner_id: str, batch_id: str) -> Batch:
    """As `batch_for_reading`, with the owner's and then the batch's row locked."""
    tx.session.execute(select(Owner.id).where(Owner.id == owner_id).with_for_update())
    query = (
        select(Batch)
        .where(Batch.id == batch_id, Batch.owner_id == owner_id, Batch.deleted_at.is_(None))
        .with_for_update()
    )
    batch = tx.session.scalars(query).one_or_none()
    if batch is None:
        raise NotFound("There is no such batch.", hint="It may have been deleted.", noun="batch")
    return batch


def engine_batch(tx: Transaction, batch_id: str) -> Batch:
    """A batch for the engine, locked: it works for every owner."""
    lock_batches(tx, (batch_id,))
    return tx.session.get_one(Batch, batch_id)


def lock_batches(tx: Transaction, batch_ids: Collection[str]) -> Sequence[Batch]:
    """Lock batches, their owners first and all in one order; those that this transaction holds already are passed over."""
    held: dict[str, Batch] = tx.notes.setdefault("locked batches", {})
    missing = sorted(set(batch_ids) - held.keys())
    if not missing:
        return ()
    owners = select(Batch.owner_id).where(Batch.id.in_(missing))
    if not tx.is_sqlite:  # which has one lock for all, and this transaction holds it
        tx.session.execute(select(Owner.id).where(Owner.id.in_(owners)).order_by(Owner.id).with_for_update())
    locked = tx.session.scalars(
        select(Batch).where(Batch.id.in_(missing)).order_by(Batch.id).with_for_update()
    ).all()
    held.update({batch.id: batch for batch in locked})
    return locked


def counts(tx: Transaction, batch: Batch) -> Counts:
    """How many items are in each state, from the kept counters; the unrequested ones only where there can be any."""
    pending = (
        batch.total - batch.uploading - batch.processing - batch.completed - batch.failed - batch.cancelled
    )
    unrequested = 0
    if batch.on_request and pending + batch.uploading:
        live = (ItemStatus.PENDING, ItemStatus.UPLOADING)
        query = select(func.count()).where(
            Item.batch_id == batch.id, Item.status.in_(live), Item.requested.is_(False)
        )
        unrequested = tx.session.execute(query).scalar_one()
    return Counts(
        pending,
        batch.uploading,
        batch.processing,
        batch.completed,
        batch.failed,
        batch.cancelled,
        unrequested,
    )


def missing_sources(tx: Transaction, batch: Batch) -> int:
    """Live items whose file has not wholly arrived (one that is being verified has)."""
    query = (
        select(func.count())
        .select_from(Item)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(
            Item.batch_id == batch.id,
            Item.status.in_((ItemStatus.PENDING, ItemStatus.UPLOADING)),
            LibraryFile.status == FileStatus.RECEIVING,
        )
    )
    return tx.session.execute(query).scalar_one()
