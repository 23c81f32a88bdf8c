"""The rate of a film, told from its pictures' time stamps: on an even grid, or not."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

STANDARD = tuple(
    Fraction(rate)
    for rate in (
        *("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60"),
        *("5", "10", "12", "12.5", "15000/1001", "15", "20", "90", "100", "120000/1001", "120", "240"),
    )
)
FASTEST = Fraction(240)  # pictures a second; what claims more is a clock, not a rate
FALLBACK = Fraction(25)
# A stamp is a rounded one: the largest and the smallest error of roundings lie less than a tick apart. Some
# writers round twice, and clocks of cameras tremble: a twentieth of a picture is seen by nobody.
TICKS_APART = Fraction(101, 100)
PICTURE_APART = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Grid:
    """The pictures of a film over time."""

    rate: Fraction  # pictures a second: exact when `constant`, else the nominal one
    constant: bool
    frames: int  # pictures shown; of a film that is not constant: those it has once it is conformed to `rate`


def grid_of(stamps: Sequence[int], last: int, tick: Fraction, declared: Iterable[Fraction | None]) -> Grid:
    """The grid of pictures that are shown at `stamps` (ascending, in ticks of `tick` seconds).

    `last` is how many ticks the last picture is shown, 0 when unknown; `declared` are the rates that the
    container names, best first. A rate counts only when every picture lies on it.
    """
    count = len(stamps)
    named = [rate for rate in declared if rate is not None and 0 < rate <= FASTEST]
    if count < 2 or stamps[-1] <= stamps[0]:
        return Grid(named[0] if named else FALLBACK, count > 0, count)
    mean = (count - 1) / ((stamps[-1] - stamps[0]) * tick)
    near = sorted(STANDARD, key=lambda rate: abs(rate - mean))
    for rate in (*(_standardised(rate) for rate in named), *near, mean):
        if abs(rate - mean) * 50 < mean and rate <= FASTEST and _fits(stamps, tick, rate):
            return Grid(rate, constant=True, frames=count)
    nominal = _nominal(stamps, tick, named)
    shown = (stamps[-1] + last - stamps[0]) * tick
    return Grid(nominal, constant=False, frames=max(1, round(shown * nominal)))


def number_of(ticks: int, step: Fraction) -> int:
    """Which picture is shown `ticks` after the first, of which each is `step` pictures; half a picture is the next.

    In whole numbers: there are millions of them in a long film.
    """
    return (2 * ticks * step.numerator + step.denominator) // (2 * step.denominator)


def _standardised(rate: Fraction) -> Fraction:
    """2997/100 is what some containers write for 30000/1001."""
    near = min(STANDARD, key=lambda standard: abs(standard - rate))
    return near if abs(near - rate) * 5000 < rate else rate


def _fits(stamps: Sequence[int], tick: Fraction, rate: Fraction) -> bool:
    """Whether picture k is shown at the start + k / rate, but for rounding. In whole numbers: they are many."""
    step = 1 / (rate * tick)  # ticks a picture
    over, under = step.numerator, step.denominator
    most = int(max(TICKS_APART, PICTURE_APART * step) * under)
    low = high = 0
    for number, stamp in enumerate(stamps):
        error = (stamp - stamps[0]) * under - number * over
        low, high = min(low, error), max(high, error)
        if high - low > most:
            return False
    return True


def _nominal(stamps: Sequence[int], tick: Fraction, named: Sequence[Fraction]) -> Fraction:
    """The standard rate next to the usual distance of two pictures."""
    distances = [after - before for before, after in pairwise(stamps) if after > before]
    usual = 1 / (statistics.median_low(distances) * tick)
    candidates = [rate for rate in (*named, *STANDARD) if rate <= 60]
    return min(candidates or [FALLBACK], key=lambda rate: (abs(rate - usual), rate not in named))
