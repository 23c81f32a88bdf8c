"""The core's words and the door's: requests into commands, views into the types of section 2.3. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reelyard.core.batches import states
from reelyard.core.batches.repository import BatchQuery
from reelyard.core.batches.service import BatchOrder
from reelyard.core.batches.views import BatchView, ItemView
from reelyard.errors import ReelyardError
from reelyard.http.doors.transcription import schemas
from reelyard.http.doors.transcription.schemas import ItemStatus, JobStatus
from reelyard.http.figures import per_cent, seconds_left, sentence

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


def job(view: BatchView) -> schemas.BatchJob:
    return schemas.BatchJob(
        id=view.id,
        name=view.name,
        status=job_status(view.status, view.counts.completed),
        concurrency=view.concurrency,
        total_items=view.total,
        completed_items=view.counts.completed,
        failed_items=view.counts.failed,
        estimated_time_remaining=seconds_left(view.eta_s),
        throughput_mbps=speed(view.throughput_mbps),
        created_at=view.created_at,
        updated_at=view.updated_at,
    )


def job_with_items(known: schemas.BatchJob, items: Sequence[schemas.BatchItem]) -> schemas.BatchJobWithItems:
    return schemas.BatchJobWithItems(**known.model_dump(by_alias=False), items=list(items))


def item(view: ItemView, transcript_id: str | None = None) -> schemas.BatchItem:
    """An item; why it failed is told only while it is failed, not while it waits for its next try."""
    failed = view.error if view.status is states.ItemStatus.FAILED else None
    return schemas.BatchItem(
        id=view.id,
        file_name=view.file.name,
        file_size=view.file.size or 0,
        duration=duration(view.file.duration_s),
        status=item_status(view.status),
        progress=per_cent(view.progress),
        error_message=failure(failed.message, failed.hint) if failed else None,
        eta=seconds_left(view.eta_s),
        confidence=confidence(view.result),
        transcript_id=transcript_id,
    )


def file_error(name: str, error: ReelyardError) -> schemas.FileError:
    return schemas.FileError(file_name=name, message=str(error))


def failure(message: str | None, hint: str | None) -> str:
    """Why there is no transcript, as one text."""
    return sentence(message, hint, otherwise="The file could not be transcribed.")


def duration(seconds: float | None) -> int:
    """Whole seconds; 0 is unknown, so that what is short is one."""
    return max(1, round(seconds)) if seconds else 0


def speed(mbps: float | None) -> float | None:
    return None if mbps is None else round(mbps, 4)


def confidence(result: Mapping[str, Any] | None) -> float | None:
    """What the recogniser said of its text; None when it gives none."""
    for facts in (result or {}).values():
        if isinstance(facts, dict) and facts.get("confidence") is not None:
            return round(float(facts["confidence"]), 4)
    return None
