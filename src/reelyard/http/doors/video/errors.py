"""How errors read at this door: `{"error", "detail"}`, with the document's statuses and sentences."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.responses import JSONResponse
from starlette.responses import Response

from reelyard import errors
from reelyard.core.batches.states import BatchAction, BatchStatus

PREFIX = "/api/batch-jobs"

ENDED = "Batch has already ended"
ADDING = "Videos can only be added before the batch is started"
FORBIDDEN: Mapping[str, str] = {
    BatchAction.START: ENDED,
    BatchAction.PAUSE: "Batch is not processing",
    BatchAction.RESUME: "Batch is not paused",
    BatchAction.CANCEL: ENDED,
    f"{BatchAction.ADD} items": ADDING,
    BatchAction.ADD: ADDING,
    BatchAction.DELETE: "Batch must be completed, failed or cancelled before it can be deleted",
    BatchAction.RETRY: ENDED,
}
IN_STATE: Mapping[tuple[str, str], str] = {
    (BatchAction.START, BatchStatus.PROCESSING): "Batch is already processing",
    (BatchAction.START, BatchStatus.PAUSED): "Batch is paused",
    (BatchAction.RETRY, BatchStatus.PENDING): "Batch has not been started",
}
MISSING: Mapping[str, tuple[str, str]] = {
    "batch": ("batch_job_not_found", "Batch job not found"),
    "item": ("video_not_found", "Video not found"),
    "file": ("video_not_found", "Video not found"),
    "export": ("export_not_found", "Export not found"),
}
FIXED: Mapping[type, tuple[int, str, str]] = {
    errors.FilesMissing: (400, "video_not_uploaded", "All videos must be uploaded before starting"),
    errors.NothingToDo: (400, "empty_batch", "Batch has no videos"),
    errors.BatchNotEnded: (400, "invalid_status", "Batch must have ended before it can be exported"),
    errors.NothingToExport: (400, "nothing_to_export", "No video of the batch was completed"),
    errors.DuplicateFile: (409, "duplicate_video", "Video is already in this batch"),
    errors.RateLimited: (429, "rate_limited", "Too many batches this hour"),
}
QUOTAS: Mapping[str, str] = {
    "files": "Batch size exceeds your plan limit",
    "minutes": "Processing minutes of your plan are used up",
}

FIELDS: Mapping[str, str] = {"pattern": "custom_naming", "file_ids": "video_ids"}


class RetryLimitReached(errors.Conflict):
    """Every failed video was retried as often as it may be."""

    code = "retry_limit_reached"


def answer(error: errors.ReelyardError, status: int, _request_id: str) -> Response:
    """The error as an answer of this door."""
    status, code, detail = told(error, status)
    return JSONResponse({"error": code, "detail": detail}, status)


def told(error: errors.ReelyardError, status: int) -> tuple[int, str, str]:
    """Status, code and sentence."""
    fixed = next((FIXED[kind] for kind in type(error).__mro__ if kind in FIXED), None)
    if fixed is not None:
        return fixed
    match error:
        case errors.IllegalTransition():
            return 400, "invalid_status", _forbidden(error)
        case errors.QuotaExceeded():
            return status, error.code, QUOTAS.get(error.details.get("limit", ""), str(error))
        case errors.NotFound() if error.details.get("noun") in MISSING:
            return (status, *MISSING[error.details["noun"]])
        case errors.Conflict():  # a state that does not allow it is 400 here
            return 400, error.code, str(error)
    code, detail = ("validation_error", _named(error)) if status == 422 else (error.code, str(error))
    return status, code, detail


def _forbidden(error: errors.IllegalTransition) -> str:
    if error.noun == "export":
        return "Export has already ended"
    if error.noun != "batch":
        return str(error)
    return IN_STATE.get((error.action, error.state)) or FORBIDDEN.get(error.action) or str(error)


def _named(error: errors.ReelyardError) -> str:
    """What the value must be, with the name of its field in it."""
    field = str(error.details.get("field") or "").removeprefix("settings.")
    field = FIELDS.get(field, field)
    text = str(error)
    return text if not field or field in text else f"{field}: {text}"
