"""Small things on tables and in hands."""

from __future__ import annotations

from reelyard.tools.pictures.things.fires import flame
from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing

BRASS = "#c9a04c"
PAPER = "#f3ebd9"
IRON = "#3a383e"


def lamp(asking: Asking) -> Drawing:
    """Burning oil, with a glass chimney."""
    sketch = Sketch()
    brass = varied(asking.tint or BRASS, asking.random)
    sketch.light(traced("-10,-44! -14,-58 -9,-74 -8,-100! 8,-100! 9,-74 14,-58 10,-44!"), "#dfe0d2")
    flame(sketch, asking, 24, 0, -47)
    sketch.shine(traced("-9,-50 -10,-60 -6,-76 -4,-76 -6,-60 -5,-50"))
    sketch.fill(rect(-13, -47, 26, 5), darker(brass, 0.2))
    bowl = traced(
        "-11,-42! -27,-34 -26,-22 -10,-14! -8,-8! -22,-3! -24,0! 24,0! 22,-3! 8,-8! 10,-14! 26,-22 27,-34 11,-42!"
    )
    sketch.fill(bowl, brass)
    sketch.shade(half(bowl, -asking.light * 6, -asking.light))
    sketch.line(soft([(26, -30), (38, -36), (38, -20), (24, -18)], closed=False), darker(brass, 0.2), 2.6)
    sketch.fill(rect(13, -46, 8, 2.4), darker(brass, 0.4))
    sketch.glow(0, -60, 130)
    return sketch.drawing()


def lantern(asking: Asking) -> Drawing:
    sketch = Sketch()
    sketch.line(soft([(-22, -72), (-20, -94), (0, -102), (20, -94), (22, -72)], closed=False), IRON, 2.6)
    sketch.fill(
        polygon((-12, -86), (12, -86), (28, -70), (-28, -70)) + rect(-8, -91, 16, 6), asking.tint or IRON
    )
    sketch.light(rect(-23, -70, 46, 56), "#e3d6ae")
    flame(sketch, asking, 30, 0, -18)
    sketch.fill(rect(-6, -20, 12, 7), "#efe6d2")
    sketch.fill(
        joined(rect(x, -70, 4, 56) for x in (-25, 21)) + rect(-1.2, -70, 2.4, 30), asking.tint or IRON
    )
    sketch.fill(polygon((-30, -14), (30, -14), (32, 0), (-32, 0)), asking.tint or IRON)
    sketch.glow(0, -42, 150)
    return sketch.drawing()


def candle(asking: Asking) -> Drawing:
    sketch = Sketch()
    flame(sketch, asking, 30, 0, -70)
    sketch.line(line((0, -66), (0, -72)), "#3a302e", 1.2)
    wax = traced("-9,-12! -9,-64 -5,-68 3,-66 9,-67 9,-54 11,-46 8,-42 9,-12!")
    sketch.fill(wax, asking.tint or "#efe6cf")
    sketch.shade(half(wax, -asking.light * 2, -asking.light))
    sketch.fill(traced("-13,-16! 13,-16! 12,-9 34,-8! 28,0! -28,0! -34,-8! -12,-9"), BRASS)
    sketch.line(ellipse(37, -9, 7, 6), BRASS, 2.8)
    sketch.glow(0, -82, 150)
    return sketch.drawing()


