"""The child that plays a film to its end: `python -m …check_child DEMUXER RATE CORES COPIED < film`.

Prints one JSON object of what was seen; what it means is decided by the parent (`check.py`). What decoders complain
of goes to standard error, one line each. Of pictures that were copied unchanged (COPIED: "12-40,60-90", places in the
film) those are not decoded to which no other refers: that saves half, and what was copied cannot have been damaged.
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from reelyard.tools.ffmpeg.inputs import library_options

KEPT = 5  # of each sort of trouble, to tell
SLIP_S = (
    0.003  # by which a sound's time stamp may miss the samples counted: some containers count milliseconds
)
CAPTIONS = ("mov_text", "webvtt", "subrip")  # opened with the film, where it has any
COVER = 0x400  # AV_DISPOSITION_ATTACHED_PIC


def main(demuxer: str, rate: Fraction, cores: int, copied: str, fd: int = 0) -> dict[str, Any]:
    """What was seen of the film that is open as `fd`; times are seconds, 0 where the file begins."""
    import av  # noqa: PLC0415 - 50 ms, and only here

    # FFmpeg's own listener: Python's is called from decoders' threads and may stand in their way for ever.
    av.logging.restore_default_callback()
    av.logging.set_libav_level(av.logging.ERROR)
    try:
        container = av.open("fd:", format=demuxer, options=library_options(demuxer, fd, CAPTIONS))
    except av.error.FFmpegError as problem:
        _let_through(problem)
        return {"error": str(problem)}
    with container:
        films = [stream for stream in container.streams.video if not stream.disposition.value & COVER]
        if not films:
            return {"error": "it has no film in it"}
        zero = Fraction(container.start_time or 0, av.time_base)
        watched = _Pictures(films[0], rate, _places(copied), zero, cores)
        heard = [_Sound(stream, zero) for stream in container.streams.audio]
        played = _play(container, watched, heard, av)
        length = None if container.duration is None else container.duration / av.time_base
        pictures, sounds = watched.told(), [one.told() for one in heard]
        return {**played, "duration": length, "films": len(films), "picture": pictures, "sounds": sounds}


def _let_through(problem: Exception) -> None:
    """Want of memory is not the film's fault: the parent tells it by what Python says of it."""
    if isinstance(problem, MemoryError):
        raise problem


def _places(copied: str) -> tuple[list[int], list[int]]:
    ranges = [one.split("-") for one in copied.split(",") if one]
    return [int(begin) for begin, _ in ranges], [int(end) for _, end in ranges]


def _play(container: Any, watched: _Pictures, heard: list[_Sound], av: Any) -> dict[str, Any]:
    """Read and decode everything; one stream after the other where they lie."""
    takers: dict[int, _Pictures | _Sound] = {one.stream.index: one for one in heard}
    takers[watched.stream.index] = watched
    broken: list[str] = []
    try:
        for packet in container.demux([one.stream for one in takers.values()]):
            try:
                takers[packet.stream_index].take(packet)
            except av.error.FFmpegError as problem:
                _let_through(problem)
                broken.append(_where(packet, problem))
    except av.error.FFmpegError as problem:
        _let_through(problem)
        broken.append(f"it cannot be read on: {problem}")
    return {"broken": broken[:KEPT], "broken_count": len(broken)}


def _where(packet: Any, problem: Exception) -> str:
    if packet.pts is None or packet.time_base is None:
        return str(problem)
    return f"at {float(packet.pts * packet.time_base):.2f} s: {problem}"


