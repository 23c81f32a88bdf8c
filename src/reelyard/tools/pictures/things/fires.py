"""Fires, large and small."""

from __future__ import annotations

from reelyard.tools.pictures.things.outline import limb, soft
from reelyard.tools.pictures.things.paths import ellipse, joined
from reelyard.tools.pictures.things.sketch import Sketch
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing


def flame(sketch: Sketch, asking: Asking, size: float, x: float = 0.0, foot: float = 0.0) -> None:
    """A fire of this height."""
    random, k = asking.random, size / 100.0
    if size < 40:  # of a candle or a lamp
        lean = (random.uniform(-3, 3) + asking.wind * 12) * k
        for colour, wide, high in (("#e39a3f", 24.0, 100.0), ("#f4d27a", 15.0, 66.0)):
            w, h = wide * k, high * k
            sketch.light(
                soft(
                    [
                        (x - w, foot - h * 0.3),
                        (x - w * 0.5, foot - h * 0.62),
                        (x + lean, foot - h),
                        (x + w * 0.5, foot - h * 0.62),
                        (x + w, foot - h * 0.3),
                        (x, foot),
                    ],
                    corners=[2],
                ),
                colour,
            )
        sketch.glow(x, foot - size * 0.5, size * 2.5, "#ffb866")
        return
    for colour, wide, high in (("#d0662f", 1.0, 1.0), ("#e39a3f", 0.66, 0.72), ("#f4d27a", 0.36, 0.42)):
        lean, w, h = (random.uniform(-8, 8) + asking.wind * 18) * k, 34 * wide * k, 100 * high * k
        tongues = [
            (x - w, foot - h * 0.18),
            (x - w * 0.9, foot - h * 0.5),
            (x - w * 0.55 + lean * 0.4, foot - h * 0.72),
            (x - w * 0.3, foot - h * 0.5),
            (x + lean, foot - h),
            (x + w * 0.35, foot - h * 0.55),
            (x + w * 0.62 + lean * 0.5, foot - h * 0.7),
            (x + w * 0.95, foot - h * 0.4),
            (x + w, foot - h * 0.16),
            (x + w * 0.5, foot),
            (x - w * 0.5, foot),
        ]
        sketch.light(soft(tongues, corners=[2, 4, 6]), colour)
    sketch.glow(x, foot - size * 0.4, size * 1.9, "#ffb866")


def campfire(asking: Asking) -> Drawing:
    sketch = Sketch()
    sketch.fill(joined(ellipse(x, -7, 11, 8) for x in (-62, -40, 40, 62)), "#85827f", Grain.STONE)
    sketch.fill(
        limb([(-54, -4), (46, -24)], [12, 11]) + limb([(54, -4), (-46, -24)], [12, 11]), "#5a4336", Grain.WOOD
    )
    flame(sketch, asking, 92, 0, -8)
    sketch.fill(limb([(-40, -6), (40, -8)], [13, 12]), "#6d5040", Grain.WOOD)
    sketch.fill(joined(ellipse(x, -5, 12, 8) for x in (-20, 4, 26)), "#96928e", Grain.STONE)
    return sketch.drawing()


THINGS = (Thing("campfire", 1, Stand.LAND, campfire),)
