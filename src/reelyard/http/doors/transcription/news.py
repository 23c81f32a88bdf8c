"""The core's events and live progress as this door's messages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reelyard.core.batches.states import ItemStatus
from reelyard.core.events.repository import Seen
from reelyard.http.doors.transcription import schemas, translate
from reelyard.http.doors.transcription.schemas import EventData, EventMessage, EventName
from reelyard.http.figures import per_cent, places, seconds_left

JOB_MOVES = {
    "batch.paused": EventName.JOB_PAUSED,
    "batch.resumed": EventName.JOB_RESUMED,
    "batch.ended": EventName.JOB_COMPLETED,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What messages tell beside what stands in the events: the job as it is now, and items that were completed."""

    job: schemas.BatchJob
    progress: float = 0.0  # of the whole job, in per cent
    completed: Mapping[str, schemas.BatchItem] = field(default_factory=dict)


def told_by(feed: Mapping[str, Any]) -> Seen:
    """An event as the live feed tells it."""
    names = ("owner_seq", "batch_id", "seq", "kind", "item_id", "data")
    return Seen(owner_id="", at=datetime.fromisoformat(feed["at"]), **{name: feed[name] for name in names})


def of_event(seen: Seen, known: Known) -> list[EventMessage]:
    """The messages of one event; none where only the job's progress changed."""
    told = list(_told(seen, known))
    numbers = places(len(told), seen.seq or 0)
    return [EventMessage(event=name, seq=n, data=data) for (name, data), n in zip(told, numbers, strict=True)]


def _told(seen: Seen, known: Known) -> Iterable[tuple[EventName, EventData]]:
    facts: Mapping[str, Any] = seen.data
    if seen.kind in JOB_MOVES:
        moved = schemas.JobMoved(job_id=known.job.id, job=job_then(known.job, seen))
        return [(JOB_MOVES[seen.kind], moved)]
    if seen.kind in ("items.failed", "items.cancelled"):
        return [_bulk(known.job.id, item_id, seen) for item_id in facts.get("item_ids", ())]
    if seen.item_id is not None and "status" in facts.get("item", {}):
        return [_one(known, seen, facts["item"])]
    return []


def _bulk(job_id: str, item_id: str, seen: Seen) -> tuple[EventName, EventData]:
    if seen.kind == "items.failed":
        return _error(job_id, item_id, translate.failure(seen.data.get("message"), None), will_retry=False)
    status = schemas.ItemStatus.CANCELLED
    return EventName.ITEM_PROGRESS, schemas.ItemProgress(
        job_id=job_id, item_id=item_id, status=status, progress=0, stage=ItemStatus.CANCELLED
    )


def _one(known: Known, seen: Seen, item: Mapping[str, Any]) -> tuple[EventName, EventData]:
    job_id, item_id = known.job.id, item["id"]
    if seen.kind in ("item.failed", "item.retrying"):
        told = translate.failure(item.get("error_message"), item.get("error_hint"))
        return _error(job_id, item_id, told, will_retry=bool(seen.data.get("will_retry")))
    if seen.kind == "item.completed" and item_id in known.completed:
        return _completed(job_id, known.completed[item_id])
    return EventName.ITEM_PROGRESS, schemas.ItemProgress(
        job_id=job_id,
        item_id=item_id,
        status=translate.item_status(item["status"]),
        progress=per_cent(item.get("progress") or 0.0),
        stage=item.get("stage") or item["status"],
    )


def _completed(job_id: str, item: schemas.BatchItem) -> tuple[EventName, EventData]:
    completed = schemas.ItemCompleted(
        job_id=job_id,
        item_id=item.id,
        transcript_id=item.transcript_id or "",
        confidence=item.confidence,
        duration=item.duration,
    )
    return EventName.ITEM_COMPLETED, completed


def _error(job_id: str, item_id: str, message: str, *, will_retry: bool) -> tuple[EventName, EventData]:
    error = schemas.ItemError(job_id=job_id, item_id=item_id, error_message=message, will_retry=will_retry)
    return EventName.ITEM_ERROR, error


def job_then(job: schemas.BatchJob, seen: Seen) -> schemas.BatchJob:
    """The job with its state and counters as they stood at the event."""
    facts: Mapping[str, Any] = seen.data["batch"]
    then = {
        "status": translate.job_status(facts["status"], facts["completed"]),
        "total_items": facts["total"],
        "completed_items": facts["completed"],
        "failed_items": facts["failed"],
        "updated_at": seen.at,
    }
    return job.model_copy(update=then)


def of_progress(value: Mapping[str, Any], seq: int) -> EventMessage:
    """How far a running item is: `value` is what the live feed tells of it."""
    data = schemas.ItemProgress(
        job_id=value["batch_id"],
        item_id=value["item_id"],
        status=schemas.ItemStatus.PROCESSING,
        progress=per_cent(value["progress"]),
        stage=value["stage"],
        eta=seconds_left(value["eta_s"]),
    )
    return EventMessage(event=EventName.ITEM_PROGRESS, seq=seq, data=data)


def of_job(known: Known, seq: int) -> EventMessage:
    """How far the job is as a whole."""
    job = known.job
    data = schemas.JobProgress(
        job_id=job.id,
        status=job.status,
        progress=per_cent(known.progress),
        total_items=job.total_items,
        completed_items=job.completed_items,
        failed_items=job.failed_items,
        estimated_time_remaining=job.estimated_time_remaining,
        throughput_mbps=job.throughput_mbps,
    )
    return EventMessage(event=EventName.JOB_PROGRESS, seq=seq, data=data)


def of_state(job: schemas.BatchJob, items: Sequence[schemas.BatchItem], seq: int) -> list[EventMessage]:
    """Where every item stands: for a client whose last number is older than the oldest event kept."""
    told = [_state(job.id, item) for item in items]
    return [EventMessage(event=name, seq=seq, data=data) for name, data in told]


def _state(job_id: str, item: schemas.BatchItem) -> tuple[EventName, EventData]:
    if item.status is schemas.ItemStatus.ERROR:
        return _error(job_id, item.id, item.error_message or "", will_retry=False)
    if item.status is schemas.ItemStatus.COMPLETED and item.transcript_id is not None:
        return _completed(job_id, item)
    return EventName.ITEM_PROGRESS, schemas.ItemProgress(
        job_id=job_id,
        item_id=item.id,
        status=item.status,
        progress=item.progress,
        stage=item.status.lower(),
        eta=item.eta,
    )
