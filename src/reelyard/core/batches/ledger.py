"""Where a state changes: status, counters, strip and event of one move, together in one transaction.

Nothing else in the product writes `Batch.status`, `Item.status` or a counter, but for the two bulk moves
that end everything that is left; those are counted and told here as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reelyard.core.accounts import usage
from reelyard.core.batches import lifecycle, repository, strip, summary
from reelyard.core.batches.lifecycle import BatchAction, BatchStatus, Effect, ItemEvent, ItemMove, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.events.log import EventLog, NewEvent
from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction

COUNTED = {
    ItemStatus.UPLOADING: "uploading",
    ItemStatus.PROCESSING: "processing",
    ItemStatus.COMPLETED: "completed",
    ItemStatus.FAILED: "failed",
    ItemStatus.CANCELLED: "cancelled",
}
MANY = 200  # items that one event tells of at most
BATCH_FACTS = ("status", "total", "uploading", "processing", "completed", "failed", "cancelled")
ITEM_FACTS = (
    "status",
    "position",
    "stage",
    "progress",
    "retry_count",
    "max_retries",
    "generation",
    "source_ready",
    "requested",
    "error_code",
    "error_message",
    "error_hint",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item failed, for its row: a stable code, a sentence, and the way out where there is one."""

    code: str
    message: str
    hint: str | None = None


class Ledger:
    """Moves batches and items. Callers hold the batch's lock and have asked `lifecycle` nothing: this does."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def move_item(
        self,
        tx: Transaction,
        batch: Batch,
        item: Item,
        event: ItemEvent,
        *,
        failure: Failure | None = None,
        **told: Any,
    ) -> ItemMove:
        """Carry out what the table says of `event`; `told` goes into the event beside the row's facts.

        Raises IllegalTransition or StaleEvent, and then nothing was changed.
        """
        before = ItemStatus(item.status)
        move = lifecycle.next_item(
            before,
            event,
            source_ready=item.source_ready,
            retries_left=lifecycle.may_retry_automatically(item.retry_count, item.max_retries),
        )
        assert move.to is not None, "removal goes through `remove_item`"  # noqa: S101 - a caller's mistake
        _apply(tx, item, move, failure)
        self._count(tx, batch, item, before)
        self.tell_item(
            tx, batch, item, f"item.{_FACT[event]}" if move.to != ItemStatus.FAILED else "item.failed", **told
        )
        return move

    def remove_item(self, tx: Transaction, batch: Batch, item: Item) -> None:
        """Take an item that may be removed out of its batch; those behind it move up."""
        before = ItemStatus(item.status)
        lifecycle.next_item(before, ItemEvent.REMOVE, source_ready=item.source_ready)
        self._bump(batch, before, -1)
        batch.total -= 1
        self._tell(tx, batch, "item.removed", {"item": {"id": item.id}}, item.id)
        tx.session.delete(item)

    def add_items(self, tx: Transaction, batch: Batch, added: Sequence[tuple[Item, LibraryFile]]) -> None:
        """Count and tell of items that were just made."""
        for item, file in added:
            tx.session.add(item)
            batch.total += 1
            self._bump(batch, ItemStatus(item.status), 1)
            batch.media_s += file.duration_s or 0.0
            batch.bytes += file.size or 0
        snapshots = [{**item_facts(item), "file_id": file.id, "name": file.name} for item, file in added]
        for start in range(0, len(snapshots), MANY):
            self._tell(tx, batch, "items.added", {"items": snapshots[start : start + MANY]})

    def move_batch(self, tx: Transaction, batch: Batch, action: BatchAction) -> BatchStatus | None:
        """Carry out an owner's action on the batch itself; its items are the caller's. Raises IllegalTransition."""
        to = lifecycle.next_batch(BatchStatus(batch.status), action, repository.counts(tx, batch))
        if to is None:
            batch.deleted_at = tx.now
            self._tell(tx, batch, "batch.deleted", {})
            return None
        changed = batch.status != to
        self._enter(tx, batch, to)
        if changed or action in _TOLD:
            self.tell_batch(tx, batch, f"batch.{_TOLD.get(action, 'changed')}", action=action)
        return to

    def settle(self, tx: Transaction, batch: Batch) -> bool:
        """End the batch when all that was asked of it has ended; True when it did. Repeating it is harmless."""
        before = BatchStatus(batch.status)
        to = lifecycle.next_batch(before, BatchAction.SETTLE, repository.counts(tx, batch))
        if to is None or to == before:
            return False
        tx.session.flush()  # the report is read from the rows
        self._enter(tx, batch, to)
        self.tell_batch(tx, batch, "batch.ended" if to.ended else "batch.waiting", action=BatchAction.SETTLE)
        return True

    def cancel_rest(self, tx: Transaction, batch: Batch) -> int:
        """Cancel whatever has not ended, in one statement."""
        tx.session.flush()
        ids = repository.live_ids(tx, batch)
        moved = repository.cancel_live(tx, batch)
        batch.cancelled += moved
        self._nothing_lives(tx, batch)
        self._tell_many(tx, batch, "items.cancelled", ids)
        return moved

    def fail_rest(self, tx: Transaction, batch: Batch, failure: Failure) -> int:
        """Fail whatever has not ended, in one statement."""
        tx.session.flush()
        ids = repository.live_ids(tx, batch)
        moved = repository.fail_live(tx, batch, failure.code, failure.message)
        batch.failed += moved
        self._nothing_lives(tx, batch)
        self._tell_many(tx, batch, "items.failed", ids, code=failure.code, message=failure.message)
        return moved

    def redraw(self, tx: Transaction, batch: Batch) -> None:
        """Draw the strip anew from the items: after items came, went or changed places."""
        tx.session.flush()
        cells = ((position - 1, status) for position, status in repository.places(tx, batch))
        batch.strip = list(strip.drawn(cells, batch.total))

    def tell_item(self, tx: Transaction, batch: Batch, item: Item, kind: str, **told: Any) -> None:
        """An event about one item, with its facts and its batch's."""
        self._tell(tx, batch, kind, {"item": item_facts(item), **told}, item.id)

    def tell_batch(self, tx: Transaction, batch: Batch, kind: str, **told: Any) -> None:
        """An event about the batch as a whole."""
        self._tell(tx, batch, kind, told)

    def _tell(
        self, tx: Transaction, batch: Batch, kind: str, data: dict[str, Any], item_id: str | None = None
    ) -> None:
        batch.updated_at = tx.now
        facts = {"batch": batch_facts(batch), **data}
        self._log.record(tx, NewEvent(batch.owner_id, kind, facts, batch.id, item_id))

    def _tell_many(self, tx: Transaction, batch: Batch, kind: str, ids: Sequence[str], **told: Any) -> None:
        """Events that name every item moved at once; one that names none, where there was nothing left."""
        for start in range(0, max(1, len(ids)), MANY):
            some = list(ids[start : start + MANY])
            self._tell(tx, batch, kind, {"count": len(some), "item_ids": some, **told})

    def _enter(self, tx: Transaction, batch: Batch, to: BatchStatus) -> None:
        if to == batch.status:
            return
        batch.status = to
        batch.stalled_s = 0.0
        if to is BatchStatus.PROCESSING and batch.started_at is None:
            batch.started_at = tx.now
        batch.completed_at = tx.now if to.ended else None
        batch.summary = summary.summary(tx, batch) if to.ended else None

    def _count(self, tx: Transaction, batch: Batch, item: Item, before: ItemStatus) -> None:
        after = ItemStatus(item.status)
        if before == after:
            return
        self._bump(batch, before, -1)
        self._bump(batch, after, 1)
        batch.strip = list(strip.moved(batch.strip or [], batch.total, item.position - 1, before, after))
        if ItemStatus.COMPLETED in (before, after):
            self._count_done(tx, batch, item, 1 if after is ItemStatus.COMPLETED else -1)

    def _count_done(self, tx: Transaction, batch: Batch, item: Item, sign: int) -> None:
        file = tx.session.get_one(LibraryFile, item.file_id)
        batch.media_done_s = max(0.0, batch.media_done_s + sign * (file.duration_s or 0.0))
        batch.bytes_done = max(0, batch.bytes_done + sign * (file.size or 0))
        if sign > 0:
            usage.record(tx, batch, item, file)

    def _nothing_lives(self, tx: Transaction, batch: Batch) -> None:
        batch.uploading = batch.processing = 0
        self.redraw(tx, batch)

    @staticmethod
    def _bump(batch: Batch, status: ItemStatus, by: int) -> None:
        column = COUNTED.get(status)
        if column is not None:
            setattr(batch, column, getattr(batch, column) + by)


