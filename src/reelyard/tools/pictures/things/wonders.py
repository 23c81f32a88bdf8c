"""Places and beings a child would ask for: islands, waterfalls, tree houses, ghosts, robots."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import SNOW, Lobe, crown, half, leaf_colour, trunk
from reelyard.tools.pictures.things.outline import limb, lumpy, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing
from reelyard.tools.pictures.things.walls import door, roof, shaded, smoke, window


def waterfall(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    grey = varied("#87827e", random)
    cliff = traced("-110,0! -112,-40 -98,-70 -84,-96! -30,-100! 32,-98! 80,-92! 100,-60 108,-30 112,0!")
    sketch.fill(cliff, grey, Grain.STONE)
    sketch.shade(half(cliff, -asking.light * 44, -asking.light))
    sketch.shade(
        joined(
            polygon((x, -random.uniform(60, 84)), (x + 8, -44), (x + 3, -10), (x - 5, -36))
            for x in (-88, -62, 52, 78)
        )
    )
    fall = traced("-26,-101! 26,-100! 28,-60 34,-20 40,0! -40,0! -33,-20 -28,-60")
    sketch.fill(fall, "#a9cbd8")
    streaks = [
        limb([(x, -98), (x * 1.05, -56), (x * 1.3, -random.uniform(6, 20))], [2, 4.4, 2.4])
        for x in (-19, -11, -3, 6, 13, 20)
    ]
    sketch.fill(joined(streaks), "#e3f0f4")
    foam = [
        ellipse(x, -6 - random.uniform(0, 5), random.uniform(9, 14), random.uniform(5, 8))
        for x in range(-44, 46, 13)
    ]
    sketch.fill(joined(foam), "#f0f6f8")
    green = SNOW if asking.snow else varied("#6f8a55", random)
    for x, wide in ((-62, 30), (56, 32)):
        sketch.fill(lumpy((x, -95), wide, 8, random, lumps=8), green, Grain.LEAF)
    for x in (-98, -76, 84, 100):
        sketch.fill(lumpy((x, -12), 15, 9, random, lumps=7), green, Grain.LEAF)
    return sketch.drawing()


def island(asking: Asking) -> Drawing:
    """With one palm."""
    random, sketch = asking.random, Sketch()
    sand = varied(asking.tint or "#dcc08c", random)
    side = random.choice((-1, 1))
    lean = side * random.uniform(12, 22)
    for turn, tone in ((-150, 0.25), (-30, 0.25), (-175, 0.1), (-5, 0.1), (-110, 0.0), (-70, 0.0)):
        leaf = traced("0,0! 10,-8 24,-10 38,-2 44,10! 34,5! 30,8! 24,2! 18,5! 12,-1!")
        leaf = leaf.scaled(1 if turn > -90 else -1, 1).turned(
            (turn + 30) * 0.35 if turn > -90 else (turn + 150) * 0.35, (0, 0)
        )
        sketch.fill(leaf.moved(lean, -84), darker("#64895a", tone), Grain.LEAF)
    trunk(
        sketch,
        asking,
        [(0, -14), (lean * 0.1, -40), (lean * 0.5, -64), (lean, -84)],
        [7, 5, 4.4, 4.4],
        "#9a7d5c",
    )
    sketch.fill(joined(ellipse(lean + dx, -81 + dy, 2.8) for dx, dy in ((-3, 0), (3, 1), (0, 3))), "#6f4f35")
    mound = soft([(-120, 0), (-84, -10), (-36, -20), (10, -22), (60, -15), (120, 0)], corners=[0, 5])
    sketch.fill(mound, sand)
    sketch.shade(half(mound, -asking.light * 50, -asking.light))
    sketch.fill(lumpy((-side * 44, -20), 22, 10, random, lumps=8), "#6f8f58", Grain.LEAF)
    sketch.fill(traced("40,-8! 46,-20 60,-24 70,-16 74,-6!").scaled(side, 1), "#8f8d8a", Grain.STONE)
    return sketch.drawing()


def volcano(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    rock = varied(asking.tint or "#6a5f60", random)
    for x, y, r in ((-2, -104, 12), (10, -116, 16), (26, -130, 20)):
        sketch.fill(lumpy((x, y), r, r * 0.8, random, lumps=7), "#9a9496")
    cone = traced("-130,0! -96,-22 -58,-54 -24,-92! -10,-88! 4,-92! 24,-90! 52,-56 92,-20 130,0!")
    sketch.fill(cone, rock, Grain.STONE)
    sketch.light(
        traced("-24,-92! -10,-88! 4,-92! 24,-90! 18,-82 22,-60 14,-40! 8,-62 2,-76 -4,-50! -10,-70 -16,-80"),
        "#d0662f",
    )
    sketch.shade(half(cone, -asking.light * 12, -asking.light))
    sketch.glow(0, -90, 50, "#ff9a5a")
    return sketch.drawing()


def igloo(asking: Asking) -> Drawing:
    sketch = Sketch()
    white = varied("#e9eef2", asking.random, 0.05)
    dome = traced("-92,0! -90,-40 -66,-80 -20,-100 20,-100 66,-80 90,-40 92,0!")
    sketch.fill(dome, white, Grain.SNOW)
    rows = [
        soft(
            [(-92 + i * 7, -22 * i - 2), (0, -26 * i + 4 if i else 0), (92 - i * 7, -22 * i - 2)],
            closed=False,
        )
        for i in (1, 2, 3)
    ]
    seams = [
        line((x, -24 * i - 1), (x * 0.9, -24 * i - 22))
        for i in range(3)
        for x in ((-60, -14, 34, 76) if i % 2 else (-78, -38, 12, 58))
        if abs(x) < 84 - 14 * i
    ]
    sketch.line(joined([*rows, *seams]), "#b9c6d0", 1.8)
    sketch.shade(half(dome, -asking.light * 30, -asking.light))
    sketch.fill(traced("-34,0! -36,-30 -22,-50 0,-56 22,-50 36,-30 34,0!"), lighter(white, 0.5), Grain.SNOW)
    sketch.light(traced("-22,0! -23,-24 -14,-37 0,-41 14,-37 23,-24 22,0!"), "#4f5f70")
    sketch.glow(0, -20, 50)
    return sketch.drawing()


def tree_house(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    bark, wood = varied("#6a4f3d", random), varied("#a07a54", random)
    colour = leaf_colour(asking)
    back: list[Lobe] = [(0, -84, 34, 20), (-26, -74, 20, 15), (27, -75, 20, 15)]
    crown(sketch, asking, back, darker(colour, 0.1))
    trunk(sketch, asking, [(0, 0), (1, -20), (-1, -48)], [15, 11, 10], bark)
    sketch.fill(limb([(0, -34), (-20, -44)], [5, 4]) + limb([(20, -44), (0, -34)], [4, 5]), bark, Grain.WOOD)
    sketch.fill(rect(-19, -68, 38, 24), wood, Grain.WOOD)
    sketch.shade(joined(rect(-19, y, 38, 0.8) for y in (-62, -56, -50)))
    shaded(sketch, asking, (-19, 19, -68, -44))
    roof(sketch, asking, [(-25, -66), (0, -83), (25, -66)], "#8d5040")
    window(sketch, (-8, -62, 8, 8))
    sketch.place(1, 0, -45)
    door(sketch, (9, 8, 14), "#4f6f64")
    sketch.place()
    sketch.fill(rect(-27, -45, 54, 3.4), darker(wood, 0.2), Grain.WOOD)
    sketch.fill(
        joined(rect(x, -54, 1.4, 10) for x in (-26, -22, 21, 25))
        + rect(-27, -55, 7, 1.6)
        + rect(20, -55, 7, 1.6),
        wood,
    )
    sketch.line(
        line((20, -42), (26, 0))
        + line((27, -42), (33, 0))
        + joined(line((20.8 + i * 0.9, -36 + 6.4 * i), (27.8 + i * 0.9, -36 + 6.4 * i)) for i in range(6)),
        darker(wood, 0.3),
        1.5,
    )
    front: list[Lobe] = [(-24, -88, 15, 10), (20, -93, 17, 10)]
    crown(sketch, asking, front, colour, lumps=8)
    return sketch.drawing()


def ghost(asking: Asking) -> Drawing:
    sketch = Sketch()
    white = asking.tint or "#e9ecee"
    shift = asking.random.uniform(-3, 3)
    body = soft(
        [
            (-34, -8),
            (-34, -50),
            (-26, -84),
            (0, -100),
            (26, -84),
            (34, -50),
            (40 + shift, -4),
            (27, -14),
            (15 + shift, -2),
            (3, -13),
            (-9 + shift, -2),
            (-20, -13),
            (-38 + shift, -2),
        ],
        corners=[6, 8, 10, 12],
    )
    sketch.fill(
        limb([(-26, -56), (-44, -62), (-52, -76)], [13, 11, 7])
        + limb([(52, -72), (44, -60), (26, -54)], [7, 11, 13]),
        darker(white, 0.05),
    )
    sketch.fill(body, white)
    sketch.shade(half(body, -asking.light * 14, -asking.light))
    sketch.fill(ellipse(-8, -70, 5, 7) + ellipse(12, -70, 5, 7) + ellipse(2, -52, 4.4, 6), "#3a3846")
    return sketch.drawing()


def robot(asking: Asking) -> Drawing:
    sketch = Sketch()
    tin = varied(asking.tint or asking.random.choice(("#8fa0a8", "#a8a49a", "#7d9a94")), asking.random)
    sketch.line(line((0, -88), (0, -99)), darker(tin, 0.4), 2)
    sketch.light(ellipse(0, -100, 3.4), "#c9705a")
    sketch.fill(joined(rect(x, -30, 9, 26) for x in (-15, 6)), darker(tin, 0.25))
    sketch.fill(
        joined(traced(f"{x - 9},0! {x - 8},-7 {x},-9 {x + 8},-7 {x + 9},0!") for x in (-11, 11)),
        darker(tin, 0.4),
    )
    for s in (-1, 1):
        sketch.line(soft([(s * 21, -58), (s * 31, -50), (s * 30, -36)], closed=False), darker(tin, 0.25), 6)
        sketch.line(
            soft([(s * 26, -28), (s * 26, -34), (s * 30, -37), (s * 34, -34), (s * 34, -28)], closed=False),
            darker(tin, 0.45),
            3.4,
        )
    sketch.fill(rect(-5, -68, 10, 6), darker(tin, 0.4))
    sketch.fill(traced("-22,-62! 22,-62! 21,-28! -21,-28!"), tin)
    sketch.fill(rect(-14, -56, 28, 16), lighter(tin, 0.3))
    sketch.light(ellipse(-7, -48, 3.4) + ellipse(2, -48, 3.4), "#d9b45c")
    sketch.fill(rect(7, -52, 4, 9), "#a8503f")
    sketch.fill(traced("-18,-67! -18,-86 -15,-89! 15,-89! 18,-86 18,-67!"), lighter(tin, 0.08))
    sketch.light(ellipse(-7, -78, 4.6) + ellipse(7, -78, 4.6), "#e9dfb0")
    sketch.fill(ellipse(-7, -78, 1.9) + ellipse(7, -78, 1.9), "#2e2c34")
    sketch.shade(joined(rect(x, -72, 2, 3) for x in (-6, -2, 2, 6)))
    sketch.shade(half(rect(-21, -62, 42, 34), -asking.light * 9, -asking.light))
    sketch.glow(0, -78, 30)
    return sketch.drawing()


def station(asking: Asking) -> Drawing:
    """A small railway station with its platform."""
    random, sketch = asking.random, Sketch()
    brick, slate = varied(asking.tint or random.choice(("#b0785c", "#c9b08c", "#9a8a7c")), random), "#5f646e"
    smoke_at = -72.0
    sketch.fill(rect(smoke_at - 5, -104, 10, 26), darker(brick, 0.2))
    if asking.lit:
        smoke(sketch, asking, smoke_at, -106, 8)
    sketch.fill(rect(-94, -58, 128, 48), brick, Grain.STONE)
    roof(sketch, asking, [(-102, -57), (-86, -86), (26, -86), (42, -57)], slate)
    sketch.fill(polygon((-50, -58), (-29, -84), (-8, -58)), lighter(brick, 0.15), Grain.STONE)
    sketch.fill(ellipse(-29, -67, 7), "#efe9da")
    sketch.line(ellipse(-29, -67, 7) + line((-29, -71), (-29, -67), (-26, -66)), "#4a4348", 1)
    for x in (-80, -58, 0, 20):
        window(sketch, (x, -48, 12, 18), arch=True)
    sketch.place(1, -29, -10)
    door(sketch, (0, 17, 30), "#4f6f64")
    sketch.place()
    shaded(sketch, asking, (-94, 34, -58, -10), share=0.2)
    sketch.fill(joined(rect(x, -56, 4, 46) for x in (58, 104)), "#4f5a58")
    sketch.fill(polygon((30, -62), (122, -58), (122, -52), (30, -54)), darker(slate, 0.15))
    sketch.fill(rect(70, -50, 26, 9), "#efe9da")
    sketch.shade(rect(74, -47, 18, 3))
    sketch.fill(rect(-118, -10, 250, 10), "#a8a298", Grain.STONE)
    sketch.shade(rect(-118, -10, 250, 2.4))
    return sketch.drawing()


THINGS = (
    Thing("waterfall", 14, Stand.LAND, waterfall),
    Thing("island", 7, Stand.WATER, island, said="an island"),
    Thing("volcano", 60, Stand.LAND, volcano),
    Thing("igloo", 2.2, Stand.LAND, igloo, said="an igloo"),
    Thing("tree_house", 9, Stand.LAND, tree_house),
    Thing("ghost", 1.7, Stand.LAND, ghost),
    Thing("robot", 1.5, Stand.LAND, robot),
    Thing("station", 6.5, Stand.LAND, station, said="a railway station"),
)
