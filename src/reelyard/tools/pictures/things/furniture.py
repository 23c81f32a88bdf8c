"""What stands in rooms."""

from __future__ import annotations

from dataclasses import replace

from reelyard.tools.pictures.things.figures import Figure
from reelyard.tools.pictures.things.fires import flame
from reelyard.tools.pictures.things.heads import Hair, Hat, head
from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing

WOODS = ("#8a6244", "#76523c", "#a07a54", "#6d4c3a")
CLOTHS = ("#a8574a", "#4f7078", "#6f7f5c", "#b8894c", "#6a5a78")


def _wood(asking: Asking) -> str:
    return varied(asking.tint or asking.random.choice(WOODS), asking.random)


def _legs(sketch: Sketch, places: tuple[float, ...], top: float, width: float, colour: str) -> None:
    sketch.fill(
        joined(
            polygon((x - width / 2, top), (x + width / 2, top), (x + width * 0.32, 0), (x - width * 0.32, 0))
            for x in places
        ),
        colour,
        Grain.WOOD,
    )


def table(asking: Asking) -> Drawing:
    sketch, wood = Sketch(), _wood(asking)
    _legs(sketch, (-74, 74), -84, 10, darker(wood, 0.35))
    _legs(sketch, (-98, 98), -84, 12, darker(wood, 0.1))
    sketch.fill(rect(-104, -88, 208, 14), darker(wood, 0.2), Grain.WOOD)
    sketch.fill(polygon((-104, -100), (104, -100), (116, -88), (-116, -88)), lighter(wood, 0.12), Grain.WOOD)
    sketch.fill(rect(-116, -88, 232, 4.4), wood, Grain.WOOD)
    if asking.random.random() < 0.35:
        cloth = asking.random.choice(("#ece3d2", "#a8574a", "#6f8590"))
        sketch.fill(
            polygon((-52, -100), (52, -100), (60, -88), (56, -62), (0, -54), (-56, -62), (-60, -88)),
            cloth,
            Grain.CLOTH,
        )
        sketch.shade(polygon((-60, -88), (60, -88), (56, -62), (0, -54), (-56, -62)))
    return sketch.drawing()


def chair(asking: Asking) -> Drawing:
    sketch, wood = Sketch(), _wood(asking)
    sketch.fill(
        polygon((-21, 0), (-18, -46), (-23, -100), (-16, -100), (-11, -46), (-15, 0)), wood, Grain.WOOD
    )
    _legs(sketch, (14,), -46, 6, darker(wood, 0.3))
    _legs(sketch, (22,), -46, 6.6, wood)
    sketch.fill(rect(-14, -26, 36, 3.4), darker(wood, 0.2), Grain.WOOD)
    sketch.fill(
        soft([(-21, -52), (0, -54), (27, -52), (28, -47), (0, -45), (-20, -46)], corners=[0, 2, 3, 5]),
        lighter(wood, 0.14),
        Grain.WOOD,
    )
    sketch.fill(limb([(-20, -97), (-17, -76), (-16, -54)], [9, 8.4, 8]), lighter(wood, 0.06), Grain.WOOD)
    sketch.fill(ellipse(-20, -99, 6, 4), wood, Grain.WOOD)
    return sketch.drawing()


