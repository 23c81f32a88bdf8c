"""Progress of a step as a part of the whole, told also while nothing comes out."""

from __future__ import annotations

from collections.abc import Callable

from reelyard.tools.ffmpeg.progress import follow

Tell = Callable[[float], None]


def part_of(tell: Tell | None, begin: float, share: float) -> Tell:
    """Tells the fraction of a step that begins at `begin` of the whole and is `share` of it."""
    if tell is None:
        return lambda _fraction: None
    return lambda fraction: tell(begin + share * fraction)


def steadily(seconds: float | None, tell: Tell) -> Callable[[str], None]:
    """A listener for `run(on_line=…)` that tells the fraction of `seconds` done, and repeats it as time goes by.

    A long stretch that is cut is decoded without anything being written; who waits should not take that for a
    standstill. What really stands still is ended by its limit of time.
    """
    reached = 0.0

    def told(fraction: float) -> None:
        nonlocal reached
        reached = fraction
        tell(fraction)

    follower = follow(seconds, told)

    def listen(line: str) -> None:
        if follower is not None:
            follower(line)
        if line.startswith("progress="):
            tell(reached)

    return listen
