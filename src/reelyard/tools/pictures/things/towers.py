"""Tall buildings: light and church towers, castles, mills."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import lumpy, soft, traced
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing
from reelyard.tools.pictures.things.walls import SNOW, door, shaded, stones, window

STONE = ("#b9b0a2", "#a8a39b", "#c2b59f", "#9c9690")


def lighthouse(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    bands = varied(asking.tint or random.choice(("#a8483b", "#a8483b", "#3f5a76", "#4a4648")), random)
    low, high, top = random.uniform(13, 15.5), random.uniform(8.6, 9.6), -74.0

    def reach(y: float) -> float:
        return low + (high - low) * (y / top) ** 0.8 if y else low

    body = soft(
        [
            (-low - 2, 0),
            (-reach(-20), -20),
            (-reach(-45), -45),
            (-high, top),
            (high, top),
            (reach(-45), -45),
            (reach(-20), -20),
            (low + 2, 0),
        ],
        corners=[0, 3, 4, 7],
    )
    sketch.fill(body, "#ebe5d8", Grain.STONE)
    count = random.choice((2, 3, 3))
    step = -top / (count * 2 + 1)
    for i in range(count):
        a = top + step * (2 * i + 1)
        b = a + step
        sketch.fill(
            polygon((-reach(a) - 0.05, a), (reach(a) + 0.05, a), (reach(b) + 0.1, b), (-reach(b) - 0.1, b)),
            bands,
            Grain.STONE,
        )
    sketch.shade(half(body, -asking.light * 1.5, -asking.light))
    for y in (-61, -42, -24):
        window(sketch, (asking.light * 2.5, y, 3.2, 5), arch=True, frame="#d9d2c4")
    door(sketch, (asking.light * 2.5, 7, 12), darker(bands, 0.3), arch=True)
    iron = "#38343a"
    sketch.fill(
        polygon((-high, top), (-high - 3.6, top - 4), (high + 3.6, top - 4), (high, top)),
        darker("#ebe5d8", 0.25),
    )
    sketch.line(
        joined(line((x, top - 4), (x, top - 9)) for x in (-12, -8, -4, 4, 8, 12))
        + line((-high - 3.4, top - 9), (high + 3.4, top - 9)),
        iron,
        0.8,
    )
    sketch.light(rect(-6, top - 16, 12, 12.5), "#d8d9c4")
    sketch.fill(joined(rect(x, top - 16, 0.9, 12.5) for x in (-6, -2.6, 1.7, 5.1)), iron)
    sketch.fill(rect(-6.8, top - 17.4, 13.6, 1.8) + rect(-7.2, top - 5, 14.4, 1.6), iron)
    cap = soft(
        [(-8, top - 17), (-6, top - 21.4), (0, top - 24.2), (6, top - 21.4), (8, top - 17)], corners=[0, 4]
    )
    sketch.fill(cap, darker(bands, 0.15))
    sketch.shade(half(cap, 0, -asking.light))
    sketch.fill(ellipse(0, top - 24.6, 1.4), iron)
    if asking.snow:
        sketch.fill(cap.mapped(0.8, 0, 0, 0.5, 0, (top - 22) * 0.5), SNOW, Grain.SNOW)
    sketch.glow(0, top - 10, 40)
    return sketch.drawing()


def church(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wall, slate = (
        varied(asking.tint or random.choice(("#e6dfcf", "#cfc3ae", "#d9cdbb")), random, 0.05),
        varied(random.choice(("#5f646e", "#7d4f44", "#59675f")), random),
    )
    spire = random.uniform(36, 42)
    sketch.fill(rect(-8, -32, 52, 32), wall, Grain.STONE)
    sketch.fill(polygon((-8, -32), (-6, -52), (40, -52), (47, -31)), slate)
    if asking.snow:
        sketch.fill(polygon((-6, -36), (-6, -54), (40, -54), (45, -37)), SNOW, Grain.SNOW)
    if asking.light < 0:
        sketch.shade(rect(-8, -32, 52, 32))
    for x in (10, 21, 32):
        window(sketch, (x, -25, 5, 14), arch=True, frame=darker(wall, 0.2))
    sketch.fill(polygon((44, 0), (44, -24), (51, 0)), darker(wall, 0.15), Grain.STONE)
    sketch.fill(rect(-24, -58, 22, 58), wall, Grain.STONE)
    sketch.fill(rect(-25.4, -58, 24.8, 2.4) + rect(-25, -34, 24, 1.6), darker(wall, 0.12))
    shaded(sketch, asking, (-24, -2, -58, 0), share=0.34)
    tip = -58 - spire
    roof = soft([(-26, -58), (-19, -66), (-13, tip), (-7, -66), (0, -58)], corners=[0, 2, 4])
    sketch.fill(roof, slate)
    sketch.shade(half(roof, -13, -asking.light))
    if asking.snow:
        sketch.fill(half(roof, -14.5, asking.light).mapped(0.9, 0, 0, 0.9, -1.6, -6), SNOW, Grain.SNOW)
    sketch.fill(rect(-13.5, tip - 5, 1, 6) + rect(-15, tip - 3.6, 4, 1), "#c9a14c")
    window(sketch, (-13, -54, 5, 9), arch=True, frame=darker(wall, 0.2))
    sketch.fill(ellipse(-13, -39.4, 4), "#efe9da")
    sketch.line(ellipse(-13, -39.4, 4) + line((-13, -42), (-13, -39.4), (-11, -38.6)), "#4a4348", 0.8)
    door(sketch, (-13, 9, 17), "#6b4a38", arch=True)
    return sketch.drawing()


def battlements(left: float, right: float, top: float, width: float) -> Path:
    """Merlons along the top of a wall."""
    count = max(2, round((right - left) / width / 2 + 0.5))
    gap = (right - left - count * width) / (count - 1)
    return joined(
        rect(left + i * (width + gap), top - width * 1.1, width, width * 1.1 + 0.4) for i in range(count)
    )


def tower(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wall, pointed = varied(asking.tint or random.choice(STONE), random, 0.06), random.random() < 0.5
    top = -62.0 if pointed else -86.0
    body = soft([(-19, 0), (-15.5, -16), (-15, top), (15, top), (15.5, -16), (19, 0)], corners=[0, 2, 3, 5])
    sketch.fill(body, wall, Grain.STONE)
    stones(sketch, asking, (-13, top + 8, 13, -4), 16, 5)
    head = polygon(
        (-15, top), (-18.5, top - 4), (-18.5, top - 10), (18.5, top - 10), (18.5, top - 4), (15, top)
    )
    sketch.fill(head + (Path() if pointed else battlements(-18.5, 18.5, top - 10, 5)), wall, Grain.STONE)
    sketch.shade(half(body + head, -asking.light * 4, -asking.light))
    if pointed:
        roof, slate = (
            soft(
                [(-22, top - 9), (-12, top - 19), (0, top - 38), (12, top - 19), (22, top - 9)],
                corners=[0, 2, 4],
            ),
            random.choice(("#7d4f44", "#566476", "#6a5a72")),
        )
        sketch.fill(roof, slate)
        sketch.shade(half(roof, 0, -asking.light))
        if asking.snow:
            sketch.fill(
                roof.mapped(0.72, 0, 0, 0.72, asking.light * 1.5, (top - 38) * 0.28 - 1), SNOW, Grain.SNOW
            )
    for x, y in ((asking.light * 4, top + 6), (-asking.light * 3, top + 26), (asking.light * 5, top + 46))[
        : 3 if not pointed else 2
    ]:
        window(sketch, (x, y, 3.6, 8), arch=True, frame=darker(wall, 0.3))
    door(sketch, (0, 10, 17), "#6b4a38", arch=True)
    return sketch.drawing()


def _turret(
    sketch: Sketch, asking: Asking, place: tuple[float, float, float], tone: str, slate: str
) -> float:
    """A round tower with a pointed roof, by its middle, half width and the height of its wall; how high it reaches."""
    x, wide, top = place
    shaft = polygon((x - wide, 0), (x - wide, top), (x + wide, top), (x + wide, 0))
    collar = polygon(
        (x - wide, top + 4),
        (x - wide - 2, top),
        (x - wide - 2, top - 4),
        (x + wide + 2, top - 4),
        (x + wide + 2, top),
        (x + wide, top + 4),
    )
    tip = top - wide * asking.random.uniform(2.5, 3.1)
    cone = soft(
        [
            (x - wide - 4, top - 3.4),
            (x - wide * 0.5, top - 3.4 + (tip - top) * 0.42),
            (x, tip),
            (x + wide * 0.5, top - 3.4 + (tip - top) * 0.42),
            (x + wide + 4, top - 3.4),
        ],
        corners=[0, 2, 4],
    )
    sketch.fill(shaft + collar, tone, Grain.STONE)
    sketch.fill(cone, slate)
    if asking.snow:
        sketch.fill(cone.mapped(0.7, 0, 0, 0.7, x * 0.3 + asking.light, tip * 0.3 - 0.6), SNOW, Grain.SNOW)
    sketch.shade(half(shaft + collar, x - asking.light * wide * 0.2, -asking.light))
    sketch.shade(half(cone, x, -asking.light))
    window(
        sketch,
        (x + asking.light * wide * 0.25, top + 8, wide * 0.5, wide * 1.1),
        arch=True,
        frame=darker(tone, 0.3),
    )
    return tip


def _pennant(sketch: Sketch, asking: Asking, x: float, tip: float) -> None:
    """A flag on a roof."""
    lean = 10 + asking.wind * 4
    sketch.line(line((x, tip + 1), (x, tip - 11)), "#4a4044", 0.8)
    sketch.fill(
        soft(
            [
                (x, tip - 11),
                (x + lean * 0.5, tip - 9.4),
                (x + lean, tip - 8.4),
                (x + lean * 0.5, tip - 7),
                (x, tip - 5.6),
            ],
            corners=[0, 2, 4],
        ),
        "#a8463c",
    )


def castle(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wall, slate = (
        varied(asking.tint or random.choice(STONE[:3]), random, 0.05),
        random.choice(("#7d4f44", "#4f6076", "#6a5a72", "#54695f")),
    )
    keep = random.uniform(56, 64)

    _turret(sketch, asking, (-27, 6, -62), darker(wall, 0.14), slate)
    _turret(sketch, asking, (30, 6.5, -58), darker(wall, 0.14), slate)
    top = -keep
    sketch.fill(rect(-20, top, 38, keep) + battlements(-20, 18, top, 4), darker(wall, 0.07), Grain.STONE)
    shaded(sketch, asking, (-20, 18, top, 0), share=0.4)
    for x, y in ((-12, top + 8), (-1, top + 8), (10, top + 8)):
        window(sketch, (x, y, 3.6, 8), arch=True, frame=darker(wall, 0.3))
    _pennant(sketch, asking, -1, _turret(sketch, asking, (-1, 7.5, top - 12), darker(wall, 0.03), slate))
    sketch.fill(rect(-20, top + 0.1, 38, 26) + battlements(-20, 18, top, 4), darker(wall, 0.07), Grain.STONE)
    for x in (-12, -1, 10):
        window(sketch, (x, top + 8, 3.6, 8), arch=True, frame=darker(wall, 0.3))
    sketch.fill(rect(-52, -30, 104, 30) + battlements(-52, 52, -30, 5), wall, Grain.STONE)
    stones(sketch, asking, (-44, -26, 44, -3), 12, 5)
    _turret(sketch, asking, (-50, 8.5, -44), wall, slate)
    _turret(sketch, asking, (51, 8.5, -48), wall, slate)
    gate = polygon((-14, 0), (-14, -37), (14, -37), (14, 0)) + battlements(-14, 14, -37, 5)
    sketch.fill(gate, lighter(wall, 0.12), Grain.STONE)
    sketch.fill(
        soft(
            [(-8.4, 0), (-8.4, -16), (-5.8, -22.4), (0, -25.4), (5.8, -22.4), (8.4, -16), (8.4, 0)],
            corners=[0, 6],
        ),
        "#4a3530",
    )
    sketch.fill(
        joined(rect(x, -24 + abs(x) * 0.7, 0.9, 24 - abs(x) * 0.7) for x in (-5, -1.6, 1.6, 5))
        + rect(-8, -8, 16, 0.9)
        + rect(-8, -15, 16, 0.9),
        "#7a6a5c",
    )
    return sketch.drawing()


def windmill(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wall, cap = (
        varied(asking.tint or random.choice(("#e7dfce", "#b98f6c", "#8a6b52")), random, 0.06),
        random.choice(("#6d4a3c", "#5b6470", "#7a5a44")),
    )
    body = soft([(-23, 0), (-17, -32), (-12.5, -62), (12.5, -62), (17, -32), (23, 0)], corners=[0, 2, 3, 5])
    sketch.fill(body, wall, Grain.STONE)
    sketch.shade(half(body, -asking.light * 5, -asking.light))
    sketch.fill(traced("-15,-61! -14,-69 -8,-76 1,-78 9,-75 14,-68 15,-61!"), cap, Grain.WOOD)
    sketch.fill(rect(-26, -25, 52, 2), "#6d5442", Grain.WOOD)
    sketch.line(
        joined(line((x, -25), (x, -31)) for x in range(-25, 26, 7)) + line((-25, -31), (25, -31)),
        "#6d5442",
        0.9,
    )
    window(sketch, (3, -50, 5, 7))
    window(sketch, (-4, -40, 5, 7))
    door(sketch, (0, 10, 18), "#6b4a38", arch=True)
    start = random.uniform(12, 78)
    spars, cloths = [], []
    for quarter in range(4):
        turn = start + 90 * quarter
        spars.append(rect(-0.9, -46, 1.8, 47).turned(turn).moved(0, -68))
        spars.append(
            (joined(rect(0, -44 + i * 6.4, 9, 0.8) for i in range(6)) + rect(8.4, -45, 0.8, 34))
            .turned(turn)
            .moved(0, -68)
        )
        cloths.append(rect(0.9, -44, 7.6, 32).turned(turn).moved(0, -68))
    sketch.sheet = 1
    sketch.fill(joined(cloths), "#ece4d2", Grain.CLOTH)
    sketch.fill(joined(spars), "#5c4637", Grain.WOOD)
    sketch.fill(ellipse(0, -68, 2.6), "#42332b")
    return sketch.drawing()


def ruin(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wall = varied(asking.tint or random.choice(STONE), random, 0.06)
    back = traced(
        "-66,0! -66,-48! -60,-52! -58,-70! -50,-72! -48,-96! -36,-100! -33,-88! -26,-90! -24,-62! "
        "-14,-60! -12,-46! -2,-44! 0,-30! 8,-30! 10,0!"
    )
    sketch.fill(back, wall, Grain.STONE)
    stones(sketch, asking, (-62, -66, -8, -4), 16, 7)
    sketch.shade(half(back, -asking.light * 12 - 28, -asking.light))
    hole = soft([(-50, -34), (-50, -52), (-45, -60), (-40, -52), (-40, -34)], corners=[0, 4])
    sketch.fill(hole, darker(wall, 0.55))
    arch = traced(
        "26,0! 26,-40 30,-58 42,-68 54,-66! 55,-74! 62,-74! 64,-64! 76,-60 80,-40 80,0! 68,0! 68,-36 "
        "64,-48 53,-53 42,-48 38,-36 38,0!"
    )
    sketch.fill(arch, lighter(wall, 0.06), Grain.STONE)
    sketch.shade(half(arch, 53, -asking.light))
    sketch.fill(
        joined(
            lumpy((x, y), 6, 4, random, lumps=6)
            for x, y in ((-64, -46), (-20, -60), (14, -5), (74, -58), (-38, -5))
        ),
        "#6f8a58",
        Grain.LEAF,
    )
    sketch.fill(
        traced("8,0! 10,-8! 20,-10! 24,-3! 24,0!") + traced("84,0! 86,-9! 96,-7! 98,0!"),
        darker(wall, 0.1),
        Grain.STONE,
    )
    return sketch.drawing()


THINGS = (
    Thing("lighthouse", 24, Stand.SHORE, lighthouse),
    Thing("church", 20, Stand.LAND, church),
    Thing("tower", 20, Stand.LAND, tower),
    Thing("castle", 32, Stand.LAND, castle),
    Thing("windmill", 16, Stand.LAND, windmill),
    Thing("ruin", 9, Stand.LAND, ruin),
)