def armchair(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    cloth = varied(asking.tint or random.choice(CLOTHS), random)
    sketch.fill(joined(rect(x, -10, 8, 10) for x in (-50, 42)), "#4a362c", Grain.WOOD)
    back = traced("-46,-30! -50,-66 -44,-92 -22,-99 0,-97 22,-99 44,-92 50,-66 46,-30!")
    sketch.fill(back, cloth, Grain.CLOTH)
    sketch.shade(traced("-36,-36! -38,-66 -32,-84 0,-88 32,-84 38,-66 36,-36!"))
    sketch.fill(
        traced("-38,-44 -30,-50 0,-52 30,-50 38,-44 36,-32 0,-30 -36,-32"), lighter(cloth, 0.16), Grain.CLOTH
    )
    sketch.fill(rect(-40, -34, 80, 26), darker(cloth, 0.12), Grain.CLOTH)
    for s in (-1, 1):
        arm = traced("36,-8! 36,-48 40,-58 52,-60 61,-52 60,-30 58,-8!").scaled(s, 1)
        sketch.fill(
            arm, lighter(cloth, 0.06) if s == round(asking.light) else darker(cloth, 0.1), Grain.CLOTH
        )
        sketch.fill(ellipse(s * 49, -52, 8, 7), darker(cloth, 0.22), Grain.CLOTH)
    sketch.fill(
        joined(ellipse(x, y, 1.8) for x, y in ((-16, -76), (0, -78), (16, -76), (-8, -64), (8, -64))),
        darker(cloth, 0.4),
    )
    return sketch.drawing()


def bed(asking: Asking) -> Drawing:
    """Its head to the left; with a sleeper when the pose asks for one."""
    random, sketch, wood = asking.random, Sketch(), varied(random_wood(asking), asking.random)
    cover = varied(asking.tint or random.choice(CLOTHS), random)
    sleeps = asking.pose is Pose.SLEEPING
    sketch.fill(traced("-130,0! -132,-86 -124,-99 -112,-96! -110,0!"), wood, Grain.WOOD)
    sketch.fill(rect(-114, -40, 236, 24), darker(wood, 0.2), Grain.WOOD)
    sketch.fill(traced("-112,-40! -112,-56 -60,-58 118,-56 120,-40!"), "#ece5d8", Grain.CLOTH)
    sketch.fill(traced("-110,-54 -104,-72 -80,-78 -56,-70 -52,-56 -80,-52"), "#f3eee4", Grain.CLOTH)
    if sleeps:
        sketch.place(1.25, -80, -74)
        dress = asking.dress
        head(
            sketch,
            ((0, 0), -78, 1.0),
            Figure(hair=Hair.SHORT, hat=Hat.CAP, eyes_shut=True),
            replace(dress, hat=None),
        )
        sketch.place()
        quilt = traced("-64,-22! -66,-56 -52,-76 -20,-84 20,-78 60,-80 98,-74 122,-58 124,-22!")
    else:
        quilt = traced("-44,-22! -46,-56 -30,-62 30,-64 100,-63 122,-56 124,-22!")
    sketch.fill(quilt, cover, Grain.CLOTH)
    fold = (
        traced("-64,-40! -66,-58 -52,-76 -36,-80 -44,-62 -44,-40!")
        if sleeps
        else traced("-44,-30! -46,-56 -30,-62 -14,-63 -24,-50 -24,-30!")
    )
    sketch.fill(fold, lighter(cover, 0.55), Grain.CLOTH)
    patches = [rect(x, y, 20, 14) for x, y in ((-10, -50), (34, -36), (78, -52))]
    sketch.fill(joined(patches), lighter(cover, 0.2), Grain.CLOTH)
    sketch.shade(traced("-44,-22! -44,-32 20,-30 124,-32 124,-22!"))
    sketch.fill(traced("116,0! 116,-64 124,-74 132,-64! 132,0!"), darker(wood, 0.1), Grain.WOOD)
    return sketch.drawing()


def random_wood(asking: Asking) -> str:
    """A wood that does not follow the asked tint: that is the cover's."""
    return asking.random.choice(WOODS)


def stove(asking: Asking) -> Drawing:
    sketch = Sketch()
    iron = varied(asking.tint or "#4a484e", asking.random)
    sketch.fill(rect(22, -132, 13, 60), darker(iron, 0.2))
    sketch.fill(
        joined(polygon((x - 5, -14), (x + 5, -14), (x + 3, 0), (x - 3, 0)) for x in (-46, 46)),
        darker(iron, 0.3),
    )
    sketch.fill(rect(-52, -72, 104, 60), iron)
    sketch.shade(rect(14 if asking.light < 0 else -52, -72, 38, 60))
    sketch.fill(polygon((-58, -80), (58, -80), (58, -71), (-58, -71)), lighter(iron, 0.18))
    sketch.fill(rect(-40, -58, 46, 36), darker(iron, 0.3))
    sketch.light(rect(-35, -53, 36, 12), "#c9703c")
    sketch.fill(joined(rect(x, -53, 2.4, 12) for x in (-27, -18, -9)), darker(iron, 0.3))
    sketch.fill(rect(-6, -34, 9, 3) + rect(18, -48, 22, 3), "#c9a85c")
    sketch.fill(traced("-40,-81! -42,-98! -6,-98! -8,-81!") + limb([(-6, -95), (6, -96)], [3, 3]), "#a8604a")
    sketch.fill(ellipse(-24, -98, 19, 3.4) + ellipse(-24, -102, 3, 3), darker("#a8604a", 0.3))
    sketch.glow(-17, -46, 60, "#ffb866")
    return sketch.drawing()


def fireplace(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    stone = varied(asking.tint or random.choice(("#a59c90", "#a8705a", "#b8ab98")), random)
    sketch.fill(rect(-46, -170, 92, 76), darker(stone, 0.08), Grain.STONE)
    sketch.fill(rect(-64, -92, 128, 92), stone, Grain.STONE)
    marks = [rect(x + (8 if r % 2 else 0), -88 + r * 11, 12, 1.2) for r in range(8) for x in (-60, -46, 40)]
    sketch.shade(
        joined(marks)
        + joined(
            rect(-40 + 21 * (i % 4) + (i // 4 % 2) * 6, -160 + 20 * (i // 4), 12, 1.2) for i in range(12)
        )
    )
    sketch.fill(
        soft([(-38, 0), (-38, -50), (-24, -66), (0, -71), (24, -66), (38, -50), (38, 0)], corners=[0, 6]),
        "#2c2526",
    )
    sketch.fill(
        limb([(-24, -6), (22, -11)], [8, 8]) + limb([(24, -5), (-20, -13)], [8, 8]), "#5f4636", Grain.WOOD
    )
    flame(sketch, asking, 52, 0, -8)
    sketch.fill(rect(-74, -102, 148, 10), "#76523c", Grain.WOOD)
    sketch.shade(rect(-64, -92, 128, 4))
    sketch.fill(polygon((-76, 0), (-70, -6), (70, -6), (76, 0)), darker(stone, 0.2), Grain.STONE)
    return sketch.drawing()


def bookshelf(asking: Asking) -> Drawing:
    random, sketch, wood = asking.random, Sketch(), _wood(asking)
    sketch.fill(rect(-40, -100, 80, 98), darker(wood, 0.45), Grain.WOOD)
    for shelf in range(4):
        foot, x = -5.0 - 24 * shelf, -36.0
        books: dict[str, list[Path]] = {}
        while x < 33:
            wide, high = random.uniform(3.2, 6), random.uniform(13, 19.5)
            if random.random() < 0.1:
                x += wide
                continue
            colour = random.choice((*CLOTHS, "#8a6244", "#3f5a76", "#d9cdb4"))
            books.setdefault(colour, []).append(rect(x, foot - high, min(wide, 36 - x), high))
            x += wide + 0.3
        for colour, spines in books.items():
            sketch.fill(joined(spines), colour, Grain.CLOTH)
        sketch.shade(rect(-36, foot - 22, 72, 3))
    sketch.fill(joined(rect(-40, y, 80, 3) for y in (-5, -29, -53, -77)), wood, Grain.WOOD)
    sketch.fill(
        rect(-43, -102, 86, 5) + rect(-41, -98, 5, 98) + rect(36, -98, 5, 98) + rect(-43, -3, 86, 3),
        lighter(wood, 0.08),
        Grain.WOOD,
    )
    return sketch.drawing()


def wardrobe(asking: Asking) -> Drawing:
    sketch, wood = Sketch(), _wood(asking)
    sketch.fill(joined(rect(x, -6, 7, 6) for x in (-33, 26)), darker(wood, 0.4))
    sketch.fill(rect(-36, -92, 72, 88), wood, Grain.WOOD)
    sketch.fill(
        soft(
            [(-40, -91), (-40, -96), (-14, -97), (0, -102), (14, -97), (40, -96), (40, -91)],
            corners=[0, 1, 5, 6],
        ),
        lighter(wood, 0.1),
        Grain.WOOD,
    )
    sketch.shade(joined(rect(x, y, 25, h) for x in (-31, 6) for y, h in ((-86, 38), (-42, 32))))
    sketch.fill(
        joined(rect(x + 1.4, y + 1.4, 22.2, h - 2.8) for x in (-31, 6) for y, h in ((-86, 38), (-42, 32))),
        lighter(wood, 0.08),
        Grain.WOOD,
    )
    sketch.shade(rect(-0.6, -91, 1.2, 86))
    sketch.fill(joined(ellipse(x, -48, 1.6) for x in (-4, 4)), "#d0ac5c")
    return sketch.drawing()


def piano(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#4f3a34", asking.random)
    sketch.fill(rect(-64, -98, 128, 96), wood, Grain.WOOD)
    sketch.fill(rect(-68, -102, 136, 6), lighter(wood, 0.12), Grain.WOOD)
    sketch.shade(rect(-58, -92, 116, 26) + rect(-58, -40, 116, 34))
    sketch.fill(polygon((-18, -90), (18, -90), (20, -68), (-20, -68)), "#f0e8d8")
    sketch.shade(joined(rect(x, -86 + 4 * r, 13, 0.9) for x in (-15, 2) for r in range(4)))
    sketch.fill(polygon((-64, -58), (64, -58), (70, -46), (-70, -46)), "#f3eee2")
    sketch.fill(joined(rect(-60 + 7.2 * i, -58, 3.6, 7) for i in range(17) if i % 7 not in (2, 6)), "#2c2628")
    sketch.fill(rect(-72, -47, 144, 7), lighter(wood, 0.08), Grain.WOOD)
    sketch.fill(
        joined(
            polygon((s * 60 - 4, -40), (s * 60 + 4, -40), (s * 62 + 3, 0), (s * 62 - 3, 0)) for s in (-1, 1)
        ),
        darker(wood, 0.2),
        Grain.WOOD,
    )
    sketch.fill(joined(rect(x, -4, 7, 2.6) for x in (-10, 3)), "#c9a85c")
    return sketch.drawing()


def cradle(asking: Asking) -> Drawing:
    sketch, wood = Sketch(), varied(random_wood(asking), asking.random)
    cloth = asking.tint or asking.random.choice(CLOTHS)
    sketch.fill(traced("-70,-74! -68,-98 -40,-104 -22,-90 -24,-70!"), darker(wood, 0.1), Grain.WOOD)
    sketch.fill(traced("-34,-66 -20,-84 16,-82 52,-78 72,-64! 60,-56 -20,-54"), cloth, Grain.CLOTH)
    sketch.fill(traced("-56,-64 -50,-80 -34,-84 -24,-74 -26,-62"), "#f3eee4", Grain.CLOTH)
    body = traced("-72,-76! 0,-66 80,-72! 64,-16! -56,-16!")
    sketch.fill(body, wood, Grain.WOOD)
    sketch.shade(half(body, -asking.light * 20, -asking.light))
    sketch.line(
        soft([(-80, -24), (-40, -10), (4, -4), (50, -10), (88, -26)], closed=False), darker(wood, 0.35), 7
    )
    return sketch.drawing()


def desk(asking: Asking) -> Drawing:
    sketch, wood = Sketch(), _wood(asking)
    sketch.fill(rect(-84, -84, 168, 46), darker(wood, 0.42), Grain.WOOD)
    _legs(sketch, (-80,), -84, 12, wood)
    sketch.fill(rect(22, -88, 62, 86), wood, Grain.WOOD)
    for y in (-80, -54, -28):
        sketch.fill(rect(27, y, 52, 22), lighter(wood, 0.1), Grain.WOOD)
        sketch.fill(rect(48, y + 9, 10, 3), "#d0ac5c")
    sketch.fill(rect(-94, -97, 188, 10), lighter(wood, 0.14), Grain.WOOD)
    sketch.shade(rect(-84, -87, 168, 4))
    return sketch.drawing()


def rug(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    cloth = varied(asking.tint or random.choice(CLOTHS), random)
    sketch.fill(polygon((-330, -100), (330, -100), (420, 0), (-420, 0)), darker(cloth, 0.1), Grain.CLOTH)
    sketch.fill(polygon((-296, -90), (296, -90), (366, -12), (-366, -12)), lighter(cloth, 0.35), Grain.CLOTH)
    sketch.fill(polygon((-270, -83), (270, -83), (330, -20), (-330, -20)), cloth, Grain.CLOTH)
    sketch.fill(
        joined(polygon((x, -74), (x + 46, -52), (x, -29), (x - 46, -52)) for x in (-190, 0, 190)),
        lighter(cloth, 0.45),
        Grain.CLOTH,
    )
    sketch.fill(
        joined(polygon((x, -64), (x + 24, -52), (x, -40), (x - 24, -52)) for x in (-190, 0, 190)),
        darker(cloth, 0.3),
        Grain.CLOTH,
    )
    return sketch.drawing()


def stairs(asking: Asking) -> Drawing:
    sketch, wood = Sketch(), _wood(asking)
    steps = 9
    treads = [(-60 + 120 * i / steps, -100 * (i + 1) / steps) for i in range(steps)]
    outline = [(-60.0, 0.0)]
    for x, y in treads:
        outline.extend([(x, y), (x + 120 / steps, y)])
    sketch.fill(polygon(*outline, (60, 0)), darker(wood, 0.12), Grain.WOOD)
    sketch.fill(
        joined(rect(x - 1.5, y, 120 / steps + 2, 2.4) for x, y in treads), lighter(wood, 0.2), Grain.WOOD
    )
    sketch.fill(joined(rect(x + 5.4, y - 27, 1.8, 27) for x, y in treads), wood, Grain.WOOD)
    sketch.fill(limb([(-62, -36), (60, -137)], [4, 4]), lighter(wood, 0.06), Grain.WOOD)
    sketch.fill(rect(-66, -44, 6, 44), darker(wood, 0.2), Grain.WOOD)
    sketch.fill(ellipse(-63, -46, 4.6), wood)
    return sketch.drawing()


def ladder(asking: Asking) -> Drawing:
    sketch, wood = Sketch(), _wood(asking)
    sketch.fill(joined(rect(-12, -92 + 12 * i, 24, 2.4) for i in range(8)), darker(wood, 0.15), Grain.WOOD)
    sketch.fill(
        polygon((-15, 0), (-12, -100), (-9, -100), (-11.4, 0))
        + polygon((11.4, 0), (9, -100), (12, -100), (15, 0)),
        wood,
        Grain.WOOD,
    )
    return sketch.drawing()


THINGS = (
    Thing("table", 0.8, Stand.FLOOR, table),
    Thing("chair", 0.95, Stand.FLOOR, chair),
    Thing("armchair", 1.05, Stand.FLOOR, armchair, said="an armchair"),
    Thing("bed", 1, Stand.FLOOR, bed, (Pose.STANDING, Pose.SLEEPING)),
    Thing("stove", 1.05, Stand.FLOOR, stove),
    Thing("fireplace", 1.25, Stand.FLOOR, fireplace),
    Thing("bookshelf", 1.9, Stand.FLOOR, bookshelf),
    Thing("wardrobe", 2, Stand.FLOOR, wardrobe),
    Thing("piano", 1.25, Stand.FLOOR, piano),
    Thing("cradle", 0.75, Stand.FLOOR, cradle),
    Thing("desk", 0.8, Stand.FLOOR, desk),
    Thing("rug", 0.28, Stand.FLOOR, rug),
    Thing("stairs", 2.6, Stand.FLOOR, stairs, said="stairs"),
    Thing("ladder", 2.4, Stand.LAND, ladder),
)
