"""Where things stand now: for a reader who cannot go on from where it was."""

from __future__ import annotations

from typing import Any

from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import batch_facts, item_facts
from reelyard.core.batches.models import Batch
from reelyard.core.batches.service import order_facts
from reelyard.core.events.repository import last_seq
from reelyard.db.session import Transaction

MOST_BATCHES = 100
MOST_ITEMS = 500


def snapshot(tx: Transaction, owner_id: str, batch_id: str | None = None) -> dict[str, Any]:
    """The owner's newest batches, or one batch with its first items, as of the number `seq`.

    The events that follow carry whole facts, so what changes while this is read is put right by them.
    Raises NotFound.
    """
    if batch_id is None:
        seq = last_seq(tx, owner_id)
        rows, total = batches.list_batches(tx, owner_id, batches.BatchQuery(limit=MOST_BATCHES))
        return {"seq": seq, "batches": [batch_state(row) for row in rows], "total": total}
    batch = batches.batch_for_reading(tx, owner_id, batch_id)
    seq = last_seq(tx, owner_id, batch_id)
    items, _ = batches.list_items(tx, batch, batches.ItemQuery(limit=MOST_ITEMS))
    listed = [{**item_facts(item), "file_id": file.id, "name": file.name} for item, file in items]
    return {"seq": seq, "batches": [batch_state(batch)], "total": 1, "items": listed}


def batch_state(batch: Batch) -> dict[str, Any]:
    """All that events tell of a batch, and its strip."""
    return {**batch_facts(batch), **order_facts(batch), "strip": batch.strip or []}
