"""What trees and bushes are made of: bark, crowns of leaves by the season, bare branches, snow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from reelyard.tools.pictures.things.outline import limb, lumpy, side_of
from reelyard.tools.pictures.things.paths import Path, Point, joined
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, mixed, varied
from reelyard.tools.pictures.things.thing import Asking, Grain, Season

Lobe = tuple[float, float, float, float]  # middle, half width, half height

SNOW = "#f3f5f7"
LEAVES = {
    Season.SPRING: ("#8fae62", "#9cb56c", "#7fa35c"),
    Season.SUMMER: ("#5f8450", "#6c8d4c", "#557a52"),
    Season.AUTUMN: ("#c08540", "#b8653a", "#c9a148"),
    Season.WINTER: ("#6f7a5e", "#6f7a5e", "#6f7a5e"),
}


def leaf_colour(asking: Asking, *, kind: int = 0) -> str:
    """The leaves of this tree at this time of the year; `kind` tells one sort of tree from another."""
    if asking.tint:
        return varied(asking.tint, asking.random, 0.06)
    shades = LEAVES[asking.season]
    own = shades[kind % 3] if asking.season is not Season.AUTUMN else asking.random.choice(shades)
    return varied(own, asking.random, 0.1)


def crown(sketch: Sketch, asking: Asking, lobes: Sequence[Lobe], colour: str, *, lumps: int = 9) -> None:
    """Leaves in round masses, the first at the back; darker away from the light, lighter towards it."""
    random, side = asking.random, asking.light
    sketch.fill(joined(_lobe(lobe, random, lumps) for lobe in lobes), darker(colour, 0.18), Grain.LEAF)
    inner = [_shifted(lobe, side * 0.12, -0.12, 0.86) for lobe in lobes]
    sketch.fill(joined(_lobe(lobe, random, lumps) for lobe in inner), colour, Grain.LEAF)
    lit = [_shifted(lobe, side * 0.3, -0.34, 0.5) for lobe in lobes]
    sketch.fill(
        joined(_lobe(lobe, random, max(6, lumps - 2)) for lobe in lit), lighter(colour, 0.16), Grain.LEAF
    )
    sprigs = [
        lumpy(
            (x + side * rx * random.uniform(-0.2, 0.6), y - ry * random.uniform(-0.1, 0.7)),
            rx * random.uniform(0.1, 0.2),
            ry * random.uniform(0.08, 0.15),
            random,
            lumps=5,
        )
        for x, y, rx, ry in lobes
        for _ in range(2)
    ]
    sketch.fill(joined(sprigs), lighter(colour, 0.32), Grain.LEAF)
    if asking.snow:
        caps = [_shifted(lobe, side * 0.05, -0.55, 0.5) for lobe in lobes]
        sketch.fill(joined(_lobe(lobe, random, 7) for lobe in caps), SNOW, Grain.SNOW)


def trunk(
    sketch: Sketch, asking: Asking, points: Sequence[Point], widths: Sequence[float], bark: str
) -> None:
    """A stem with a dark side."""
    body = limb(points, widths, blunt=True)
    sketch.fill(body, bark, Grain.WOOD)
    dark = _side(points, widths, -asking.light)
    sketch.shade(dark)


def bare(
    asking: Asking, height: float, width: float, *, spread: float = 34.0, droop: float = 0.0
) -> list[Path]:
    """The branches of a tree without leaves, from its foot at 0, 0."""
    out: list[Path] = []
    _branch(out, asking.random, (0.0, 0.0), -90.0, (height * 0.34, width), (5, spread, droop))
    return out


def _branch(
    out: list[Path],
    random: Random,
    foot: Point,
    turn: float,
    size: tuple[float, float],
    habit: tuple[int, float, float],
) -> None:
    (length, width), (depth, spread, droop) = size, habit
    bend = turn + random.uniform(-9, 9)
    mid = _along(foot, bend, length * 0.5)
    tip = _along(mid, turn + random.uniform(-7, 7), length * 0.5)
    out.append(limb([foot, mid, tip], [width, width * 0.78, width * 0.62]))
    if depth == 0:
        return
    twigs = 3 if random.random() < 0.42 or depth == 5 else 2
    for i in range(twigs):
        off = spread * (i - (twigs - 1) / 2) * (2 / twigs if twigs > 2 else 1.25) * random.uniform(0.75, 1.25)
        lean = turn + off
        lean += droop * math.cos(math.radians(lean)) * 6
        start = tip if i != 1 else _along(mid, turn, length * random.uniform(0.2, 0.48))
        _branch(
            out,
            random,
            start,
            lean,
            (length * random.uniform(0.66, 0.84), width * 0.6),
            (depth - 1, spread, droop),
        )


def snow_on(paths: Sequence[Path], lift: float = 0.5) -> Path:
    """A thin white line along what branches have above."""
    return joined(path.scaled(1, 1).moved(0, -lift) for path in paths)


def _along(at: Point, degrees: float, length: float) -> Point:
    return (
        at[0] + length * math.cos(math.radians(degrees)),
        at[1] + length * math.sin(math.radians(degrees)),
    )


def _lobe(lobe: Lobe, random: Random, lumps: int) -> Path:
    x, y, rx, ry = lobe
    return lumpy((x, y), rx, ry, random, lumps=lumps)


def _shifted(lobe: Lobe, right: float, down: float, size: float) -> Lobe:
    x, y, rx, ry = lobe
    return (x + rx * right, y + ry * down, rx * size, ry * size)


def _side(points: Sequence[Point], widths: Sequence[float], side: float) -> Path:
    shifted = [(x + side * w * 0.27, y) for (x, y), w in zip(points, widths, strict=True)]
    return limb(shifted, [w * 0.46 for w in widths], blunt=True)


def half(path: Path, x: float, side: float) -> Path:
    """What of a shape lies right (side > 0) or left of an upright line."""
    return side_of(path, (x, 0.0), (x, -1.0)) if side > 0 else side_of(path, (x, -1.0), (x, 0.0))


def blossom(colour: str) -> str:
    """The leaves of a fruit tree in spring, seen from afar."""
    return mixed(colour, "#eec9c8", 0.72)
