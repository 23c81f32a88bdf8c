"""The invariants that rows alone cannot tell: of stored files, and of events that rebuild what stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO

from reelyard.core.batches.ledger import batch_facts, item_facts
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.service import order_facts
from reelyard.core.events.models import Event
from reelyard.core.events.replay import Replayed, fold
from reelyard.db.session import Transaction
from reelyard.errors import BlobMissing
from reelyard.storage.storage import Storage

REPLAYED = "The events of a batch, folded, give its row and its items' rows exactly."
STORED = (
    "Every artifact and every file of an export is stored, with the size and the hash that were recorded."
)
OWNED = (
    "What an attempt stored is named by an artifact, the cache, an export or an open attempt, "
    "or is under an hour old."
)
GRACE = timedelta(hours=1)


def not_replayed(tx: Transaction) -> list[tuple[Any, ...]]:
    """Rows that their batch's events, folded, do not lead to; a batch whose oldest events were purged is passed by."""
    items: dict[str, list[Item]] = {}
    for item in tx.session.query(Item):
        items.setdefault(item.batch_id, []).append(item)
    told: dict[str, Replayed] = {}
    query = tx.session.query(Event.batch_id, Event.seq, Event.kind, Event.data).where(
        Event.batch_id.is_not(None)
    )
    for batch_id, seq, kind, data in query.order_by(Event.batch_id, Event.seq):
        if seq == 1:
            told[batch_id] = Replayed()
        if batch_id in told:
            fold(told[batch_id], kind, data)
    found: list[tuple[Any, ...]] = []
    for batch in tx.session.query(Batch).where(Batch.deleted_at.is_(None), Batch.id.in_(told)):
        found += _differences(batch.id, told[batch.id].batch, {**order_facts(batch), **batch_facts(batch)})
        found += _items_not_replayed(told[batch.id], items.get(batch.id, []))
    return found


def _items_not_replayed(told: Replayed, items: list[Item]) -> Iterator[tuple[Any, ...]]:
    for item in items:
        yield from _differences(item.id, told.items.pop(item.id, {}), item_facts(item))
    yield from ((item_id, "is told of and not there") for item_id in told.items)


def _differences(row: str, told: dict[str, Any], stands: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name, value in stands.items():
        if name not in told or told[name] != value:
            yield row, name, told.get(name), value


def not_stored(tx: Transaction, storage: Storage) -> list[tuple[Any, ...]]:
    """Artifacts and cached files that are missing or other than was recorded."""
    sql = """SELECT blob_key, size, sha256 FROM artifacts
             UNION SELECT blob_key, size, sha256 FROM stage_cache_blobs WHERE blob_key <> ''
             UNION SELECT blob_key, size, sha256 FROM export_entries"""
    found: list[tuple[Any, ...]] = []
    for key, size, sha256 in tx.session.connection().exec_driver_sql(sql):
        try:
            with storage.open(key) as stream:
                really = _sha256(stream)
            if storage.size(key) != size or really != sha256:
                found.append((key, "other content"))
        except BlobMissing:
            found.append((key, "missing"))
    return found


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def left_over(tx: Transaction, storage: Storage) -> list[tuple[Any, ...]]:
    """What attempts stored and nobody names any more, older than the grace."""
    connection = tx.session.connection()
    named = {
        key
        for (key,) in connection.exec_driver_sql(
            "SELECT blob_key FROM artifacts UNION SELECT blob_key FROM stage_cache_blobs "
            "UNION SELECT blob_key FROM export_entries"
        )
    }
    folders = {key.rpartition("/")[0] for key in named}
    running = connection.exec_driver_sql(
        "SELECT owner_id, subject_id, token, stage FROM stage_runs WHERE status = 'running'"
    )
    folders |= {f"work/{owner}/{subject}/{token}-{stage}" for owner, subject, token, stage in running}
    return [
        (entry.key, entry.modified.isoformat())
        for entry in storage.list("work/")
        if entry.key.rpartition("/")[0] not in folders and tx.now - entry.modified > GRACE
    ]
