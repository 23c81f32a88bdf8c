"""Batches and items as they are shown: rows together with what is going on right now.

Frozen values without a session, so that they can leave the transaction. Doors and `/api/v1` are made from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reelyard.core.batches import lifecycle, progress, repository
from reelyard.core.batches.lifecycle import BatchStatus, Counts, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.states import BatchAction
from reelyard.core.events.live import LiveBoard, Progress
from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch. Sizes are bytes, media durations seconds; what is unknown is None."""

    id: str
    name: str
    description: str
    pipeline: str
    settings: Mapping[str, Any]
    concurrency: int
    priority: int
    on_request: bool
    status: BatchStatus
    partial: bool  # completed, though some items were not
    counts: Counts
    progress: float  # 0 to 100
    strip: Sequence[str]  # at most 200 cells, see `strip`
    media_s: float
    media_done_s: float
    bytes: int
    bytes_done: int
    eta_s: float | None
    eta_spread_s: float | None
    throughput_mbps: float | None
    allowed: tuple[BatchAction, ...]
    seq: int  # of its newest event
    summary: Mapping[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    updated_at: datetime

    @property
    def total(self) -> int:
        return self.counts.total


@dataclass(frozen=True, slots=True)
class ItemError:
    """Why an item failed, or why it is going to be tried again."""

    code: str
    message: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What an item shows of its file."""

    id: str
    name: str
    status: str
    kind: str | None
    size: int | None
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with its file, and how far it is at this moment."""

    id: str
    batch_id: str
    position: int
    file: FileFacts
    status: ItemStatus
    progress: float  # 0 to 100
    stage: str | None
    note: str
    live: Mapping[str, Any] | None
    eta_s: float | None
    error: ItemError | None
    warnings: Sequence[str]
    retry_count: int
    max_retries: int
    manual_retries: int
    not_before: datetime | None
    requested: bool
    source_ready: bool
    generation: int
    served_generation: int | None
    settings: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    allowed: tuple[str, ...]
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    updated_at: datetime


def batch_view(tx: Transaction, batch: Batch, board: LiveBoard) -> BatchView:
    """The batch as it is now."""
    counts = repository.counts(tx, batch)
    status = BatchStatus(batch.status)
    outlook = None if status.ended else board.outlook(batch.id)
    running = _running(tx, batch, board) if counts.processing else ()
    return BatchView(
        id=batch.id, name=batch.name, description=batch.description, pipeline=batch.pipeline, settings=batch.settings,
        concurrency=batch.concurrency, priority=batch.priority, on_request=batch.on_request, status=status,
        partial=status is BatchStatus.COMPLETED and counts.completed < counts.total,
        counts=counts, progress=progress.batch_progress(counts, running), strip=tuple(batch.strip or ()),
        media_s=batch.media_s, media_done_s=batch.media_done_s, bytes=batch.bytes, bytes_done=batch.bytes_done,
        eta_s=outlook.eta_s if outlook else None,
        eta_spread_s=outlook.spread_s if outlook else None,
        throughput_mbps=outlook.throughput_mbps if outlook else None,
        allowed=allowed_actions(batch, counts), seq=batch.event_seq, summary=batch.summary,
        created_at=batch.created_at, started_at=batch.started_at, completed_at=batch.completed_at,
        updated_at=batch.updated_at,
    )  # fmt: skip


def _running(tx: Transaction, batch: Batch, board: LiveBoard) -> list[float]:
    """How far each item at work is, 0 to 1: its finished stages, and what the running one shows."""
    done = repository.progress_of_running(tx, batch)
    for now in board.of_batch(batch.id):
        if now.item_id in done:
            done[now.item_id] = max(done[now.item_id], now.progress)
    return [each / 100 for each in done.values()]


def allowed_actions(batch: Batch, counts: Counts) -> tuple[BatchAction, ...]:
    """What its owner may do to the batch now; a redo wakes only a pending batch that waits for requests."""
    possible = lifecycle.allowed(BatchStatus(batch.status), counts)
    if batch.status == BatchStatus.PENDING and not batch.on_request:
        return tuple(action for action in possible if action is not BatchAction.REDO)
    return possible


def item_view(item: Item, file: LibraryFile, board: LiveBoard) -> ItemView:
    """The item as it is now."""
    status = ItemStatus(item.status)
    now = board.of_item(item.id) if status is ItemStatus.PROCESSING else None
    return ItemView(
        id=item.id, batch_id=item.batch_id, position=item.position,
        file=FileFacts(file.id, file.name, file.status, file.kind, file.size, file.duration_s),
        status=status, progress=_progress(item, now), stage=now.stage if now else item.stage,
        note=now.note if now else "", live=now.live if now else None, eta_s=now.eta_s if now else None,
        error=_error(item), warnings=tuple(item.warnings or ()),
        retry_count=item.retry_count, max_retries=item.max_retries, manual_retries=item.manual_retries,
        not_before=item.not_before, requested=item.requested, source_ready=item.source_ready,
        generation=item.generation, served_generation=item.served_generation, settings=item.settings,
        result=item.result, allowed=tuple(lifecycle.item_allowed(status, source_ready=item.source_ready)),
        created_at=item.created_at, started_at=item.started_at, completed_at=item.completed_at,
        updated_at=item.updated_at,
    )  # fmt: skip


def item_views(rows: Iterable[tuple[Item, LibraryFile]], board: LiveBoard) -> list[ItemView]:
    """Items in the order given."""
    return [item_view(item, file, board) for item, file in rows]


def _progress(item: Item, now: Progress | None) -> float:
    return max(item.progress, now.progress) if now else item.progress


def _error(item: Item) -> ItemError | None:
    if item.error_code is None:
        return None
    return ItemError(item.error_code, item.error_message or "", item.error_hint)
