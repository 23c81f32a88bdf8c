"""What stands out in the changes of the picture: many in a short time, and one after a long time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from reelyard.media.highlights import ReasonKind
from reelyard.tools.highlights.signals import TICKS, Part, marked, share

WINDOW_S = 10.0
OFTEN = 0.3  # ends of long shots a minute
LONG_S = 10.0  # a shorter shot is not long in any film


def picture_parts(scenes: Sequence[float], duration_s: float, ticks: int) -> tuple[Part, ...]:
    """What changes of the picture at `scenes` (seconds) add to the score."""
    cuts = sorted({time for time in scenes if 0 < time < duration_s})
    return (_quick(cuts, duration_s, ticks), _new(cuts, duration_s, ticks)) if cuts else ()


def _quick(cuts: Sequence[float], duration_s: float, ticks: int) -> Part:
    usual = WINDOW_S * len(cuts) / duration_s
    counts = [bisect_left(cuts, cut + WINDOW_S / 2) - bisect_left(cuts, cut - WINDOW_S / 2) for cut in cuts]
    spans = [
        (cut, cut, share(count, max(2.0, 1.5 * usual), max(6.0, 3 * usual)))
        for cut, count in zip(cuts, counts, strict=True)
    ]

    def tell(start: float, end: float) -> str:
        most = max((n for cut, n in zip(cuts, counts, strict=True) if start <= cut <= end), default=0)
        return f"the picture changes {most} times within {WINDOW_S:.0f} s"

    return Part(ReasonKind.QUICK_CUTS, 0.5, marked(ticks, spans), tell)


def _new(cuts: Sequence[float], duration_s: float, ticks: int) -> Part:
    shots = [end - start for start, end in pairwise((0.0, *cuts, duration_s))]
    usual = max(1 / TICKS, median(shots))
    few = 1 - share(len(cuts) * 60 / max(60.0, duration_s), 1, 3)  # cuts a minute

    def value(shot: float) -> float:
        if shot < LONG_S:
            return 0.0
        return max(share(shot / usual, 1.5, 4), 0.8 * few * share(shot, LONG_S, 40))

    def tell(start: float, end: float) -> str:
        most = max((s for cut, s in zip(cuts, shots, strict=False) if start <= cut <= end), default=0.0)
        return f"the picture changes after {most:.0f} s without a cut"

    values = [value(shot) for shot in shots[:-1]]
    calm = min(1.0, (1 + OFTEN * duration_s / 60) / max(1.0, sum(values)))  # what is often so says little
    spans = [(cut, cut, calm * worth) for cut, worth in zip(cuts, values, strict=True)]
    return Part(ReasonKind.NEW_SCENE, 0.5, marked(ticks, spans), tell)
