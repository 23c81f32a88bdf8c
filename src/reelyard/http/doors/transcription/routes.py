"""The twelve calls of `/api/batch`. Nothing is decided here: translate, call, translate."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from reelyard.core.batches import repository
from reelyard.errors import ReelyardError
from reelyard.http.container import Services
from reelyard.http.doors.transcription import adding, reading, socket, translate
from reelyard.http.doors.transcription.schemas import (
    AddedItems,
    BatchItem,
    BatchJob,
    BatchJobPage,
    BatchJobWithItems,
    CreateBatchJobRequest,
    ErrorBody,
    UpdateBatchJobRequest,
)
from reelyard.http.forms import receive_form
from reelyard.http.identity import Owner
from reelyard.http.receiving import refused
from reelyard.http.taking import FORM, headers_of, refusal_of

REFUSALS = (400, 401, 403, 404, 409, 413, 429, 500, 503, 507)
router = APIRouter(
    prefix="/api/batch",
    tags=["door: transcription"],
    responses={status: {"model": ErrorBody} for status in REFUSALS},
)
router.include_router(socket.router)

PageNumber = Annotated[int, Query(ge=1, le=1_000_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.post("/jobs", status_code=201, response_model_exclude_none=True)
def create_batch_job(body: CreateBatchJobRequest, owner: Owner, services: Services) -> BatchJob:
    """A new, empty job with your default settings."""
    with services.db.write() as tx:
        batch = services.batches.create(tx, owner, translate.order(body))
        return reading.job(services, tx, batch)


@router.get("/jobs", response_model_exclude_none=True)
def get_batch_jobs(owner: Owner, services: Services, page: PageNumber = 1, limit: Limit = 20) -> BatchJobPage:
    """One page of your jobs, the newest first."""
    with services.db.read() as tx:
        batches, total = repository.list_batches(tx, owner, translate.query(page, limit))
        jobs = [reading.job(services, tx, batch) for batch in batches]
    return BatchJobPage(data=jobs, pagination=translate.pagination(page, limit, total))


@router.get("/jobs/{job_id}", response_model_exclude_none=True)
def get_batch_job(job_id: str, owner: Owner, services: Services) -> BatchJobWithItems:
    """One job with its items."""
    with services.db.read() as tx:
        batch = reading.find(tx, owner, job_id)
        job = reading.job(services, tx, batch)
        return translate.job_with_items(job, reading.items(services, tx, batch))


@router.put("/jobs/{job_id}", response_model_exclude_none=True)
def update_batch_job(job_id: str, body: UpdateBatchJobRequest, owner: Owner, services: Services) -> BatchJob:
    """Change name or concurrency, the latter also while it runs."""
    with services.db.write() as tx:
        known = reading.find(tx, owner, job_id)
        batch = services.batches.change(tx, owner, known.id, translate.changes(body))
        return reading.job(services, tx, batch)


@router.delete("/jobs/{job_id}", status_code=204)
def delete_batch_job(job_id: str, owner: Owner, services: Services) -> None:
    """Delete a job that is a draft or has ended."""
    with services.db.write() as tx:
        services.batches.delete(tx, owner, reading.find(tx, owner, job_id).id)


@router.post("/jobs/{job_id}/start", response_model_exclude_none=True)
def start_batch_job(job_id: str, owner: Owner, services: Services) -> BatchJob:
    """Begin to work on the files."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        return reading.job(services, tx, services.commands.start(tx, owner, batch.id))


@router.post("/jobs/{job_id}/pause", response_model_exclude_none=True)
def pause_batch_job(job_id: str, owner: Owner, services: Services) -> BatchJob:
    """Let running items end and start no other."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        return reading.job(services, tx, services.commands.pause(tx, owner, batch.id))


@router.post("/jobs/{job_id}/resume", response_model_exclude_none=True)
def resume_batch_job(job_id: str, owner: Owner, services: Services) -> BatchJob:
    """Go on where it stood."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        return reading.job(services, tx, services.commands.resume(tx, owner, batch.id))


@router.post("/jobs/{job_id}/cancel", response_model_exclude_none=True)
def cancel_batch_job(job_id: str, owner: Owner, services: Services) -> BatchJob:
    """End it now; what has not ended is cancelled."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        return reading.job(services, tx, services.commands.cancel(tx, owner, batch.id))


@router.post(
    "/jobs/{job_id}/items",
    status_code=201,
    response_model=AddedItems,
    response_model_exclude_none=True,
    openapi_extra=FORM,
)
async def add_files_to_batch(
    job_id: str, request: Request, response: Response, owner: Owner, services: Services
) -> Response | AddedItems:
    """Add up to ten files, sent as a form under any field names. What is refused is named; the others are taken."""
    try:
        batch_id = await run_in_threadpool(adding.check_draft, services, owner, job_id)
    except ReelyardError as error:
        return await refused(request, error)
    received = await receive_form(services, owner, request, batch_id, join=False)
    if (answer := await refusal_of(request, received)) is not None:
        return answer
    response.headers.update(headers_of(received))
    return await run_in_threadpool(adding.put_in, services, owner, batch_id, received)


@router.delete("/jobs/{job_id}/items/{item_id}", status_code=204)
def remove_batch_item(job_id: str, item_id: str, owner: Owner, services: Services) -> None:
    """Take an item out that is not at work and not completed."""
    with services.db.write() as tx:
        batch, item = reading.find_item(tx, owner, job_id, item_id)
        services.batches.remove_items(tx, owner, batch.id, [item.id])


@router.post("/jobs/{job_id}/items/{item_id}/retry", response_model_exclude_none=True)
def retry_batch_item(job_id: str, item_id: str, owner: Owner, services: Services) -> BatchItem:
    """Try an item that failed again."""
    with services.db.write() as tx:
        batch, item = reading.find_item(tx, owner, job_id, item_id)
        services.commands.retry(tx, owner, batch.id, [item.id])
        tx.session.flush()
        return reading.items(services, tx, batch, [item.id])[0]
