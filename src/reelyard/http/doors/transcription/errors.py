"""How the core's errors read at this door: one table of statuses, and `{"error": {"code", "message"}}`."""

from __future__ import annotations

from reelyard import errors
from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.http.doors.transcription import schemas, translate

STATUSES: tuple[tuple[type[errors.ReelyardError], int], ...] = (  # the first that fits
    (errors.Unauthorised, 401),
    (errors.QuotaExceeded, 403),
    (errors.ForeignOrigin, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooLarge, 413),
    (errors.Refused, 400),
    (errors.StorageFull, 507),
    (errors.StorageUnavailable, 503),
    (errors.DatabaseBusy, 503),
    (errors.EngineUnavailable, 503),
)
NOUNS = {"batch": "Batch job", "item": "Batch item"}
ACTIONS = {"start", "pause", "resume", "cancel", "retry", "delete"}


def status_of(error: errors.ReelyardError) -> int:
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def body_of(error: errors.ReelyardError) -> schemas.ErrorBody:
    return schemas.ErrorBody(error=schemas.ErrorFacts(code=error.code, message=message_of(error)))


def message_of(error: errors.ReelyardError) -> str:
    """What is wrong and the way out, in the states and nouns of this door."""
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
