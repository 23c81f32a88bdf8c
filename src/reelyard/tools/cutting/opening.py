"""Opening a stranger's film inside a child: from an open descriptor, with its demuxer forced.

Used by the children of this room only: it imports the heavy library when called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from reelyard.tools.ffmpeg.inputs import library_options

MICROSECONDS = 1_000_000  # a container's start is given in them
DEFAULT, ALL = 0, 48  # AVDISCARD_…


def open_film(demuxer: str, fd: int = 0) -> Any:
    """The film that is open as `fd`, for reading; raises what the library raises."""
    import av  # noqa: PLC0415 - 50 ms, and only in children

    av.logging.set_level(None)
    os.lseek(fd, 0, os.SEEK_SET)
    return av.open("fd:", format=demuxer, options=library_options(demuxer, fd))


def only(container: Any, wanted: list[Any]) -> None:
    """Let the demuxer leave out all streams but these: what is not asked for is not read."""
    for stream in container.streams:
        stream.discard = DEFAULT if stream in wanted else ALL


def packets(container: Any, *streams: Any) -> Iterator[Any]:
    """The packets of these streams that hold something, in the file's order."""
    for packet in container.demux(*streams):
        if packet.size and packet.time_base is not None:
            yield packet


def origin(container: Any) -> Fraction:
    """Where the file's clock is 0, in seconds of the streams' own stamps.

    The container gives it in microseconds; the stream that it comes from has it exactly.
    """
    if container.start_time is None:
        return Fraction(0)
    for stream in container.streams:
        if stream.start_time is None or stream.time_base is None:
            continue
        exact = stream.start_time * stream.time_base
        if abs(exact * MICROSECONDS - container.start_time) <= 1:
            return Fraction(exact)
    return Fraction(container.start_time, MICROSECONDS)


class Told:
    """Progress on standard output, a line for each hundredth, which `follow` of the parent reads."""

    def __init__(self, whole: int) -> None:
        self._whole = max(1, whole)
        self._told = 0

    def at(self, done: int) -> None:
        hundredths = min(100, 100 * done // self._whole)
        if hundredths > self._told:
            self._told = hundredths
            sys.stdout.write(f"done={hundredths}\n")
            sys.stdout.flush()
