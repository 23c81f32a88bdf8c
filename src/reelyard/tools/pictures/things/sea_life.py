"""What lives in water, and dragons."""

from __future__ import annotations

from collections.abc import Sequence

from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, polygon
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Pose, Stand, Thing

INK = "#26201f"


def fish(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    skin = varied(asking.tint or random.choice(("#7d93a0", "#c07a48", "#6f8f86", "#c9a04e")), random)
    sketch.fill(
        traced("-20,-78! -8,-98 18,-96 30,-80!") + traced("-6,-24! -14,-6 4,-8 14,-22!"), darker(skin, 0.25)
    )
    sketch.fill(traced("-66,-50! -84,-66 -104,-84! -98,-52 -104,-18! -84,-34"), darker(skin, 0.2))
    sketch.fill(traced("-72,-50 -40,-72 0,-84 44,-80 78,-62 90,-48 78,-36 44,-22 0,-20 -40,-32"), skin)
    sketch.fill(traced("-50,-40 0,-34 50,-34 86,-43 78,-36 44,-22 0,-20 -40,-32"), lighter(skin, 0.5))
    sketch.shade(soft([(44, -78), (36, -62), (36, -42), (44, -25), (41, -42), (41, -62)]))
    scales = joined(
        soft([(x - 5, y - 6), (x + 3, y), (x - 5, y + 6)], closed=False)
        for x, y in (
            (-40, -54),
            (-22, -62),
            (-22, -46),
            (-4, -68),
            (-4, -54),
            (-4, -40),
            (14, -62),
            (14, -47),
        )
    )
    sketch.line(scales, darker(skin, 0.22), 1.6)
    sketch.fill(traced("20,-46! 2,-34 -6,-38 0,-50"), darker(skin, 0.2))
    sketch.fill(ellipse(64, -58, 6), "#f4efe4")
    sketch.fill(ellipse(65.5, -58, 3.2), INK)
    return sketch.drawing()


def whale(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    skin = varied(asking.tint or "#52677c", random)
    sketch.fill(
        traced(
            "-118,-10! -128,-34 -140,-62 -166,-84! -136,-84 -122,-70 -110,-86 -82,-92! -102,-62 "
            "-96,-34 -80,0! -108,0!"
        ),
        darker(skin, 0.08),
    )
    body = traced("-104,0! -92,-26 -60,-50 -10,-64 44,-66 92,-54 118,-30 124,0!")
    sketch.fill(body, skin)
    sketch.fill(traced("26,0! 44,-14 80,-20 121,-18 124,0!"), lighter(skin, 0.6))
    sketch.line(
        joined(
            soft([(50 + 16 * i, 0), (58 + 16 * i, -8), (74 + 13 * i, -16)], closed=False) for i in range(4)
        ),
        darker(skin, 0.1),
        1.4,
    )
    sketch.fill(ellipse(72, -30, 3), INK)
    sketch.line(soft([(88, -20), (104, -25), (121, -22)], closed=False), darker(skin, 0.4), 1.6)
    sketch.shine(traced("-50,-42 0,-58 46,-60 84,-50 44,-52 0,-48"))
    spout = [
        limb([(48, -66), (48 + s * 6, -84), (48 + s * 24, -92), (48 + s * 30, -80)], [3, 5, 5, 2])
        for s in (-1, 1)
    ]
    sketch.fill(joined(spout), "#dce8ee")
    return sketch.drawing()


def dolphin(asking: Asking) -> Drawing:
    sketch = Sketch()
    skin = varied(asking.tint or "#66809a", asking.random)
    sketch.fill(traced("4,-84! -6,-100 -22,-104! -16,-90 -22,-78!"), darker(skin, 0.14))
    sketch.fill(traced("-78,-40! -98,-36 -112,-20! -92,-22 -84,-4! -74,-20 -66,-34!"), darker(skin, 0.14))
    sketch.fill(
        traced(
            "-82,-34 -60,-60 -28,-82 12,-88 44,-76 62,-58 74,-48 88,-42! 86,-37 66,-36 46,-38 20,-46 "
            "-14,-50 -46,-42 -72,-26"
        ),
        skin,
    )
    sketch.fill(
        traced("86,-37! 66,-36 46,-38 20,-46 -14,-50 -46,-42 -20,-58 20,-60 50,-50 70,-42"),
        lighter(skin, 0.6),
    )
    sketch.fill(traced("26,-50! 18,-34 4,-24! 4,-38 10,-52!"), darker(skin, 0.2))
    sketch.fill(ellipse(56, -55, 2.2), INK)
    return sketch.drawing()


def _wing(sketch: Sketch, root: Point, reach: float, colour: str) -> None:
    """A bat's wing: a strong arm, three fingers, skin between."""
    x, y = root
    r = reach
    elbow, tips = (
        (x - 4 * r, y - 40 * r),
        ((x - 64 * r, y - 58 * r), (x - 70 * r, y - 20 * r), (x - 46 * r, y + 6 * r)),
    )
    skin = soft(
        [
            (x, y),
            elbow,
            tips[0],
            (x - 56 * r, y - 36 * r),
            tips[1],
            (x - 48 * r, y - 10 * r),
            tips[2],
            (x - 22 * r, y - 2 * r),
        ],
        corners=[0, 1, 2, 4, 6],
    )
    sketch.fill(skin, colour)
    sketch.line(
        joined(polygon(elbow, tip, elbow) for tip in tips) + polygon((x, y), elbow, (x, y)),
        darker(colour, 0.4),
        1.8,
    )


def dragon(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    skin = varied(asking.tint or random.choice(("#5f7d5a", "#8f4f42", "#4f6f7d")), random)
    hide = darker(skin, 0.32)
    _wing(sketch, (6, -54), 0.9, darker(skin, 0.4))
    sketch.fill(
        limb([(-16, -26), (-26, -14), (-18, -2)], [14, 9, 7])
        + limb([(38, -28), (40, -14), (46, -2)], [11, 8, 7]),
        hide,
    )
    tail: list[Point] = [(-30, -26), (-60, -12), (-92, -8), (-118, -16), (-134, -34)]
    sketch.fill(traced("-130,-32! -146,-36! -140,-54! -128,-40!"), darker(skin, 0.4))
    spine: list[Point] = [*reversed(tail), (-4, -38), (26, -40), (48, -56), (54, -78), (66, -90), (82, -90)]
    widths = [4, 9, 14, 20, 30, 40, 34, 22, 17, 16, 18]
    plates = [
        polygon((x - 5, y - w / 2 + 2), (x - 2, y - w / 2 - 7), (x + 5, y - w / 2 + 2))
        for (x, y), w in ((p, v) for p, v in zip(spine[1:7], widths[1:7], strict=True))
    ]
    sketch.fill(joined(plates) + _plates(spine, widths), darker(skin, 0.4))
    sketch.fill(limb(spine, widths), skin)
    sketch.fill(
        traced("-22,-24 6,-19 30,-24 46,-42 56,-62 60,-80 64,-72 58,-48 44,-24 20,-17 -8,-18"),
        lighter(skin, 0.5),
    )
    sketch.fill(
        traced("70,-98 84,-100 96,-92 108,-90 112,-85 106,-80! 92,-79 104,-75 100,-71 84,-74 72,-80"), skin
    )
    sketch.fill(
        traced("78,-98! 70,-108 58,-112! 64,-104 70,-96!")
        + traced("84,-99! 80,-110 72,-116! 75,-106 77,-98!"),
        "#d8c9a8",
    )
    sketch.fill(ellipse(89, -91, 2.4), "#e9c46a")
    sketch.fill(ellipse(89.8, -91, 1.2) + ellipse(107, -87, 1), INK)
    sketch.fill(
        limb([(-8, -28), (-18, -14), (-8, -2)], [18, 11, 8])
        + limb([(28, -28), (26, -14), (34, -2)], [13, 9, 8]),
        darker(skin, 0.12),
    )
    sketch.fill(joined(polygon((x, -5), (x + 8, 0), (x - 4, 0)) for x in (-6, 0, 36, 42)), "#d8c9a8")
    _wing(sketch, (18, -50), 1.05, darker(skin, 0.22))
    return sketch.drawing()


def _plates(spine: Sequence[Point], widths: Sequence[float]) -> Path:
    out = []
    for i in (7, 8, 9):
        (x, y), w = spine[i], widths[i] / 2
        out.append(polygon((x - w + 2, y + 4), (x - w - 6, y - 3), (x - w + 3, y - 6)))
    return joined(out)


THINGS = (
    Thing(
        "fish", 0.4, Stand.TABLE, fish, (Pose.SWIMMING, Pose.STANDING), alive=True, groups=True, said="a fish"
    ),
    Thing("whale", 7, Stand.WATER, whale, (Pose.SWIMMING,), alive=True),
    Thing("dolphin", 1.6, Stand.WATER, dolphin, (Pose.SWIMMING,), alive=True, groups=True),
    Thing("dragon", 4, Stand.LAND, dragon, alive=True),
)
