"""What people make and play with: snowmen, sledges, kites, dolls, gifts."""

from __future__ import annotations

from reelyard.tools.pictures.things.keepsakes import CLOTHS, INK, cloth_of
from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, lumpy, soft, traced
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing


def snowman(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    sketch.line(
        soft([(-18, -52), (-40, -64), (-52, -60)], closed=False) + line((-40, -64), (-46, -74)),
        "#5f4a3c",
        2.4,
    )
    sketch.line(
        soft([(18, -52), (38, -66), (48, -76)], closed=False) + line((38, -66), (50, -64)), "#5f4a3c", 2.4
    )
    for y, r in ((-24, 27), (-54, 20), (-78, 14)):
        ball = lumpy((0, y), r, r * 0.96, random, lumps=12, depth=0.12)
        sketch.fill(ball, "#eff2f5", Grain.SNOW)
        sketch.shade(half(ball, -asking.light * r * 0.35, -asking.light))
    scarf = asking.tint or asking.dress.scarf or random.choice(("#a8463c", "#4f7a78", "#c9924c"))
    sketch.fill(
        limb([(-14, -66), (0, -62), (14, -66)], [6, 6.5, 6])
        + limb([(8, -64), (13, -50), (11, -42)], [6, 6, 6.5], blunt=True),
        scarf,
        Grain.CLOTH,
    )
    sketch.fill(
        ellipse(0, -90, 17, 2.6) + polygon((-10, -90), (-9, -104), (9, -104), (10, -90)),
        "#3a363c",
        Grain.CLOTH,
    )
    sketch.fill(polygon((3, -80), (20, -76), (3, -75)), "#d0803c")
    sketch.fill(
        joined(ellipse(x, y, 1.7) for x, y in ((-3, -83), (7, -83), (1, -54), (2, -45), (1, -30))), "#3a363c"
    )
    return sketch.drawing()


def sledge(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#a3683f", asking.random)
    sketch.line(
        soft([(-120, -4), (60, -4), (104, -14), (124, -46), (108, -70)], closed=False), darker(wood, 0.3), 7
    )
    sketch.fill(joined(rect(x, -54, 8, 50) for x in (-90, -10, 66)), darker(wood, 0.2), Grain.WOOD)
    sketch.fill(polygon((-112, -62), (100, -62), (106, -50), (-112, -50)), wood, Grain.WOOD)
    sketch.shade(rect(-112, -54, 216, 4))
    sketch.line(soft([(106, -66), (140, -40), (168, -52)], closed=False), "#c9b48c", 3)
    return sketch.drawing()


def scarecrow(asking: Asking) -> Drawing:
    random, sketch, dress = asking.random, Sketch(), asking.dress
    sketch.fill(rect(-2, -70, 4, 70) + rect(-38, -69, 76, 3.4), "#7a5c44", Grain.WOOD)
    coat = soft(
        [
            (-36, -74),
            (-8, -76),
            (8, -76),
            (36, -74),
            (37, -62),
            (15, -60),
            (19, -30),
            (9, -33),
            (2, -28),
            (-8, -33),
            (-19, -29),
            (-15, -60),
            (-37, -62),
        ],
        corners=[0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    )
    sketch.fill(
        joined(
            polygon((s * 36, -72), (s * 48, -76), (s * 46, -69), (s * 50, -64), (s * 36, -64))
            for s in (-1, 1)
        ),
        "#cfa852",
    )
    sketch.fill(coat, asking.tint or dress.coat, Grain.CLOTH)
    sketch.shade(half(coat, -asking.light * 4, -asking.light))
    sketch.fill(rect(5, -54, 8, 8), "#b0724c")
    sketch.fill(ellipse(0, -83, 9.5, 10), "#d9c08c", Grain.CLOTH)
    sketch.fill(joined(ellipse(x, -84, 1.3) for x in (-3, 4)), "#3a302e")
    sketch.fill(
        ellipse(0, -89, 19, 3) + traced("-10,-89! -8,-98 0,-102 7,-98 10,-89!"),
        dress.hat or "#8a6a4c",
        Grain.CLOTH,
    )
    sketch.fill(
        polygon((-6, -76), (6, -76), (8, -71), (0, -73), (-8, -71)), random.choice(("#a8463c", "#c9924c"))
    )
    return sketch.drawing()


def umbrella(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), cloth_of(asking)
    sketch.line(soft([(0, -60), (0, -10), (4, -3), (10, -3), (13, -10)], closed=False), "#6d4c3a", 3)
    dome = soft(
        [
            (-56, -50),
            (-46, -76),
            (-22, -92),
            (0, -95),
            (22, -92),
            (46, -76),
            (56, -50),
            (47, -56),
            (38, -50),
            (28, -56),
            (19, -50),
            (9, -56),
            (0, -50),
            (-9, -56),
            (-19, -50),
            (-28, -56),
            (-38, -50),
            (-47, -56),
        ],
        corners=[0, 6, 8, 10, 12, 14, 16],
    )
    sketch.fill(dome, cloth, Grain.CLOTH)
    for a, b in ((-38, -19), (0, 19), (38, 56)):
        sketch.shade(
            soft(
                [(a, -50), ((a * 0.62), -80), (0, -95), (b * 0.62, -80), (b, -50), ((a + b) / 2, -56)],
                corners=[0, 2, 4],
            )
        )
    sketch.line(line((0, -94), (0, -101)), "#6d4c3a", 2.4)
    return sketch.drawing()


def ball(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), cloth_of(asking)
    sketch.fill(ellipse(0, -50, 50), cloth)
    sketch.fill(traced("-49,-58! -20,-66 20,-66 49,-58! 49,-38! 20,-30 -20,-30 -49,-38!"), "#efe4cc")
    sketch.shade(half(ellipse(0, -50, 50), -asking.light * 20, -asking.light))
    sketch.shine(ellipse(asking.light * 20, -76, 10, 7))
    return sketch.drawing()


def gift(asking: Asking) -> Drawing:
    sketch, paper = Sketch(), cloth_of(asking)
    bow = "#efe0b8" if paper != "#c9a04c" else "#a8503f"
    sketch.fill(rect(-46, -58, 92, 58), paper)
    sketch.fill(rect(-51, -70, 102, 16), lighter(paper, 0.14))
    sketch.shade(rect(-46, -54, 92, 4))
    sketch.shade(half(rect(-46, -58, 92, 58), -asking.light * 22, -asking.light))
    sketch.fill(rect(-8, -70, 16, 70), bow, Grain.CLOTH)
    for s in (-1, 1):
        sketch.fill(traced("0,-70 12,-92 34,-101 42,-88 28,-74").scaled(s, 1), bow, Grain.CLOTH)
        sketch.shade(traced("10,-76 18,-88 30,-92 30,-84 20,-76").scaled(s, 1))
    sketch.fill(ellipse(0, -73, 8, 6), darker(bow, 0.12))
    return sketch.drawing()


def doll(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), asking.tint or asking.random.choice(CLOTHS)
    sketch.fill(limb([(-10, -24), (-12, -4)], [9, 9]) + limb([(10, -24), (12, -4)], [9, 9]), "#e6cfae")
    sketch.fill(limb([(-12, -54), (-30, -38)], [10, 8]) + limb([(12, -54), (30, -38)], [10, 8]), "#e6cfae")
    sketch.fill(traced("-12,-60! -16,-44 -30,-16! 0,-11 30,-16! 16,-44 12,-60!"), cloth, Grain.CLOTH)
    sketch.fill(joined(ellipse(s * 23, -74, 8, 13) for s in (-1, 1)), "#8a5a34")
    sketch.fill(ellipse(0, -78, 20, 19), "#efd9b8")
    sketch.fill(traced("-21,-76 -18,-96 0,-101 18,-96 21,-76 10,-88 0,-90 -10,-88"), "#8a5a34")
    sketch.fill(ellipse(-7, -77, 2.2) + ellipse(7, -77, 2.2), INK)
    sketch.line(soft([(-5, -69), (0, -66), (5, -69)], closed=False), "#a8503f", 1.6)
    sketch.fill(joined(rect(x, -22, 5, 5) for x in (-18, -6, 6, 16)), lighter(cloth, 0.5))
    return sketch.drawing()


def kite(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), cloth_of(asking)
    sketch.line(soft([(0, -44), (-10, -32), (4, -20), (-8, -10), (0, 0)], closed=False), "#6d5f58", 1.2)
    knots: list[Path] = [
        polygon((x - 6, y - 3), (x, y), (x - 6, y + 3)) + polygon((x + 6, y + 3), (x, y), (x + 6, y - 3))
        for x, y in ((-8, -34), (2, -21), (-6, -10))
    ]
    sketch.fill(joined(knots), lighter(cloth, 0.4), Grain.CLOTH)
    sketch.fill(polygon((0, -102), (30, -78), (0, -42), (-30, -78)), cloth, Grain.CLOTH)
    sketch.fill(
        polygon((0, -102), (30, -78), (0, -78)) + polygon((0, -78), (0, -42), (-30, -78)),
        "#efe0b8",
        Grain.CLOTH,
    )
    return sketch.drawing()


THINGS = (
    Thing("snowman", 1.5, Stand.LAND, snowman),
    Thing("sledge", 0.5, Stand.LAND, sledge),
    Thing("scarecrow", 2, Stand.LAND, scarecrow, (Pose.STANDING,)),
    Thing("umbrella", 0.9, Stand.FLOOR, umbrella, said="an umbrella"),
    Thing("ball", 0.3, Stand.FLOOR, ball),
    Thing("gift", 0.34, Stand.TABLE, gift),
    Thing("doll", 0.36, Stand.TABLE, doll),
    Thing("kite", 3, Stand.SKY, kite),
)
