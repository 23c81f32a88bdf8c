"""What drives, rolls and flies."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing
from reelyard.tools.pictures.things.walls import smoke

PAINTS = ("#a8503f", "#4f7078", "#c9a04c", "#5f7a5c", "#56708a", "#d8cbb4")
RUBBER = "#322f33"
GLASS = "#a9c2cc"
BRASS = "#c9a04c"


def _paint(asking: Asking) -> str:
    return varied(asking.tint or asking.random.choice(PAINTS), asking.random)


def _tyre(sketch: Sketch, x: float, r: float) -> None:
    sketch.fill(ellipse(x, -r, r), RUBBER)
    sketch.fill(ellipse(x, -r, r * 0.55), "#b5b0aa")
    sketch.fill(ellipse(x, -r, r * 0.2), RUBBER)


def _spoked(sketch: Sketch, x: float, r: float, colour: str, width: float) -> None:
    sketch.line(ellipse(x, -r, r - width / 2), colour, width)
    sketch.line(
        joined(
            line((x - (r - width), -r), (x + r - width, -r)).turned(turn, (x, -r))
            for turn in (10, 55, 100, 145)
        ),
        colour,
        width * 0.5,
    )
    sketch.fill(ellipse(x, -r, r * 0.16), darker(colour, 0.3))


def car(asking: Asking) -> Drawing:
    sketch, paint = Sketch(), _paint(asking)
    body = traced(
        "-138,-22! -140,-48 -126,-62 -84,-66! -58,-98 -30,-102 34,-102 58,-96 82,-66! 118,-60 138,-48 140,-22!"
    )
    sketch.fill(body, paint)
    sketch.light(
        traced("-70,-66! -50,-90 -34,-93! -4,-93! -4,-66!") + traced("4,-66! 4,-93! 34,-93 50,-88 68,-66!"),
        GLASS,
    )
    sketch.shade(rect(-138, -38, 277, 16) + rect(-0.8, -64, 1.6, 38))
    sketch.fill(rect(-144, -32, 20, 9) + rect(126, -32, 20, 9), "#b5b0aa")
    sketch.fill(rect(12, -57, 14, 3), "#b5b0aa")
    sketch.light(ellipse(131, -48, 7, 8), "#e9dfc0")
    sketch.fill(traced("-138,-44! -130,-50! -130,-40! -139,-38!"), "#a8403a")
    for x in (-82, 84):
        sketch.fill(ellipse(x, -28, 28), darker(paint, 0.55))
        _tyre(sketch, x, 25)
    sketch.glow(138, -48, 60)
    return sketch.drawing()


def bus(asking: Asking) -> Drawing:
    sketch, paint = Sketch(), _paint(asking)
    sketch.fill(traced("-150,-14! -150,-88 -140,-99 130,-99 146,-88 152,-50 152,-14!"), paint)
    sketch.fill(rect(-150, -44, 302, 7), lighter(paint, 0.6))
    for x in range(-138, 72, 34):
        sketch.light(rect(x, -86, 27, 32), GLASS)
    sketch.fill(rect(72, -88, 32, 74), darker(paint, 0.3))
    sketch.light(rect(75, -85, 12, 66) + rect(90, -85, 12, 66), GLASS)
    sketch.light(traced("112,-86! 134,-86! 144,-54! 112,-54!"), GLASS)
    sketch.shade(rect(-150, -24, 302, 10))
    sketch.light(ellipse(146, -28, 6, 7), "#e9dfc0")
    for x in (-96, 104):
        sketch.fill(ellipse(x, -23, 23), darker(paint, 0.55))
        _tyre(sketch, x, 20)
    sketch.glow(-20, -70, 90)
    return sketch.drawing()


def cart(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wood = varied(asking.tint or "#8a6244", random)
    sketch.fill(limb([(70, -52), (120, -44), (172, -46)], [7, 6, 5]), darker(wood, 0.15), Grain.WOOD)
    if random.random() < 0.6:
        sketch.fill(
            traced("-84,-78 -70,-104 -30,-116 14,-118 56,-106 78,-80! -80,-76!"), "#cfa852", Grain.LEAF
        )
        sketch.line(
            joined(line((x, -86), (x + 8, -104)) for x in (-60, -38, -12, 10, 34, 54)),
            darker("#cfa852", 0.2),
            2,
        )
    side = polygon((-92, -84), (88, -84), (80, -44), (-82, -44))
    sketch.fill(side, wood, Grain.WOOD)
    sketch.shade(joined(rect(-90 + k, -71 + 13 * k / 4, 176 - 2 * k, 1.8) for k in (0, 4)))
    sketch.fill(joined(rect(x, -90, 6, 48) for x in (-78, -4, 68)), darker(wood, 0.25), Grain.WOOD)
    _spoked(sketch, -4, 38, darker(wood, 0.4), 8)
    return sketch.drawing()


def bicycle(asking: Asking) -> Drawing:
    sketch, paint = Sketch(), _paint(asking)
    for x in (-56, 58):
        sketch.line(ellipse(x, -34, 31), RUBBER, 4.4)
        sketch.line(
            joined(line((x - 29, -34), (x + 29, -34)).turned(t, (x, -34)) for t in range(0, 180, 30)),
            "#b5b0aa",
            0.7,
        )
    sketch.line(
        line((-56, -34), (-22, -74), (36, -74), (-4, -32), (-22, -74))
        + line((-4, -32), (-56, -34))
        + line((58, -34), (36, -74), (32, -88)),
        paint,
        4.4,
    )
    sketch.line(
        soft([(26, -94), (36, -91), (46, -96), (50, -88)], closed=False) + line((32, -88), (36, -92)),
        RUBBER,
        3.4,
    )
    sketch.line(line((-22, -74), (-25, -84)), "#b5b0aa", 3)
    sketch.fill(traced("-42,-90 -24,-90 -10,-86 -24,-83 -38,-83"), "#5f4636")
    sketch.line(ellipse(-4, -32, 8) + line((-4, -32), (4, -18), (11, -18)), "#6a6866", 2.6)
    sketch.light(ellipse(46, -80, 4.6), "#e9dfc0")
    sketch.glow(46, -80, 40)
    return sketch.drawing()


def tractor(asking: Asking) -> Drawing:
    sketch, paint = Sketch(), _paint(asking)
    sketch.fill(rect(52, -104, 6, 42), RUBBER)
    sketch.fill(traced("-10,-30! -10,-64! 70,-62 92,-56 96,-30!"), paint)
    sketch.fill(traced("-64,-50! -60,-72 -40,-82 -8,-76! -8,-40!"), darker(paint, 0.15))
    sketch.fill(joined(rect(x, -114, 5, 46) for x in (-62, -6)), RUBBER)
    sketch.light(rect(-57, -110, 51, 32), GLASS)
    sketch.fill(rect(-70, -118, 74, 7), darker(paint, 0.1))
    sketch.shade(joined(rect(x, -56, 4, 22) for x in (62, 71, 80)))
    sketch.light(ellipse(92, -48, 6), "#e9dfc0")
    _tyre(sketch, -42, 44)
    _tyre(sketch, 70, 26)
    sketch.glow(94, -48, 60)
    return sketch.drawing()


def train(asking: Asking) -> Drawing:
    """A steam engine with two carriages behind it, on rails."""
    random, sketch = asking.random, Sketch()
    paint = varied(asking.tint or random.choice(("#3f5f58", "#7d3f38", "#3f4f66")), random)
    livery = random.choice(("#8a5a44", "#6d7a5c", "#a8704a"))
    smoke(sketch, asking, 158, -96, 15, colour="#c9c6c4")
    sketch.fill(rect(-480, -3, 720, 3), "#5f5a58")
    for left in (-468, -244):
        sketch.fill(
            traced(f"{left - 3},-80! {left + 8},-89 {left + 202},-89 {left + 213},-80!"), darker(livery, 0.4)
        )
        sketch.fill(rect(left, -80, 210, 62), livery)
        sketch.fill(rect(left, -42, 210, 4), lighter(livery, 0.5))
        sketch.light(joined(rect(left + 12 + 27 * i, -72, 19, 24) for i in range(7)), GLASS)
        sketch.shade(rect(left, -28, 210, 10))
        for x in (left + 32, left + 62, left + 148, left + 178):
            _tyre(sketch, x, 14)
        sketch.glow(left + 105, -58, 110)
    sketch.fill(rect(-30, -26, 30, 8) + rect(-258, -26, 20, 8), RUBBER)
    sketch.fill(rect(0, -88, 62, 66), paint)
    sketch.fill(traced("-6,-88! 2,-97 60,-97 70,-88!"), darker(paint, 0.4))
    sketch.light(rect(12, -78, 34, 28), GLASS)
    sketch.fill(traced("62,-24! 62,-72! 178,-72 188,-62 190,-46 186,-30 178,-24!"), lighter(paint, 0.08))
    sketch.shade(traced("62,-24! 62,-42! 190,-42! 186,-30 178,-24!"))
    sketch.fill(joined(rect(x, -73, 5, 49) for x in (86, 124)), BRASS)
    sketch.fill(
        polygon((148, -72), (144, -98), (172, -98), (168, -72)) + traced("98,-72! 100,-86 112,-88 116,-72!"),
        darker(paint, 0.3),
    )
    sketch.fill(polygon((178, -24), (194, -24), (214, -4), (178, -4)), "#7d3f38")
    sketch.fill(rect(0, -26, 190, 8), darker(paint, 0.45))
    for x, r in ((30, 22), (84, 22), (130, 14), (166, 14)):
        sketch.fill(ellipse(x, -r, r), "#7d3f38")
        sketch.fill(ellipse(x, -r, r * 0.72), RUBBER)
        sketch.line(
            joined(line((x - r * 0.8, -r), (x + r * 0.8, -r)).turned(t, (x, -r)) for t in (20, 80, 140)),
            "#7d3f38",
            2,
        )
    sketch.line(line((30, -16), (84, -16), (130, -14)), "#b5b0aa", 3.4)
    sketch.light(ellipse(190, -62, 6, 7), "#e9dfc0")
    sketch.glow(192, -62, 70)
    return sketch.drawing()


def plane(asking: Asking) -> Drawing:
    sketch, paint = Sketch(), _paint(asking)
    sketch.fill(polygon((-20, -52), (26, -52), (8, -84), (-14, -84)).moved(0, 4), darker(paint, 0.4))
    sketch.fill(traced("-138,-58! -146,-96! -126,-98! -104,-66!"), darker(paint, 0.15))
    sketch.fill(
        traced(
            "-146,-62 -100,-66 -40,-74 20,-78 74,-74 108,-62 118,-50 108,-38 66,-30 0,-30 -80,-44 -140,-54"
        ),
        paint,
    )
    sketch.fill(
        traced("-142,-55 -80,-44 0,-30 66,-30 108,-38 116,-46 60,-42 0,-44 -80,-52"), lighter(paint, 0.55)
    )
    sketch.light(
        traced("52,-72! 58,-60! 88,-60! 84,-68 74,-73!")
        + joined(ellipse(x, -60, 5, 5.6) for x in (-54, -34, -14, 6, 26)),
        GLASS,
    )
    sketch.fill(traced("20,-42! -2,-40! -66,-8! -44,-4! 34,-34!"), darker(paint, 0.18))
    sketch.fill(traced("-112,-56! -128,-56! -158,-42! -146,-40! -108,-50!"), darker(paint, 0.25))
    sketch.fill(ellipse(120, -50, 5, 6), RUBBER)
    sketch.fill(ellipse(124, -50, 2.4, 30), "#8f8a86")
    return sketch.drawing()


def balloon(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    paint, other = _paint(asking), random.choice(("#efe4cc", "#e3d3b0"))
    bag = traced("-8,-24! -22,-40 -36,-62 -38,-80 -26,-97 0,-104 26,-97 38,-80 36,-62 22,-40 8,-24!")
    sketch.fill(bag, paint, Grain.CLOTH)
    gores = []
    for at, wide in ((-24, 5.5), (0, 7), (24, 5.5)):
        gores.append(
            soft(
                [
                    (at * 0.2 - 1, -25),
                    (at * 0.7 - wide * 0.7, -46),
                    (at - wide, -72),
                    (at * 0.8 - wide * 0.8, -90),
                    (0, -103.5),
                    (at * 0.8 + wide * 0.8, -90),
                    (at + wide, -72),
                    (at * 0.7 + wide * 0.7, -46),
                    (at * 0.2 + 1, -25),
                ],
                corners=[0, 4, 8],
            )
        )
    sketch.fill(joined(gores), other, Grain.CLOTH)
    sketch.shade(half(bag, -asking.light * 12, -asking.light))
    sketch.line(
        line((-8, -24), (-6, -11)) + line((8, -24), (6, -11)) + line((0, -24), (0, -11)), "#5f4636", 0.7
    )
    basket = polygon((-8, -11), (8, -11), (6.4, 0), (-6.4, 0))
    sketch.fill(basket, "#9a7448", Grain.WOOD)
    sketch.shade(half(basket, -asking.light * 2, -asking.light))
    sketch.light(polygon((-1.6, -20), (0, -26), (1.6, -20)), "#e39a3f")
    sketch.glow(0, -30, 26)
    return sketch.drawing()


def rocket(asking: Asking) -> Drawing:
    sketch, paint = Sketch(), _paint(asking)
    sketch.fill(
        traced("-9,-12! -26,-2 -24,0! -14,0! -10,-6!") + traced("9,-12! 26,-2 24,0! 14,0! 10,-6!"),
        darker(paint, 0.1),
    )
    sketch.fill(traced("-12,-34! -28,-18 -28,-2! -10,-14!") + traced("10,-14! 28,-2! 28,-18 12,-34!"), paint)
    body = traced("-12,-12! -16,-40 -14,-68 0,-100! 14,-68 16,-40 12,-12!")
    sketch.fill(body, "#e6e0d4")
    sketch.fill(traced("-12,-75! -7,-88 0,-101! 7,-88 12,-75!"), paint)
    sketch.shade(half(body, -asking.light * 3, -asking.light))
    sketch.fill(ellipse(0, -56, 8), darker(paint, 0.2))
    sketch.light(ellipse(0, -56, 5.6), GLASS)
    sketch.fill(polygon((-10, -12), (10, -12), (8, -7), (-8, -7)), "#6a6866")
    sketch.glow(0, -56, 16)
    return sketch.drawing()


def coach(asking: Asking) -> Drawing:
    """A coach as people travelled in before there were engines."""
    random, sketch = asking.random, Sketch()
    paint = varied(asking.tint or random.choice(("#7d3f38", "#3f5f58", "#4f4660")), random)
    sketch.fill(traced("-72,-32! -80,-60 -74,-94! 54,-94! 60,-60 48,-32 20,-22 -40,-22"), paint)
    sketch.fill(traced("-82,-93! -70,-102 50,-102 62,-93!"), darker(paint, 0.4))
    sketch.light(rect(-62, -84, 24, 26) + rect(-24, -84, 28, 26) + rect(18, -84, 24, 26), GLASS)
    sketch.fill(rect(-25, -56, 30, 1.6) + rect(-26, -86, 1.6, 60) + rect(4.6, -86, 1.6, 60), BRASS)
    sketch.shade(traced("-76,-46 48,-46 40,-26 20,-22 -40,-22 -66,-28"))
    sketch.fill(
        limb([(52, -50), (78, -52), (86, -70)], [8, 8, 6])
        + limb([(40, -34), (110, -36), (170, -38)], [5, 5, 4]),
        "#5f4636",
        Grain.WOOD,
    )
    sketch.light(rect(60, -76, 8, 11), "#e9dfc0")
    sketch.glow(64, -70, 50)
    _spoked(sketch, -52, 31, "#5f4636", 6)
    _spoked(sketch, 58, 25, "#5f4636", 6)
    return sketch.drawing()


THINGS = (
    Thing("car", 1.55, Stand.LAND, car, groups=True),
    Thing("bus", 3, Stand.LAND, bus),
    Thing("cart", 1.7, Stand.LAND, cart),
    Thing("coach", 2.3, Stand.LAND, coach),
    Thing("bicycle", 1.1, Stand.LAND, bicycle),
    Thing("tractor", 2.3, Stand.LAND, tractor),
    Thing("train", 3.6, Stand.LAND, train),
    Thing("plane", 4.5, Stand.SKY, plane, said="an aeroplane"),
    Thing("balloon", 18, Stand.SKY, balloon, said="a hot-air balloon"),
    Thing("rocket", 16, Stand.LAND, rocket),
)
