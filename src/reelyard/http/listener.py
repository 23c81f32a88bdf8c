"""uvicorn as it is used here: without its own signals, telling when it listens and, before it closes, that it will."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from reelyard.http.lines import WatchedProtocol

STREAMS_END_S = 3  # then connections that are still open are cut
MESSAGE_LIMIT = 1024 * 1024  # bytes of a WebSocket message


class Listener(uvicorn.Server):
    """Serves an application on a socket until `should_exit` is set."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(_config(app))
        self._app = app
        self.listening = threading.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # whoever runs it decides about signals

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.closing.set()
        await super().shutdown(sockets)


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=WatchedProtocol,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_LIMIT,
        lifespan="off",
        log_config=None,
        access_log=False,  # signatures stand in query strings
        server_header=False,
        proxy_headers=False,  # who asks is decided by the peer's own address
        timeout_graceful_shutdown=STREAMS_END_S,
    )
