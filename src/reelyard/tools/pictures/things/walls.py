"""What buildings are made of: walls with a dark side, roofs, windows, doors, chimneys."""

from __future__ import annotations

from collections.abc import Sequence

from reelyard.tools.pictures.things.outline import lumpy, soft
from reelyard.tools.pictures.things.paths import Path, Point, joined, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter
from reelyard.tools.pictures.things.thing import Asking, Grain

Box = tuple[float, float, float, float]
GLASS = "#8fa6b2"
SNOW = "#f3f5f7"
FRAME = "#efe8da"


def shaded(sketch: Sketch, asking: Asking, box: Box, *, share: float = 0.32) -> None:
    """The side of a wall away from the light lies in shade; `box` is left, right, top, bottom."""
    left, right, top, bottom = box
    width = (right - left) * share
    x = right - width if asking.light < 0 else left
    sketch.shade(rect(x, top, width, bottom - top))


def window(sketch: Sketch, box: Box, *, arch: bool = False, frame: str = FRAME) -> None:
    """A window: a frame, a pane that shines, bars; `box` is its middle, top, width and height."""
    x, top, width, height = box
    rim = min(width, height) * 0.13
    pane = _opening(x, top, width, height, arch=arch)
    sketch.fill(_opening(x, top - rim, width + rim * 2, height + rim * 2, arch=arch), frame)
    sketch.light(pane, GLASS)
    bars = rect(x - rim * 0.3, top, rim * 0.6, height)
    sketch.fill(bars if arch else bars + rect(x - width / 2, top + height * 0.45, width, rim * 0.6), frame)
    sketch.glow(x, top + height / 2, max(width, height) * 1.5)


def shutters(sketch: Sketch, x: float, top: float, width: float, height: float, colour: str) -> None:
    """Folded back at both sides of a window."""
    leaf = width * 0.48
    sketch.fill(
        rect(x - width * 0.66 - leaf, top, leaf, height) + rect(x + width * 0.66, top, leaf, height),
        colour,
        Grain.WOOD,
    )


def door(sketch: Sketch, box: tuple[float, float, float], colour: str, *, arch: bool = False) -> None:
    """A door on the ground; `box` is its middle, width and height."""
    (x, width, height), foot = box, 0.0
    rim = width * 0.12
    sketch.fill(
        _opening(x, foot - height - rim, width + rim * 2, height + rim, arch=arch), darker(colour, 0.45)
    )
    sketch.fill(_opening(x, foot - height, width, height, arch=arch), colour, Grain.WOOD)
    planks = joined(
        rect(x + width * k - 0.25, foot - height * 0.82, 0.5, height * 0.82) for k in (-0.22, 0.06, 0.3)
    )
    sketch.shade(planks)
    sketch.fill(rect(x + width * 0.26, foot - height * 0.48, width * 0.1, width * 0.1), "#d9b45f")


def _opening(x: float, top: float, width: float, height: float, *, arch: bool) -> Path:
    if not arch:
        return rect(x - width / 2, top, width, height)
    h, low = width / 2, top + height
    points = [
        (x - h, low),
        (x - h, top + h),
        (x - h * 0.7, top + h * 0.28),
        (x, top),
        (x + h * 0.7, top + h * 0.28),
        (x + h, top + h),
        (x + h, low),
    ]
    return soft(points, corners=[0, 6])


def roof(
    sketch: Sketch, asking: Asking, outline: Sequence[Point], colour: str, grain: Grain = Grain.SMOOTH
) -> None:
    """A roof by its corners; under snow white but for its eaves. The first and last corners are the eaves."""
    sketch.fill(polygon(*outline), colour, grain)
    if not asking.snow:
        return
    top, low = min(y for _, y in outline), max(y for _, y in outline)
    mid = sum(x for x, _ in outline) / len(outline)
    sketch.fill(
        polygon(
            *[
                (mid + (x - mid) * 0.97, top - 1.2 + (y - top) * (0.8 if y < low else 0.86))
                for x, y in outline
            ]
        ),
        SNOW,
        Grain.SNOW,
    )


