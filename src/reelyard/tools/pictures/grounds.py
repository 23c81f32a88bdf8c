"""The run of the land: bands formed by chance from a place's recipe."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from reelyard.tools.pictures.recipes import Form, Recipe, Strip
from reelyard.tools.pictures.scene import Band
from reelyard.tools.pictures.things.paths import Point

POINTS = 33  # of an edge
_Run = Callable[[float], float]  # how high an edge is at 0 to 1 of the width, about -1 to 1


@dataclass(frozen=True, slots=True)
class Frame:
    """The picture that is to be filled."""

    width: int
    height: int
    horizon: float  # pixels
    side: int  # of the focal thing: -1 left, 1 right
    ceiling: float = 0.0  # pixels from the top that things keep free
    zoom: float = 1.0  # of sizes

    @property
    def unit(self) -> float:
        """What sizes are measured by: the height of a wide picture, something more than the width of a tall one."""
        tall = 1.22 if self.height > self.width else 1.0
        return min(self.width, self.height) * tall * self.zoom


def bands_of(recipe: Recipe, frame: Frame, random: Random) -> tuple[Band, ...]:
    """The bands of a place, far to near."""
    return tuple(
        Band(strip.ground, strip.depth, strip.scale, _edge(strip, frame, random)) for strip in recipe.strips
    )


def _edge(strip: Strip, frame: Frame, random: Random) -> tuple[Point, ...]:
    below = frame.height - frame.horizon
    base = frame.horizon + (strip.top * below if strip.top > 0 else strip.top * frame.height)
    rise = strip.rise * min(frame.height, frame.unit * 1.2)
    run = _RUNS[strip.form](random, frame.side)
    last = POINTS - 1
    return tuple((frame.width * (i / last * 1.04 - 0.02), base - rise * run(i / last)) for i in range(POINTS))


def _flat(random: Random, _side: int) -> _Run:
    return _waves(random, ((1.5, 0.5), (4.0, 0.3)))


def _rolling(random: Random, _side: int) -> _Run:
    return _waves(random, ((1.1, 0.75), (2.3, 0.3), (5.1, 0.10)))


def _jagged(random: Random, _side: int) -> _Run:
    """Midpoint displacement: peaks with a broken line."""
    heights = [
        random.uniform(0.0, 0.5),
        random.uniform(0.6, 1.0),
        random.uniform(0.1, 0.7),
        random.uniform(0.5, 1.0),
        0.2,
    ]
    rough = 0.34
    while len(heights) < POINTS - 1:
        between = [(a + b) / 2 + random.uniform(-rough, rough) * 0.6 for a, b in pairwise(heights)]
        heights = [value for pair in zip(heights, between, strict=False) for value in pair] + [heights[-1]]
        rough *= 0.55

    def run(t: float) -> float:
        at = t * (len(heights) - 1)
        i = min(int(at), len(heights) - 2)
        return heights[i] + (heights[i + 1] - heights[i]) * (at - i)

    return run


def _headland(random: Random, side: int) -> _Run:
    """Land that begins near the middle and rises towards the side; elsewhere it is under the picture's edge."""
    begin, bumps = random.uniform(0.38, 0.50), _waves(random, ((2.2, 0.10), (6.0, 0.05)))

    def run(t: float) -> float:
        along = (t if side > 0 else 1 - t) - begin
        if along < 0:
            return -6.0 if along < -0.05 else -6.0 + (along + 0.05) * 70
        climb = min(1.0, along / 0.24)
        return -2.5 * (1 - climb) ** 2 + climb * (1.0 + bumps(t)) + 0.12 * along

    return run


def _slope(random: Random, side: int) -> _Run:
    bumps = _waves(random, ((1.3, 0.22), (3.7, 0.1)))
    return lambda t: (t if side > 0 else 1 - t) * 1.1 - 0.35 + bumps(t)


def _bank(random: Random, side: int) -> _Run:
    bumps = _waves(random, ((1.6, 0.2), (4.1, 0.12)))
    return lambda t: ((1 - t) if side > 0 else t) ** 1.6 * 1.5 - 0.4 + bumps(t)


def _waves(random: Random, parts: tuple[tuple[float, float], ...]) -> _Run:
    phases = [(rate * random.uniform(0.8, 1.2), size, random.uniform(0, math.tau)) for rate, size in parts]
    return lambda t: sum(size * math.sin(rate * t * math.tau + phase) for rate, size, phase in phases)


_RUNS = {
    Form.FLAT: _flat,
    Form.ROLLING: _rolling,
    Form.JAGGED: _jagged,
    Form.HEADLAND: _headland,
    Form.SLOPE: _slope,
    Form.BANK: _bank,
}
