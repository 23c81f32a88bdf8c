"""The core's events and live progress as messages of this door's stream. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reelyard.core.batches.progress import ended_percentage
from reelyard.core.batches.states import BatchStatus, Counts, ItemStatus
from reelyard.http.doors.video import schemas, translate
from reelyard.http.doors.video.schemas import EventName, Stage
from reelyard.http.facts import counts_then
from reelyard.http.figures import per_cent, places, seconds_left
from reelyard.pipeline.pipeline import Pipeline

BATCH_EVENTS = {
    "batch.paused": (EventName.BATCH_PAUSED, "Batch paused"),
    "batch.resumed": (EventName.BATCH_RESUMED, "Batch resumed"),
    "batch.ended": (EventName.BATCH_COMPLETED, ""),
}
ITEM_EVENTS = {
    "item.started": EventName.STARTED,
    "item.completed": EventName.COMPLETED,
    "item.failed": EventName.FAILED,
    "items.failed": EventName.FAILED,
    "items.cancelled": EventName.CANCELLED,
}
BY_STATUS = {
    ItemStatus.COMPLETED: EventName.COMPLETED,
    ItemStatus.FAILED: EventName.FAILED,
    ItemStatus.CANCELLED: EventName.CANCELLED,
}
ENDS = {
    BatchStatus.COMPLETED: "Batch completed",
    BatchStatus.FAILED: "Batch failed",
    BatchStatus.CANCELLED: "Batch cancelled",
}
DOING = {
    Stage.UPLOADING: "uploading",
    Stage.TRANSCRIBING: "transcribing",
    Stage.REMOVING_SILENCE: "removing silence",
    Stage.DETECTING_HIGHLIGHTS: "detecting highlights",
    Stage.EXPORTING: "exporting",
}


@dataclass(frozen=True, slots=True)
class Video:
    """What messages tell of a video besides what stands in the event."""

    id: str  # of the library's file
    name: str


@dataclass(frozen=True, slots=True)
class Current:
    """A video that is being worked on."""

    video: Video
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class Known:
    """What messages tell beside the events: the videos by item, and how the batch stands now."""

    batch_id: str
    pipeline: Pipeline
    counts: Counts
    eta_s: float | None = None
    current: Current | None = None
    videos: Mapping[str, Video] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A message, and the number to go on from after it; None where it has none."""

    event: schemas.BatchProgressEvent
    id: int | None = None


@dataclass(frozen=True, slots=True)
class _Fact:
    """What happened to one video."""

    event: EventName
    item_id: str
    progress: float
    stage: Stage | None
    message: str


def of_event(seen: Mapping[str, Any], known: Known) -> list[Told]:
    """The messages of one event as the feed tells it; none where this front end has no word for it."""
    kind, data, seq = seen["kind"], seen["data"], seen["seq"] or 0
    counts = counts_then(data["batch"]) if "batch" in data else known.counts
    if kind in BATCH_EVENTS:
        name, message = BATCH_EVENTS[kind]
        status = BatchStatus(data["batch"]["status"])
        return [Told(_of_batch(name, message, status, counts, known), seq)]
    told = [_of_video(fact, counts, known) for fact in _facts(kind, data, known)]
    return [Told(event, n) for event, n in zip(told, places(len(told), seq), strict=True)]


def of_progress(value: Mapping[str, Any], known: Known) -> Told:
    """How far a running video is: `value` is what the live feed tells of it."""
    stage = translate.stage(known.pipeline, ItemStatus.PROCESSING, value["stage"])
    percent = per_cent(value["progress"])
    name = _video(known, value["item_id"]).name
    doing = DOING[stage] if stage is not None else "working"
    message = f"“{name}”: {doing}, {percent}%"
    fact = _Fact(EventName.PROGRESS, value["item_id"], value["progress"], stage, message)
    return Told(_of_video(fact, known.counts, known))