def tiles(sketch: Sketch, left: float, right: float, top: float, low: float, slant: float = 0.0) -> None:
    """Rows of tiles hinted at: short dark strokes; `slant` draws the ends in towards the ridge."""
    rows = 4
    marks: list[Path] = []
    for i in range(1, rows):
        share = i / rows
        y, a, b = top + (low - top) * share, left + slant * (1 - share), right - slant * (1 - share)
        step = (b - a) / 6
        marks.extend(rect(a + step * (k + 0.25 + 0.4 * (i % 2)), y, step * 0.45, 0.7) for k in range(5))
    sketch.shade(joined(marks))


def chimney(sketch: Sketch, asking: Asking, box: Box, *, colour: str = "#9a6a58") -> None:
    """A stack with a cap; when lamps are lit there is a fire below, and it smokes.

    `box` is its middle, foot, width and height.
    """
    x, foot, width, height = box
    top = foot - height
    if asking.lit or asking.snow:
        smoke(sketch, asking, x, top - 1, width)
    sketch.fill(rect(x - width / 2, top, width, height), colour, Grain.STONE)
    shaded(sketch, asking, (x - width / 2, x + width / 2, top, foot), share=0.4)
    sketch.fill(rect(x - width * 0.65, top - width * 0.3, width * 1.3, width * 0.36), darker(colour, 0.25))
    if asking.snow:
        sketch.fill(rect(x - width * 0.6, top - width * 0.55, width * 1.2, width * 0.28), SNOW, Grain.SNOW)


def smoke(
    sketch: Sketch, asking: Asking, x: float, y: float, size: float, *, colour: str = "#d9d8d6"
) -> None:
    """Puffs that grow as they rise, and lean with the wind."""
    random = asking.random
    puffs = []
    for i in range(4):
        at = (
            x + size * i * (0.25 + asking.wind * 1.4) + random.uniform(-0.3, 0.3) * size,
            y - size * (0.5 + i * 0.95) * (1 - asking.wind * 0.45),
        )
        puffs.append(lumpy(at, size * (0.42 + 0.16 * i), size * (0.4 + 0.13 * i), random, lumps=6))
    for puff in puffs:
        sketch.fill(puff, lighter(colour, 0.1))


def timbers(sketch: Sketch, beams: Sequence[tuple[Point, Point]], colour: str, width: float = 2.0) -> None:
    """Beams of a timbered wall."""
    strips = []
    for (x, y), (a, b) in beams:
        size = ((a - x) ** 2 + (b - y) ** 2) ** 0.5 or 1.0
        nx, ny = -(b - y) / size * width / 2, (a - x) / size * width / 2
        strips.append(polygon((x + nx, y + ny), (a + nx, b + ny), (a - nx, b - ny), (x - nx, y - ny)))
    for strip in strips:
        sketch.fill(strip, colour, Grain.WOOD)


def stones(
    sketch: Sketch, asking: Asking, box: tuple[float, float, float, float], count: int, size: float
) -> None:
    """A few stones showing in a wall: left, top, right, bottom."""
    random, (left, top, right, bottom) = asking.random, box
    marks: list[Path] = []
    for _ in range(count):
        w, h = size * random.uniform(0.8, 1.5), size * random.uniform(0.45, 0.6)
        x, y = random.uniform(left, right - w), random.uniform(top, bottom - h)
        marks.append(
            soft(
                [
                    (x, y + h * 0.4),
                    (x + w * 0.2, y),
                    (x + w * 0.8, y),
                    (x + w, y + h * 0.5),
                    (x + w * 0.8, y + h),
                    (x + w * 0.2, y + h),
                ]
            )
        )
    sketch.shade(joined(marks))
