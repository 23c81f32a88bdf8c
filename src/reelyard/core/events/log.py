"""The log of events: written in the transaction of what they tell, numbered at its end.

Numbers are taken when the transaction commits, owners before batches and each in one order, so that two
transactions never wait for each other in a circle and no number is missing or late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reelyard.core.accounts.models import Owner
from reelyard.core.batches.models import Batch
from reelyard.core.events import repository
from reelyard.db.session import Transaction

_NOTE = "events"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact that is about to be written."""

    owner_id: str
    kind: str
    data: Mapping[str, Any]
    batch_id: str | None = None
    item_id: str | None = None


class EventLog:
    """Writes events and tells, after the commit, whose log has grown."""

    def __init__(self, announce: Callable[[frozenset[str]], None]) -> None:
        self._announce = announce  # gets the ids of the owners that have something new

    def record(self, tx: Transaction, event: NewEvent) -> None:
        """Add `event` to the transaction's facts."""
        gathered = tx.notes.get(_NOTE)
        if gathered is None:
            gathered = tx.notes[_NOTE] = []
            tx.before_commit(lambda: self._write(tx, tx.notes[_NOTE]))
        gathered.append(event)

    def _write(self, tx: Transaction, gathered: list[NewEvent]) -> None:
        tx.session.flush()
        owners = {
            owner: repository.reserve(tx, Owner, owner, n)
            for owner, n in _count(e.owner_id for e in gathered)
        }
        batches = {
            batch: repository.reserve(tx, Batch, batch, n)
            for batch, n in _count(e.batch_id for e in gathered if e.batch_id)
        }
        rows = []
        for event in gathered:
            owners[event.owner_id] += 1
            if event.batch_id is not None:
                batches[event.batch_id] += 1
            rows.append(
                {
                    "owner_id": event.owner_id,
                    "owner_seq": owners[event.owner_id],
                    "batch_id": event.batch_id,
                    "seq": batches[event.batch_id] if event.batch_id else None,
                    "kind": event.kind,
                    "item_id": event.item_id,
                    "data": dict(event.data),
                    "at": tx.now,
                }
            )
        repository.append(tx, rows)
        changed = frozenset(owners)
        tx.after_commit(lambda: self._announce(changed))


def _count(ids: Any) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for one in ids:
        counts[one] = counts.get(one, 0) + 1
    return sorted(counts.items())