def of_state(videos: Iterable[schemas.BatchVideoResponse], known: Known, seq: int) -> list[Told]:
    """Where every video stands: for a reader whose last number is older than the oldest event kept."""
    told = []
    for video in videos:
        name = BY_STATUS.get(video.status, EventName.PROGRESS)
        message = video.error_message or f"“{video.file_name}”: {video.status}"
        fact = _Fact(name, video.id, video.progress, video.current_stage, message)
        told.append(Told(_of_video(fact, known.counts, known), seq))
    return told


def of_end(status: BatchStatus, known: Known, seq: int) -> Told:
    """The batch has ended."""
    return Told(_of_batch(EventName.BATCH_COMPLETED, "", status, known.counts, known), seq)


def _facts(kind: str, data: Mapping[str, Any], known: Known) -> list[_Fact]:
    if kind in ("items.failed", "items.cancelled"):
        name = ITEM_EVENTS[kind]
        return [
            _Fact(name, item_id, 0, None, data.get("message") or _said(name, item_id, known))
            for item_id in data.get("item_ids", ())
        ]
    item = data.get("item") or {}
    if "status" not in item:
        return []
    name = ITEM_EVENTS.get(kind, EventName.PROGRESS)
    stage = translate.stage(known.pipeline, item["status"], item.get("stage"))
    message = _message(name, kind, item, stage, known)
    return [_Fact(name, item["id"], item.get("progress") or 0.0, stage, message)]


def _message(name: EventName, kind: str, item: Mapping[str, Any], stage: Stage | None, known: Known) -> str:
    error = translate.failure(item.get("error_message"), item.get("error_hint"))
    if name is EventName.FAILED:
        return error
    title = _video(known, item["id"]).name
    if kind == "item.retrying":
        return f"“{title}” will be tried again: {error}"
    if name is EventName.PROGRESS:
        return f"“{title}”: {DOING[stage] if stage is not None else item['status']}"
    return _said(name, item["id"], known)


def _said(name: EventName, item_id: str, known: Known) -> str:
    return f"“{_video(known, item_id).name}” {name.removeprefix('video_')}"


def _of_video(fact: _Fact, counts: Counts, known: Known) -> schemas.BatchProgressEvent:
    video = _video(known, fact.item_id)
    current = Current(video, fact.stage) if fact.event in (EventName.STARTED, EventName.PROGRESS) else None
    at_work = current if current is not None and fact.stage is not None else known.current
    return schemas.BatchProgressEvent(
        type="progress" if fact.event is EventName.PROGRESS else fact.event.value,
        event=fact.event,
        batch_id=known.batch_id,
        video_id=video.id,
        batch_video_id=fact.item_id,
        progress=per_cent(fact.progress),
        current_stage=fact.stage,
        message=fact.message,
        batch=batch_progress(counts, known, at_work),
    )


def _of_batch(
    name: EventName, message: str, status: BatchStatus, counts: Counts, known: Known
) -> schemas.BatchProgressEvent:
    ended = name is EventName.BATCH_COMPLETED
    return schemas.BatchProgressEvent(
        type=name.value,
        event=name,
        batch_id=known.batch_id,
        video_id=None,
        batch_video_id=None,
        progress=per_cent(ended_percentage(counts)),
        current_stage=None,
        message=ENDS.get(status, "Batch ended") if ended else message,
        batch=batch_progress(counts, known, None if ended else known.current),
        status=status if ended else None,
    )


def batch_progress(counts: Counts, known: Known, current: Current | None) -> schemas.BatchProgress:
    return schemas.BatchProgress(
        batch_job_id=known.batch_id,
        progress_percentage=per_cent(ended_percentage(counts)),
        current_video_id=current.video.id if current else None,
        current_video_name=current.video.name if current else None,
        current_stage=current.stage if current else None,
        completed_count=counts.completed,
        failed_count=counts.failed,
        pending_count=counts.pending + counts.uploading,
        estimated_time_remaining=seconds_left(known.eta_s),
    )


def _video(known: Known, item_id: str) -> Video:
    """One that was removed meanwhile has no name any more."""
    return known.videos.get(item_id) or Video("", "A video")
