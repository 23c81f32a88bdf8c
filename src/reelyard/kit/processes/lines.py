"""Bytes of a pipe as lines and as a bounded tail."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 64 * 1024  # a longer line is cut into several
ENDS = re.compile(rb"[\r\n]+")


class Lines:
    """Cuts what a pipe gives into lines; a carriage return ends one too, as progress displays use it."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[str]:
        """The lines that `data` completes; empty data, the end of the pipe, gives the unfinished one."""
        if not data:
            rest, self._rest = self._rest, b""
            if rest:
                yield rest.decode(errors="replace")
            return
        *whole, self._rest = ENDS.split(self._rest + data)
        if len(self._rest) > LONGEST:
            whole.append(self._rest)
            self._rest = b""
        for line in whole:
            if line:
                yield line.decode(errors="replace")


class Tail:
    """The last bytes of much."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > 2 * self._most:
            del self._data[: -self._most]

    def __str__(self) -> str:
        return bytes(self._data[-self._most :]).decode(errors="replace")
