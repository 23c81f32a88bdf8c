"""Every move of a batch and of an item, as two tables of data, and the questions that are asked of them.

Pure: no clock, no rows. Services and the engine ask here before they write, and write by a conditional
update on the state that they asked about; the API's answers, `docs/lifecycle.md` and the tests are made
from the same tables. Every cell is filled: what may not happen says how it is turned away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reelyard import errors
from reelyard.core.batches.states import (
    BatchAction,
    BatchCell,
    BatchMove,
    BatchStatus,
    Counts,
    Effect,
    Guard,
    ItemCell,
    ItemEvent,
    ItemMove,
    ItemSituation,
    ItemStatus,
    No,
    Settle,
)

__all__ = [
    "BATCH_TABLE",
    "ITEM_TABLE",
    "BatchAction",
    "BatchStatus",
    "Claimable",
    "Counts",
    "Effect",
    "Guard",
    "ItemEvent",
    "ItemMove",
    "ItemSituation",
    "ItemStatus",
    "allowed",
    "check_redo",
    "check_retry",
    "check_source",
    "check_start",
    "item_allowed",
    "may_claim",
    "may_retry_automatically",
    "moves_of",
    "next_batch",
    "next_item",
    "settled",
    "situation",
]

_BatchRow = tuple[BatchCell, BatchCell, BatchCell, BatchCell, BatchCell, BatchCell]
_ItemRow = tuple[ItemCell, ItemCell, ItemCell, ItemCell, ItemCell, ItemCell, ItemCell]


def _by_status(
    rows: Mapping[BatchAction, _BatchRow],
) -> Mapping[BatchAction, Mapping[BatchStatus, BatchCell]]:
    return {action: dict(zip(BatchStatus, cells, strict=True)) for action, cells in rows.items()}


def _by_situation(rows: Mapping[ItemEvent, _ItemRow]) -> Mapping[ItemEvent, Mapping[ItemSituation, ItemCell]]:
    return {event: dict(zip(ItemSituation, cells, strict=True)) for event, cells in rows.items()}


def _item(to: ItemStatus | None, *effects: Effect, guard: Guard = Guard.NONE) -> ItemMove:
    return ItemMove(to, frozenset(effects), guard)


_no, _stale, _never, _void, _by_counts = No.REFUSED, No.STALE, No.NEVER, No.NOTHING, Settle.BY_COUNTS

_start = BatchMove(BatchStatus.PROCESSING, Guard.START)
_run = BatchMove(BatchStatus.PROCESSING)
_pause = BatchMove(BatchStatus.PAUSED)
_cancel = BatchMove(BatchStatus.CANCELLED)
_retry = BatchMove(BatchStatus.PROCESSING, Guard.HAS_FAILED)
_retry_later = BatchMove(BatchStatus.PAUSED, Guard.HAS_FAILED)
_ask = BatchMove(BatchStatus.PROCESSING, Guard.ON_REQUEST)
_stay = BatchMove(BatchStatus.PENDING)
_delete = BatchMove(None)
_sweep = BatchMove(None, Guard.CHILDREN_GONE)

# fmt: off
BATCH_TABLE = _by_status({
    #                     pending   processing   paused         completed  failed    cancelled
    BatchAction.START:   (_start,   _no,         _no,           _no,       _no,      _no),
    BatchAction.PAUSE:   (_no,      _pause,      _no,           _no,       _no,      _no),
    BatchAction.RESUME:  (_no,      _no,         _run,          _no,       _no,      _no),
    BatchAction.CANCEL:  (_cancel,  _cancel,     _cancel,       _no,       _no,      _no),
    BatchAction.RETRY:   (_no,      _retry,      _retry_later,  _retry,    _retry,   _no),
    BatchAction.REDO:    (_ask,     _run,        _pause,        _run,      _run,     _no),
    BatchAction.ADD:     (_stay,    _no,         _no,           _no,       _no,      _no),
    BatchAction.REORDER: (_stay,    _no,         _no,           _no,       _no,      _no),
    BatchAction.DELETE:  (_delete,  _no,         _no,           _delete,   _delete,  _sweep),
    BatchAction.SETTLE:  (_void,    _by_counts,  _by_counts,    _void,     _void,    _void),
})
# fmt: on

_begin = _item(ItemStatus.UPLOADING)
_ready = _item(ItemStatus.PENDING)
_broken = _item(ItemStatus.PENDING)  # the upload can be gone on with
_expire = _item(ItemStatus.FAILED)
_claim = _item(ItemStatus.PROCESSING, Effect.TOKEN, guard=Guard.CLAIM)
_done = _item(ItemStatus.COMPLETED)
_fail = _item(ItemStatus.FAILED)
_again = ItemMove(ItemStatus.PENDING, frozenset({Effect.RETRY, Effect.BACKOFF}), spent=ItemStatus.FAILED)
_lost = ItemMove(ItemStatus.PENDING, frozenset({Effect.RETRY, Effect.TOKEN}), spent=ItemStatus.FAILED)
_drain = _item(ItemStatus.PENDING, Effect.TOKEN)
_yield = _item(ItemStatus.PROCESSING, Effect.REQUEUE)
_late = _item(ItemStatus.FAILED)
_late_up = _item(ItemStatus.FAILED, Effect.ABORT)
_late_run = _item(ItemStatus.FAILED, Effect.TOKEN, Effect.KILL)
_off = _item(ItemStatus.CANCELLED)
_off_up = _item(ItemStatus.CANCELLED, Effect.ABORT)
_off_run = _item(ItemStatus.CANCELLED, Effect.TOKEN, Effect.KILL)
_anew = _item(ItemStatus.PENDING, Effect.GENERATION, Effect.RETRY, guard=Guard.SOURCE)
_redo = _item(ItemStatus.PENDING, Effect.GENERATION, guard=Guard.SOURCE)
_gone = _item(None)
_gone_up = _item(None, Effect.ABORT)

# fmt: off
ITEM_TABLE = _by_situation({
    #                         no source  ready    uploading  processing  completed  failed   cancelled
    ItemEvent.UP_BEGIN:      (_begin,    _no,     _begin,    _no,        _no,       _no,     _no),
    ItemEvent.UP_DONE:       (_no,       _no,     _ready,    _no,        _no,       _no,     _no),
    ItemEvent.UP_FAIL:       (_void,     _void,   _broken,   _void,      _void,     _void,   _void),
    ItemEvent.UP_EXPIRE:     (_expire,   _void,   _expire,   _void,      _void,     _void,   _void),
    ItemEvent.CLAIM:         (_never,    _claim,  _never,    _never,     _never,    _never,  _never),
    ItemEvent.OK:            (_stale,    _stale,  _stale,    _done,      _stale,    _stale,  _stale),
    ItemEvent.ERR_RETRYABLE: (_stale,    _stale,  _stale,    _again,     _stale,    _stale,  _stale),
    ItemEvent.ERR_FINAL:     (_fail,     _void,   _fail,     _fail,      _stale,    _stale,  _stale),
    ItemEvent.LEASE_LOST:    (_void,     _void,   _void,     _lost,      _void,     _void,   _void),
    ItemEvent.DRAIN:         (_void,     _void,   _void,     _drain,     _void,     _void,   _void),
    ItemEvent.YIELD:         (_stale,    _stale,  _stale,    _yield,     _stale,    _stale,  _stale),
    ItemEvent.TIME_OUT:      (_late,     _late,   _late_up,  _late_run,  _void,     _void,   _void),
    ItemEvent.CANCEL:        (_off,      _off,    _off_up,   _off_run,   _no,       _no,     _no),
    ItemEvent.RETRY:         (_no,       _no,     _no,       _no,        _no,       _anew,   _no),
    ItemEvent.REDO:          (_no,       _no,     _no,       _no,        _redo,     _redo,   _no),
    ItemEvent.REMOVE:        (_gone,     _gone,   _gone_up,  _no,        _no,       _gone,   _gone),
})
# fmt: on


def settled(counts: Counts) -> BatchStatus | None:
    """What a started batch becomes once its items have ended; None while one that was asked for is live.

    `pending` when all that was asked for has ended and the rest still waits to be asked for.
    """
    if counts.live > counts.unrequested:
        return None
    if counts.live:
        return BatchStatus.PENDING
    if counts.completed:
        return BatchStatus.COMPLETED
    return BatchStatus.FAILED if counts.failed else BatchStatus.CANCELLED


def next_batch(status: BatchStatus, action: BatchAction, counts: Counts | None = None) -> BatchStatus | None:
    """Where `action` takes a batch, its guard apart; None when it is gone. Raises IllegalTransition.

    `settle` needs the counts after the move that called for it (ValueError without), and stays where it is
    while items are live. A paused batch does not fall back to pending: its owner resumes it, and then it
    settles again.
    """
    cell = BATCH_TABLE[action][status]
    if isinstance(cell, BatchMove):
        return cell.to
    if isinstance(cell, Settle):
        if counts is None:
            raise ValueError("a batch is settled by its counts")
        verdict = settled(counts)
        keeps = verdict is None or (status is BatchStatus.PAUSED and verdict is BatchStatus.PENDING)
        return status if keeps else verdict
    if cell is No.NOTHING:
        return status
    raise errors.IllegalTransition("batch", status, action, allowed(status, counts))


def allowed(status: BatchStatus, counts: Counts | None = None) -> tuple[BatchAction, ...]:
    """What the owner may do to a batch in this state; with `counts`, only what its items give cause for."""
    possible = (action for action in BatchAction if isinstance(BATCH_TABLE[action][status], BatchMove))
    return tuple(action for action in possible if counts is None or _has_cause(action, counts))


def _has_cause(action: BatchAction, counts: Counts) -> bool:
    causes = {
        BatchAction.START: counts.pending + counts.uploading,
        BatchAction.RETRY: counts.failed,
        BatchAction.REDO: counts.completed + counts.failed,
        BatchAction.REORDER: max(0, counts.total - 1),
    }
    return causes.get(action, 1) > 0


def situation(status: ItemStatus, *, source_ready: bool) -> ItemSituation:
    """The column of the items' table."""
    if status is ItemStatus.PENDING:
        return ItemSituation.READY if source_ready else ItemSituation.NO_SOURCE
    return ItemSituation(status.value)


