"""Boats and ships. They float: 0 is the waterline, and nothing below it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reelyard.tools.pictures.things.figures import Cut, Figure, draw_figure
from reelyard.tools.pictures.things.heads import Hair, Hat
from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing
from reelyard.tools.pictures.things.walls import smoke

HULLS = ("#8a5238", "#4f6a78", "#6e4a3a", "#a8573f", "#4d6b5c", "#d8cdb8")
SAILS = ("#efe7d6", "#e6d9bf", "#c98f63", "#b9705a", "#e9e4da")


def rowing_boat(asking: Asking) -> Drawing:
    """With someone at the oars when asked; then it is the figure's dress that is seen."""
    random, sketch = asking.random, Sketch()
    hull = varied(asking.tint or random.choice(HULLS), random)
    rows = asking.pose is Pose.ROWING
    sketch.fill(
        traced("-98,-36! -60,-30 0,-28 60,-31 102,-40! 92,-24 -90,-22"), darker(hull, 0.5), Grain.WOOD
    )
    sketch.fill(
        polygon((-34, -31), (-14, -31), (-14, -22), (-34, -22))
        + polygon((34, -31), (50, -31), (50, -22), (34, -22)),
        "#a9825a",
        Grain.WOOD,
    )
    if rows:
        sketch.place(0.98, 14, -16, flip=True)  # who rows looks back over the stern
        sketch.line(line((14, -38), (70, 12)), "#8a6a4a", 3)
        figure = Figure(Cut.JACKET, Hair.SHORT, Hat.CAP, broad=1.08)
        draw_figure(sketch, replace(asking, pose=Pose.ROWING, light=-asking.light), figure)
        sketch.place()
    side = soft(
        [
            (-100, -37),
            (-50, -27),
            (0, -24.5),
            (55, -27),
            (104, -42),
            (94, -16),
            (80, 0),
            (-78, 0),
            (-93, -16),
        ],
        corners=[0, 4, 6, 7],
    )
    sketch.fill(side, hull, Grain.WOOD)
    for share in (0.36, 0.68):
        y = -26 + 26 * share
        sketch.shade(
            limb(
                [(-96 + 13 * share, -36 + 36 * share), (0, y), (100 - 14 * share, -40 + 40 * share)],
                [1, 1.2, 1],
                blunt=True,
            )
        )
    sketch.fill(
        limb([(-101, -37), (-50, -27.5), (0, -25), (55, -27.5), (105, -42)], [3.4, 3.6, 3.8, 3.6, 3.4]),
        lighter(hull, 0.35),
        Grain.WOOD,
    )
    sketch.shade(half(side, -asking.light * 30, -asking.light))
    if rows:
        sketch.line(line((-4, -53), (24, -26), (64, -2)), "#9a7852", 3.2)
        sketch.fill(polygon((50, -12), (46, -8), (68, 0), (78, 0)), "#b08a5c", Grain.WOOD)
    return sketch.drawing()


def _hull(sketch: Sketch, asking: Asking, outline: Path, colour: str) -> None:
    sketch.fill(outline, colour, Grain.WOOD)
    left, _, right, _ = outline.box
    sketch.shade(half(outline, (left + right) / 2 - asking.light * (right - left) * 0.12, -asking.light))


