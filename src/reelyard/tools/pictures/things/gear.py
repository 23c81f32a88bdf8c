"""Gear that lies and stands about: barrels, crates, anchors, nets, flags, boots and bags."""

from __future__ import annotations

from reelyard.tools.pictures.things.keepsakes import GOLD, cloth_of
from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, lumpy, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing


def flag(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), cloth_of(asking)
    lift = 6 - asking.wind * 5
    banner = soft(
        [
            (1.5, -97),
            (18, -101 + lift),
            (36, -94 + lift),
            (56, -98 + lift * 1.6),
            (54, -66 + lift * 1.6),
            (36, -62 + lift),
            (18, -69 + lift),
            (1.5, -65),
        ],
        corners=[0, 3, 4, 7],
    )
    sketch.fill(rect(-1.8, -100, 3.6, 100), "#8a6a4c", Grain.WOOD)
    sketch.fill(banner, cloth, Grain.CLOTH)
    stripe = soft(
        [
            (1.5, -86),
            (18, -90 + lift),
            (36, -83 + lift),
            (55, -87 + lift * 1.6),
            (55, -77 + lift * 1.6),
            (36, -73 + lift),
            (18, -80 + lift),
            (1.5, -76),
        ],
        corners=[0, 3, 4, 7],
    )
    sketch.fill(stripe, lighter(cloth, 0.65), Grain.CLOTH)
    sketch.shade(
        soft(
            [
                (14, -99 + lift),
                (22, -100 + lift),
                (30, -96 + lift),
                (28, -65 + lift),
                (18, -69 + lift),
                (12, -68 + lift),
            ]
        )
    )
    sketch.fill(ellipse(0, -102, 3), GOLD)
    return sketch.drawing()


def boots(asking: Asking) -> Drawing:
    sketch = Sketch()
    hide = varied(asking.tint or "#6d4a38", asking.random)
    for dx, tone in ((26, darker(hide, 0.28)), (-26, hide)):
        sketch.fill(
            traced("-28,-98! -24,-50 -30,-20 -30,-8! 48,-8! 50,-18 38,-32 12,-40 6,-54 8,-98!").moved(dx, 0),
            tone,
        )
        sketch.fill(traced("-31,-9! 50,-9! 50,0! -10,0! -12,-4! -14,0! -31,0!").moved(dx, 0), "#33292a")
        sketch.fill(rect(-31, -101, 42, 11).moved(dx, 0), lighter(tone, 0.25))
        sketch.line(
            joined(line((-3, y), (8, y - 3)) for y in (-70, -60, -50)).moved(dx, 0), lighter(tone, 0.5), 2
        )
    return sketch.drawing()


def bag(asking: Asking) -> Drawing:
    sketch = Sketch()
    hide = varied(asking.tint or asking.random.choice(("#8a5a3c", "#6a5a4a", "#7d4038")), asking.random)
    sketch.line(
        soft([(-22, -78), (-20, -96), (0, -99), (20, -96), (22, -78)], closed=False), darker(hide, 0.4), 6
    )
    sketch.fill(traced("-72,-8! -72,-72 -66,-79! 66,-79! 72,-72 72,-8! 68,0! -68,0!"), hide, Grain.CLOTH)
    sketch.shade(half(rect(-72, -79, 144, 79), -asking.light * 40, -asking.light))
    sketch.fill(rect(-50, -79, 13, 79) + rect(37, -79, 13, 79), darker(hide, 0.3))
    sketch.fill(rect(-51, -48, 15, 11) + rect(36, -48, 15, 11), GOLD)
    sketch.shade(rect(-72, -52, 144, 3))
    return sketch.drawing()


