"""How far ffmpeg is, from what `-progress` prints."""

from __future__ import annotations

from collections.abc import Callable

TO_STDOUT = ("-progress", "pipe:1")


def follow(duration_s: float | None, tell: Callable[[float], None] | None) -> Callable[[str], None] | None:
    """A listener for `run(on_line=…)` that tells the fraction done, 0 to 1, never going back.

    None when there is nothing to tell or nobody to tell it to. The command needs `TO_STDOUT`.
    """
    if tell is None or not duration_s:
        return None
    reached = 0.0

    def listen(line: str) -> None:
        nonlocal reached
        seconds = seconds_done(line)
        if seconds is None:
            return
        fraction = min(1.0, seconds / duration_s)
        if fraction > reached:
            reached = fraction
            tell(fraction)

    return listen


def seconds_done(line: str) -> float | None:
    """The seconds of output that a progress line names; None for any other line."""
    name, _, value = line.partition("=")
    if name != "out_time_us" or not value.strip().lstrip("-").isdecimal():
        return None
    return max(0.0, int(value) / 1_000_000)