def book(asking: Asking) -> Drawing:
    """Open."""
    random, sketch = asking.random, Sketch()
    cover = varied(asking.tint or random.choice(("#8c3f3a", "#3f5a76", "#5f6f4c", "#6d4c3a")), random)
    sketch.fill(polygon((-128, -6), (-112, -92), (0, -74), (112, -92), (128, -6), (0, 0)), cover, Grain.CLOTH)
    for s in (-1, 1):
        page = soft(
            [(0, -8), (0, -78), (s * 40, -98), (s * 106, -92), (s * 120, -12), (s * 50, -18)],
            corners=[0, 1, 3, 4],
        )
        sketch.fill(page, PAPER if s < 0 else lighter(PAPER, 0.4))
        lines = [
            limb([(s * 18, y - 4), (s * 50, y - 10), (s * (96 if i % 3 else 74), y - 7)], [2, 2, 2])
            for i, y in enumerate((-72, -61, -50, -39, -28))
        ]
        sketch.shade(joined(lines))
    sketch.shade(
        soft(
            [(0, -8), (0, -78), (-asking.light * -14, -84), (-asking.light * -12, -12)], corners=[0, 1, 2, 3]
        )
    )
    return sketch.drawing()


def books(asking: Asking) -> Drawing:
    """A pile."""
    random, sketch, y = asking.random, Sketch(), 0.0
    for i in range(4):
        high, wide, shift = random.uniform(20, 28), random.uniform(62, 84) - i * 3, random.uniform(-9, 9)
        colour = varied(
            random.choice(("#8c3f3a", "#3f5a76", "#5f6f4c", "#b8894c", "#6a5a78", "#6d4c3a")), random
        )
        sketch.fill(rect(shift - wide, y - high, 2 * wide, high), colour, Grain.CLOTH)
        end = -asking.light
        sketch.fill(rect(shift + (wide - 12 if end > 0 else -wide), y - high + 4, 12, high - 8), PAPER)
        sketch.shade(joined(rect(shift + k * wide - 2, y - high, 4, high) for k in (-0.7 * end, -0.6 * end)))
        y -= high
    return sketch.drawing()


def cup(asking: Asking) -> Drawing:
    sketch = Sketch()
    clay = varied(
        asking.tint or asking.random.choice(("#e6dccb", "#7d94a0", "#b9705a", "#7f8f6a")), asking.random
    )
    sketch.line(soft([(38, -62), (66, -66), (66, -30), (32, -26)], closed=False), darker(clay, 0.1), 9)
    body = traced("-44,-76! -42,-34 -28,-6 -20,0! 20,0! 28,-6 42,-34 44,-76!")
    sketch.fill(body, clay)
    sketch.shade(half(body, -asking.light * 14, -asking.light))
    sketch.fill(ellipse(0, -76, 44, 9), lighter(clay, 0.3))
    sketch.fill(ellipse(0, -75, 38, 6.4), "#6d4632")
    sketch.line(
        joined(soft([(x, -84), (x - 6, -92), (x + 4, -100), (x - 2, -110)], closed=False) for x in (-12, 8)),
        "#e9ecec",
        2.4,
    )
    return sketch.drawing()


def teapot(asking: Asking) -> Drawing:
    sketch = Sketch()
    clay = varied(
        asking.tint or asking.random.choice(("#6f8f8a", "#b9705a", "#d8cbb4", "#56708a")), asking.random
    )
    sketch.line(soft([(-52, -62), (-88, -66), (-84, -26), (-46, -20)], closed=False), darker(clay, 0.15), 9)
    sketch.fill(traced("46,-30! 72,-46 78,-74! 92,-78! 86,-44 62,-16 42,-12!"), darker(clay, 0.1))
    body = traced("-26,-78! -54,-62 -58,-34 -38,-4 -24,0! 24,0! 38,-4 58,-34 54,-62 26,-78!")
    sketch.fill(body, clay)
    sketch.shade(half(body, -asking.light * 16, -asking.light))
    sketch.fill(traced("-30,-77! -18,-88 18,-88 30,-77!"), darker(clay, 0.12))
    sketch.fill(ellipse(0, -93, 7), darker(clay, 0.2))
    return sketch.drawing()


