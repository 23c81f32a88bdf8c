"""Items of a batch: list, look at, add, order, take out, try again."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Response

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.repository import ItemQuery
from reelyard.core.batches.views import item_view, item_views
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.db.session import Transaction
from reelyard.http.container import Services
from reelyard.http.idempotency import OnlyOnce
from reelyard.http.identity import Owner
from reelyard.http.v1.batches import told
from reelyard.http.v1.outputs import outputs_of
from reelyard.http.v1.schemas.batches import BatchTold
from reelyard.http.v1.schemas.common import Id, Limit, Offset, Page, Search
from reelyard.http.v1.schemas.items import (
    FilesGiven,
    ItemDetails,
    ItemsAdded,
    ItemsGiven,
    ItemTold,
    OrderGiven,
    OwnSettings,
    RequestOrder,
    RunTold,
)

router = APIRouter(prefix="/batches/{batch_id}", tags=["items"])


@router.get("/items")
def list_items(  # noqa: PLR0913 - every filter is a parameter of its own
    batch_id: Id,
    owner: Owner,
    services: Services,
    *,
    status: ItemStatus | None = None,
    search: Search = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[ItemTold]:
    """One page of the items in order."""
    with services.db.read() as tx:
        batch = repository.batch_for_reading(tx, owner, batch_id)
        rows, total = repository.list_items(tx, batch, ItemQuery(status, search, limit, offset))
        data = [ItemTold.model_validate(view) for view in item_views(rows, services.board)]
    return Page(data=data, total=total, limit=limit, offset=offset)


@router.post("/items", status_code=201, response_model=ItemsAdded)
def add_items(batch_id: Id, files: FilesGiven, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Put files of the library into a batch that has not been started."""

    def work(tx: Transaction) -> ItemsAdded:
        added = services.batches.add_files(tx, owner, batch_id, files.file_ids)
        batch = repository.batch_for_reading(tx, owner, batch_id)
        return ItemsAdded(batch=told(services, tx, batch), item_ids=[item.id for item in added])

    return once.answer(201, work)


@router.post("/items/remove")
def remove_items(batch_id: Id, items: ItemsGiven, owner: Owner, services: Services) -> BatchTold:
    """Take items out that are neither at work nor completed: all of these, or none."""
    with services.db.write() as tx:
        return told(services, tx, services.batches.remove_items(tx, owner, batch_id, items.item_ids))


@router.post("/items/reorder")
def reorder_items(batch_id: Id, order: OrderGiven, owner: Owner, services: Services) -> BatchTold:
    """Put the items into this order, before the start."""
    with services.db.write() as tx:
        return told(services, tx, services.batches.reorder(tx, owner, batch_id, order.item_ids))


@router.post("/request", response_model=BatchTold)
def request_items(
    batch_id: Id, order: RequestOrder, owner: Owner, services: Services, once: OnlyOnce
) -> Response:
    """Ask for items of a batch that waits to be asked."""

    def work(tx: Transaction) -> BatchTold:
        batch = services.commands.request(tx, owner, batch_id, order.item_ids, order.settings)
        return told(services, tx, batch)

    return once.answer(200, work)


@router.get("/items/{item_id}")
def get_item(batch_id: Id, item_id: Id, owner: Owner, services: Services) -> ItemDetails:
    """One item with what its stages did and what came out."""
    with services.db.read() as tx:
        batch = repository.batch_for_reading(tx, owner, batch_id)
        return _details(services, tx, batch, repository.item_of(tx, batch, item_id))


@router.delete("/items/{item_id}", status_code=204)
def remove_item(batch_id: Id, item_id: Id, owner: Owner, services: Services) -> None:
    """Take one item out that is neither at work nor completed."""
    with services.db.write() as tx:
        services.batches.remove_items(tx, owner, batch_id, [item_id])


@router.post("/items/{item_id}/retry", response_model=ItemTold)
def retry_item(batch_id: Id, item_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """Try a failed item again, the others untouched."""

    def work(tx: Transaction) -> ItemTold:
        _, items = services.commands.retry(tx, owner, batch_id, [item_id])
        return _told(services, tx, items[0])

    return once.answer(200, work)


@router.post("/items/{item_id}/redo", response_model=ItemTold)
def redo_item(
    batch_id: Id,
    item_id: Id,
    owner: Owner,
    services: Services,
    once: OnlyOnce,
    *,
    order: OwnSettings | None = None,
) -> Response:
    """Do an ended item again, with settings of its own if given; its outputs are served until then."""
    settings = order.settings if order is not None else None
    return once.answer(
        200, lambda tx: _told(services, tx, services.commands.redo(tx, owner, batch_id, item_id, settings))
    )


@router.post("/items/{item_id}/request", response_model=ItemTold)
def request_item(
    batch_id: Id,
    item_id: Id,
    owner: Owner,
    services: Services,
    once: OnlyOnce,
    *,
    order: OwnSettings | None = None,
) -> Response:
    """Ask for one item of a batch that waits to be asked."""
    settings = order.settings if order is not None else None

    def work(tx: Transaction) -> ItemTold:
        batch = services.commands.request(tx, owner, batch_id, [item_id], settings)
        return _told(services, tx, repository.item_of(tx, batch, item_id))

    return once.answer(200, work)


def _told(services: Container, tx: Transaction, item: Item) -> ItemTold:
    tx.session.flush()
    return ItemTold.model_validate(
        item_view(item, tx.session.get_one(LibraryFile, item.file_id), services.board)
    )


def _details(services: Container, tx: Transaction, batch: Batch, item: Item) -> ItemDetails:
    file = tx.session.get_one(LibraryFile, item.file_id)
    pipeline = services.registry.get(batch.pipeline)
    settings = item.settings if item.settings is not None else batch.settings
    shown = asdict(item_view(item, file, services.board))
    shown.update(
        settings=settings,
        plan=[stage.name for stage in pipeline.plan(pipeline.validate(settings))],
        runs=[
            RunTold.model_validate({**_columns(run), "warnings": run.warnings or []})
            for run in runs.runs_of(tx, item.id)
        ],
        outputs=outputs_of(services, tx, item, file.name),
    )
    return ItemDetails.model_validate(shown)


def _columns(run: object) -> dict[str, object]:
    return {name: getattr(run, name) for name in RunTold.model_fields}
