"""What the door's routes and its socket read from the core, in the door's types."""

from __future__ import annotations

from collections.abc import Collection

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.repository import ItemQuery
from reelyard.core.batches.views import batch_view, item_views
from reelyard.db.session import Transaction
from reelyard.http.doors.transcription import news, schemas, translate
from reelyard.http.named import batch_of, id_of


def find(tx: Transaction, owner_id: str, job_id: str) -> Batch:
    """The owner's transcription batch, whichever client made it; raises NotFound, for malformed ids too."""
    return batch_of(tx, owner_id, job_id, translate.PIPELINE)


def find_item(tx: Transaction, owner_id: str, job_id: str, item_id: str) -> tuple[Batch, Item]:
    """The item, and the batch that holds it; raises NotFound."""
    batch = find(tx, owner_id, job_id)
    return batch, repository.item_of(tx, batch, id_of(item_id, "item"))


def job(services: Container, tx: Transaction, batch: Batch) -> schemas.BatchJob:
    return translate.job(batch_view(tx, batch, services.board))


def items(
    services: Container, tx: Transaction, batch: Batch, ids: Collection[str] | None = None
) -> list[schemas.BatchItem]:
    """The batch's items in order: all, or those of `ids`."""
    wanted = ItemQuery(limit=max(1, batch.total), ids=None if ids is None else tuple(ids))
    found, _ = repository.list_items(tx, batch, wanted)
    texts = services.texts.ids_of(tx, [item.id for item, _ in found])
    return [translate.item(view, texts.get(view.id)) for view in item_views(found, services.board)]


def known(services: Container, tx: Transaction, batch: Batch, completed: Collection[str]) -> news.Known:
    """What messages tell beside their events; `completed` names the items whose results are told."""
    found = items(services, tx, batch, completed) if completed else []
    view = batch_view(tx, batch, services.board)
    results = {item.id: item for item in found if item.transcript_id}
    return news.Known(translate.job(view), view.progress, results)
