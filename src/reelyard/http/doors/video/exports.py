"""The calls of `/api/batch-jobs/{id}/export`: ordered, looked at, cancelled."""

from __future__ import annotations

from fastapi import APIRouter, Request

from reelyard.bootstrap import Container
from reelyard.core.exports.models import Export, ExportStatus
from reelyard.core.exports.names import PATTERN
from reelyard.core.exports.order import ExportOrder
from reelyard.http.container import Services
from reelyard.http.doors.video import reading, translate
from reelyard.http.doors.video.schemas import BatchExportOrdered, BatchExportRequest, BatchExportResponse
from reelyard.http.exports import export_now, export_url
from reelyard.http.figures import per_cent
from reelyard.http.identity import Owner
from reelyard.http.named import id_of
from reelyard.http.signed import host_of

router = APIRouter()


def order_of(asked: BatchExportRequest) -> ExportOrder:
    """What is asked for, in the core's words."""
    return ExportOrder(
        asked.format.strip().lower(),
        include_failed=asked.include_failed,
        use_original_filenames=asked.use_original_filenames,
        batch_name_prefix=asked.batch_name_prefix,
        pattern=asked.custom_naming or PATTERN,
    )


def shown(services: Container, export: Export, host: str) -> BatchExportResponse:
    """An export as this front end sees it at this moment; `host` begins its link."""
    now = export_now(services, export)
    link = export_url(services, export)
    failed = now.status is ExportStatus.FAILED
    return BatchExportResponse(
        id=export.id,
        export_id=export.id,
        batch_job_id=export.batch_id,
        format=export.format,
        status=now.status,
        progress=per_cent(now.progress),
        download_url=host + link if link is not None else None,
        file_size=export.size,
        created_at=export.created_at,
        expires_at=export.expires_at,
        error=translate.failure(export.error_message, export.error_hint) if failed else None,
    )


@router.post("/{job_id}/export", status_code=202)
def export_video_batch(
    job_id: str, body: BatchExportRequest, owner: Owner, services: Services
) -> BatchExportOrdered:
    """Order everything that the batch gave, as one; an equal export that is still there is given again."""
    wanted = order_of(body)
    with services.db.read() as tx:
        batch_id = reading.find(tx, owner, job_id).id
        prepared = services.exports.prepare(tx, owner, batch_id, wanted)
    with services.db.write() as tx:
        export = services.exports.order(tx, owner, batch_id, wanted, prepared)
        return BatchExportOrdered(export_id=export.id, export_job_id=export.id, status=export.status)


@router.get("/{job_id}/export/{export_id}")
def get_video_export(
    job_id: str, export_id: str, request: Request, owner: Owner, services: Services
) -> BatchExportResponse:
    """How far an export is, and where it is to be fetched when it is completed."""
    with services.db.read() as tx:
        batch = reading.find(tx, owner, job_id)
        export = services.exports.get(tx, owner, batch.id, id_of(export_id, "export"))
        return shown(services, export, host_of(request))


@router.delete("/{job_id}/export/{export_id}", status_code=204)
def cancel_video_export(job_id: str, export_id: str, owner: Owner, services: Services) -> None:
    """End an export that is under way."""
    with services.db.write() as tx:
        batch = reading.find(tx, owner, job_id)
        services.exports.cancel(tx, owner, batch.id, id_of(export_id, "export"))
