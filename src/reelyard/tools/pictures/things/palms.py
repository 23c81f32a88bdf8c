"""Plants of hot countries."""

from __future__ import annotations

from math import cos, radians, sin

from reelyard.tools.pictures.things.leaves import half, trunk
from reelyard.tools.pictures.things.outline import limb, soft
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, polygon
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing


def palm(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    side = random.choice((-1, 1))
    lean = side * random.uniform(8, 18) + asking.wind * 8
    points: list[Point] = [(0, 0), (lean * 0.05, -26), (lean * 0.4, -52), (lean, -76)]
    green = varied(asking.tint or "#5d8450", random)
    fronds = [(-168, 40), (-12, 40), (-196, 36), (16, 36), (-140, 38), (-40, 38), (-110, 32), (-70, 32)]
    for i, (turn, reach) in enumerate(fronds):
        tone = darker(green, 0.25) if i < 4 else (green if i < 6 else lighter(green, 0.12))
        if i == 4:
            trunk(sketch, asking, points, [7, 5, 4.2, 4.4], "#9a7d5c")
            rings = [
                limb([(lean * u * u - 2.2, -74 * u - 2), (lean * u * u + 2.2, -74 * u - 1.4)], [0.8, 0.8])
                for u in (0.12, 0.25, 0.38, 0.5, 0.62, 0.74, 0.86)
            ]
            sketch.shade(joined(rings))
        sketch.fill(
            _frond((lean, -76), turn + random.uniform(-8, 8), reach * random.uniform(0.85, 1.1), asking.wind),
            tone,
            Grain.LEAF,
        )
    sketch.fill(
        joined(ellipse(lean + dx, -73 + dy, 2.6) for dx, dy in ((-2.6, 0), (2.4, 0.6), (0, 2.2))), "#6f4f35"
    )
    return sketch.drawing()


def _frond(at: Point, turn: float, reach: float, wind: float) -> Path:
    """A palm leaf: it rises, arches over and hangs, its lower edge cut into fingers."""
    (x, y), out = at, cos(radians(turn))
    rise = -sin(radians(turn)) * reach
    spine = [
        (
            x + (out * reach + wind * 8) * t,
            y
            - rise * t * (1.15 - 0.55 * t)
            + reach * 0.62 * abs(out) ** 0.5 * t * t
            - reach * 0.22 * t * (1 - t),
        )
        for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    sign = 1 if out >= 0 else -1
    below: list[Point] = []
    for i in range(5, 0, -1):
        (px, py), width = spine[i], (0, 6.5, 8.5, 8, 6, 2.5)[i]
        below.append((px - sign * 1.0, py + width))
        below.append(((px + spine[i - 1][0]) / 2 + sign * 0.6, (py + spine[i - 1][1]) / 2 + width * 0.3))
    ring = [*[(px, py - 1.1) for px, py in spine], *below]
    return soft(ring, corners=range(5, len(ring)))


def cactus(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    green = varied(asking.tint or "#5f8258", random)
    left, right = random.uniform(-46, -32), random.uniform(-58, -44)
    arms = limb([(0, left), (-22, left), (-27, left - 8), (-27, left - 30)], [12, 12, 12, 11]) + limb(
        [(0, right), (22, right), (26, right - 7), (26, right - 24)], [12, 12, 12, 11]
    )
    body = limb([(0, 0), (0, -50), (0, -91)], [19, 21, 17])
    sketch.fill(arms, darker(green, 0.08))
    sketch.fill(body, green)
    sketch.shade(half(body, -asking.light * 3, -asking.light))
    sketch.line(
        joined(polygon((x, -4), (x * 0.9, -88), (x, -4)) for x in (-5, 0, 5)), darker(green, 0.25), 0.9
    )
    if random.random() < 0.6:
        sketch.fill(joined(ellipse(x, y, 4, 3) for x, y in ((0, -99), (-27, left - 37))), "#cf7a86")
    return sketch.drawing()


THINGS = (
    Thing("palm", 9, Stand.LAND, palm, groups=True),
    Thing("cactus", 3, Stand.LAND, cactus, groups=True),
)
