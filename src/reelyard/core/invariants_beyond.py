"""The invariants that rows alone cannot tell: of stored files, and of events that rebuild what stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO

from reelyard.core.batches.ledger import ITEM_FACTS, batch_facts
from reelyard.core.batches.models import Batch, Item
from reelyard.core.events.models import Event
from reelyard.db.session import Transaction
from reelyard.errors import BlobMissing
from reelyard.storage.storage import Storage

REPLAYED = "The last event about a batch or an item tells what its row holds."
STORED = "Every artifact that the database names is stored, with the size and the hash that were recorded."
OWNED = (
    "What an attempt stored is named by an artifact, the cache or an open attempt, or is under an hour old."
)
GRACE = timedelta(hours=1)


def not_replayed(tx: Transaction) -> list[tuple[Any, ...]]:
    """Rows that their events do not lead to."""
    batches: dict[str, Any] = {}
    items: dict[str, Any] = {}
    query = tx.session.query(Event).order_by(Event.owner_id, Event.owner_seq)
    for event in query:
        batches[event.batch_id or ""] = event.data.get("batch")
        for item in [event.data.get("item"), *event.data.get("items", ())]:
            if item is not None and "status" in item:
                items[item["id"]] = item
    found: list[tuple[Any, ...]] = []
    for batch in tx.session.query(Batch).where(Batch.deleted_at.is_(None)):
        told, stands = batches.get(batch.id), batch_facts(batch)
        if told is not None:
            found += [(batch.id, *difference) for difference in _differences(told, stands)]
    return found + list(_items_not_replayed(tx, items))


def _items_not_replayed(tx: Transaction, told: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    bulk = {"cancelled", "failed"}  # told by one event for all that was left: the count, not each of them
    for item in tx.session.query(Item):
        last = told.get(item.id)
        if last is None or (item.status in bulk and last["status"] != item.status):
            continue
        stands = {name: getattr(item, name) for name in ITEM_FACTS if name != "position"}
        for difference in _differences(last, stands):
            yield (item.id, *difference)


def _differences(told: dict[str, Any], stands: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name, value in stands.items():
        if name in told and told[name] != value:
            yield name, told[name], value


def not_stored(tx: Transaction, storage: Storage) -> list[tuple[Any, ...]]:
    """Artifacts and cached files that are missing or other than was recorded."""
    sql = """SELECT blob_key, size, sha256 FROM artifacts
             UNION SELECT blob_key, size, sha256 FROM stage_cache_blobs"""
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
            "SELECT blob_key FROM artifacts UNION SELECT blob_key FROM stage_cache_blobs"
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