def sailing_boat(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    hull, cloth = (
        varied(random.choice(HULLS), random),
        varied(asking.tint or random.choice(SAILS), random, 0.05),
    )
    belly = 3 + asking.wind * 7 + random.uniform(0, 3)
    sketch.fill(limb([(-2, -12), (-1, -99)], [2.4, 1.4]), "#6a4d3a", Grain.WOOD)
    main = soft([(0.6, -96), (20 + belly, -62), (38 + belly, -21), (16, -19), (0.6, -18)], corners=[0, 2, 4])
    jib = soft([(-3, -88), (-7 - belly * 0.2, -55), (-6, -21), (-18, -20), (-33, -17)], corners=[0, 2, 4])
    sketch.fill(jib, darker(cloth, 0.06), Grain.CLOTH)
    sketch.fill(main, cloth, Grain.CLOTH)
    if asking.light < 0:
        sketch.shade(
            soft(
                [(0.6, -96), (20 + belly, -62), (38 + belly, -21), (22, -20), (12 + belly * 0.5, -58)],
                corners=[0, 2, 3],
            )
        )
    else:
        sketch.shade(jib)
    if random.random() < 0.5:
        sketch.fill(
            polygon((0.6, -48), (29.6 + belly, -44), (32 + belly, -38), (0.6, -41)),
            random.choice(("#a8573f", "#5f7d8c", "#c99a4c")),
        )
    sketch.line(line((0, -19), (38 + belly, -20)), "#6a4d3a", 1.6)
    _hull(
        sketch,
        asking,
        soft(
            [(-40, -13), (-10, -10.5), (20, -11), (42, -14.5), (37, 0), (-29, 0), (-36, -6)],
            corners=[0, 3, 4, 5],
        ),
        hull,
    )
    sketch.fill(
        limb([(-41, -13.4), (-10, -11), (20, -11.4), (43, -15)], [2.2, 2.2, 2.2, 2.2], blunt=True),
        lighter(hull, 0.4),
        Grain.WOOD,
    )
    lean = 7 + asking.wind * 5
    sketch.fill(polygon((-1, -104), (lean, -101), (-1, -98)), "#a8463c")
    return sketch.drawing()


def fishing_boat(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    hull = varied(asking.tint or random.choice(("#4f6a78", "#a8573f", "#4d6b5c", "#c9a154")), random)
    sketch.line(
        line((40, -40), (40, -98)) + line((40, -92), (-16, -60)) + line((40, -92), (100, -44)), "#4f4540", 2
    )
    sketch.line(line((-62, -34), (-62, -74)) + line((-62, -70), (-88, -40)), "#4f4540", 1.8)
    sketch.fill(rect(-34, -72, 44, 42), "#ece5d6")
    sketch.fill(polygon((-39, -72), (-36, -78), (16, -78), (14, -72)), darker(hull, 0.2))
    sketch.shade(rect(-10 if asking.light < 0 else -34, -72, 20, 42))
    for x in (-23, -9):
        sketch.light(rect(x - 5, -65, 10, 10), "#8fa6b2")
    sketch.light(rect(4, -65, 6, 10), "#8fa6b2")
    sketch.fill(rect(-22, -90, 8, 13), "#5a5450")
    sketch.glow(-15, -60, 36)
    outline = soft(
        [(-92, -36), (-40, -28), (20, -30), (70, -42), (106, -60), (96, -28), (82, 0), (-80, 0), (-90, -16)],
        corners=[0, 4, 6, 7],
    )
    _hull(sketch, asking, outline, hull)
    sketch.fill(
        limb([(-93, -36), (-40, -28.5), (20, -30.5), (70, -42.5), (107, -60)], [4, 4, 4, 4, 4], blunt=True),
        "#ece5d6",
    )
    sketch.fill(polygon((-84, -8), (87, -8), (82, 0), (-80, 0)), "#8a3f38")
    sketch.fill(joined(ellipse(x, -22 - (x > 30) * 4, 4.6) for x in (-60, -20, 20)), "#3a3436")
    sketch.fill(soft([(54, -38), (58, -52), (68, -54), (76, -46)], corners=[0, 3]), "#7d8f86", Grain.CLOTH)
    return sketch.drawing()


def steamer(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    hull, band = varied(asking.tint or "#3b4450", random), random.choice(("#a8573f", "#c99a4c", "#4f7a78"))
    for x in (-36, 12):
        smoke(sketch, replace(asking, wind=max(asking.wind, 0.25)), x - 4, -92, 13, colour="#b8b4b2")
        sketch.fill(polygon((x - 9, -50), (x - 11, -92), (x + 7, -92), (x + 9, -50)), band)
        sketch.fill(polygon((x - 10.6, -84), (x - 11, -94), (x + 7, -94), (x + 7.4, -84)), "#322e30")
    sketch.line(
        line((78, -40), (76, -96)) + line((-86, -40), (-88, -88)) + line((76, -92), (140, -44)),
        "#4f4540",
        1.6,
    )
    sketch.fill(rect(-92, -46, 160, 16) + rect(-70, -60, 124, 15) + rect(26, -73, 34, 14), "#ece5d6")
    sketch.fill(rect(-73, -62, 130, 3) + rect(-95, -47, 166, 2.6) + rect(23, -75, 40, 3), "#c9bfae")
    for x in range(-82, 62, 12):
        sketch.light(rect(x, -41, 5, 6), "#8fa6b2")
    for x in range(-60, 22, 12):
        sketch.light(rect(x, -56, 6, 6), "#8fa6b2")
    sketch.light(rect(30, -69, 26, 6), "#8fa6b2")
    outline = soft(
        [
            (-134, -36),
            (-60, -31),
            (40, -32),
            (110, -38),
            (148, -48),
            (132, -14),
            (124, 0),
            (-112, 0),
            (-126, -14),
        ],
        corners=[0, 4, 6, 7],
    )
    _hull(sketch, asking, outline, hull)
    sketch.fill(
        limb([(-135, -36), (-60, -31.5), (40, -32.5), (110, -38.5), (149, -48)], [3, 3, 3, 3, 3], blunt=True),
        "#ece5d6",
    )
    sketch.fill(polygon((-117, -7), (128, -7), (124, 0), (-112, 0)), "#8a3f38")
    for x in range(-100, 110, 17):
        sketch.light(ellipse(x, -20, 2.6), "#8fa6b2")
    sketch.glow(0, -45, 90)
    return sketch.drawing()


def ship(asking: Asking) -> Drawing:
    """With three masts under sail."""
    random, sketch = asking.random, Sketch()
    hull, cloth = (
        varied("#6e4a35", random),
        varied(asking.tint or random.choice(("#efe7d6", "#e6dac2")), random, 0.04),
    )
    fill = 3 + asking.wind * 5
    masts = ((-34, -86), (0, -100), (32, -90))
    sketch.line(line((44, -24), (74, -40)), "#4f3a2e", 2)
    for x, top in masts:
        sketch.fill(limb([(x, -16), (x, top)], [2.4, 1.2]), "#4f3a2e", Grain.WOOD)
        lean = 8 + asking.wind * 4
        sketch.fill(
            soft(
                [(x, top), (x - lean * 0.5, top + 2), (x - lean, top + 1.4), (x, top + 4)], corners=[0, 2, 3]
            ),
            "#a8463c",
        )
    sketch.line(
        joined(line((x, top + 5), (x - 14, -18)) for x, top in masts) + line((32, -84), (73, -40)),
        "#5f5148",
        0.5,
    )
    _sails(sketch, masts, cloth, fill)
    outline = soft(
        [
            (-60, -34),
            (-44, -30),
            (-40, -21),
            (0, -17),
            (34, -20),
            (40, -27),
            (58, -29),
            (50, -10),
            (42, 0),
            (-46, 0),
            (-54, -14),
        ],
        corners=[0, 1, 2, 5, 6, 8, 9],
    )
    _hull(sketch, asking, outline, hull)
    sketch.fill(limb([(-53, -18), (0, -12), (52, -17)], [3, 3.4, 3], blunt=True), "#c99f5c")
    for x in (-36, -22, -8, 6, 20, 34):
        sketch.fill(rect(x - 1.8, -10.5, 3.6, 3.4), "#2e2422")
    for x in (-54, -49):
        sketch.light(rect(x, -29 + (x + 54) * 0.2, 3, 5), "#8fa6b2")
    sketch.glow(-51, -26, 26)
    return sketch.drawing()


def _sails(sketch: Sketch, masts: Sequence[Point], cloth: str, fill: float) -> None:
    """Three to a mast where there is room, and one before them all."""
    for i, (x, top) in enumerate(masts):
        for low, high, wide in ((-25, -49, 14), (-51, -70, 11.5), (-72, top + 6, 8.5)):
            if low - high > 9:
                sketch.fill(
                    _square_sail((x, low), high, wide, fill),
                    cloth if i != 1 else lighter(cloth, 0.1),
                    Grain.CLOTH,
                )
                sketch.shade(
                    limb(
                        [
                            (x - wide * 0.7, high),
                            (x - wide * 0.5 + fill * 0.6, (low + high) / 2),
                            (x - wide * 0.75, low),
                        ],
                        [wide * 0.4, wide * 0.5, wide * 0.4],
                        blunt=True,
                    )
                )
                sketch.line(line((x - wide - 1.5, high), (x + wide + 1.5, high)), "#4f3a2e", 1.2)
    sketch.fill(
        soft([(38, -78), (52, -54), (71, -40), (58, -36), (47, -34), (47, -54)], corners=[0, 2, 4]),
        darker(cloth, 0.08),
        Grain.CLOTH,
    )


def _square_sail(foot: Point, high: float, wide: float, fill: float) -> Path:
    (x, low), mid = foot, (foot[1] + high) / 2
    return soft(
        [
            (x - wide, high),
            (x + wide, high),
            (x + wide + fill, mid),
            (x + wide + 1, low),
            (x, low - 2.5),
            (x - wide - 1, low),
            (x - wide + fill * 0.9, mid),
        ],
        corners=[0, 1, 3, 5],
    )


def raft(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    sketch.line(line((0, -14), (0, -96)), "#6a4d3a", 3)
    cloth = asking.tint or "#e6d9bf"
    sketch.fill(
        soft(
            [(-30, -90), (32, -90), (40 + asking.wind * 6, -60), (34, -32), (0, -36), (-32, -32), (-24, -60)],
            corners=[0, 1, 3, 5],
        ),
        cloth,
        Grain.CLOTH,
    )
    sketch.shade(
        soft([(-30, -90), (-10, -90), (-6, -60), (-12, -35), (-32, -32), (-24, -60)], corners=[0, 1, 3, 4])
    )
    sketch.fill(polygon((8, -66), (22, -67), (21, -54), (9, -53)), "#a8573f", Grain.CLOTH)
    sketch.line(line((-36, -90), (38, -90)), "#6a4d3a", 2.6)
    for i in range(7):
        x = -66 + 22 * i
        sketch.fill(
            polygon((x - 11, -14), (x + 11, -14), (x + 11, 0), (x - 11, 0)),
            varied("#8a6644", random, 0.14),
            Grain.WOOD,
        )
    sketch.fill(rect(-82, -17, 164, 4), "#a9825a", Grain.WOOD)
    return sketch.drawing()


def buoy(asking: Asking) -> Drawing:
    sketch = Sketch()
    colour = asking.tint or asking.random.choice(("#a8463c", "#c9984c", "#5f7a5c"))
    body = traced("-36,-4! -40,-22 -26,-32! 26,-32! 40,-22 36,-4! 30,0! -30,0!")
    sketch.fill(
        polygon((-16, -30), (-6, -78), (6, -78), (16, -30), (11, -30), (3, -70), (-3, -70), (-11, -30)),
        colour,
    )
    sketch.fill(rect(-12, -54, 24, 4), colour)
    sketch.fill(body, colour)
    sketch.fill(polygon((-39, -20), (39, -20), (39, -13), (-39, -13)), "#ece5d6")
    sketch.shade(half(body, -asking.light * 6, -asking.light))
    sketch.light(rect(-6, -92, 12, 13), "#e0c98a")
    sketch.fill(polygon((-9, -92), (0, -100), (9, -92)), "#3a3436")
    sketch.glow(0, -86, 50)
    return sketch.drawing()


THINGS = (
    Thing("rowing_boat", 1.6, Stand.WATER, rowing_boat, (Pose.STANDING, Pose.ROWING)),
    Thing("sailing_boat", 8, Stand.WATER, sailing_boat, groups=True),
    Thing("fishing_boat", 6, Stand.WATER, fishing_boat, groups=True),
    Thing("steamer", 14, Stand.WATER, steamer),
    Thing("ship", 22, Stand.WATER, ship),
    Thing("raft", 3.2, Stand.WATER, raft),
    Thing("buoy", 2, Stand.WATER, buoy),
)