def next_item(
    status: ItemStatus, event: ItemEvent, *, source_ready: bool = True, retries_left: bool = True
) -> ItemMove:
    """Where `event` takes an item, and what else changes; its guard apart.

    Raises IllegalTransition where somebody asked and must hear it, StaleEvent where the event comes from one
    who no longer holds the item or has no meaning any more: nothing changes then, and its files are dropped.
    """
    cell = ITEM_TABLE[event][situation(status, source_ready=source_ready)]
    if cell is No.REFUSED:
        raise errors.IllegalTransition("item", status, event, item_allowed(status, source_ready=source_ready))
    if not isinstance(cell, ItemMove):
        raise errors.StaleEvent(f"An item that is {status} takes no “{event}”.", state=status, event=event)
    if cell.spent is None or retries_left:
        return cell
    return ItemMove(cell.spent, cell.effects - {Effect.RETRY, Effect.BACKOFF}, cell.guard)


_BY_OWNER = (ItemEvent.UP_BEGIN, ItemEvent.RETRY, ItemEvent.REDO, ItemEvent.REMOVE)


def item_allowed(status: ItemStatus, *, source_ready: bool = True) -> tuple[ItemEvent, ...]:
    """What the owner may do to a single item in this state."""
    column = situation(status, source_ready=source_ready)
    return tuple(event for event in _BY_OWNER if isinstance(ITEM_TABLE[event][column], ItemMove))


