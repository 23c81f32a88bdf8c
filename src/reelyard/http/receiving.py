"""Bodies that are streamed into storage: read with patience, and to some extent even when they are refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from reelyard.errors import MalformedRequest, ReelyardError
from reelyard.http.errors import answer

IDLE_S = 30.0  # a body that stands still for so long is given up
DRAINED = 64 * 1024 * 1024  # bytes read and thrown away so that a client hears why it was refused
DRAIN_S = 5.0


class BodyStalled(MalformedRequest):
    """The body stood still for too long. Send it again."""

    code = "body_timeout"


async def patient(request: Request) -> AsyncIterator[bytes]:
    """The request's body as it comes. Raises BodyStalled, ClientDisconnect."""
    while not _ended(request):
        try:
            async with asyncio.timeout(IDLE_S):
                chunk = await _next(request)
        except TimeoutError:
            raise BodyStalled from None
        if chunk:
            yield chunk


async def refused(request: Request, error: ReelyardError) -> Response:
    """The answer to a body that is not wanted, or no further; the connection is closed after it."""
    left = DRAINED
    try:
        async with asyncio.timeout(DRAIN_S):
            while left > 0 and not _ended(request):
                left -= len(await _next(request))
    except (TimeoutError, ClientDisconnect):
        pass
    response = answer(request, error)
    response.headers["Connection"] = "close"
    return response


async def _next(request: Request) -> bytes:
    message = await request.receive()
    if message["type"] == "http.disconnect" or not message.get("more_body", False):
        request.state.body_ended = True
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    chunk: bytes = message.get("body", b"")
    return chunk


def _ended(request: Request) -> bool:
    return bool(getattr(request.state, "body_ended", False))
