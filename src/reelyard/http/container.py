"""What every endpoint stands on: the container, and the sign that the server is about to close."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from reelyard.bootstrap import Container


class Closing:
    """Set once, when the server stops: streams end then, so that nothing holds the process. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._rings: dict[int, Callable[[], None]] = {}
        self._next = 0

    @property
    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        """Tell everyone who watches; once more does nothing."""
        with self._lock:
            self._set = True
            rings, self._rings = list(self._rings.values()), {}
        for ring in rings:
            ring()

    def watch(self, ring: Callable[[], None]) -> Callable[[], None]:
        """Call `ring` when it is set, at once if it is already; returns how to stop watching."""
        with self._lock:
            number, self._next = self._next, self._next + 1
            if not self._set:
                self._rings[number] = ring
        if self._set:
            ring()

        def stop() -> None:
            with self._lock:
                self._rings.pop(number, None)

        return stop


def _container(connection: HTTPConnection) -> Container:
    container: Container = connection.app.state.container
    return container


def _closing(connection: HTTPConnection) -> Closing:
    closing: Closing = connection.app.state.closing
    return closing


Services = Annotated[Container, Depends(_container)]
ServerCloses = Annotated[Closing, Depends(_closing)]
