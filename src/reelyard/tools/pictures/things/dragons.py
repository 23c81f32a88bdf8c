"""Dragons, at rest and on the wing."""

from __future__ import annotations

from dataclasses import dataclass

from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, polygon
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Pose, Stand, Thing

INK = "#26201f"
WIDTHS = (
    4.0,
    9.0,
    14.0,
    20.0,
    30.0,
    40.0,
    34.0,
    22.0,
    17.0,
    16.0,
    18.0,
)  # of the spine, from the tail's tip to the head


@dataclass(frozen=True, slots=True)
class Shape:
    """How a dragon holds itself: spine from the tail's tip to the head, belly, legs, wings."""

    spine: tuple[Point, ...]
    belly: str
    head: Point  # from where the resting head is
    far_legs: tuple[tuple[Point, ...], ...]
    near_legs: tuple[tuple[Point, ...], ...]
    wings: tuple[tuple[Point, float, float], ...]  # far and near: root, reach, 1 back or -1 forward


RESTING = Shape(
    ((-134, -34), (-118, -16), (-92, -8), (-60, -12), (-30, -26),
     (-4, -38), (26, -40), (48, -56), (54, -78), (66, -90), (82, -90)),
    "-22,-24 6,-19 30,-24 46,-42 56,-62 60,-80 64,-72 58,-48 44,-24 20,-17 -8,-18",
    (0, 0),
    (((-16, -26), (-26, -14), (-18, -2)), ((38, -28), (40, -14), (46, -2))),
    (((-8, -28), (-18, -14), (-8, -2)), ((28, -28), (26, -14), (34, -2))),
    (((6, -54), 0.9, 1), ((18, -50), 1.05, 1)),
)  # fmt: skip
FLYING = Shape(
    ((-140, -62), (-122, -42), (-94, -34), (-62, -36), (-32, -42),
     (-4, -46), (24, -44), (48, -50), (66, -60), (82, -62), (98, -58)),
    "-26,-33 4,-29 28,-31 50,-42 70,-52 86,-54 70,-47 52,-36 28,-25 2,-24 -18,-28",
    (15, 31),
    (((-18, -32), (-36, -24), (-52, -26)), ((34, -30), (44, -18), (36, -10))),
    (((-10, -32), (-28, -20), (-46, -18)), ((26, -30), (34, -16), (24, -8))),
    (((14, -56), 1.3, -1), ((6, -52), 1.6, 1)),
)  # fmt: skip


def _wing(sketch: Sketch, root: Point, reach: float, side: float, colour: str) -> None:
    """A bat's wing: a strong arm, three fingers, skin between."""
    (x, y), r, k = root, reach, reach * side
    elbow, tips = (
        (x - 4 * k, y - 40 * r),
        ((x - 64 * k, y - 58 * r), (x - 70 * k, y - 20 * r), (x - 46 * k, y + 6 * r)),
    )
    skin = soft(
        [(x, y), elbow, tips[0], (x - 56 * k, y - 36 * r), tips[1], (x - 48 * k, y - 10 * r), tips[2],
         (x - 22 * k, y - 2 * r)],
        corners=[0, 1, 2, 4, 6],
    )  # fmt: skip
    sketch.fill(skin, colour)
    bones = joined(polygon(elbow, tip, elbow) for tip in tips) + polygon((x, y), elbow, (x, y))
    sketch.line(bones, darker(colour, 0.4), 1.8)


def _plates(spine: tuple[Point, ...]) -> Path:
    """The crest along back and tail."""
    out = []
    for (ax, ay), (x, y), (bx, by), width in zip(
        spine[:9], spine[1:10], spine[2:11], WIDTHS[1:10], strict=True
    ):
        size = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
        dx, dy = (bx - ax) / size, (by - ay) / size
        nx, ny, half = dy, -dx, width / 2 - 2
        foot = (x + nx * half, y + ny * half)
        tip = (foot[0] + nx * 9 - dx * 4, foot[1] + ny * 9 - dy * 4)
        out.append(polygon((foot[0] - dx * 6, foot[1] - dy * 6), tip, (foot[0] + dx * 6, foot[1] + dy * 6)))
    return joined(out)


def _head(sketch: Sketch, at: Point, skin: str) -> None:
    head = traced("70,-98 84,-100 96,-92 108,-90 112,-85 106,-80! 92,-79 104,-75 100,-71 84,-74 72,-80")
    sketch.fill(head.moved(*at), skin)
    for horn in ("78,-98! 70,-108 58,-112! 64,-104 70,-96!", "84,-99! 80,-110 72,-116! 75,-106 77,-98!"):
        sketch.fill(traced(horn).moved(*at), "#d8c9a8")
    sketch.fill(ellipse(89, -91, 2.4).moved(*at), "#e9c46a")
    sketch.fill((ellipse(89.8, -91, 1.2) + ellipse(107, -87, 1)).moved(*at), INK)


def _claws(legs: tuple[tuple[Point, ...], ...]) -> Path:
    feet = [leg[-1] for leg in legs]
    return joined(
        polygon((x + d, y - 3), (x + d + 8, y + 2), (x + d - 4, y + 2)) for x, y in feet for d in (0, 6)
    )


def dragon(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    skin = varied(asking.tint or random.choice(("#5f7d5a", "#8f4f42", "#4f6f7d")), random)
    form = FLYING if asking.pose is Pose.FLYING else RESTING
    (far, far_reach, far_side), (near, near_reach, near_side) = form.wings
    _wing(sketch, far, far_reach, far_side, darker(skin, 0.4))
    sketch.fill(joined(limb(leg, [14, 9, 7]) for leg in form.far_legs), darker(skin, 0.32))
    x, y = form.spine[0]
    tip = polygon((4, 2), (-12, -2), (-6, -20), (6, -6))
    sketch.fill(tip.moved(x, y), darker(skin, 0.4))
    sketch.fill(_plates(form.spine), darker(skin, 0.4))
    sketch.fill(limb(form.spine, WIDTHS), skin)
    sketch.fill(traced(form.belly), lighter(skin, 0.5))
    _head(sketch, form.head, skin)
    sketch.fill(joined(limb(leg, [18, 11, 8]) for leg in form.near_legs), darker(skin, 0.12))
    sketch.fill(_claws(form.near_legs), "#d8c9a8")
    _wing(sketch, near, near_reach, near_side, darker(skin, 0.22))
    return sketch.drawing()


THINGS = (Thing("dragon", 4, Stand.LAND, dragon, (Pose.STANDING, Pose.FLYING), alive=True),)
