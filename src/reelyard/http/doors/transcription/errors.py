"""How errors read at this door: `{"error": {"code", "message"}}`, in its own states and nouns."""

from __future__ import annotations

from fastapi.responses import JSONResponse
from starlette.responses import Response

from reelyard import errors
from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.http.doors.transcription import schemas, translate

PREFIX = "/api/batch"
STATUSES = {415: 400, 422: 400}  # bad input of every kind is 400 here
NOUNS = {"batch": "Batch job", "item": "Batch item"}
ACTIONS = frozenset({"start", "pause", "resume", "cancel", "retry", "delete"})  # of a job, at this door


def answer(error: errors.ReelyardError, status: int, _request_id: str) -> Response:
    """The error as an answer of this door."""
    told = schemas.ErrorBody(error=schemas.ErrorFacts(code=error.code, message=message_of(error)))
    return JSONResponse(told.model_dump(), STATUSES.get(status, status))


def message_of(error: errors.ReelyardError) -> str:
    """What is wrong, and the way out."""
    if isinstance(error, errors.NotFound) and error.details.get("noun") in NOUNS:
        return f"{NOUNS[error.details['noun']]} not found"
    if isinstance(error, errors.IllegalTransition):
        return _forbidden(error)
    return str(error)


def _forbidden(error: errors.IllegalTransition) -> str:
    noun, state = "job", "cancelled"
    if error.noun == "item":
        noun, state = "item", translate.ITEM_STATUS[ItemStatus(error.state)]
    elif error.state != BatchStatus.CANCELLED:
        state = translate.JOB_STATUS[BatchStatus(error.state)]
    possible = ", ".join(action for action in error.allowed if action in ACTIONS)
    way_out = f" Possible now: {possible}." if possible else ""
    return f"The {noun} is {state}, which does not allow “{error.action}”.{way_out}"
