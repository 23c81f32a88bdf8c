"""The files of a form on their way into a door: refused or read, looked at, and let go again when not wanted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reelyard.bootstrap import Container
from reelyard.core.library.glance import glance
from reelyard.errors import InvalidInput
from reelyard.http.forms import Received, Taken
from reelyard.http.receiving import refused
from reelyard.media.info import Kind

FORM: dict[str, Any] = {  # as OpenAPI tells it: files under any field names
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
            }
        },
    }
}


async def refusal_of(request: Request, received: Received) -> Response | None:
    """The answer to a form that broke off before any file was taken; None when there is something to answer."""
    if received.whole or received.failure is None or any(one.file_id for one in received.files):
        return None
    return await refused(request, received.failure)


def headers_of(received: Received) -> dict[str, str]:
    """What an answer to the form carries besides: a connection that was not read to its end takes no other request."""
    return {} if received.whole else {"Connection": "close"}


def look_at(services: Container, owner_id: str, files: Sequence[Taken], accepts: Collection[Kind]) -> None:
    """Give each file that is of no kind in `accepts` its error."""
    for one in files:
        if one.file_id is None:
            continue
        with services.db.read() as tx:
            file = services.library.get(tx, owner_id, one.file_id)
        try:
            glance(services.storage, file, accepts)
        except InvalidInput as error:
            one.error = error


def let_go(services: Container, owner_id: str, files: Sequence[Taken]) -> None:
    """What was not taken after all need not be kept."""
    with services.db.write() as tx:
        for one in files:
            if one.file_id is not None:
                services.library.delete(tx, owner_id, one.file_id)
