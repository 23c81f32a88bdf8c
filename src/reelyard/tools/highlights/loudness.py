"""What stands out in the sound: stretches louder than the rest, and sudden rises."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

from reelyard.media.highlights import ReasonKind
from reelyard.tools.highlights.signals import TICKS, Part, marked, share
from reelyard.tools.sound.levels import STEPS_PER_SECOND, Levels

STEPS = STEPS_PER_SECOND // TICKS
FLOOR_DB = -60.0  # below it nothing is heard
RANGE_DB = 30.0  # what lies further below the loud parts is background, not what is told
LEAST_SPREAD_DB = 3.0
RARE = (0.35, 0.2)  # of a film heard: above the first usual, below the second being heard is what stands out
LONG_SILENCE_S = 6.0
ONSETS_A_MINUTE = 3.0  # more sudden rises than that are how the film sounds
# The power of each level. Levels are 0 or below, so they count from the table's end.
POWERS = (1.0, *(10 ** (db / 10) for db in range(-128, 0)))


@dataclass(frozen=True, slots=True)
class Usual:
    """What a film sounds like most of the time."""

    db: float
    spread_db: float  # of the louder half, as a standard deviation
    rare: float  # 1 when next to nothing is heard, 0 when it is usual that something is


def sound_parts(levels: Levels, ticks: int) -> tuple[Part, ...]:
    """What the sound adds to the score; nothing for a film in which nothing is heard."""
    powers = _powers(levels.db, ticks)
    loudness = _smooth(powers, before=TICKS // 2, after=TICKS // 2)
    usual = _usual(loudness)
    return (
        ()
        if usual is None
        else (
            _loud(loudness, usual),
            _sudden(powers, usual),
            _after_silence(powers, usual),
        )
    )


def tick_levels(levels: Levels, ticks: int) -> list[float]:
    """The loudness of each tick, in dB below full scale."""
    return _smooth(_powers(levels.db, ticks), before=0, after=1)


def _powers(db: array[int], ticks: int) -> list[float]:
    each = list(map(POWERS.__getitem__, db))
    found = [sum(each[at : at + STEPS]) / STEPS for at in range(0, len(each), STEPS)][:ticks]
    return found + [POWERS[-96]] * (ticks - len(found))


def _smooth(powers: Sequence[float], before: int, after: int) -> list[float]:
    """The level over the ticks from `before` a tick up to, not including, `after` it."""
    sums = [0.0, *accumulate(powers)]
    last = len(powers)
    found = []
    for tick in range(last):
        begin, end = max(0, tick - before), min(last, tick + after)
        found.append(10 * math.log10(max(1e-10, (sums[end] - sums[begin]) / (end - begin))))
    return found


def _usual(loudness: Sequence[float]) -> Usual | None:
    ordered = sorted(loudness)
    floor = max(FLOOR_DB, ordered[int(len(ordered) * 0.95)] - RANGE_DB)
    heard = ordered[bisect_left(ordered, floor) :]
    if not heard:
        return None
    middle = median(heard)
    spread = (heard[int(len(heard) * 0.75)] - middle) / 0.674  # the quartile of a normal distribution
    rare = share(len(heard) / len(ordered), *RARE)
    return Usual(middle, max(LEAST_SPREAD_DB, spread), rare)


def _loud(loudness: Sequence[float], usual: Usual) -> Part:
    audible = usual.db - RANGE_DB / 2

    def value(level: float) -> float:
        above = level - usual.db
        louder = share(above, 3, 12) * share(above / usual.spread_db, 1, 2.5)
        heard = 0.8 * usual.rare if level > audible else 0.0
        return 1 - (1 - louder) * (1 - heard)

    curve = [value(level) for level in loudness]

    def tell(start: float, end: float) -> str:
        first, last = int(start * TICKS), int(end * TICKS) + 1
        most = max(curve[first:last], default=0.0)
        strong = [
            level
            for level, strength in zip(loudness[first:last], curve[first:last], strict=True)
            if strength >= most / 2
        ]
        above = round(sum(strong) / max(1, len(strong)) - usual.db)
        return f"{above} dB louder than the rest" if above >= 3 else "heard while most of the film is silent"

    return Part(ReasonKind.LOUD, 0.65, curve, tell)


def _after_silence(powers: Sequence[float], usual: Usual) -> Part:
    audible = usual.db - RANGE_DB / 2
    silences: dict[int, float] = {}  # seconds of silence, by the tick that ends it
    silent_since: int | None = None  # what comes after the beginning comes after no silence
    for tick, level in enumerate(_smooth(powers, before=0, after=1)):
        if level < audible:
            continue
        if silent_since is not None and tick - silent_since > LONG_SILENCE_S * TICKS:
            silences[tick] = (tick - silent_since) / TICKS
        silent_since = tick
    rare = min(1.0, 2 * (len(powers) / TICKS / 60 + 1) / max(1, len(silences)))
    spans = [
        (tick / TICKS, tick / TICKS, rare * share(length, LONG_SILENCE_S, 20))
        for tick, length in silences.items()
    ]

    def tell(start: float, end: float) -> str:
        longest = max(
            (s for t, s in silences.items() if start <= (t + 1) / TICKS and t / TICKS <= end), default=0
        )
        return f"heard after {longest:.0f} s of silence"

    return Part(ReasonKind.AFTER_SILENCE, 0.5, marked(len(powers), spans), tell)


def _sudden(powers: Sequence[float], usual: Usual) -> Part:
    now = _smooth(powers, before=0, after=3)
    each = _smooth(powers, before=0, after=1)
    rises = [0.0] * len(now)
    for tick in range(TICKS, len(now)):
        if now[tick] > usual.db + 1:  # most are not; a rise to what is usual is none
            rises[tick] = now[tick] - max(*each[tick - TICKS : tick], usual.db - RANGE_DB)
    curve = [
        share(rise, 12, 24) * share(level - usual.db, 1, 9) for rise, level in zip(rises, now, strict=True)
    ]
    onsets = sum(1 for tick in range(1, len(curve)) if curve[tick] > 0.2 >= curve[tick - 1])
    calm = min(1.0, ONSETS_A_MINUTE * (len(curve) / TICKS / 60 + 1) / max(1, onsets))

    def tell(start: float, end: float) -> str:
        return f"suddenly {round(max(rises[int(start * TICKS) : int(end * TICKS) + 1]))} dB louder"

    return Part(ReasonKind.SUDDEN, 0.45, [value * calm for value in curve], tell)
