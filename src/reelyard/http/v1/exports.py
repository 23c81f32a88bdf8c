"""Exports of a batch: order, list, look at, cancel, remove, and what one would give."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Response

from reelyard.bootstrap import Container
from reelyard.core.exports.models import Export
from reelyard.core.exports.order import ExportOrder
from reelyard.http.container import Services
from reelyard.http.exports import export_now, export_url
from reelyard.http.idempotency import OnlyOnce
from reelyard.http.identity import Owner
from reelyard.http.v1.schemas.common import Id, Limit, Offset, Page
from reelyard.http.v1.schemas.exports import ExportTold, NewExport, PreviewTold

router = APIRouter(prefix="/batches/{batch_id}/exports", tags=["exports"])

_LIVE = ("status", "progress", "note", "eta_s", "download_url", "warnings")


@router.post("", status_code=202, response_model=ExportTold)
def order_export(
    batch_id: Id, owner: Owner, services: Services, once: OnlyOnce, *, order: NewExport | None = None
) -> Response:
    """Order an export of a batch that has ended. An equal one that can still be fetched is given instead of a new one."""
    wanted = _order(order or NewExport())
    with services.db.read() as tx:
        prepared = services.exports.prepare(tx, owner, batch_id, wanted)
    return once.answer(
        202, lambda tx: told(services, services.exports.order(tx, owner, batch_id, wanted, prepared))
    )


@router.get("")
def list_exports(
    batch_id: Id, owner: Owner, services: Services, *, limit: Limit = 100, offset: Offset = 0
) -> Page[ExportTold]:
    """The batch's exports, the newest first."""
    with services.db.read() as tx:
        found, total = services.exports.page(tx, owner, batch_id, limit, offset)
        data = [told(services, export) for export in found]
    return Page(data=data, total=total, limit=limit, offset=offset)


@router.get("/preview")
def preview_export(
    batch_id: Id, owner: Owner, services: Services, order: Annotated[NewExport, Query()]
) -> PreviewTold:
    """What an export would give: how many files under which names, and how large it would be."""
    with services.db.read() as tx:
        return PreviewTold.model_validate(services.exports.preview(tx, owner, batch_id, _order(order)))


@router.get("/{export_id}")
def get_export(batch_id: Id, export_id: Id, owner: Owner, services: Services) -> ExportTold:
    """One export as it is now."""
    with services.db.read() as tx:
        return told(services, services.exports.get(tx, owner, batch_id, export_id))


@router.post("/{export_id}/cancel", response_model=ExportTold)
def cancel_export(batch_id: Id, export_id: Id, owner: Owner, services: Services, once: OnlyOnce) -> Response:
    """End an export that is under way."""
    return once.answer(
        200, lambda tx: told(services, services.exports.cancel(tx, owner, batch_id, export_id))
    )


@router.delete("/{export_id}", status_code=204)
def remove_export(batch_id: Id, export_id: Id, owner: Owner, services: Services) -> None:
    """Cancel an export that is under way; take one that has ended out of the list, and end its link."""
    with services.db.write() as tx:
        services.exports.remove(tx, owner, batch_id, export_id)


def told(services: Container, export: Export) -> ExportTold:
    """The export as `/api/v1` shows it."""
    rows = {name: getattr(export, name) for name in ExportTold.model_fields if name not in _LIVE}
    now = asdict(export_now(services, export))
    url = export_url(services, export)
    return ExportTold.model_validate({**rows, **now, "download_url": url, "warnings": export.warnings or []})


def _order(order: NewExport) -> ExportOrder:
    return ExportOrder(**order.model_dump(mode="json"))