def moves_of(event: ItemEvent) -> dict[ItemSituation, ItemMove]:
    """From where `event` moves an item, and to where: what a set-based conditional update needs."""
    return {column: cell for column, cell in ITEM_TABLE[event].items() if isinstance(cell, ItemMove)}


@dataclass(frozen=True, slots=True)
class Claimable:
    """What a claim looks at. `not_before` is when an automatic retry may begin."""

    status: ItemStatus
    source_ready: bool
    requested: bool = True
    not_before: datetime | None = None


def may_claim(batch: BatchStatus, item: Claimable, running: int, concurrency: int, now: datetime) -> bool:
    """Whether an item may be taken to work: `running` counts the batch's items that are processing."""
    due = item.not_before is None or item.not_before <= now
    ready = isinstance(
        ITEM_TABLE[ItemEvent.CLAIM][situation(item.status, source_ready=item.source_ready)], ItemMove
    )
    return batch is BatchStatus.PROCESSING and ready and item.requested and due and running < concurrency


def may_retry_automatically(retry_count: int, max_retries: int) -> bool:
    """Whether a passing fault or a lost worker puts the item back; every retry counts, by hand too."""
    return retry_count < max_retries


def check_start(counts: Counts, missing: int) -> None:
    """Raises FilesMissing, NothingToDo. `missing` counts live items whose file has not wholly arrived.

    A file that has arrived and is still being verified is not missing: its item is claimed when it is ready.
    """
    if missing:
        raise errors.FilesMissing(
            f"{missing} of {counts.total} files have not arrived yet.",
            hint="Wait for the uploads, send them again, or remove these items.",
            missing=missing,
        )
    if not counts.pending + counts.uploading:
        why = "Every item has ended." if counts.total else "The batch has no files."
        raise errors.NothingToDo(why, hint="Add files first.")


def check_retry(counts: Counts) -> None:
    """Raises NothingToRetry when no item failed."""
    if not counts.failed:
        raise errors.NothingToRetry("No item of this batch failed.", hint="Only failed items are retried.")


def check_source(name: str, *, there: bool) -> None:
    """Raises SourceMissing when the file of an item to be tried again is gone. `name` is the file's."""
    if not there:
        raise errors.SourceMissing(
            f"The file “{name}” is no longer there.", hint="Upload it again in a new batch."
        )


def check_redo(batch: BatchStatus, *, on_request: bool, counts: Counts | None = None) -> None:
    """Raises IllegalTransition where a redo would start a batch that does not wait for requests."""
    if batch is BatchStatus.PENDING and not on_request:
        possible = tuple(action for action in allowed(batch, counts) if action is not BatchAction.REDO)
        raise errors.IllegalTransition("batch", batch, BatchAction.REDO, possible)
