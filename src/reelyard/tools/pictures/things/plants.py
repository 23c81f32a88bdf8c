"""Bushes, flowers, grasses, mushrooms and rocks."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import SNOW, Lobe, crown, half, leaf_colour
from reelyard.tools.pictures.things.outline import limb, lumpy, soft, traced
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Season, Stand, Thing

BLOOMS = ("#c76a62", "#d9a94e", "#b98bb0", "#e6ded0", "#7f8fb8", "#cf8a6a")


def bush(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    if asking.season is Season.WINTER:
        twigs = [
            limb([(0, 0), (x * 0.4, -34), (x, -random.uniform(55, 95))], [5, 3.4, 1.4])
            for x in (-62, -44, -28, -10, 8, 26, 44, 60)
        ]
        sketch.fill(joined(twigs), "#6a5648", Grain.WOOD)
        if asking.snow:
            sketch.fill(
                joined(
                    lumpy((x, -random.uniform(58, 84)), 16, 7, random, lumps=6) for x in (-40, -8, 24, 46)
                ),
                SNOW,
                Grain.SNOW,
            )
        return sketch.drawing()
    lobes: list[Lobe] = [
        (-44, -36, 34, 28), (42, -38, 36, 30), (random.uniform(-8, 8), -62, 42, 34), (-16, -33, 38, 25), (20, -31, 36, 24),
    ]  # fmt: skip
    crown(sketch, asking, lobes, leaf_colour(asking, kind=random.randrange(3)), lumps=9)
    if asking.season is not Season.AUTUMN and random.random() < 0.5:
        berries = [ellipse(random.uniform(-60, 60), random.uniform(-76, -14), 3) for _ in range(14)]
        sketch.fill(joined(berries), random.choice(BLOOMS[:4]))
    return sketch.drawing()


def _blade(x: float, height: float, lean: float, width: float) -> Path:
    return soft(
        [
            (x - width / 2, 0),
            (x + lean * 0.3 - width * 0.3, -height * 0.55),
            (x + lean, -height),
            (x + lean * 0.3 + width * 0.35, -height * 0.5),
            (x + width / 2, 0),
        ],
        corners=[0, 2, 4],
    )


def _green(asking: Asking) -> str:
    season = {
        Season.AUTUMN: "#a5985a",
        Season.WINTER: "#a89a78",
        Season.SPRING: "#83a35c",
        Season.SUMMER: "#6f9152",
    }
    return varied(asking.tint or season[asking.season], asking.random)


def grass_tuft(asking: Asking) -> Drawing:
    random, sketch, green = asking.random, Sketch(), _green(asking)
    for tone, count in ((darker(green, 0.18), 7), (green, 8), (lighter(green, 0.18), 4)):
        blades = []
        for _ in range(count):
            x = random.uniform(-34, 34)
            blades.append(
                _blade(x, random.uniform(45, 100), x * 0.9 + random.uniform(-14, 14) + asking.wind * 40, 8)
            )
        sketch.fill(joined(blades), tone, Grain.LEAF)
    return sketch.drawing()


def reeds(asking: Asking) -> Drawing:
    random, sketch, green = asking.random, Sketch(), _green(asking)
    for tone, count in ((darker(green, 0.2), 6), (green, 7)):
        sketch.fill(
            joined(
                _blade(
                    random.uniform(-36, 36),
                    random.uniform(50, 92),
                    random.uniform(-12, 12) + asking.wind * 25,
                    4.5,
                )
                for _ in range(count)
            ),
            tone,
            Grain.LEAF,
        )
    for x in (-26, -10, 6, 24):
        lean, top = random.uniform(-4, 4) + asking.wind * 18, -random.uniform(76, 98)
        sketch.line(
            soft([(x, 0), (x + lean * 0.3, top * 0.6), (x + lean, top)], closed=False),
            darker(green, 0.1),
            1.4,
        )
        sketch.fill(limb([(x + lean * 0.92, top + 18), (x + lean, top + 2)], [5, 5]), "#6d4a35")
    return sketch.drawing()


def flowers(asking: Asking) -> Drawing:
    random, sketch, green = asking.random, Sketch(), _green(asking)
    bloom, other = asking.tint or random.choice(BLOOMS), random.choice(BLOOMS)
    heads: list[tuple[float, float, str]] = []
    for i in range(9):
        x, top = -60 + 15 * i + random.uniform(-5, 5), -random.uniform(48, 90)
        lean = random.uniform(-6, 6) + asking.wind * 14
        sketch.line(soft([(x, 0), (x, top * 0.6), (x + lean, top)], closed=False), darker(green, 0.12), 2)
        heads.append((x + lean, top, bloom if i % 3 else other))
    sketch.fill(
        joined(_blade(x, random.uniform(26, 46), random.uniform(-16, 16), 7) for x in range(-62, 66, 9)),
        green,
        Grain.LEAF,
    )
    for x, y, colour in heads:
        petals = joined(ellipse(x, y - 6.4, 3.8, 5.8).turned(72 * k, (x, y)) for k in range(5))
        sketch.fill(petals, varied(colour, random))
        sketch.fill(ellipse(x, y, 3.4), "#d9b04c" if colour != "#d9a94e" else "#7d5238")
    return sketch.drawing()


def wheat(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    gold = varied(asking.tint or "#cfa852", random)
    for i in range(13):
        x, top, lean = -42 + 7 * i, -random.uniform(76, 96), random.uniform(-6, 10) + asking.wind * 26
        sketch.line(soft([(x, 0), (x, top * 0.6), (x + lean, top)], closed=False), darker(gold, 0.15), 1.6)
        ear = [
            ellipse(x + lean * (1 - k * 0.04) + s * 2.4, top + k * 4.2, 2.2, 3.6).turned(
                s * 20, (x + lean, top + k * 4.2)
            )
            for k in range(5)
            for s in (-1, 1)
        ]
        sketch.fill(joined(ear), varied(gold, random, 0.12))
    return sketch.drawing()


def mushroom(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    cap = varied(asking.tint or random.choice(("#b0453a", "#9a6a48", "#b0453a")), random)
    for x, size in ((0, 1.0), (-46, 0.52), (40, 0.4)):
        sketch.place(size, x, 0)
        stem = traced("-15,0! -11,-30 -13,-58! 13,-58! 11,-30 17,0!")
        sketch.fill(stem, "#ece3d0")
        sketch.shade(half(stem, -asking.light * 3, -asking.light))
        sketch.fill(ellipse(0, -58, 38, 8), "#d9ccb4")
        dome = traced("-46,-56! -40,-82 -20,-98 2,-100 24,-96 42,-80 46,-56! 20,-62 -20,-62")
        sketch.fill(dome, cap)
        sketch.shade(half(dome, -asking.light * 14, -asking.light))
        sketch.fill(
            joined(
                ellipse(a, b, r, r * 0.8)
                for a, b, r in ((-24, -76, 6), (0, -86, 7), (23, -76, 5.4), (-6, -68, 4), (34, -66, 3.4))
            ),
            "#f1e9da",
        )
    return sketch.drawing()


def _stone(sketch: Sketch, asking: Asking, x: float, wide: float, high: float) -> None:
    random = asking.random
    grey = varied(asking.tint or random.choice(("#8f8d8a", "#7f8188", "#9a9186")), random)
    points: list[Point] = [
        (x + wide * a, -high * b * random.uniform(0.92, 1.08))
        for a, b in ((-0.94, 0.36), (-0.68, 0.74), (-0.22, 0.96), (0.26, 0.9), (0.7, 0.62), (0.95, 0.26))
    ]
    outline = soft([(x - wide, 0), *points, (x + wide, 0)], corners=[0, 2, 4, 5, 7])
    sketch.fill(outline, grey, Grain.STONE)
    top = points[2]
    face = (
        polygon(points[0], points[1], points[2], (x - asking.light * -wide * 0.1, -high * 0.56))
        if asking.light < 0
        else polygon(points[2], points[3], points[4], points[5], (x + wide * 0.1, -high * 0.5))
    )
    sketch.shine(face)
    sketch.shade(half(outline, x - asking.light * wide * 0.24, -asking.light))
    if asking.snow:
        sketch.fill(
            lumpy(
                (top[0] + wide * 0.12, top[1] + high * 0.06),
                wide * 0.5,
                high * 0.12,
                random,
                lumps=7,
                depth=0.2,
            ),
            SNOW,
            Grain.SNOW,
        )


def rock(asking: Asking) -> Drawing:
    sketch = Sketch()
    _stone(sketch, asking, 0, 74, 98)
    return sketch.drawing()


def rocks(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    side = random.choice((-1, 1))
    _stone(sketch, asking, -side * 46, 62, 66)
    _stone(sketch, asking, side * 24, 70, 98)
    _stone(sketch, asking, -side * 20, 40, 36)
    _stone(sketch, asking, side * 92, 30, 26)
    return sketch.drawing()


def cliff(asking: Asking) -> Drawing:
    """Rises from the left and breaks off to the right."""
    random, sketch = asking.random, Sketch()
    grey = varied(asking.tint or "#8d8680", random)
    edge = [(52 + random.uniform(-6, 6), -92), (60, -74), (52, -60), (66, -44), (62, -26), (80, -10), (84, 0)]
    outline = soft(
        [(-150, 0), (-150, -84), (-90, -94), (-20, -97), (30, -100), *edge], corners=[0, 1, *range(4, 12)]
    )
    sketch.fill(outline, grey, Grain.STONE)
    sketch.shade(soft([(30, -100), *edge, (20, 0), (28, -30), (12, -56), (26, -78)], corners=range(12)))
    for x in (-120, -84, -40, -8):
        sketch.shade(polygon((x, -random.uniform(60, 78)), (x + 9, -40), (x + 4, -8), (x - 4, -30)))
    grass = soft(
        [
            (-150, -84),
            (-90, -95),
            (-20, -98),
            (30, -101),
            (54, -93),
            (40, -88),
            (20, -91),
            (0, -84),
            (-30, -90),
            (-64, -82),
            (-100, -86),
            (-150, -72),
        ],
        corners=[0, 4, 11],
    )
    sketch.fill(grass, SNOW if asking.snow else _green(asking), Grain.LEAF)
    return sketch.drawing()


def hay_bale(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    straw = varied(asking.tint or "#c9a658", random)
    body = traced("-70,-50 -62,-84 -34,-100! 44,-100! 70,-80 76,-48 68,-16 44,0! -34,0! -62,-16")
    sketch.fill(body, darker(straw, 0.12), Grain.CLOTH)
    sketch.fill(ellipse(-34, -50, 36, 50), straw, Grain.CLOTH)
    spiral = [
        (
            -34 + 30 * k / 22 * (1 if k % 4 < 2 else -1) * (0 if k % 2 else 1),
            -50 + 42 * k / 22 * (0 if k % 2 == 0 else (1 if k % 4 == 1 else -1)),
        )
        for k in range(1, 23)
    ]
    sketch.line(soft(spiral, closed=False), darker(straw, 0.22), 1.6)
    if asking.light < 0:
        sketch.shade(traced("30,-100! 44,-100! 70,-80 76,-48 68,-16 44,0! 20,0! 36,-50"))
    sketch.fill(
        joined(_blade(x, random.uniform(8, 18), random.uniform(-8, 8), 4) for x in range(-70, 76, 12)),
        lighter(straw, 0.1),
    )
    return sketch.drawing()


def vegetable_patch(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    sketch.fill(traced("-160,0! -150,-18 -80,-24 0,-22 80,-25 150,-18 160,0!"), "#7a5a44")
    for i in range(7):
        x = -126 + 42 * i + random.uniform(-4, 4)
        sketch.fill(lumpy((x, -36), 20, 22, random, lumps=8), varied("#6f9458", random), Grain.LEAF)
        sketch.fill(
            lumpy((x + asking.light * 3, -40), 12, 13, random, lumps=7), varied("#93b070", random), Grain.LEAF
        )
        if i % 3 == 1:
            sketch.fill(ellipse(x + 18, -16, 15, 13), "#c97f3c")
            sketch.fill(rect(x + 16, -32, 4, 6), "#6a7a48")
    return sketch.drawing()


THINGS = (
    Thing("bush", 1.4, Stand.LAND, bush, groups=True),
    Thing("grass_tuft", 0.5, Stand.LAND, grass_tuft, said="tall grass", groups=True),
    Thing("reeds", 1.6, Stand.SHORE, reeds, said="reeds", groups=True),
    Thing("flowers", 0.55, Stand.LAND, flowers, said="flowers", groups=True),
    Thing("wheat", 1.0, Stand.LAND, wheat, said="wheat", groups=True),
    Thing("mushroom", 0.4, Stand.LAND, mushroom, groups=True),
    Thing("rock", 1.1, Stand.LAND, rock, groups=True),
    Thing("rocks", 1.4, Stand.SHORE, rocks, said="rocks", groups=True),
    Thing("cliff", 18, Stand.SHORE, cliff),
    Thing("hay_bale", 1.4, Stand.LAND, hay_bale, groups=True),
    Thing("vegetable_patch", 0.8, Stand.LAND, vegetable_patch, said="a vegetable garden"),
)
