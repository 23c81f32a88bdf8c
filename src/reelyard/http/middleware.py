"""What surrounds every request: its id, a bound on its body, safe headers, and an answer when all else broke."""

from __future__ import annotations

import asyncio
import re

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reelyard.errors import MalformedRequest, ReelyardError, TooLarge
from reelyard.http.bodies import check_json
from reelyard.http.errors import NotReadable, Unexpected, answer
from reelyard.kit.ids import NewId

log = structlog.get_logger(__name__)

MIB = 1024 * 1024
BODY_LIMIT = MIB
LARGER = (
    (re.compile(r"/transcripts?(/|$)|/items/[^/]+/story$"), 16 * MIB),
)  # what a user corrects may be long
UNBOUNDED = re.compile(
    r"^/api/v1/(content/|files$)|^/api/batch/jobs/[^/]+/items$|^/stories/batch-upload$"
)  # bounded where they are read
DRAINED = 64 * MIB  # read and thrown away, so that a client that sends too much hears why
IDLE_S = 30.0  # a body that stands still for so long is given up
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"private, no-store"),
)


class BodyTimeout(MalformedRequest):
    """The body did not arrive in time."""

    code = "body_timeout"


class Surroundings:
    """The outermost layer, in plain ASGI since it must not stand in the way of streams."""

    def __init__(self, app: ASGIApp, *, new_id: NewId) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = scope.setdefault("state", {})["request_id"] = self._new_id()
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        outgoing = _Outgoing(send, request_id)
        try:
            await self._http(scope, receive, outgoing)
        except Exception:
            log.exception("request.broke", request_id=request_id, method=scope["method"], path=scope["path"])
            if outgoing.started:
                raise
            await answer(HTTPConnection(scope), Unexpected())(scope, receive, outgoing)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if UNBOUNDED.search(scope["path"]) or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            body = await _bounded(receive, headers, limit_of(scope["path"]))
            await _check(body, headers)
        except ReelyardError as error:
            await answer(HTTPConnection(scope), error)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _Replay(body, receive), send)


class _Outgoing:
    """Adds the headers that every answer has, and knows whether one has begun."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in _HEADERS:
                headers.setdefault(name.decode(), value.decode())
            headers["X-Request-Id"] = self._request_id
        await self._send(message)


class _Replay:
    """Hands over a body that was read before; then what the connection tells."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def limit_of(path: str) -> int:
    """The most bytes that a body for this path may have."""
    return next((limit for pattern, limit in LARGER if pattern.search(path)), BODY_LIMIT)


async def _bounded(receive: Receive, headers: Headers, limit: int) -> bytes | None:
    """The whole body; None when the client has gone. Raises TooLarge, BodyTimeout."""
    declared = headers.get("content-length", "")
    chunks: list[bytes] = []
    size = 0
    if declared.isdecimal() and int(declared) > DRAINED:
        raise TooLarge(f"A body here has at most {limit:,} bytes.")
    while True:
        try:
            message = await asyncio.wait_for(receive(), IDLE_S)
        except TimeoutError:
            raise BodyTimeout from None
        if message["type"] == "http.disconnect":
            return None
        size += len(message.get("body", b""))
        if size <= limit:
            chunks.append(message.get("body", b""))
        elif size > DRAINED:
            break
        if not message.get("more_body", False):
            break
    if size > limit:
        raise TooLarge(f"A body here has at most {limit:,} bytes.")
    return b"".join(chunks)


async def _check(body: bytes | None, headers: Headers) -> None:
    if not body:
        return
    if headers.get("content-encoding", "identity") != "identity":
        raise NotReadable("Compressed bodies are not taken.", hint="Send the body as it is.")
    if _is_json(headers.get("content-type", "")):
        if len(body) > MIB // 8:
            await run_in_threadpool(check_json, body)
        else:
            check_json(body)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