def bowl(asking: Asking) -> Drawing:
    sketch = Sketch()
    clay = varied(asking.tint or asking.random.choice(("#7d94a0", "#b9845a", "#d8cbb4")), asking.random)
    sketch.fill(joined(ellipse(x, y, 26) for x, y in ((-42, -70), (4, -78), (46, -68))), "#b8503f")
    sketch.fill(ellipse(-20, -84, 25), "#c9a04c")
    body = traced("-96,-64! -84,-28 -50,-6! -44,0! 44,0! 50,-6! 84,-28 96,-64!")
    sketch.fill(body, clay)
    sketch.shade(half(body, -asking.light * 30, -asking.light))
    sketch.fill(rect(-98, -68, 196, 7), lighter(clay, 0.25))
    return sketch.drawing()


def bread(asking: Asking) -> Drawing:
    sketch = Sketch()
    crust = varied(asking.tint or "#b9814a", asking.random)
    loaf = traced("-110,-6 -116,-40 -92,-74 -40,-92 30,-94 86,-78 114,-44 110,-8 90,0! -90,0!")
    sketch.fill(loaf, crust)
    sketch.fill(
        joined(limb([(x - 14, -76), (x + 4, -60), (x + 12, -38)], [4, 13, 3]) for x in (-60, -14, 32, 70)),
        lighter(crust, 0.42),
    )
    sketch.shade(traced("-112,-26 -60,-16 60,-16 112,-28 110,-8 90,0! -90,0! -108,-8"))
    return sketch.drawing()


def apple(asking: Asking) -> Drawing:
    sketch = Sketch()
    skin = varied(asking.tint or asking.random.choice(("#b0433a", "#8fa04c", "#c0693f")), asking.random)
    body = traced("0,-72 20,-82 42,-70 46,-42 32,-12 14,-2 0,-5 -14,-2 -32,-12 -46,-42 -42,-70 -20,-82")
    sketch.fill(limb([(0, -70), (3, -84), (10, -96)], [4, 3.6, 4]), "#5f4636")
    sketch.fill(traced("6,-84! 22,-98 42,-94! 30,-82"), "#6f8f52", Grain.LEAF)
    sketch.fill(body, skin)
    sketch.shade(half(body, -asking.light * 16, -asking.light))
    sketch.shine(traced("-30,-62 -22,-70 -16,-66 -24,-50").scaled(-asking.light, 1))
    return sketch.drawing()


def letter(asking: Asking) -> Drawing:
    sketch, tilt = Sketch(), asking.random.uniform(-5, 5)
    sketch.fill(rect(-74, -96, 148, 92).turned(tilt, (0, -48)), asking.tint or PAPER)
    sketch.shade(polygon((-74, -96), (74, -96), (0, -38)).turned(tilt, (0, -48)))
    sketch.line(
        (
            line((-74, -4), (-22, -54)) + line((74, -4), (22, -54)) + line((-74, -96), (0, -38), (74, -96))
        ).turned(tilt, (0, -48)),
        "#b9a98c",
        1.6,
    )
    sketch.fill(ellipse(0, -42, 13, 12.4).turned(tilt, (0, -48)), "#a8403a")
    sketch.fill(ellipse(0, -42, 7.4).turned(tilt, (0, -48)), darker("#a8403a", 0.25))
    return sketch.drawing()


def key(asking: Asking) -> Drawing:
    sketch = Sketch()
    metal = varied(asking.tint or asking.random.choice((BRASS, "#8a8078")), asking.random)
    ring = ellipse(-58, -50, 30, 28)
    sketch.line(ring, metal, 13)
    sketch.fill(
        rect(-30, -57, 128, 13)
        + polygon((70, -46), (98, -46), (98, -14), (88, -14), (88, -26), (80, -26), (80, -18), (70, -18))
        + rect(-30, -62, 9, 23),
        metal,
    )
    sketch.shade(rect(-26, -49, 124, 5))
    return sketch.drawing()


