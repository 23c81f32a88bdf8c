"""What hangs on a room's walls: windows, doors, pictures, clocks."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import blob, limb, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing


def window(asking: Asking) -> Drawing:
    """The panes are lights: by night the painter lets the dark in."""
    random, sketch = asking.random, Sketch()
    frame = varied("#e9e0cf", random, 0.05)
    sketch.fill(rect(-44, -100, 88, 96), frame, Grain.WOOD)
    sketch.light(joined(rect(x, y, 36, h) for x in (-39, 3) for y, h in ((-95, 32), (-59, 50))), "#a9c2cc")
    sketch.fill(rect(-1.2, -59, 2.4, 50) + rect(-39, -35, 36, 1.6) + rect(3, -35, 36, 1.6), frame)
    sketch.shade(rect(-44, -100, 88, 2) + rect(-3, -95, 1, 86) + rect(2, -95, 1, 86))
    sketch.fill(polygon((-50, -5), (50, -5), (52, 0), (-52, 0)), lighter(frame, 0.3), Grain.WOOD)
    cloth = asking.tint or random.choice(("#a8574a", "#4f7078", "#6f7f5c", "#b8894c", "#d8cbb4"))
    for s in (-1, 1):
        drape = traced("57,-102! 24,-102! 27,-74 36,-48 49,-36! 47,-30! 52,-4! 58,-4! 56,-40").scaled(s, 1)
        sketch.fill(drape, cloth, Grain.CLOTH)
        sketch.shade(
            joined(
                limb([(s * x, -100), (s * (x + 5), -70), (s * 50, -38)], [1.6, 2.6, 1]) for x in (32, 42, 50)
            )
        )
        sketch.fill(traced("46,-38! 56,-40! 57,-34! 46,-32!").scaled(s, 1), darker(cloth, 0.3))
    sketch.fill(rect(-63, -105, 126, 3.4), "#76523c")
    sketch.fill(ellipse(-63, -103.4, 3) + ellipse(63, -103.4, 3), "#76523c")
    sketch.glow(0, -52, 60, "#dfe9f2")
    return sketch.drawing()


def door(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wood = varied(
        asking.tint or random.choice(("#7d5a42", "#5f7a6a", "#8f4f42", "#56708a", "#a07a54")), random
    )
    sketch.fill(rect(-29, -100, 58, 100), lighter(wood, 0.35), Grain.WOOD)
    sketch.fill(rect(-23.5, -94.5, 47, 94.5), wood, Grain.WOOD)
    for y, h in ((-88, 36), (-46, 38)):
        for x in (-18, 2):
            sketch.shade(rect(x, y, 16, h))
            sketch.fill(rect(x + 1.2, y + 1.2, 13.6, h - 2.4), lighter(wood, 0.1), Grain.WOOD)
    sketch.fill(ellipse(18.5, -47, 2.3), "#d8b45c")
    sketch.fill(rect(17.2, -44, 2.6, 6), darker("#d8b45c", 0.3))
    sketch.shade(half(rect(-23.5, -94.5, 47, 94.5), -asking.light * 17, -asking.light))
    return sketch.drawing()


def picture(asking: Asking) -> Drawing:
    """A small landscape in a frame."""
    random, sketch = asking.random, Sketch()
    sketch.line(polygon((-46, -76), (0, -98), (46, -76)), "#8a7a68", 1)
    sketch.fill(
        rect(-66, -80, 132, 80), varied(random.choice(("#b08d4c", "#76523c", "#4f4440")), random), Grain.WOOD
    )
    sketch.fill(rect(-57, -71, 114, 62), "#efe7d6")
    sketch.fill(rect(-50, -65, 100, 50), random.choice(("#b9cdd2", "#d9b98f", "#a9b9cc")))
    sketch.fill(ellipse(random.uniform(-26, 26), -50, 7), "#f0dca0")
    sketch.fill(
        soft(
            [(-50, -34), (-26, -44), (0, -34), (26, -42), (50, -32), (50, -15), (-50, -15)],
            corners=[0, 4, 5, 6],
        ),
        "#7f9488",
    )
    sketch.fill(
        soft([(-50, -24), (-20, -28), (14, -22), (50, -27), (50, -15), (-50, -15)], corners=[0, 3, 4, 5]),
        "#5f7a5c",
    )
    x = random.uniform(-34, 34)
    sketch.fill(polygon((x - 6, -22), (x, -42), (x + 6, -22)), "#3f5a4c")
    return sketch.drawing()


def clock(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wood = varied(asking.tint or "#76523c", random)
    sketch.fill(
        traced(
            "-22,-14! -20,-44 -34,-58 -36,-80 -22,-96 0,-101 22,-96 36,-80 34,-58 20,-44 22,-14! 12,-6 0,0! -12,-6"
        ),
        wood,
        Grain.WOOD,
    )
    sketch.fill(rect(-13, -41, 26, 28), darker(wood, 0.5))
    sketch.line(line((0, -44), (random.uniform(-5, 5), -22)), "#d8b45c", 1.4)
    sketch.fill(ellipse(random.uniform(-5, 5), -21, 5.4), "#d8b45c")
    sketch.fill(ellipse(0, -70, 25), "#d8b45c")
    sketch.fill(ellipse(0, -70, 22.4), "#f3ecdc")
    sketch.fill(joined(rect(-0.8, -90, 1.6, 5).turned(30 * i, (0, -70)) for i in range(12)), "#4a3f3c")
    hour = random.randrange(12)
    sketch.fill(
        limb([(0, -70), (0, -82)], [2.6, 2]).turned(hour * 30 + 12, (0, -70)) + ellipse(0, -70, 2.2),
        "#3a302e",
    )
    sketch.fill(limb([(0, -70), (0, -87)], [1.8, 1.4]).turned(random.randrange(12) * 30, (0, -70)), "#3a302e")
    return sketch.drawing()


def mirror(asking: Asking) -> Drawing:
    sketch = Sketch()
    frame = varied(asking.tint or "#b08d4c", asking.random)
    sketch.fill(ellipse(0, -50, 36, 48), frame, Grain.WOOD)
    sketch.fill(traced("-14,-94 0,-104 14,-94 0,-90"), frame, Grain.WOOD)
    sketch.fill(ellipse(0, -50, 30, 42), "#b9ccd2")
    sketch.shine(
        polygon((-20, -34), (6, -86), (14, -82), (-14, -26))
        + polygon((-2, -22), (22, -68), (25, -60), (4, -20))
    )
    return sketch.drawing()


def map_on_wall(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    sketch.fill(polygon((-70, -96), (70, -98), (68, -4), (-71, -3)), "#e3d2a8")
    sketch.fill(
        blob((-22, -56), 34, 26, random, uneven=0.3, count=11) + blob((40, -34), 18, 13, random, uneven=0.3),
        "#b8b27c",
    )
    sketch.line(soft([(-54, -26), (-30, -44), (-4, -40), (18, -62), (46, -72)], closed=False), "#a8463c", 1.6)
    sketch.line(line((42, -77), (50, -67)) + line((50, -77), (42, -67)), "#a8463c", 2.4)
    sketch.fill(joined(polygon((x - 5, -58), (x, -68), (x + 5, -58)) for x in (-34, -24, -14)), "#7d6a4c")
    sketch.line(ellipse(52, -18, 7) + line((52, -28), (52, -8)) + line((42, -18), (62, -18)), "#7d5a42", 1)
    sketch.shade(rect(-24, -97, 1, 93) + rect(23, -97, 1, 93))
    return sketch.drawing()


THINGS = (
    Thing("window", 1.35, Stand.WALL, window),
    Thing("door", 2.1, Stand.WALL, door),
    Thing("picture", 0.6, Stand.WALL, picture),
    Thing("clock", 0.7, Stand.WALL, clock),
    Thing("mirror", 0.8, Stand.WALL, mirror),
    Thing("map", 0.7, Stand.WALL, map_on_wall),
)