def barrel(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#8a6244", asking.random)
    body = traced("-32,-98! -42,-70 -44,-50 -42,-28 -32,0! 32,0! 42,-28 44,-50 42,-70 32,-98!")
    sketch.fill(body, wood, Grain.WOOD)
    sketch.shade(
        joined(
            limb([(x * 0.8, -97), (x, -50), (x * 0.8, -1)], [1.2, 1.2, 1.2]) for x in (-28, -14, 0, 14, 28)
        )
    )
    for y, w in ((-84, 38), (-20, 41)):
        sketch.fill(limb([(-w, y - 2), (0, y + 3), (w, y - 2)], [8, 8, 8], blunt=True), "#5a5654")
    sketch.shade(half(body, -asking.light * 16, -asking.light))
    sketch.fill(ellipse(0, -97, 32, 5), lighter(wood, 0.2), Grain.WOOD)
    return sketch.drawing()


def crate(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#a8825a", asking.random)
    sketch.fill(rect(-54, -100, 108, 100), darker(wood, 0.12), Grain.WOOD)
    sketch.shade(joined(rect(-54, y, 108, 1.6) for y in (-80, -60, -40, -20)))
    sketch.fill(polygon((-44, -14), (-34, -4), (44, -86), (34, -96)), lighter(wood, 0.04), Grain.WOOD)
    sketch.fill(
        rect(-54, -100, 108, 14) + rect(-54, -14, 108, 14) + rect(-54, -86, 14, 72) + rect(40, -86, 14, 72),
        wood,
        Grain.WOOD,
    )
    sketch.shade(half(rect(-54, -100, 108, 100), -asking.light * 34, -asking.light))
    return sketch.drawing()


def anchor(asking: Asking) -> Drawing:
    sketch = Sketch()
    iron = asking.tint or "#4a4a52"
    sketch.line(ellipse(0, -91, 8), iron, 5)
    sketch.fill(
        polygon((-4, -84), (4, -84), (5, -6), (-5, -6))
        + rect(-24, -75, 48, 7)
        + ellipse(-25, -71.5, 5)
        + ellipse(25, -71.5, 5),
        iron,
    )
    sketch.fill(
        soft(
            [
                (-44, -36),
                (-38, -16),
                (-20, -3),
                (0, 0),
                (20, -3),
                (38, -16),
                (44, -36),
                (28, -20),
                (12, -11),
                (0, -9),
                (-12, -11),
                (-28, -20),
            ],
            corners=[0, 6],
        ),
        iron,
    )
    sketch.fill(joined(polygon((s * 52, -26), (s * 43, -46), (s * 28, -32)) for s in (-1, 1)), iron)
    return sketch.drawing()


def statue(asking: Asking) -> Drawing:
    sketch = Sketch()
    stone = varied(asking.tint or "#a9a59c", asking.random)
    sketch.fill(
        polygon((-22, 0), (-19, -8), (-15, -10), (-14, -36), (14, -36), (15, -10), (19, -8), (22, 0)),
        darker(stone, 0.1),
        Grain.STONE,
    )
    figure = traced(
        "-9,-36! -10,-54 -12,-72 -8,-79 -4,-81! -5,-86 -5,-92 0,-96 5,-92 5,-86 4,-81! 8,-80 14,-90 "
        "18,-101! 22,-99! 18,-86 12,-72 10,-62 11,-50 10,-36!"
    )
    sketch.fill(figure, stone, Grain.STONE)
    sketch.shade(half(figure, -asking.light * 1.5, -asking.light))
    sketch.shade(half(rect(-14, -36, 28, 26), -asking.light * 4, -asking.light) + rect(-9, -28, 18, 9))
    sketch.fill(
        joined(lumpy((x, -3), 6, 3, asking.random, lumps=6) for x in (-20, 20)), "#6f8a58", Grain.LEAF
    )
    return sketch.drawing()


def net(asking: Asking) -> Drawing:
    """A fishing net hung up to dry."""
    sketch = Sketch()
    rope = asking.random.choice(("#8a8a6c", "#6f8a8c", "#9a7c5c"))
    sketch.fill(rect(-82, -100, 6, 100) + rect(76, -100, 6, 100), "#76523c", Grain.WOOD)
    sketch.line(soft([(-79, -94), (0, -84), (79, -94)], closed=False), "#8a7a5c", 2.4)
    ropes = [
        soft(
            [(x, -92 + abs(abs(x) - 78) * 0.12), (x * 0.97 + s * 12, -60), (x * 0.95 + s * 24, -24)],
            closed=False,
        )
        for x in range(-70, 72, 12)
        for s in (-1, 1)
        if abs(x + s * 24) < 82
    ]
    sketch.line(joined(ropes), rope, 0.9)
    sketch.line(soft([(-74, -24), (-30, -14), (20, -16), (74, -26)], closed=False), "#8a7a5c", 2)
    sketch.fill(
        joined(ellipse(x, -90 + abs(abs(x) - 78) * 0.1, 4.4) for x in (-56, -28, 0, 28, 56)), "#b8703f"
    )
    return sketch.drawing()


THINGS = (
    Thing("flag", 5, Stand.LAND, flag),
    Thing("boots", 0.38, Stand.FLOOR, boots, said="boots"),
    Thing("bag", 0.5, Stand.FLOOR, bag),
    Thing("barrel", 0.95, Stand.LAND, barrel, groups=True),
    Thing("crate", 0.6, Stand.LAND, crate, groups=True),
    Thing("anchor", 1.2, Stand.LAND, anchor, said="an anchor"),
    Thing("statue", 4, Stand.LAND, statue),
    Thing("net", 1.8, Stand.SHORE, net, said="a fishing net"),
)