class _Pictures:
    """The film: time stamps of all packets, since each holds one picture; decoded pictures counted."""

    def __init__(
        self, stream: Any, rate: Fraction, copied: tuple[list[int], list[int]], zero: Fraction, cores: int
    ) -> None:
        self.stream = stream
        self._rate = rate
        self._begins, self._ends = copied
        self._zero = zero
        self._stamps: list[int] = []
        self._unstamped = self._decoded = self._damaged = self._in_full = 0
        self._begin = Fraction(stream.start_time or 0) * stream.time_base
        stream.thread_count, stream.thread_type = cores, "AUTO"
        # Nothing is looked at: filters that smooth the edges of blocks cost a fifth and can find no fault.
        stream.codec_context.options = {"skip_loop_filter": "all"}

    def take(self, packet: Any) -> None:
        skipped = self._is_copied(packet.pts)
        if packet.size and not packet.is_discard:
            self._in_full += not skipped
            if packet.pts is None:
                self._unstamped += 1
            else:
                self._stamps.append(packet.pts)
        context = self.stream.codec_context
        wanted = "NONREF" if skipped else "DEFAULT"
        if packet.size and context.skip_frame != wanted:
            context.skip_frame = wanted
        for frame in packet.decode():
            self._decoded += not self._is_copied(frame.pts)
            self._damaged += bool(frame.is_corrupt)

    def told(self) -> dict[str, Any]:
        base = self.stream.time_base
        stamps = sorted(self._stamps)
        first = stamps[0] if stamps else 0
        off = [place for place, stamp in enumerate(stamps) if not self._on_grid(stamp - first, place)]
        begin = first * base - self._zero
        end = (stamps[-1] if stamps else 0) * base + 1 / self._rate - self._zero
        return {
            "frames": len(self._stamps) + self._unstamped,
            "unstamped": self._unstamped,
            "in_full": self._in_full,
            "decoded": self._decoded,
            "damaged": self._damaged,
            "size": [self.stream.codec_context.width, self.stream.codec_context.height],
            "begin": float(begin),
            "end": float(end),
            "off_grid": [[place, float((stamps[place] - first) * base)] for place in off[:KEPT]],
            "off_grid_count": len(off),
            "twice": len(stamps) - len(set(stamps)),
        }

    def _is_copied(self, stamp: int | None) -> bool:
        if stamp is None or not self._begins:
            return False
        place = round((stamp * self.stream.time_base - self._begin) * self._rate)
        index = bisect_right(self._begins, place) - 1
        return index >= 0 and place < self._ends[index]

    def _on_grid(self, ticks: int, place: int) -> bool:
        """Whether a time stamp is that of its place, as near as the container can write it."""
        return bool(abs(ticks - place / (self._rate * self.stream.time_base)) <= 1)


class _Sound:
    """One sound track: from where to where it is heard, and what is missing in between."""

    def __init__(self, stream: Any, zero: Fraction) -> None:
        self.stream = stream
        self._zero = zero
        self._begin: float | None = None
        self._samples = 0  # heard so far, holes counted in
        self._holes: list[tuple[float, float]] = []

    def take(self, packet: Any) -> None:
        for frame in packet.decode():
            at = float(frame.pts * frame.time_base - self._zero) if frame.pts is not None else None
            if at is not None:
                self._begin = at if self._begin is None else self._begin
                self._note_hole(at, frame.sample_rate)
            self._samples += frame.samples

    def _note_hole(self, at: float, rate: int) -> None:
        reached = (self._begin or 0.0) + self._samples / rate
        if abs(at - reached) > SLIP_S:
            self._holes.append((reached, at - reached))
            self._samples = round((at - (self._begin or 0.0)) * rate)

    def told(self) -> dict[str, Any]:
        context = self.stream.codec_context
        return {
            "begin": self._begin,
            "end": (self._begin or 0.0) + self._samples / context.sample_rate,
            "frame_s": (context.frame_size or 0) / context.sample_rate,
            "holes": self._holes[:KEPT],
            "holes_count": len(self._holes),
        }


def _arguments(words: list[str]) -> Iterator[Any]:
    demuxer, rate, cores, copied = words
    yield from (demuxer, Fraction(rate), int(cores), copied)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*_arguments(sys.argv[1:]))))
