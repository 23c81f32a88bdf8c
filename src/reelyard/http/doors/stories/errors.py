"""How errors read at this door: `{"statusCode", "message", "error"}`, the last being the status in words."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi.responses import JSONResponse
from starlette.responses import Response

from reelyard import errors
from reelyard.http.doors.stories import schemas
from reelyard.http.doors.stories.translate import SETTINGS

PREFIX = "/stories"
STATUSES = {415: 400, 422: 400}  # bad input of every kind is 400 here
NOUNS = {"batch": "Batch", "item": "Story", "file": "File"}
FIELDS: Mapping[str, str] = {setting: name for name, setting in SETTINGS.items()}


def answer(error: errors.ReelyardError, status: int, _request_id: str) -> Response:
    """The error as an answer of this door."""
    status = STATUSES.get(status, status)
    told = schemas.ErrorBody(status_code=status, message=message_of(error), error=HTTPStatus(status).phrase)
    return JSONResponse(told.model_dump(by_alias=True), status)


def message_of(error: errors.ReelyardError) -> str:
    """What is wrong, and the way out, in the words of this door."""
    if isinstance(error, errors.NotFound) and error.details.get("noun") in NOUNS:
        return f"{NOUNS[error.details['noun']]} not found"
    if isinstance(error, errors.IllegalTransition):
        noun = NOUNS.get(error.noun, error.noun).lower()
        return f"The {noun} is {error.state}, which does not allow this."
    setting = str(error.details.get("field") or "").removeprefix("settings.")
    if setting in FIELDS:
        return str(error).replace(f"“{setting}”", f"“{FIELDS[setting]}”")
    return str(error)
