"""The items of one batch: found, ordered, ended all at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select, update

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.db.session import Transaction
from reelyard.errors import NotFound


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


def files_in(tx: Transaction, batch: Batch, file_ids: Collection[str]) -> set[str]:
    """Those of `file_ids` that are in the batch already."""
    query = select(Item.file_id).where(Item.batch_id == batch.id, Item.file_id.in_(file_ids))
    return set(tx.session.scalars(query))


def close_ranks(tx: Transaction, batch: Batch) -> None:
    """Number the items 1 … n again where some have gone, so that a cell of the strip is found by arithmetic."""
    tx.session.flush()
    ids = tx.session.execute(
        select(Item.id, Item.position).where(Item.batch_id == batch.id).order_by(Item.position)
    ).all()
    moved = [{"id": item_id, "position": n} for n, (item_id, old) in enumerate(ids, start=1) if old != n]
    if moved:
        tx.session.execute(update(Item), moved)


def places(tx: Transaction, batch: Batch) -> list[tuple[int, ItemStatus]]:
    """Position and state of every item, as the strip is drawn from them."""
    query = select(Item.position, Item.status).where(Item.batch_id == batch.id)
    return [(position, ItemStatus(status)) for position, status in tx.session.execute(query)]


def waiting_for(tx: Transaction, file_id: str, states: Collection[ItemStatus]) -> Sequence[Item]:
    """Items of any batch, in one of `states`, whose file is not ready yet."""
    query = select(Item).where(Item.file_id == file_id, Item.status.in_(states), Item.source_ready.is_(False))
    return tx.session.scalars(query).all()
