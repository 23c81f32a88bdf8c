"""Trees."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import SNOW, Lobe, bare, blossom, crown, half, leaf_colour, trunk
from reelyard.tools.pictures.things.outline import limb, lumpy, soft
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, polygon
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Season, Stand, Thing

BARK = "#6a4f3d"


def _winter(asking: Asking, bark: str, *, width: float = 11, spread: float = 34, droop: float = 0) -> Drawing:
    sketch = Sketch()
    branches = bare(asking, 92, width, spread=spread, droop=droop)
    top = min(path.box[1] for path in branches)
    sketch.place(100 / -top)
    if asking.snow:
        sketch.fill(joined(path.moved(asking.light * 0.25, -0.8) for path in branches[:40]), SNOW, Grain.SNOW)
    sketch.fill(joined(branches), bark, Grain.WOOD)
    sketch.shade(half(branches[0], -asking.light * width * 0.12, -asking.light))
    return sketch.drawing()


def _foot(width: float, height: float) -> Path:
    """Roots spreading where a trunk meets the ground."""
    w = width
    return soft(
        [
            (-w * 1.25, 0),
            (-w * 0.62, -height * 0.25),
            (-w * 0.5, -height),
            (w * 0.5, -height),
            (w * 0.62, -height * 0.25),
            (w * 1.25, 0),
        ],
        corners=[0, 2, 3, 5],
    )


def oak(asking: Asking) -> Drawing:
    if asking.season is Season.WINTER:
        return _winter(asking, varied("#5b483c", asking.random))
    random, sketch = asking.random, Sketch()
    bark, width = varied(BARK, random, 0.12), random.uniform(9, 13)
    lean = random.uniform(-3, 3) + asking.wind * 3
    sketch.fill(_foot(width, 14), bark, Grain.WOOD)
    trunk(
        sketch,
        asking,
        [(0, -6), (lean * 0.3, -22), (lean, -46)],
        [width * 1.1, width * 0.86, width * 0.7],
        bark,
    )
    forks = [
        limb(
            [(lean * 0.5, -26), (lean + side * 9, -40), (lean + side * 17, -54)],
            [width * 0.5, width * 0.4, 2.4],
        )
        for side in (-1, 1)
    ]
    sketch.fill(joined(forks), bark, Grain.WOOD)
    wide = random.uniform(0.88, 1.14)
    lobes: list[Lobe] = [
        (lean + 2 * random.uniform(-1, 1), -62, 27 * wide, 22),
        (lean - 23 * wide, -48 + random.uniform(-5, 3), 17 * wide, 12.5),
        (lean + 23 * wide, -49 + random.uniform(-5, 3), 17 * wide, 12.5),
        (lean - 12 * wide, -70 + random.uniform(-4, 4), 18, 14),
        (lean + 13 * wide, -71 + random.uniform(-4, 4), 17, 14),
        (lean + random.uniform(-5, 5), -82, 15, 12),
        (lean + random.uniform(-6, 6), -50, 19, 12),
    ]
    crown(sketch, asking, lobes, leaf_colour(asking))
    return sketch.drawing()


def apple_tree(asking: Asking) -> Drawing:
    if asking.season is Season.WINTER:
        return _winter(asking, varied("#64534a", asking.random), width=12, spread=46)
    random, sketch = asking.random, Sketch()
    bark, lean = varied("#6b584c", random), random.uniform(-7, 7)
    sketch.fill(_foot(9, 12), bark, Grain.WOOD)
    trunk(sketch, asking, [(0, -4), (-lean * 0.5, -18), (lean, -40)], [11, 9, 8], bark)
    sketch.fill(
        joined(limb([(lean * 0.2, -26), (s * 14, -38), (s * 20, -50)], [5, 4, 2]) for s in (-1, 1)),
        bark,
        Grain.WOOD,
    )
    lobes: list[Lobe] = [
        (lean, -64, 34, 24),
        (lean - 22, -54, 19, 15),
        (lean + 23, -55, 19, 15),
        (lean + random.uniform(-6, 6), -79, 21, 15),
    ]
    colour = leaf_colour(asking, kind=1)
    crown(sketch, asking, lobes, blossom(colour) if asking.season is Season.SPRING else colour, lumps=10)
    if asking.season in (Season.SUMMER, Season.AUTUMN):
        spots = [(lean + random.uniform(-36, 36), random.uniform(-84, -46)) for _ in range(26)]
        apples = [
            ellipse(x, y, 2.3) for x, y in spots if ((x - lean) / 38) ** 2 + ((y + 63) / 25) ** 2 < 0.95
        ]
        sketch.fill(joined(apples), "#b8433a")
        sketch.shine(
            joined(
                path.scaled(0.4).moved(path.box[0] * 0.6 + 1.2, path.box[1] * 0.6 + 0.6) for path in apples
            )
        )
    return sketch.drawing()


def birch(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    lean, width = random.uniform(-5, 5) + asking.wind * 5, random.uniform(4.6, 6.2)
    points: list[Point] = [(0, 0), (lean * 0.15, -35), (lean * 0.5, -66), (lean, -92)]
    leaves = leaf_colour(asking, kind=1 if asking.season is not Season.AUTUMN else 2)
    winter = asking.season is Season.WINTER
    lobes: list[Lobe] = []
    for i in range(6):
        up, side = i / 5, (-1 if i % 2 else 1)
        reach = 15 * (1 - up * 0.65)
        lobes.append(
            (
                lean * (0.4 + 0.6 * up) + side * reach * random.uniform(0.4, 0.8),
                -44 - up * 44,
                reach + 3,
                11.5 - up * 2,
            )
        )
    rises = [0.34 + 0.066 * i + random.uniform(-0.02, 0.02) for i in range(10)]
    twigs = [_twig(lean, rise, 1 if i % 2 else -1, random.uniform(0.8, 1.25)) for i, rise in enumerate(rises)]
    if winter:
        sketch.fill(joined(twigs), "#4b4444", Grain.WOOD)
    else:
        crown(sketch, asking, lobes[:4], darker(leaves, 0.12), lumps=8)
    trunk(sketch, asking, points, [width, width * 0.8, width * 0.5, 1.2], "#e9e4d8")
    marks = []
    for i in range(13):
        up = (i + random.uniform(0.1, 0.9)) / 14
        w, x, side = width * (1 - up * 0.6), lean * up * 0.7, random.choice((-1, 1))
        y = -3 - up * 68
        marks.append(
            polygon(
                (x + side * w * 0.46, y - 0.9),
                (x - side * w * random.uniform(-0.2, 0.3), y),
                (x + side * w * 0.46, y + 0.9),
            )
        )
    sketch.fill(joined(marks), "#3b3636")
    if not winter:
        crown(
            sketch,
            asking,
            [*lobes[3:], (lean * 0.6 - 8, -62, 8, 7), (lean * 0.5 + 9, -54, 8, 7)],
            leaves,
            lumps=8,
        )
    return sketch.drawing()


def _twig(lean: float, rise: float, side: float, size: float) -> Path:
    """A birch's bough with its side twigs: it climbs, and its ends hang."""
    x, y, reach = lean * rise**1.6, -92 * rise + 3, size * (34 - 27 * rise)
    out, mid, tip = (
        side * reach * 0.8,
        (x + side * reach * 0.3, y - reach * 0.55),
        (x + side * reach * 0.7, y - reach * 0.95),
    )
    bough = limb([(x, y), mid, tip, (x + out * 1.1, y - reach * 0.8)], [2.2, 1.7, 1, 0.5])
    hanging = [
        limb(
            [at, (at[0] + side * 5 * size, at[1] - 1), (at[0] + side * 7 * size, at[1] + 9 * size)],
            [1, 0.8, 0.4],
        )
        for at in (mid, tip)
    ]
    rising = limb(
        [mid, (mid[0] - side * 1, mid[1] - reach * 0.4), (mid[0] + side * 2, mid[1] - reach * 0.7)],
        [1.2, 0.9, 0.4],
    )
    return joined([bough, *hanging, rising])


