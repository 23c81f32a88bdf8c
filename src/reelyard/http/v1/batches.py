"""Batches: order, list, change, command."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from reelyard.core.batches import repository
from reelyard.core.batches.lifecycle import BatchStatus
from reelyard.core.batches.models import Batch
from reelyard.core.batches.repository import BatchQuery
from reelyard.core.batches.service import BatchOrder
from reelyard.core.batches.summary import summary
from reelyard.core.batches.views import batch_view
from reelyard.db.session import Transaction
from reelyard.errors import InvalidInput
from reelyard.http.container import Services
from reelyard.http.idempotency import OnlyOnce
from reelyard.http.identity import Owner
from reelyard.http.v1.schemas.batches import BatchChanges, BatchTold, NewBatch, ReportTold, RetryOrder
from reelyard.http.v1.schemas.common import Id, Limit, Offset, Page, Search

router = APIRouter(prefix="/batches", tags=["batches"])

Sort = Literal[
    "-created_at", "created_at", "-updated_at", "updated_at", "name", "-name",
    "priority", "-priority", "status", "-status", "progress", "-progress",
]  # fmt: skip


def told(services: Services, tx: Transaction, batch: Batch) -> BatchTold:
    """The batch as `/api/v1` shows it."""
    tx.session.flush()
    return BatchTold.model_validate(batch_view(tx, batch, services.board))


@router.post("", status_code=201, response_model=BatchTold)
def create_batch(order: NewBatch, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Order a batch, empty or with files of the library; start it at once if asked to."""

    def work(tx: Transaction) -> BatchTold:
        wanted = order.model_dump(exclude={"file_ids", "start"})
        batch = services.batches.create(tx, owner, BatchOrder(**wanted))
        if order.file_ids:
            services.batches.add_files(tx, owner, batch.id, order.file_ids)
        if order.start:
            services.commands.start(tx, owner, batch.id)
        return told(services, tx, batch)

    return once.answer(201, work)


@router.get("")
def list_batches(  # noqa: PLR0913 - every filter is a parameter of its own
    owner: Owner,
    services: Services,
    *,
    pipeline: Annotated[str | None, Query(max_length=60)] = None,
    status: BatchStatus | None = None,
    search: Search = None,
    sort: Sort = "-created_at",
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[BatchTold]:
    """One page of your batches, the newest first unless sorted otherwise."""
    query = BatchQuery(pipeline, status, search, sort, limit, offset)
    with services.db.read() as tx:
        batches, total = repository.list_batches(tx, owner, query)
        data = [told(services, tx, batch) for batch in batches]
    return Page(data=data, total=total, limit=limit, offset=offset)


@router.get("/{batch_id}")
def get_batch(batch_id: Id, owner: Owner, services: Services) -> BatchTold:
    """One batch as it is now."""
    with services.db.read() as tx:
        return told(services, tx, repository.batch_for_reading(tx, owner, batch_id))


@router.patch("/{batch_id}")
def change_batch(batch_id: Id, changes: BatchChanges, owner: Owner, services: Services) -> BatchTold:
    """Change name, description, concurrency or priority at any time, settings before the start."""
    wanted: dict[str, Any] = changes.model_dump(exclude_unset=True)
    empty = next((name for name, value in wanted.items() if value is None), None)
    if empty is not None:
        raise InvalidInput(
            f"“{empty}” cannot be empty.", hint="Leave it out to keep it as it is.", field=empty
        )
    with services.db.write() as tx:
        return told(services, tx, services.batches.change(tx, owner, batch_id, wanted))


@router.delete("/{batch_id}", status_code=204)
def delete_batch(batch_id: Id, owner: Owner, services: Services) -> None:
    """Delete a batch that is pending or has ended."""
    with services.db.write() as tx:
        services.batches.delete(tx, owner, batch_id)


@router.post("/{batch_id}/start", response_model=BatchTold)
def start_batch(batch_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Begin to work. Refused while files are missing or nothing is there to do."""
    return once.answer(200, lambda tx: told(services, tx, services.commands.start(tx, owner, batch_id)))


@router.post("/{batch_id}/pause", response_model=BatchTold)
def pause_batch(batch_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Let running items end and start no other."""
    return once.answer(200, lambda tx: told(services, tx, services.commands.pause(tx, owner, batch_id)))


@router.post("/{batch_id}/resume", response_model=BatchTold)
def resume_batch(batch_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Go on where it stood."""
    return once.answer(200, lambda tx: told(services, tx, services.commands.resume(tx, owner, batch_id)))


@router.post("/{batch_id}/cancel", response_model=BatchTold)
def cancel_batch(batch_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """End it now: running work is stopped, what has not ended is cancelled."""
    return once.answer(200, lambda tx: told(services, tx, services.commands.cancel(tx, owner, batch_id)))


@router.post("/{batch_id}/retry", response_model=BatchTold)
def retry_batch(
    batch_id: Id, owner: Owner, services: Services, once: OnlyOnce, order: RetryOrder | None = None
) -> Response:
    """Try failed items again, all or those named; the others are not touched."""
    chosen = order.item_ids if order is not None else None

    def work(tx: Transaction) -> BatchTold:
        batch, _ = services.commands.retry(tx, owner, batch_id, chosen)
        return told(services, tx, batch)

    return once.answer(200, work)


@router.get("/{batch_id}/report")
def get_report(batch_id: Id, owner: Owner, services: Services) -> ReportTold:
    """How the batch went, in figures: kept when it ends, of this moment before."""
    with services.db.read() as tx:
        batch = repository.batch_for_reading(tx, owner, batch_id)
        return ReportTold.model_validate(batch.summary or summary(tx, batch))
