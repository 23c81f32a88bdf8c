"""The core's words and the door's: requests into commands, rows into the types of section 2.3. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reelyard.core.batches import states
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.repository import BatchQuery
from reelyard.core.batches.service import BatchOrder
from reelyard.core.events.live import BatchOutlook, Progress
from reelyard.core.library.models import LibraryFile
from reelyard.http.doors.transcription import schemas
from reelyard.http.doors.transcription.schemas import ItemStatus, JobStatus

PIPELINE = "transcription"
CONCURRENCY = 3  # what the founding document's data model gives when nothing is asked for

JOB_STATUS = {
    states.BatchStatus.PENDING: JobStatus.DRAFT,
    states.BatchStatus.PROCESSING: JobStatus.RUNNING,
    states.BatchStatus.PAUSED: JobStatus.PAUSED,
    states.BatchStatus.COMPLETED: JobStatus.COMPLETED,
    states.BatchStatus.FAILED: JobStatus.ERROR,
}
ITEM_STATUS = {
    states.ItemStatus.PENDING: ItemStatus.PENDING,
    states.ItemStatus.UPLOADING: ItemStatus.PENDING,
    states.ItemStatus.PROCESSING: ItemStatus.PROCESSING,
    states.ItemStatus.COMPLETED: ItemStatus.COMPLETED,
    states.ItemStatus.FAILED: ItemStatus.ERROR,
    states.ItemStatus.CANCELLED: ItemStatus.CANCELLED,
}


def order(asked: schemas.CreateBatchJobRequest) -> BatchOrder:
    """A new batch of this door's pipeline, with its default settings."""
    return BatchOrder(asked.name, PIPELINE, concurrency=asked.concurrency or CONCURRENCY)


def changes(asked: schemas.UpdateBatchJobRequest) -> dict[str, Any]:
    """What is to be changed: what was not given stays as it is."""
    return asked.model_dump(by_alias=False, exclude_none=True)


def query(page: int, limit: int) -> BatchQuery:
    """A page of the list, counted from 1, newest first."""
    return BatchQuery(pipeline=PIPELINE, sort="-created_at", limit=limit, offset=(page - 1) * limit)


def pagination(page: int, limit: int, total: int) -> schemas.Pagination:
    return schemas.Pagination(page=page, limit=limit, total=total, total_pages=math.ceil(total / limit))


def job_status(status: str, completed: int) -> JobStatus:
    """A batch's state here, where none is cancelled: what such a one gave decides how it reads."""
    known = states.BatchStatus(status)
    if known is states.BatchStatus.CANCELLED:
        return JobStatus.COMPLETED if completed else JobStatus.ERROR
    return JOB_STATUS[known]


def item_status(status: str) -> ItemStatus:
    return ITEM_STATUS[states.ItemStatus(status)]


def job(batch: Batch, outlook: BatchOutlook | None = None) -> schemas.BatchJob:
    return schemas.BatchJob(
        id=batch.id,
        name=batch.name,
        status=job_status(batch.status, batch.completed),
        concurrency=batch.concurrency,
        total_items=batch.total,
        completed_items=batch.completed,
        failed_items=batch.failed,
        estimated_time_remaining=left(outlook.eta_s if outlook else None),
        throughput_mbps=speed(outlook.throughput_mbps if outlook else None),
        created_at=batch.created_at,
        updated_at=batch.updated_at,
    )


def job_with_items(known: schemas.BatchJob, items: Sequence[schemas.BatchItem]) -> schemas.BatchJobWithItems:
    return schemas.BatchJobWithItems(**known.model_dump(by_alias=False), items=list(items))


def item(
    row: Item, file: LibraryFile, *, transcript_id: str | None = None, live: Progress | None = None
) -> schemas.BatchItem:
    """An item with its file; `live` is what it shows while it runs."""
    running = live if row.status == states.ItemStatus.PROCESSING else None
    failed = row.status == states.ItemStatus.FAILED
    return schemas.BatchItem(
        id=row.id,
        file_name=file.name,
        file_size=file.size or 0,
        duration=duration(file.duration_s),
        status=item_status(row.status),
        progress=per_cent(running.progress if running else row.progress),
        error_message=sentence(row.error_message, row.error_hint) if failed else None,
        eta=left(running.eta_s if running else None),
        confidence=confidence(row.result),
        transcript_id=transcript_id,
    )


def sentence(message: str | None, hint: str | None) -> str:
    """What went wrong and the way out, as one text."""
    return " ".join(part for part in (message, hint) if part) or "The file could not be transcribed."


def per_cent(value: float) -> int:
    """Whole per cent, rounded down: 100 is said of what has ended only."""
    return max(0, min(100, math.floor(value)))


def duration(seconds: float | None) -> int:
    """Whole seconds; 0 is unknown, so that what is short is one."""
    return max(1, round(seconds)) if seconds else 0


def left(seconds: float | None) -> int | None:
    return None if seconds is None else math.ceil(seconds)


def speed(mbps: float | None) -> float | None:
    return None if mbps is None else round(mbps, 4)


def confidence(result: Mapping[str, Any] | None) -> float | None:
    """What the recogniser said of its text; None when it gives none."""
    for facts in (result or {}).values():
        if isinstance(facts, dict) and facts.get("confidence") is not None:
            return round(float(facts["confidence"]), 4)
    return None
