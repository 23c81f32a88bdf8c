"""Batches and items in the database: every query is bounded by owner, except the engine's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, literal_column, or_, select, update

from reelyard.core.accounts.models import Owner
from reelyard.core.batches.lifecycle import BatchStatus, Counts, ItemStatus
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


def lock_items(tx: Transaction, item_ids: Collection[str]) -> Sequence[Item]:
    """Load items under a lock; their batches are to be locked before."""
    query = select(Item).where(Item.id.in_(item_ids)).order_by(Item.id).with_for_update()
    return tx.session.scalars(query).all()


def item_of(tx: Transaction, batch: Batch, item_id: str) -> Item:
    """An item of the batch; raises NotFound."""
    item = tx.session.scalars(select(Item).where(Item.id == item_id, Item.batch_id == batch.id)).one_or_none()
    if item is None:
        raise NotFound("There is no such item in this batch.", noun="item")
    return item


def item_of_owner(tx: Transaction, owner_id: str, item_id: str) -> Item:
    """An item by itself; raises NotFound for another's or one in a deleted batch."""
    query = (
        select(Item)
        .join(Batch, Batch.id == Item.batch_id)
        .where(Item.id == item_id, Item.owner_id == owner_id, Batch.deleted_at.is_(None))
    )
    item = tx.session.scalars(query).one_or_none()
    if item is None:
        raise NotFound("There is no such item.", noun="item")
    return item


def items_of(
    tx: Transaction, batch: Batch, ids: Collection[str] | None = None, status: ItemStatus | None = None
) -> Sequence[Item]:
    """Items in order: all, those of `ids`, those in `status`."""
    query = select(Item).where(Item.batch_id == batch.id).order_by(Item.position)
    if ids is not None:
        query = query.where(Item.id.in_(ids))
    if status is not None:
        query = query.where(Item.status == status)
    return tx.session.scalars(query).all()


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


def last_position(tx: Transaction, batch: Batch) -> int:
    """The highest position, 0 when the batch is empty."""
    return tx.session.execute(select(func.max(Item.position)).where(Item.batch_id == batch.id)).scalar() or 0


LIVE = (ItemStatus.PENDING, ItemStatus.UPLOADING, ItemStatus.PROCESSING)


def live_ids(tx: Transaction, batch: Batch) -> Sequence[str]:
    """The items that have not ended, in order."""
    query = select(Item.id).where(Item.batch_id == batch.id, Item.status.in_(LIVE)).order_by(Item.position)
    return tx.session.scalars(query).all()


def cancel_live(tx: Transaction, batch: Batch) -> int:
    """Cancel every item that has not ended, in one statement, each under a new token; returns how many."""
    return _move_live(tx, batch, LIVE, {"status": ItemStatus.CANCELLED})


def fail_live(tx: Transaction, batch: Batch, code: str, message: str) -> int:
    """Fail every item that has not ended, in one statement, each under a new token; returns how many."""
    values = {"status": ItemStatus.FAILED, "error_code": code, "error_message": message, "error_hint": None}
    return _move_live(tx, batch, LIVE, values)


def _move_live(tx: Transaction, batch: Batch, states: tuple[ItemStatus, ...], values: dict[str, Any]) -> int:
    statement = (
        update(Item)
        .where(Item.batch_id == batch.id, Item.status.in_(states))
        .values(
            **values,
            token=Item.token + 1,
            not_before=None,
            stage=None,
            completed_at=tx.now,
            updated_at=tx.now,
        )
        .execution_options(synchronize_session="fetch" if tx.session.identity_map else False)
    )
    return int(tx.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


@dataclass(frozen=True, slots=True)
class BatchQuery:
    """What to list: filters, order and page."""

    pipeline: str | None = None
    status: str | None = None
    text: str | None = None
    sort: str = "-created_at"
    limit: int = 20
    offset: int = 0


# Each stands in an index with the same text: see `Batch`.
_SORTS: dict[str, tuple[Any, ...]] = {
    "created_at": (Batch.created_at,),
    "updated_at": (Batch.updated_at,),
    "name": (func.lower(Batch.name),),
    "priority": (Batch.priority,),
    "status": (Batch.status, Batch.created_at),
    "progress": (literal_column("(batches.completed + batches.failed) * 1.0 / nullif(batches.total, 0)"),),
}
SORTS = tuple(_SORTS)


def list_batches(tx: Transaction, owner_id: str, query: BatchQuery) -> tuple[Sequence[Batch], int]:
    """One page of the owner's batches, and how many there are in all."""
    where = [Batch.owner_id == owner_id, Batch.deleted_at.is_(None)]
    if query.pipeline:
        where.append(Batch.pipeline == query.pipeline)
    if query.status:
        where.append(Batch.status == query.status)
    if query.text:
        where.append(Batch.name.icontains(query.text, autoescape=True))
    total = tx.session.execute(select(func.count()).select_from(Batch).where(and_(*where))).scalar_one()
    page = _sorted(select(Batch).where(and_(*where)), query.sort).limit(query.limit).offset(query.offset)
    return tx.session.scalars(page).all(), total


def _sorted(statement: Select[Any], sort: str) -> Select[Any]:
    columns = (*_SORTS[sort.removeprefix("-")], Batch.id)
    return statement.order_by(
        *(column.desc() if sort.startswith("-") else column.asc() for column in columns)
    )


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """Which items of a batch to list."""

    status: str | None = None
    text: str | None = None
    limit: int = 100
    offset: int = 0
    ids: tuple[str, ...] | None = None


def list_items(tx: Transaction, batch: Batch, query: ItemQuery) -> tuple[list[tuple[Item, LibraryFile]], int]:
    """One page of a batch's items with their files, in order, and how many match."""
    where = [Item.batch_id == batch.id]
    if query.status:
        where.append(Item.status == query.status)
    if query.ids is not None:
        where.append(Item.id.in_(query.ids))
    base = select(Item, LibraryFile).join(LibraryFile, LibraryFile.id == Item.file_id)
    if query.text:
        where.append(LibraryFile.name.icontains(query.text, autoescape=True))
    total = batch.total
    if query.status or query.text or query.ids is not None:
        counted = select(func.count()).select_from(Item).join(LibraryFile, LibraryFile.id == Item.file_id)
        total = tx.session.execute(counted.where(and_(*where))).scalar_one()
    page = base.where(and_(*where)).order_by(Item.position).limit(query.limit).offset(query.offset)
    return [(item, file) for item, file in tx.session.execute(page)], total


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
    due = or_(Item.not_before.is_(None), Item.not_before <= tx.now)
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
