"""Server-sent events on the wire: texts as they come, until their source, the reader or his patience ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import structlog
from fastapi import Response
from starlette.types import Receive, Scope, Send

from reelyard.http.lines import Line, line_of

log = structlog.get_logger(__name__)

SLOW_S = 30.0  # a reader that takes nothing for so long is dropped


class EventStream(Response):
    """A response of `texts`; ends with them, when the reader leaves, or when it takes nothing. `close` is always called."""

    def __init__(self, texts: AsyncIterator[str], close: Callable[[], None]) -> None:
        super().__init__(media_type="text/event-stream; charset=utf-8")
        del self.headers["content-length"]
        self.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._texts = texts
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        line = line_of(scope)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async with asyncio.TaskGroup() as group:
                leaving = group.create_task(_left(receive))
                telling = group.create_task(self._tell(send, line))
                await asyncio.wait({leaving, telling}, return_when=asyncio.FIRST_COMPLETED)
                leaving.cancel()
                telling.cancel()
        finally:
            self._close()

    async def _tell(self, send: Send, line: Line | None) -> None:
        try:
            async for text in self._texts:
                async with asyncio.timeout(SLOW_S):
                    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            log.info("stream.dropped", reason="slow")
            if line is not None:
                line.cut()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
