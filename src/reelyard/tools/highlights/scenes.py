"""When the picture of a film changes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median

from reelyard.errors import ToolFailed
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.media.info import VideoStream
from reelyard.tools.ffmpeg.inputs import Source, input_options
from reelyard.tools.ffmpeg.progress import TO_STDOUT, follow

CHANGE = re.compile(r"lavfi\.scd\.score: *([0-9.]+), *lavfi\.scd\.time: *(-?[0-9.]+)")
# ffmpeg's own default of 10 takes every second flicker for a change.
THRESHOLD = 12
LEAST_GAP_S = 0.5  # between keyframes; where they come more often they stand for nothing
APART_S = 0.5  # changes that lie closer are one: a flash, a fast fade
WIDTH = 160  # pixels; a change shows in a small picture as well
MIB = 1024 * 1024
# Without the filter between blocks decoding takes a third less, and finds the same changes.
SPEED_UP = ("-skip_loop_filter", "all")


def scene_changes(
    source: Source, *, ffmpeg: str, run: Runner, tell: Callable[[float], None] | None = None
) -> tuple[float, ...]:
    """When the picture of `source` changes: seconds on the file's clock; none for a file without film.

    Decodes all of the film, some thirty times as fast as it plays at 720p. `tell` hears the fraction done.
    Raises what `run` raises, but for a film on which ffmpeg gives up: then what was seen until there is given.
    """
    film = source.info.film
    if film is None:
        return ()
    found: list[tuple[float, float]] = []
    told = follow(source.info.duration_s, tell)

    def listen(line: str) -> None:
        change = CHANGE.search(line)
        if change is not None:
            found.append((float(change[2]), float(change[1])))
        elif told is not None:
            told(line)

    with contextlib.suppress(ToolFailed):  # of a damaged film what can be seen counts
        run(scenes_command(source, film, ffmpeg=ffmpeg), on_line=listen)
    return apart(time for time, _ in sorted(found) if time > 0)


def scenes_command(source: Source, film: VideoStream, *, ffmpeg: str) -> Command:
    """The command of `scene_changes`; what it finds it says on standard error."""
    look = f"scale={WIDTH}:-2:flags=fast_bilinear,format=yuv420p,scdet=t={THRESHOLD}"
    argv = (
        *(ffmpeg, "-nostdin", "-hide_banner", "-nostats", "-v", "info", *TO_STDOUT),
        *(*SPEED_UP, *input_options(source.demuxer), "-map", f"0:{film.index}"),
        *("-vf", look, "-f", "null", "-"),
    )
    seconds = source.info.duration_s or 3600.0
    large = max(1.0, film.width * film.height / (1920 * 1080))
    may_take = Limits(
        wall_s=300 + seconds * large,  # measured: 11 times as fast as the film at 1080p, or faster
        cpu_s=300 + int(2 * seconds * large),
        memory_bytes=3072 * MIB,
        file_bytes=MIB,
    )
    return Command(argv, stdin=source.path, limits=may_take)


def changes_at_keyframes(keyframes: Sequence[float], frame_s: float = 0.04) -> tuple[float, ...]:
    """Likely changes of the picture from the times of a film's keyframes (seconds), which cost nothing to know.

    Encoders begin anew at a change, and otherwise after a fixed time: what comes before that time has passed is
    a change. None when all come at that time, or very often: then they say nothing.
    """
    gaps = [after - before for before, after in pairwise(keyframes)]
    if len(gaps) < 2 or median(gaps) < LEAST_GAP_S:
        return ()
    regular = max(gaps) - 1.5 * frame_s  # fixed times vary a little with odd frame rates
    return apart(time for time, gap in zip(keyframes[1:], gaps, strict=True) if gap < regular)


def apart(times: Iterable[float]) -> tuple[float, ...]:
    """The times without those that follow another too soon."""
    kept: list[float] = []
    for time in times:
        if not kept or time - kept[-1] >= APART_S:
            kept.append(time)
    return tuple(kept)