def pine(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    lean, width = random.uniform(-8, 8) + asking.wind * 6, random.uniform(5, 6.5)
    points: list[Point] = [(0, 0), (lean * 0.1, -28), (lean * 0.6, -58), (lean, -84)]
    bark = varied("#8a5a42", random)
    pads: list[Lobe] = []
    for x, y, rx in ((-19, -58, 12), (17, -66, 14), (-14, -76, 15), (12, -84, 15), (-1, -91, 15)):
        pads.append((lean * (-y / 90) + x * random.uniform(0.8, 1.15), y + random.uniform(-2, 2), rx, 5.6))
    boughs = [
        limb([(lean * (-y / 100), y + 14), (x * 0.6, y + 6), (x, y + 1)], [3, 2, 1])
        for x, y, _, _ in pads[:4]
    ]
    colour = varied(asking.tint or "#4a6a53", random, 0.1)
    sketch.fill(joined(boughs), darker(bark, 0.15), Grain.WOOD)
    trunk(sketch, asking, points, [width * 1.25, width * 0.85, width * 0.62, width * 0.3], bark)
    crown(sketch, asking, pads, colour, lumps=8)
    return sketch.drawing()


def fir(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wide, tiers, lean = random.uniform(0.82, 1.12), random.choice((5, 6, 6, 7)), asking.wind * 3
    colour = varied(asking.tint or "#3f6350", random, 0.12)
    sketch.fill(limb([(0, 0), (0, -14)], [7, 5], blunt=True), BARK, Grain.WOOD)
    for i in range(tiers):
        low, high = -9 - 66 * i / tiers, -9 - 66 * i / tiers - 44 + 17 * i / tiers
        reach = (29 - 22 * i / tiers) * wide * random.uniform(0.94, 1.06)
        tier = _tier((lean * i / tiers, low), (lean * (i + 1.4) / tiers, max(high, -100)), reach, asking)
        sketch.sheet = i // 3
        sketch.fill(tier, lighter(colour, 0.05 * i / tiers) if i else darker(colour, 0.08), Grain.LEAF)
        sketch.shade(half(tier, lean * i / tiers - asking.light * reach * 0.1, -asking.light))
        if asking.snow:
            cap = tier.mapped(0.72, 0, 0, 0.6, asking.light * reach * 0.16, low * 0.4 - (low - high) * 0.3)
            sketch.fill(cap, SNOW, Grain.SNOW)
    return sketch.drawing()


def _tier(low: Point, top: Point, reach: float, asking: Asking) -> Path:
    """One storey of a fir: a tent with a drooping, jagged hem."""
    random, (x, y), (a, b) = asking.random, low, top
    hem: list[Point] = []
    teeth = 5
    for i in range(teeth + 1):
        share = i / teeth
        drop = 3.4 * (1 - (2 * share - 1) ** 2)
        hem.append(
            (
                x + reach * (1 - 2 * share),
                y + drop - (2.4 if i in (0, teeth) else 0) + random.uniform(-0.6, 0.6),
            )
        )
        if i < teeth:
            hem.append((x + reach * (1 - 2 * (share + 0.5 / teeth)), y + drop - 2.4))
    ring = [(a, b), (a + reach * 0.42, b + (y - b) * 0.52), *hem, (a - reach * 0.42, b + (y - b) * 0.52)]
    return soft(ring, corners=[0, *range(2, len(ring) - 1)])


def willow(asking: Asking) -> Drawing:
    if asking.season is Season.WINTER:
        return _winter(asking, varied("#6a5a48", asking.random), spread=40, droop=1.6)
    random, sketch = asking.random, Sketch()
    bark = varied("#665441", random)
    sketch.fill(_foot(11, 12), bark, Grain.WOOD)
    trunk(sketch, asking, [(0, -3), (2, -20), (-1, -50)], [14, 11, 9], bark)
    colour = leaf_colour(asking, kind=1)
    crown(
        sketch,
        asking,
        [(0, -72, 36, 24), (-20, -66, 20, 18), (21, -66, 20, 18)],
        darker(colour, 0.1),
        lumps=11,
    )
    for tone, count in ((darker(colour, 0.16), 15), (colour, 15), (lighter(colour, 0.14), 10)):
        strands = []
        for i in range(count):
            x = -42 + 84 * (i + random.random()) / count
            top = -86 + abs(x) * 0.42 + random.uniform(0, 14)
            low = min(-5.0, -14 - 26 * random.random() ** 1.4 + abs(x) * 0.12)
            sway = random.uniform(-1.5, 1.5) + asking.wind * 8
            middle = (x * 1.08 + sway * 0.3, (top + low) / 2)
            strands.append(limb([(x, top), middle, (x * 1.1 + sway, low)], [2, random.uniform(4.5, 6.5), 1]))
        sketch.fill(joined(strands), tone, Grain.LEAF)
    return sketch.drawing()


def poplar(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wide, lean = random.uniform(0.8, 1.2), asking.wind * 6 + random.uniform(-2, 2)
    trunk(sketch, asking, [(0, 0), (0, -20)], [6, 4], BARK)
    if asking.season is Season.WINTER:
        return _winter(asking, varied("#5f5148", random), width=7, spread=15)
    lobes: list[Lobe] = [
        (lean * h + random.uniform(-1.5, 1.5), -14 - 76 * h, (10.5 - 12 * (h - 0.35) ** 2 * 1.6) * wide, 12)
        for h in (0.02, 0.2, 0.4, 0.6, 0.8)
    ]
    lobes.append((lean, -89, 5 * wide, 9))
    crown(sketch, asking, lobes, leaf_colour(asking, kind=2), lumps=8)
    return sketch.drawing()


def stump(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    bark = varied(BARK, random)
    body = soft(
        [(-78, 0), (-52, -22), (-46, -60), (-44, -84), (46, -86), (48, -58), (56, -20), (84, 0)],
        corners=[0, 3, 4, 7],
    )
    sketch.fill(body, bark, Grain.WOOD)
    sketch.shade(limb([(-asking.light * 34, -2), (-asking.light * 30, -84)], [42, 26], blunt=True))
    sketch.fill(ellipse(1, -85, 45, 14), "#cfae82", Grain.WOOD)
    for r in (0.74, 0.48, 0.22):
        sketch.line(ellipse(1 + random.uniform(-2, 2), -85, 45 * r, 14 * r), "#a98658", 1.8)
    if asking.snow:
        sketch.fill(lumpy((0, -90), 42, 11, random, lumps=9, depth=0.2), SNOW, Grain.SNOW)
    return sketch.drawing()


def log(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    bark = varied(BARK, random)
    body = soft(
        [
            (-170, -8),
            (-176, -50),
            (-160, -92),
            (-60, -97),
            (60, -94),
            (158, -98),
            (158, -2),
            (40, 0),
            (-80, -2),
        ],
        corners=[5, 6],
    )
    sketch.fill(body, bark, Grain.WOOD)
    sketch.shade(
        soft(
            [(-172, -30), (-60, -36), (158, -34), (158, -2), (40, 0), (-80, -2), (-166, -8)],
            corners=[0, 2, 3, 6],
        )
    )
    sketch.fill(limb([(-40, -90), (-28, -118), (-34, -134)], [22, 16, 12], blunt=True), bark, Grain.WOOD)
    sketch.fill(ellipse(158, -50, 22, 48), "#cfae82", Grain.WOOD)
    for r in (0.7, 0.4):
        sketch.line(ellipse(158, -50 + random.uniform(-2, 2), 22 * r, 48 * r), "#a98658", 2)
    return sketch.drawing()


THINGS = (
    Thing("oak", 9, Stand.LAND, oak, said="a tree", groups=True),
    Thing("apple_tree", 5, Stand.LAND, apple_tree, said="an apple tree", groups=True),
    Thing("birch", 10, Stand.LAND, birch, groups=True),
    Thing("pine", 12, Stand.LAND, pine, groups=True),
    Thing("fir", 11, Stand.LAND, fir, groups=True),
    Thing("willow", 8, Stand.LAND, willow, groups=True),
    Thing("poplar", 13, Stand.LAND, poplar, groups=True),
    Thing("stump", 0.5, Stand.LAND, stump, said="a tree stump"),
    Thing("log", 0.45, Stand.LAND, log),
)
