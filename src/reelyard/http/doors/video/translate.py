"""The core's words and the door's: requests into orders, views into the types of the document. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reelyard.core.batches.progress import ended_percentage
from reelyard.core.batches.repository import BatchQuery
from reelyard.core.batches.service import BatchOrder
from reelyard.core.batches.states import ItemStatus
from reelyard.core.batches.views import BatchView, ItemView
from reelyard.http.doors.video import schemas, settings
from reelyard.http.doors.video.schemas import Stage
from reelyard.http.facts import phase_of
from reelyard.http.figures import per_cent, seconds_left, sentence
from reelyard.pipeline.pipeline import Pipeline

PIPELINE = "video"
CONCURRENCY = 1  # what the document gives when nothing is asked for
NEWEST_FIRST = ("created_at", "priority")  # sorted downwards unless turned round


def order(asked: schemas.BatchJobCreate) -> BatchOrder:
    """A new batch of this door's pipeline."""
    return BatchOrder(
        asked.name,
        PIPELINE,
        description=asked.description or "",
        settings=settings.read(asked.settings),
        concurrency=asked.concurrency or CONCURRENCY,
        priority=asked.priority,
    )


def names(asked: schemas.BatchJobCreate) -> list[str]:
    """What the videos to be uploaded are called."""
    given = [name.strip() for name in asked.file_names or ()][: asked.video_count]
    numbered = range(1, asked.video_count + 1)
    return [given[n - 1] if n <= len(given) and given[n - 1] else f"Video {n}" for n in numbered]


def query(status: str | None, sort: str, limit: int, offset: int) -> BatchQuery:
    """A page of the list; `-` turns the order round, which is downwards for the newest and the highest."""
    name, turned = sort.removeprefix("-"), sort.startswith("-")
    down = (name in NEWEST_FIRST) != turned
    return BatchQuery(PIPELINE, status, None, f"-{name}" if down else name, limit, offset)


def job(view: BatchView, owner_id: str) -> schemas.BatchJobResponse:
    return schemas.BatchJobResponse(
        id=view.id,
        user_id=owner_id,
        name=view.name,
        description=view.description or None,
        settings=settings.shown(view.settings),
        status=view.status,
        progress_percentage=per_cent(ended_percentage(view.counts)),
        total_videos=view.total,
        completed_videos=view.counts.completed,
        failed_videos=view.counts.failed,
        cancelled_videos=view.counts.cancelled,
        total_duration_seconds=view.media_s,
        processed_duration_seconds=view.media_done_s,
        estimated_time_remaining=seconds_left(view.eta_s),
        priority=view.priority,
        concurrency=view.concurrency,
        created_at=view.created_at,
        started_at=view.started_at,
        completed_at=view.completed_at,
        updated_at=view.updated_at,
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Where a video's things are to be fetched and sent, as far as there are any."""

    output: str | None = None
    thumbnail: str | None = None
    upload: str | None = None


def video(view: ItemView, pipeline: Pipeline, links: Links) -> schemas.BatchVideoResponse:
    """A video; why it failed is told only while it is failed, not while it waits for its next try."""
    failed = view.error if view.status is ItemStatus.FAILED else None
    progress = per_cent(view.progress)
    return schemas.BatchVideoResponse(
        id=view.id,
        batch_job_id=view.batch_id,
        video_id=view.file.id,
        position=view.position,
        status=view.status,
        progress=progress,
        progress_percentage=progress,
        current_stage=stage(pipeline, view.status, view.stage),
        error_message=failure(failed.message, failed.hint) if failed else None,
        retry_count=view.retry_count,
        max_retries=view.max_retries,
        processing_result=result(view.result),
        output_video_url=links.output,
        file_name=view.file.name,
        duration_seconds=view.file.duration_s,
        thumbnail_url=links.thumbnail,
        upload_url=links.upload,
        created_at=view.created_at,
        started_at=view.started_at,
        completed_at=view.completed_at,
        updated_at=view.updated_at,
    )


def stage(pipeline: Pipeline, status: str, name: str | None) -> Stage | None:
    """The larger step at which a video is, None where it is at none."""
    if status == ItemStatus.UPLOADING:
        return Stage.UPLOADING
    phase = phase_of(pipeline, name) if status == ItemStatus.PROCESSING else None
    return Stage(phase) if phase in set(Stage) else None


def result(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(facts) if facts else None


def failure(message: str | None, hint: str | None) -> str:
    """Why a video was not processed, as one text."""
    return sentence(message, hint, otherwise="The video could not be processed.")
