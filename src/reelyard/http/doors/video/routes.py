"""The calls of `/api/batch-jobs`. Nothing is decided here: translate, call, translate."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import BeforeValidator
from starlette.responses import Response

from reelyard.core.batches import repository
from reelyard.core.batches.states import BatchStatus
from reelyard.http.container import Services
from reelyard.http.doors.video import exports, ordering, reading, translate
from reelyard.http.doors.video.schemas import (
    AddVideosRequest,
    BatchJobCreate,
    BatchJobCreated,
    BatchJobDetails,
    BatchJobPage,
    BatchJobResponse,
    BatchJobRetried,
    BatchJobStarted,
    ErrorBody,
    RetryRequest,
)
from reelyard.http.doors.video.stream import progress_stream
from reelyard.http.identity import Owner
from reelyard.http.live import LiveFeeds
from reelyard.http.signed import host_of

REFUSALS = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503, 507)
router = APIRouter(
    prefix="/api/batch-jobs",
    tags=["door: video"],
    responses={status: {"model": ErrorBody} for status in REFUSALS},
)

router.include_router(exports.router)

Sort = Literal[
    "created_at", "-created_at", "priority", "-priority", "status", "-status", "name", "-name", "progress", "-progress",
]  # fmt: skip
Status = Annotated[BatchStatus | None, BeforeValidator(lambda given: given or None)]  # “status=”: no filter
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@router.post("", status_code=201)
def create_video_batch(
    body: BatchJobCreate, request: Request, owner: Owner, services: Services
) -> BatchJobCreated:
    """A new batch, with a link for each video that is to be uploaded."""
    with services.db.write() as tx:
        batch = ordering.create(services, tx, owner, body)
        job = reading.job(services, tx, batch)
        urls = reading.upload_urls(services, tx, batch, host_of(request))
    return BatchJobCreated(batch_job=job, upload_urls=urls)


@router.get("")
def get_video_batches(
    owner: Owner,
    services: Services,
    *,
    status: Status = None,
    limit: Limit = 20,
    offset: Offset = 0,
    sort: Sort = "created_at",
) -> BatchJobPage:
    """One page of your batches; by created_at and priority the newest and the highest come first."""
    with services.db.read() as tx:
        query = translate.query(status, sort, limit, offset)
        batches, total = repository.list_batches(tx, owner, query)
        jobs = [reading.job(services, tx, batch) for batch in batches]
    return BatchJobPage(batch_jobs=jobs, total=total, limit=limit, offset=offset)


@router.get("/{job_id}")
def get_video_batch(job_id: str, request: Request, owner: Owner, services: Services) -> BatchJobDetails:
    """One batch with its videos."""
    with services.db.read() as tx:
        return reading.details(services, tx, reading.find(tx, owner, job_id), host_of(request))


@router.post("/{job_id}/videos")
def add_videos_to_batch(
    job_id: str, body: AddVideosRequest, owner: Owner, services: Services
) -> BatchJobResponse:
    """Put videos of your library into a batch that has not been started."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        services.batches.add_files(tx, owner, batch.id, reading.video_ids(body.video_ids))
        return reading.job(services, tx, batch)


@router.post("/{job_id}/start")
def start_video_batch(job_id: str, owner: Owner, services: Services) -> BatchJobStarted:
    """Begin to work on the videos."""
    with services.db.write() as tx:
        batch = services.commands.start(tx, owner, reading.find(tx, owner, job_id).id)
        return BatchJobStarted(job_id=batch.id, batch_job=reading.job(services, tx, batch))


@router.post("/{job_id}/pause")
def pause_video_batch(job_id: str, owner: Owner, services: Services) -> BatchJobResponse:
    """Let running videos end and start no other."""
    with services.db.write() as tx:
        batch = services.commands.pause(tx, owner, reading.find(tx, owner, job_id).id)
        return reading.job(services, tx, batch)


@router.post("/{job_id}/resume")
def resume_video_batch(job_id: str, owner: Owner, services: Services) -> BatchJobResponse:
    """Go on where it stood."""
    with services.db.write() as tx:
        batch = services.commands.resume(tx, owner, reading.find(tx, owner, job_id).id)
        return reading.job(services, tx, batch)


@router.post("/{job_id}/cancel")
def cancel_video_batch(job_id: str, owner: Owner, services: Services) -> BatchJobResponse:
    """End it now; what has not ended is cancelled."""
    with services.db.write() as tx:
        batch = services.commands.cancel(tx, owner, reading.find(tx, owner, job_id).id)
        return reading.job(services, tx, batch)


@router.post("/{job_id}/retry-failed")
def retry_failed_videos(
    job_id: str, owner: Owner, services: Services, body: RetryRequest | None = None
) -> BatchJobRetried:
    """Try failed videos again, all or those named; it also goes on with a paused batch."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        number = ordering.retry_failed(services, tx, batch, body.video_ids if body is not None else None)
        job = reading.job(services, tx, batch)
    return BatchJobRetried(**job.model_dump(), retried_count=number)


@router.delete("/{job_id}", status_code=204)
def delete_video_batch(job_id: str, owner: Owner, services: Services) -> None:
    """Delete a batch that has ended."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        ordering.check_deletable(tx, batch)
        services.batches.delete(tx, owner, batch.id)


@router.get(
    "/{job_id}/progress",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}, 204: {"description": "You missed nothing."}},
)
async def stream_video_batch(
    job_id: str,
    owner: Owner,
    feeds: LiveFeeds,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """What happens, as server-sent events without names: `data` is a BatchProgressEvent, `id` the number to go on from."""
    return await progress_stream(feeds, owner, job_id, last_event_id)