def bottle(asking: Asking) -> Drawing:
    sketch = Sketch()
    glass = varied(asking.tint or asking.random.choice(("#5f7f62", "#6d8a98", "#8a6a48")), asking.random)
    body = traced("-6,-94! -6,-74 -17,-60 -18,-48! -18,-4! -14,0! 14,0! 18,-4! 18,-48! 17,-60 6,-74 6,-94!")
    sketch.fill(rect(-5, -101, 10, 9), "#b08a5c")
    sketch.fill(body, glass)
    sketch.fill(rect(-7.4, -95, 14.8, 5), darker(glass, 0.2))
    sketch.fill(rect(-17.4, -40, 34.8, 24), PAPER)
    sketch.shade(half(body, -asking.light * 6, -asking.light))
    sketch.shine(rect(asking.light * 12 - 1.5, -54, 3, 46))
    return sketch.drawing()


def basket(asking: Asking) -> Drawing:
    sketch = Sketch()
    cane = varied(asking.tint or "#b08a55", asking.random)
    sketch.line(
        soft([(-56, -46), (-44, -86), (0, -100), (44, -86), (56, -46)], closed=False), darker(cane, 0.15), 7
    )
    sketch.fill(
        joined(ellipse(x, y, 17, 16) for x, y in ((-34, -54), (-4, -60), (28, -55))),
        asking.random.choice(("#b8503f", "#c9a04c", "#8fa04c")),
    )
    sketch.fill(traced("20,-50! 34,-72 58,-62 60,-40!"), "#ece3d2", Grain.CLOTH)
    body = traced("-68,-48! -60,-20 -50,0! 50,0! 60,-20 68,-48!")
    sketch.fill(body, cane, Grain.WOOD)
    sketch.shade(
        joined(
            rect(x + (8 if r % 2 else 0), -40 + 12 * r, 10, 4) for r in range(3) for x in range(-54, 42, 17)
        )
    )
    sketch.fill(rect(-70, -52, 140, 7), lighter(cane, 0.15), Grain.WOOD)
    return sketch.drawing()


def chest(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#7d5a40", asking.random)
    lid = traced("-86,-56! -84,-78 -66,-96 0,-100 66,-96 84,-78 86,-56!")
    sketch.fill(lid, lighter(wood, 0.06), Grain.WOOD)
    sketch.fill(rect(-84, -56, 168, 56), wood, Grain.WOOD)
    sketch.shade(joined(rect(-84, y, 168, 1.6) for y in (-38, -19)) + rect(-84, -56, 168, 3))
    for x in (-64, 50):
        sketch.fill(rect(x, -96, 13, 96), "#5a5654")
    sketch.fill(rect(-86, -60, 172, 6), "#5a5654")
    sketch.fill(rect(-12, -66, 24, 26), BRASS)
    sketch.fill(ellipse(0, -56, 3.6) + polygon((-2, -55), (2, -55), (3.4, -46), (-3.4, -46)), "#3a302e")
    sketch.shade(half(rect(-84, -56, 168, 56), -asking.light * 40, -asking.light))
    return sketch.drawing()


THINGS = (
    Thing("lamp", 0.42, Stand.TABLE, lamp),
    Thing("lantern", 0.4, Stand.TABLE, lantern),
    Thing("candle", 0.3, Stand.TABLE, candle),
    Thing("book", 0.16, Stand.TABLE, book),
    Thing("books", 0.26, Stand.TABLE, books, said="books"),
    Thing("cup", 0.14, Stand.TABLE, cup),
    Thing("teapot", 0.26, Stand.TABLE, teapot),
    Thing("bowl", 0.2, Stand.TABLE, bowl, said="a bowl of fruit"),
    Thing("bread", 0.2, Stand.TABLE, bread, said="bread"),
    Thing("apple", 0.16, Stand.TABLE, apple, said="an apple"),
    Thing("letter", 0.2, Stand.TABLE, letter),
    Thing("key", 0.14, Stand.TABLE, key),
    Thing("bottle", 0.36, Stand.TABLE, bottle),
    Thing("basket", 0.4, Stand.TABLE, basket),
    Thing("chest", 0.6, Stand.FLOOR, chest),
)
