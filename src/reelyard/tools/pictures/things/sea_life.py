"""What lives in water."""

from __future__ import annotations

from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined
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


THINGS = (
    Thing(
        "fish", 0.4, Stand.TABLE, fish, (Pose.SWIMMING, Pose.STANDING), alive=True, groups=True, said="a fish"
    ),
    Thing("whale", 7, Stand.WATER, whale, (Pose.SWIMMING,), alive=True),
    Thing("dolphin", 1.6, Stand.WATER, dolphin, (Pose.SWIMMING,), alive=True, groups=True),
)
