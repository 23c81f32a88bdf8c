"""Things a story turns on: crowns, swords, instruments, gifts, and gear."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, lumpy, soft, traced
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing

GOLD = "#cfa84c"
CLOTHS = ("#a8503f", "#4f7078", "#c9a04c", "#5f7a5c", "#6a5a78", "#56708a")
STEEL = "#a9b0b4"
INK = "#3a3034"


def _cloth(asking: Asking) -> str:
    return varied(asking.tint or asking.random.choice(CLOTHS), asking.random)


def crown(asking: Asking) -> Drawing:
    sketch = Sketch()
    gold = varied(asking.tint or GOLD, asking.random)
    sketch.fill(polygon((-70, -10), (-84, -78), (-42, -46), (0, -96), (42, -46), (84, -78), (70, -10)), gold)
    sketch.fill(joined(ellipse(x, y, 8) for x, y in ((-84, -82), (0, -100), (84, -82))), lighter(gold, 0.3))
    band = soft([(-72, -22), (0, -14), (72, -22), (70, -2), (0, 5), (-70, -2)], corners=[0, 2, 3, 5]).moved(
        0, -5
    )
    sketch.fill(band, darker(gold, 0.16))
    sketch.shade(
        half(
            polygon((-70, -10), (-84, -78), (-42, -46), (0, -96), (42, -46), (84, -78), (70, -10)),
            -asking.light * 24,
            -asking.light,
        )
    )
    for x, colour in ((-44, "#4f7078"), (0, "#a8403a"), (44, "#4f7078")):
        sketch.fill(
            polygon((x - 9, -13), (x, -22), (x + 9, -13), (x, -4)).moved(0, -0.5 + abs(x) * -0.06), colour
        )
    return sketch.drawing()


def sword(asking: Asking) -> Drawing:
    sketch = Sketch()
    blade = polygon((-58, -22), (112, -22), (134, -15), (112, -8), (-58, -8))
    sketch.fill(blade, asking.tint or STEEL)
    sketch.shade(rect(-58, -15, 186, 6.8))
    sketch.fill(
        traced("-66,-42! -56,-42! -54,-15 -56,12! -66,12! -68,-15").moved(0, -12).scaled(1, 0.9), GOLD
    )
    sketch.fill(rect(-108, -20, 46, 10), "#6d4436", Grain.CLOTH)
    sketch.fill(ellipse(-114, -15, 11), GOLD)
    sketch.fill(ellipse(-114, -15, 5), asking.random.choice(("#a8403a", "#4f7f8a", "#6f9a72")))
    return sketch.drawing()


def ring(asking: Asking) -> Drawing:
    sketch = Sketch()
    gold = varied(asking.tint or GOLD, asking.random)
    sketch.line(ellipse(0, -34, 30, 29), gold, 8)
    sketch.line(soft([(-26, -20), (-14, -8), (4, -6)], closed=False), lighter(gold, 0.5), 2.4)
    stone = asking.random.choice(("#a8403a", "#4f7f8a", "#6f9a72"))
    sketch.fill(polygon((-18, -78), (-10, -90), (10, -90), (18, -78), (0, -58)), stone)
    sketch.fill(
        polygon((-18, -78), (-10, -90), (0, -78)) + polygon((0, -78), (10, -90), (18, -78)),
        lighter(stone, 0.35),
    )
    sketch.fill(polygon((-10, -66), (10, -66), (6, -58), (-6, -58)), darker(gold, 0.15))
    return sketch.drawing()


def _strings(sketch: Sketch, low: float, high: float, width: float) -> None:
    sketch.line(
        joined(line((x, low), (x * 0.7, high)) for x in (-width, -width / 3, width / 3, width)),
        "#efe6d2",
        0.5,
    )


def violin(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#a0623a", asking.random)
    side = traced("0,-62 12,-61 20,-52 16,-42 12,-37 16,-31 24,-20 22,-8 10,-1 0,0")
    sketch.fill(side, wood, Grain.WOOD)
    sketch.fill(side.scaled(-1, 1), wood, Grain.WOOD)
    sketch.shade(half(side if asking.light < 0 else side.scaled(-1, 1), -asking.light * 8, -asking.light))
    sketch.fill(
        polygon((-3, -30), (-2.2, -94), (2.2, -94), (3, -30))
        + polygon((-3.6, -4), (-2, -20), (2, -20), (3.6, -4)),
        "#33292a",
    )
    sketch.fill(
        traced("-3.4,-92! -4,-99 0,-103 4,-99 3.4,-92!")
        + joined(rect(s * 5 - 2, y, 4, 1.6) for s in (-1, 1) for y in (-97, -94.4)),
        darker(wood, 0.35),
        Grain.WOOD,
    )
    sketch.fill(rect(-6, -25, 12, 2), "#e3d2a8")
    _strings(sketch, -18, -92, 2)
    sketch.line(
        joined(
            soft([(s * 9, -33), (s * 8, -28), (s * 10.6, -23), (s * 9.6, -18)], closed=False) for s in (-1, 1)
        ),
        INK,
        1.2,
    )
    sketch.line(line((30, 0), (44, -96)), "#6d4436", 1.8)
    sketch.line(line((34, -2), (46, -92)), "#efe6d2", 0.8)
    return sketch.drawing()


def guitar(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#b9814a", asking.random)
    body = traced(
        "-10,-52 -18,-46 -17,-38 -15,-33 -21,-25 -24,-13 -17,-2 0,0 17,-2 24,-13 21,-25 15,-33 17,-38 18,-46 10,-52 0,-51"
    )
    sketch.fill(body, wood, Grain.WOOD)
    sketch.shade(half(body, -asking.light * 10, -asking.light))
    sketch.fill(rect(-2.8, -90, 5.6, 60), darker(wood, 0.5), Grain.WOOD)
    sketch.fill(ellipse(0, -31, 7), INK)
    sketch.line(ellipse(0, -31, 8), darker(wood, 0.3), 1)
    sketch.fill(
        polygon((-4.4, -102), (4.4, -102), (3.2, -89), (-3.2, -89))
        + joined(ellipse(s * 5.4, y, 1.5) for s in (-1, 1) for y in (-99, -95.6, -92)),
        darker(wood, 0.4),
    )
    sketch.fill(rect(-7, -12, 14, 2.6), darker(wood, 0.5))
    sketch.shade(joined(rect(-2.8, -86 + 7 * i, 5.6, 0.7) for i in range(7)))
    _strings(sketch, -11, -92, 2)
    return sketch.drawing()


def globe(asking: Asking) -> Drawing:
    sketch = Sketch()
    sea = varied(asking.tint or "#7d9aa3", asking.random)
    sketch.line(soft([(8, -96), (38, -82), (42, -48), (22, -22), (-12, -20)], closed=False), "#8a6244", 4)
    sketch.fill(ellipse(0, -57, 34), sea)
    lands = (
        traced("-26,-70 -14,-82 0,-78 -4,-66 -10,-56 -20,-54")
        + traced("-12,-48 -2,-50 4,-40 -2,-28 -10,-34")
        + traced("8,-76 22,-76 30,-62 26,-50 14,-46 10,-58")
    )
    sketch.fill(lands, "#a9ab72")
    sketch.shade(half(ellipse(0, -57, 34), -asking.light * 12, -asking.light))
    sketch.fill(polygon((-4, -22), (4, -22), (5, -8), (-5, -8)), "#8a6244", Grain.WOOD)
    sketch.fill(traced("-28,0! -24,-7 0,-10 24,-7 28,0!"), "#8a6244", Grain.WOOD)
    return sketch.drawing()


def telescope(asking: Asking) -> Drawing:
    sketch = Sketch()
    brass = varied(asking.tint or GOLD, asking.random)
    sketch.line(line((0, -62), (-26, 0)) + line((0, -62), (26, 0)) + line((0, -62), (3, -4)), "#76523c", 4)
    tube = polygon((-52, -54), (-52, -66), (46, -73), (46, -47)).turned(-24, (0, -62))
    sketch.fill(
        polygon((-70, -56), (-70, -64), (-48, -65), (-48, -55)).turned(-24, (0, -62)), darker(brass, 0.4)
    )
    sketch.fill(tube, brass)
    sketch.fill(
        joined(
            polygon((x, -61 - w), (x + 5, -61 - w), (x + 5, -59 + w), (x, -59 + w)).turned(-24, (0, -62))
            for x, w in ((-14, 9), (42, 14))
        ),
        darker(brass, 0.25),
    )
    sketch.shade(polygon((-52, -54), (-52, -59), (46, -56), (46, -47)).turned(-24, (0, -62)))
    sketch.fill(ellipse(0, -60, 5), "#5f4636")
    return sketch.drawing()


def flag(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), _cloth(asking)
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


def umbrella(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), _cloth(asking)
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


def telephone(asking: Asking) -> Drawing:
    sketch = Sketch()
    shell = varied(asking.tint or asking.random.choice(("#33303a", "#8f4038", "#4f6a5c")), asking.random)
    body = traced("-30,-72! -44,-40 -66,-12 -68,0! 68,0! 66,-12 44,-40 30,-72!")
    sketch.fill(body, shell)
    sketch.shade(half(body, -asking.light * 22, -asking.light))
    sketch.fill(ellipse(0, -34, 25, 24), lighter(shell, 0.75))
    sketch.fill(joined(ellipse(0, -51, 4).turned(36 * i, (0, -34)) for i in range(9)), darker(shell, 0.2))
    sketch.fill(ellipse(0, -34, 9), shell)
    sketch.fill(rect(-26, -80, 10, 12) + rect(16, -80, 10, 12), darker(shell, 0.2))
    sketch.fill(
        traced("-78,-66! -80,-86 -62,-98 0,-101 62,-98 80,-86 78,-66! 54,-66! 48,-82 0,-86 -48,-82 -54,-66!"),
        lighter(shell, 0.1),
    )
    return sketch.drawing()


def computer(asking: Asking) -> Drawing:
    sketch = Sketch()
    shell = varied(asking.tint or "#5a5c66", asking.random)
    sketch.fill(traced("-60,-22! -60,-98 -55,-102! 55,-102! 60,-98 60,-22!"), shell)
    sketch.light(rect(-54, -96, 108, 68), "#9fb9c4")
    sketch.fill(
        joined(rect(-44, y, w, 5) for y, w in ((-86, 52), (-74, 70), (-62, 40), (-50, 62))), "#e9f0f2"
    )
    sketch.fill(polygon((-62, -22), (62, -22), (82, -4), (-82, -4)), lighter(shell, 0.3))
    sketch.fill(rect(-82, -4, 164, 4), shell)
    sketch.shade(
        joined(
            polygon(
                (-56 - k, -18.6 + k * 0.4),
                (56 + k, -18.6 + k * 0.4),
                (57 + k, -16.4 + k * 0.4),
                (-57 - k, -16.4 + k * 0.4),
            )
            for k in (0, 8, 16)
        )
    )
    sketch.glow(0, -62, 90, "#cfe0ea")
    return sketch.drawing()


def camera(asking: Asking) -> Drawing:
    sketch = Sketch()
    shell = varied(asking.tint or "#3f3c42", asking.random)
    sketch.fill(traced("-70,-78! -34,-78! -26,-96! 26,-96! 34,-78! 70,-78! 70,-40! -70,-40!"), "#b5b0aa")
    sketch.fill(rect(-70, -68, 140, 68), shell, Grain.CLOTH)
    sketch.fill(rect(-70, -8, 140, 8) + rect(-60, -86, 18, 8), "#b5b0aa")
    for r, colour in ((31, "#b5b0aa"), (26, "#2e2b30"), (17, "#56708a"), (9, "#2e2b30")):
        sketch.fill(ellipse(0, -36, r), colour)
    sketch.shine(ellipse(-8, -43, 5))
    sketch.fill(rect(-16, -92, 32, 11), "#9fb9c4")
    return sketch.drawing()


def ball(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), _cloth(asking)
    sketch.fill(ellipse(0, -50, 50), cloth)
    sketch.fill(traced("-49,-58! -20,-66 20,-66 49,-58! 49,-38! 20,-30 -20,-30 -49,-38!"), "#efe4cc")
    sketch.shade(half(ellipse(0, -50, 50), -asking.light * 20, -asking.light))
    sketch.shine(ellipse(asking.light * 20, -76, 10, 7))
    return sketch.drawing()


def gift(asking: Asking) -> Drawing:
    sketch, paper = Sketch(), _cloth(asking)
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


def kite(asking: Asking) -> Drawing:
    sketch, cloth = Sketch(), _cloth(asking)
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


def statue(asking: Asking) -> Drawing:
    sketch = Sketch()
    stone = varied(asking.tint or "#a9a59c", asking.random)
    sketch.fill(
        polygon((-22, 0), (-19, -8), (-15, -10), (-14, -36), (14, -36), (15, -10), (19, -8), (22, 0)),
        darker(stone, 0.1),
        Grain.STONE,
    )
    figure = traced(
        "-9,-36! -10,-54 -12,-72 -8,-79 -4,-81! -5,-86 -5,-92 0,-96 5,-92 5,-86 4,-81! 8,-80 14,-90 18,-101! 22,-99! 18,-86 12,-72 10,-62 11,-50 10,-36!"
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
    sketch.line(joined(ropes), "#8a8a6c", 0.9)
    sketch.line(soft([(-74, -24), (-30, -14), (20, -16), (74, -26)], closed=False), "#8a7a5c", 2)
    sketch.fill(
        joined(ellipse(x, -90 + abs(abs(x) - 78) * 0.1, 4.4) for x in (-56, -28, 0, 28, 56)), "#b8703f"
    )
    return sketch.drawing()


THINGS = (
    Thing("crown", 0.24, Stand.TABLE, crown),
    Thing("sword", 0.18, Stand.TABLE, sword),
    Thing("ring", 0.12, Stand.TABLE, ring),
    Thing("violin", 0.6, Stand.TABLE, violin),
    Thing("guitar", 1, Stand.FLOOR, guitar),
    Thing("globe", 0.45, Stand.TABLE, globe),
    Thing("telescope", 1.2, Stand.FLOOR, telescope),
    Thing("flag", 5, Stand.LAND, flag),
    Thing("umbrella", 0.9, Stand.FLOOR, umbrella, said="an umbrella"),
    Thing("telephone", 0.24, Stand.TABLE, telephone),
    Thing("computer", 0.36, Stand.TABLE, computer),
    Thing("camera", 0.18, Stand.TABLE, camera),
    Thing("ball", 0.3, Stand.FLOOR, ball),
    Thing("gift", 0.34, Stand.TABLE, gift),
    Thing("boots", 0.38, Stand.FLOOR, boots, said="boots"),
    Thing("bag", 0.5, Stand.FLOOR, bag),
    Thing("doll", 0.36, Stand.TABLE, doll),
    Thing("barrel", 0.95, Stand.LAND, barrel, groups=True),
    Thing("crate", 0.6, Stand.LAND, crate, groups=True),
    Thing("anchor", 1.2, Stand.LAND, anchor, said="an anchor"),
    Thing("kite", 3, Stand.SKY, kite),
    Thing("statue", 4, Stand.LAND, statue),
    Thing("net", 1.8, Stand.SHORE, net, said="a fishing net"),
)
