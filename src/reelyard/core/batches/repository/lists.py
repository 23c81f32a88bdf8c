"""Pages of batches and items as their owners look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, literal_column, select

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction


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


def retries(tx: Transaction, batch: Batch) -> int:
    """How often items of the batch were tried again by themselves."""
    return tx.session.scalar(select(func.sum(Item.retry_count)).where(Item.batch_id == batch.id)) or 0


def failures(tx: Transaction, batch: Batch, limit: int) -> list[tuple[str | None, int, str | None]]:
    """The commonest failures of the batch: code, number of items, and one of the messages."""
    query = (
        select(Item.error_code, func.count(), func.min(Item.error_message))
        .where(Item.batch_id == batch.id, Item.status == ItemStatus.FAILED)
        .group_by(Item.error_code)
        .order_by(func.count().desc())
        .limit(limit)
    )
    return [(code, number, message) for code, number, message in tx.session.execute(query)]
