"""The log of events in the database: numbered when it is written, read by number, forgotten by age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, tuple_, update

from reelyard.core.accounts.models import Owner
from reelyard.core.batches.models import Batch
from reelyard.core.events.models import Event
from reelyard.db.session import Transaction

_COLUMNS = (  # in the order of `Seen`; rows are read twice as fast as objects
    Event.owner_id,
    Event.owner_seq,
    Event.batch_id,
    Event.seq,
    Event.kind,
    Event.item_id,
    Event.data,
    Event.at,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as it is read."""

    owner_id: str
    owner_seq: int
    batch_id: str | None
    seq: int | None
    kind: str
    item_id: str | None
    data: Mapping[str, Any]
    at: Any


def append(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write events whose numbers were taken."""
    tx.session.execute(insert(Event), rows)


def reserve(tx: Transaction, table: type[Owner | Batch], key: str, numbers: int) -> int:
    """Take `numbers` numbers; returns the one before the first."""
    statement = (
        update(table)
        .where(table.id == key)
        .values(event_seq=table.event_seq + numbers)
        .returning(table.event_seq)
        .execution_options(synchronize_session=False)
    )
    last = tx.session.execute(statement).scalar_one()
    return int(last) - numbers


def since_owner(tx: Transaction, owner_id: str, seq: int, limit: int = 500) -> list[Seen]:
    """The owner's events after `seq`, oldest first."""
    query = (
        select(*_COLUMNS)
        .where(Event.owner_id == owner_id, Event.owner_seq > seq)
        .order_by(Event.owner_seq)
        .limit(limit)
    )
    return [Seen(*row) for row in tx.session.execute(query)]


def since_batch(tx: Transaction, owner_id: str, batch_id: str, seq: int, limit: int = 500) -> list[Seen]:
    """The batch's events after `seq`, oldest first; nothing when it is not the owner's."""
    query = (
        select(*_COLUMNS)
        .where(Event.owner_id == owner_id, Event.batch_id == batch_id, Event.seq > seq)
        .order_by(Event.seq)
        .limit(limit)
    )
    return [Seen(*row) for row in tx.session.execute(query)]


def first_seq(tx: Transaction, owner_id: str, batch_id: str | None = None) -> int:
    """The oldest number still kept, or the next one when none is; who is behind it needs a snapshot."""
    number: Any = Event.owner_seq if batch_id is None else Event.seq
    query = select(number).where(Event.owner_id == owner_id)
    if batch_id is not None:
        query = query.where(Event.batch_id == batch_id)
    return (
        tx.session.execute(query.order_by(number).limit(1)).scalar() or last_seq(tx, owner_id, batch_id) + 1
    )


def last_seq(tx: Transaction, owner_id: str, batch_id: str | None = None) -> int:
    """The newest number, 0 when there is none."""
    if batch_id is None:
        query = select(Owner.event_seq).where(Owner.id == owner_id)
    else:
        query = select(Batch.event_seq).where(Batch.id == batch_id, Batch.owner_id == owner_id)
    return tx.session.execute(query).scalar() or 0


def purge(tx: Transaction, before: datetime, limit: int = 5_000) -> int:
    """Forget events older than `before`, the oldest first; returns how many."""
    old = (
        select(Event.owner_id, Event.owner_seq)
        .where(Event.at < before)
        .order_by(Event.at)
        .limit(limit)
        .subquery()
    )
    gone = tx.session.execute(
        delete(Event)
        .where(tuple_(Event.owner_id, Event.owner_seq).in_(select(old.c.owner_id, old.c.owner_seq)))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has one
