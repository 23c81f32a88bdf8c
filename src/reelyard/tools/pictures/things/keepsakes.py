"""Things a story turns on: crowns, swords, instruments, gifts, and gear."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing

GOLD = "#cfa84c"
CLOTHS = ("#a8503f", "#4f7078", "#c9a04c", "#5f7a5c", "#6a5a78", "#56708a")
STEEL = "#a9b0b4"
INK = "#3a3034"


def cloth_of(asking: Asking) -> str:
    """The colour of cloth: the one asked for, or one by chance."""
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
        "-10,-52 -18,-46 -17,-38 -15,-33 -21,-25 -24,-13 -17,-2 0,0 17,-2 24,-13 21,-25 15,-33 "
        "17,-38 18,-46 10,-52 0,-51"
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


THINGS = (
    Thing("crown", 0.24, Stand.TABLE, crown),
    Thing("sword", 0.18, Stand.TABLE, sword),
    Thing("ring", 0.12, Stand.TABLE, ring),
    Thing("violin", 0.6, Stand.TABLE, violin),
    Thing("guitar", 1, Stand.FLOOR, guitar),
    Thing("globe", 0.45, Stand.TABLE, globe),
    Thing("telescope", 1.2, Stand.FLOOR, telescope),
    Thing("telephone", 0.24, Stand.TABLE, telephone),
    Thing("computer", 0.36, Stand.TABLE, computer),
    Thing("camera", 0.18, Stand.TABLE, camera),
)
