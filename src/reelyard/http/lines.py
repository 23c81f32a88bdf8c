"""Who reads an answer, and how fast: a reader may be slow for hours, but one that takes nothing is let go.

How much was taken is asked of the kernel, which hears it from the reader's machine. What was only handed over
says nothing: megabytes fit into buffers here before the first of them has left, and become free in large pieces.
"""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import termios
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = structlog.get_logger(__name__)

DRAINED_LOOK_S = 0.2
_AT_ONCE = struct.pack("ii", 1, 0)  # on, for no second: what the kernel holds goes too


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a reader may take nothing: `first_s`, and longer by what its own buffers may hold.

    Who reads at least `slowest` bytes a second is never dropped as long as its machine holds less than
    `slowest * (most_s - first_s)` bytes that were not read: so many it may have taken at once, and will be silent
    until they are read.
    """

    first_s: float = 30.0
    most_s: float = 180.0
    slowest: float = 1000.0  # bytes a second
    look_s: float = 5.0

    def left(self, before: float, took: int, elapsed: float) -> float:
        """Seconds of patience left after `elapsed` seconds in which so many bytes were taken; at 0 it is over."""
        return min(before + took / self.slowest - elapsed, self.most_s)


class Line:
    """The connection that a request came on."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    @property
    def buffered(self) -> int:
        """Bytes that wait in this process."""
        return self._transport.get_write_buffer_size()

    @property
    def untaken(self) -> int:
        """Bytes that were handed over and that the other machine has not acknowledged."""
        return self.buffered + _in_kernel(self._transport)

    def cut(self) -> None:
        """End it at once, with all that waits: closed in good order it would wait for its reader, for ever."""
        with suppress(OSError, ValueError, AttributeError):  # it has just been closed
            line = socket.socket(fileno=self._transport.get_extra_info("socket").fileno())
            try:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            finally:
                line.detach()
        self._transport.abort()

    async def watch(self, handed: Callable[[], int], patience: Patience) -> None:
        """Cut the line when its reader takes nothing for too long of the bytes that were `handed` over so far."""
        clock = asyncio.get_running_loop().time
        left, taken, at, untaken = patience.first_s, 0, clock(), 0
        while left > 0:
            await asyncio.sleep(patience.look_s)
            untaken, now = self.untaken, clock()
            if not untaken:  # it waits for us
                left, taken, at = max(left, patience.first_s), handed(), now
                continue
            left = patience.left(left, handed() - untaken - taken, now - at)
            taken, at = handed() - untaken, now
        log.info("reader.dropped", reason="slow", untaken=untaken)
        self.cut()

    async def drained(self) -> None:
        """Until nothing waits in this process any more, or the line is lost."""
        while self.buffered:  # noqa: ASYNC110 - a transport tells nobody that it is empty
            await asyncio.sleep(DRAINED_LOOK_S)


class WatchedProtocol(HttpToolsProtocol):
    """uvicorn's, whose requests know their line."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["line"] = Line(self.transport)


def line_of(scope: Scope) -> Line | None:
    """The line that a request came on; None under another server than ours."""
    found: Line | None = scope.get("state", {}).get("line")
    return found


def _in_kernel(transport: asyncio.Transport) -> int:
    """Bytes sent and not acknowledged."""
    found = bytearray(4)
    with suppress(OSError, ValueError, AttributeError):  # it has just been closed
        fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, found)
    number: int = struct.unpack("i", found)[0]
    return number
