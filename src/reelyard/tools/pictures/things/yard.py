"""What stands about outdoors: fences, wells, bridges, lamps, signs, fires."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import SNOW, half
from reelyard.tools.pictures.things.outline import limb, lumpy, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing

WOOD = "#8a6a4c"
IRON = "#3a383e"


def fence(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wood = varied(asking.tint or random.choice(("#e6dfd0", WOOD, "#9a8468")), random)
    sketch.fill(rect(-200, -66, 400, 10) + rect(-200, -32, 400, 10), darker(wood, 0.15), Grain.WOOD)
    pales = []
    for i in range(11):
        x, top, lean = -190 + 38 * i, -92 + random.uniform(-5, 5), random.uniform(-2, 2)
        pales.append(
            polygon((x - 9, 0), (x - 9 + lean, top), (x + lean, top - 9), (x + 9 + lean, top), (x + 9, 0))
        )
    sketch.fill(joined(pales), wood, Grain.WOOD)
    sketch.shade(
        joined(
            half(pale, (pale.box[0] + pale.box[2]) / 2 - asking.light * 4, -asking.light) for pale in pales
        )
    )
    if asking.snow:
        sketch.fill(
            joined(ellipse((p.box[0] + p.box[2]) / 2, p.box[1] + 4, 8, 5) for p in pales), SNOW, Grain.SNOW
        )
    return sketch.drawing()


def gate(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wood = varied(asking.tint or random.choice((WOOD, "#5f7a6a", "#9a8468")), random)
    bars = joined(rect(-74, y, 148, 9) for y in (-80, -60, -40, -20))
    sketch.fill(bars, wood, Grain.WOOD)
    sketch.fill(polygon((-74, -14), (-62, -11), (72, -78), (64, -80)), wood, Grain.WOOD)
    sketch.fill(rect(-74, -82, 9, 76) + rect(65, -82, 9, 76), darker(wood, 0.1), Grain.WOOD)
    for x in (-84, 84):
        post = polygon((x - 10, 0), (x - 9, -96), (x, -102), (x + 9, -96), (x + 10, 0))
        sketch.fill(post, darker(wood, 0.22), Grain.WOOD)
        sketch.shade(half(post, x, -asking.light))
    return sketch.drawing()


def well(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    stone, wood = varied("#a39c92", random), varied(WOOD, random)
    sketch.fill(rect(-36, -82, 6, 50) + rect(30, -82, 6, 50), wood, Grain.WOOD)
    sketch.fill(rect(-34, -66, 68, 5), darker(wood, 0.2), Grain.WOOD)
    sketch.line(line((4, -62), (4, -46)), "#c9b48c", 1.6)
    sketch.fill(polygon((-4, -47), (12, -47), (10, -33), (-2, -33)), "#7a5a40", Grain.WOOD)
    roof = polygon((-50, -74), (-34, -100), (34, -100), (50, -74))
    sketch.fill(roof, random.choice(("#8d5040", "#6d5a55", "#7a6350")))
    sketch.shade(joined(rect(-44 + k * 4, -80 - k * 7, 88 - k * 8, 1.2) for k in range(3)))
    if asking.snow:
        sketch.fill(polygon((-44, -82), (-34, -103), (34, -103), (44, -82)), SNOW, Grain.SNOW)
    sketch.fill(ellipse(0, -36, 46, 7), "#4a4644", Grain.STONE)
    body = soft(
        [(-48, -36), (-24, -31), (0, -30), (24, -31), (48, -36), (45, 0), (-45, 0)], corners=[0, 4, 5, 6]
    )
    sketch.fill(body, stone, Grain.STONE)
    marks = [
        rect(x + (6 if row % 2 else 0), -24 + row * 8, 9, 0.9) for row in range(3) for x in range(-40, 34, 15)
    ]
    sketch.shade(joined(marks))
    sketch.shade(half(body, -asking.light * 12, -asking.light))
    return sketch.drawing()


def bridge(asking: Asking) -> Drawing:
    """Of stone, over water or a hollow; both ends on the ground."""
    random, sketch = asking.random, Sketch()
    stone = varied(asking.tint or random.choice(("#a8a096", "#b5a68e", "#96928e")), random)
    body = traced(
        "-220,0! -220,-36! -120,-70 0,-86 120,-70 220,-36! 220,0! 116,0! 108,-32 74,-52 40,-32 32,0! "
        "-32,0! -40,-32 -74,-52 -108,-32 -116,0!"
    )
    sketch.fill(body, stone, Grain.STONE)
    for x in (-74, 74):
        wedges = [
            polygon((-5, -55), (5, -55), (4, -66), (-4, -66)).turned(turn, (0, -10)).moved(x, 0)
            for turn in (-60, -36, -12, 12, 36, 60)
        ]
        sketch.fill(joined(wedges), lighter(stone, 0.2), Grain.STONE)
        inner = traced("-42,0! -34,-32 0,-52 34,-32 42,0! 32,0! 25,-27 0,-43 -25,-27 -32,0!").moved(x, 0)
        sketch.fill(inner, darker(stone, 0.35), Grain.STONE)
    rail = limb(
        [(-224, -42), (-120, -77), (0, -93), (120, -77), (224, -42)], [14, 14, 14, 14, 14], blunt=True
    )
    sketch.fill(rail, lighter(stone, 0.12), Grain.STONE)
    sketch.shade(
        limb([(-222, -34), (-120, -69), (0, -85), (120, -69), (222, -34)], [3, 3, 3, 3, 3], blunt=True)
    )
    marks = [rect(random.uniform(-16, 4), y, 12, 2) for y in (-20, -36, -52, -66)] + [
        rect(s * 150 + random.uniform(-20, 16), y, 12, 2) for s in (-1, 1) for y in (-14, -28, -44)
    ]
    sketch.shade(joined(marks))
    if asking.snow:
        sketch.fill(
            limb([(-224, -49), (-120, -84), (0, -100), (120, -84), (224, -49)], [5, 6, 6, 6, 5]),
            SNOW,
            Grain.SNOW,
        )
    return sketch.drawing()


def lamp_post(asking: Asking) -> Drawing:
    sketch = Sketch()
    sketch.fill(
        polygon((-5, 0), (-3.6, -5), (-1.6, -8), (-1.2, -76), (1.2, -76), (1.6, -8), (3.6, -5), (5, 0)), IRON
    )
    sketch.fill(rect(-2.6, -30, 5.2, 2) + rect(-2.6, -70, 5.2, 1.8) + rect(-8, -66, 16, 1.2), IRON)
    sketch.light(polygon((-3.4, -78), (-5.4, -91), (5.4, -91), (3.4, -78)), "#d9d6bf")
    sketch.fill(
        polygon((-6.6, -91), (-3, -96), (3, -96), (6.6, -91))
        + rect(-0.8, -99, 1.6, 4)
        + rect(-4, -78.4, 8, 1.8)
        + rect(-0.35, -91, 0.7, 13),
        IRON,
    )
    if asking.snow:
        sketch.fill(polygon((-6, -92), (-3, -97), (3, -97), (6, -92)), SNOW, Grain.SNOW)
    sketch.glow(0, -85, 34)
    return sketch.drawing()


def signpost(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wood = varied(WOOD, random)
    sketch.fill(polygon((-4, 0), (-3.5, -100), (3.5, -100), (4, 0)), darker(wood, 0.2), Grain.WOOD)
    tilt = random.uniform(-4, 4)
    first = polygon((-8, -92), (34, -92), (43, -83), (34, -74), (-8, -74)).turned(tilt, (0, -83))
    second = polygon((8, -68), (-30, -68), (-38, -60), (-30, -52), (8, -52)).turned(-tilt, (0, -60))
    sketch.fill(first, lighter(wood, 0.15), Grain.WOOD)
    sketch.fill(second, lighter(wood, 0.05), Grain.WOOD)
    sketch.shade(
        rect(-2, -86, 26, 1.6).turned(tilt, (0, -83))
        + rect(2, -81, 18, 1.6).turned(tilt, (0, -83))
        + rect(-24, -61.5, 24, 1.6).turned(-tilt, (0, -60))
    )
    return sketch.drawing()


def bench(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or WOOD, asking.random)
    sketch.fill(joined(polygon((x, 0), (x + 4, -98), (x + 10, -98), (x + 9, 0)) for x in (-88, 78)), IRON)
    sketch.fill(rect(-96, -96, 192, 13) + rect(-96, -76, 192, 13), wood, Grain.WOOD)
    sketch.fill(polygon((-98, -52), (98, -52), (104, -41), (-104, -41)), lighter(wood, 0.1), Grain.WOOD)
    sketch.fill(joined(rect(x, -41, 8, 41) for x in (-92, 84)), IRON)
    sketch.shade(rect(-104, -44, 208, 3))
    if asking.snow:
        sketch.fill(
            soft([(-98, -53), (-60, -60), (0, -61), (60, -60), (98, -53)], corners=[0, 4]), SNOW, Grain.SNOW
        )
    return sketch.drawing()


def jetty(asking: Asking) -> Drawing:
    """Runs from the shore at its left out over the water."""
    random, sketch = asking.random, Sketch()
    wood = varied(WOOD, random)
    for x in (-190, -96, 0, 96, 190):
        sketch.fill(
            polygon((x - 9, 0), (x - 8, -84), (x + 8, -84), (x + 9, 0)), darker(wood, 0.35), Grain.WOOD
        )
    sketch.fill(rect(-230, -66, 460, 9), darker(wood, 0.25), Grain.WOOD)
    sketch.fill(polygon((-230, -78), (230, -78), (230, -64), (-230, -64)), wood, Grain.WOOD)
    sketch.shade(joined(rect(x, -78, 2, 14) for x in range(-210, 230, 22)))
    for x in (-142, 50, 216):
        sketch.fill(
            polygon((x - 7, -70), (x - 6, -100), (x + 6, -100), (x + 7, -70)), darker(wood, 0.1), Grain.WOOD
        )
    sketch.line(
        soft([(-142, -94), (-46, -80), (50, -94), (133, -80), (216, -94)], closed=False), "#c9b48c", 2
    )
    return sketch.drawing()


def tombstone(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    grey, lean = varied(asking.tint or "#8f9090", random), random.uniform(-5, 5)
    slab = soft(
        [(-36, 0), (-36, -66), (-26, -90), (0, -100), (26, -90), (36, -66), (36, 0)], corners=[0, 6]
    ).turned(lean)
    sketch.fill(slab, grey, Grain.STONE)
    sketch.shade(half(slab, -asking.light * 12, -asking.light))
    sketch.shade(
        (rect(-3, -82, 6, 34) + rect(-13, -73, 26, 6) + rect(-20, -38, 40, 3) + rect(-15, -29, 30, 3)).turned(
            lean
        )
    )
    sketch.fill(joined(lumpy((x, -5), 14, 6, random, lumps=6) for x in (-36, -8, 28)), "#6f8a58", Grain.LEAF)
    return sketch.drawing()


def cross(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood, lean = varied(asking.tint or "#7a6350", asking.random), asking.random.uniform(-3, 3)
    shape = polygon(
        (-6, 0),
        (-6, -58),
        (-30, -58),
        (-30, -70),
        (-6, -70),
        (-6, -100),
        (6, -100),
        (6, -70),
        (30, -70),
        (30, -58),
        (6, -58),
        (6, 0),
    ).turned(lean)
    sketch.fill(shape, wood, Grain.WOOD)
    sketch.shade(half(shape, -asking.light * 2, -asking.light))
    return sketch.drawing()


def fountain(asking: Asking) -> Drawing:
    sketch = Sketch()
    stone = varied(asking.tint or "#b5ada0", asking.random)
    water = "#c5d9df"
    for s in (-1, 1):
        sketch.line(
            joined(
                soft([(0, -92), (s * r * 0.45, -100 + r * 0.12), (s * r, -60 + r * 0.7)], closed=False)
                for r in (14, 26)
            ),
            water,
            2.6,
        )
        sketch.line(soft([(s * 22, -52), (s * 40, -44), (s * 48, -22)], closed=False), water, 2.6)
    sketch.fill(polygon((-7, -20), (-4, -86), (4, -86), (7, -20)), stone, Grain.STONE)
    for y, w in ((-54, 28), (-84, 13)):
        bowl = soft(
            [(-w, y), (-w * 0.6, y + w * 0.34), (0, y + w * 0.44), (w * 0.6, y + w * 0.34), (w, y)],
            corners=[0, 4],
        )
        sketch.fill(bowl, lighter(stone, 0.1), Grain.STONE)
        sketch.shade(half(bowl, -asking.light * w * 0.2, -asking.light))
    sketch.fill(ellipse(0, -21, 66, 8), water)
    basin = soft(
        [(-72, -24), (-30, -14), (0, -12), (30, -14), (72, -24), (66, 0), (-66, 0)], corners=[0, 4, 5, 6]
    )
    sketch.fill(basin, stone, Grain.STONE)
    sketch.shade(half(basin, -asking.light * 18, -asking.light))
    return sketch.drawing()


THINGS = (
    Thing("fence", 1.1, Stand.LAND, fence, groups=True),
    Thing("gate", 1.4, Stand.LAND, gate),
    Thing("well", 2.2, Stand.LAND, well),
    Thing("bridge", 5, Stand.SHORE, bridge),
    Thing("lamp_post", 3.8, Stand.LAND, lamp_post, said="a street lamp", groups=True),
    Thing("signpost", 2.2, Stand.LAND, signpost),
    Thing("bench", 0.95, Stand.LAND, bench),
    Thing("jetty", 1.6, Stand.SHORE, jetty),
    Thing("tombstone", 1, Stand.LAND, tombstone, groups=True, said="a gravestone"),
    Thing("cross", 1.5, Stand.LAND, cross),
    Thing("fountain", 2.6, Stand.LAND, fountain),
)