_FACT = {
    ItemEvent.UP_BEGIN: "uploading",
    ItemEvent.UP_DONE: "ready",
    ItemEvent.UP_FAIL: "upload_failed",
    ItemEvent.UP_EXPIRE: "failed",
    ItemEvent.CLAIM: "started",
    ItemEvent.OK: "completed",
    ItemEvent.ERR_RETRYABLE: "retrying",
    ItemEvent.ERR_FINAL: "failed",
    ItemEvent.LEASE_LOST: "retrying",
    ItemEvent.DRAIN: "requeued",
    ItemEvent.YIELD: "yielded",
    ItemEvent.TIME_OUT: "failed",
    ItemEvent.CANCEL: "cancelled",
    ItemEvent.RETRY: "retried",
    ItemEvent.REDO: "redone",
}
_TOLD = {
    BatchAction.START: "started",
    BatchAction.PAUSE: "paused",
    BatchAction.RESUME: "resumed",
    BatchAction.CANCEL: "ended",
    BatchAction.RETRY: "retried",
    BatchAction.REDO: "redone",
}


def _apply(tx: Transaction, item: Item, move: ItemMove, failure: Failure | None) -> None:
    """Write one move into the item's row."""
    assert move.to is not None  # noqa: S101 - see move_item
    item.status = move.to
    item.updated_at = tx.now
    if Effect.TOKEN in move.effects:
        item.token += 1
    if Effect.RETRY in move.effects:
        item.retry_count += 1
    if Effect.GENERATION in move.effects:
        begin_anew(item)
    _apply_error(item, move.to, failure)
    if move.to is ItemStatus.PROCESSING:
        item.started_at = item.started_at or tx.now
        item.not_before = None
    item.completed_at = tx.now if move.to.ended else None
    if move.to is ItemStatus.COMPLETED:
        item.progress, item.stage, item.served_generation = 100.0, None, item.generation


def begin_anew(item: Item) -> None:
    """The next generation: from the first stage on, whatever was done before."""
    item.generation += 1
    item.stage_index, item.progress, item.stage = 0, 0.0, None
    item.result, item.warnings = None, None


def _apply_error(item: Item, to: ItemStatus, failure: Failure | None) -> None:
    if failure is not None:
        item.error_code, item.error_message, item.error_hint = failure.code, failure.message, failure.hint
    elif to is not ItemStatus.FAILED:
        item.error_code = item.error_message = item.error_hint = None


def batch_facts(batch: Batch) -> dict[str, Any]:
    """What every event tells of its batch: enough to redraw it without asking."""
    return {"id": batch.id, **{name: getattr(batch, name) for name in BATCH_FACTS}}


def item_facts(item: Item) -> dict[str, Any]:
    """What every event tells of its item."""
    return {"id": item.id, **{name: getattr(item, name) for name in ITEM_FACTS}}
