"""Animals of shores, ice, jungles and far plains."""

from __future__ import annotations

from reelyard.tools.pictures.things.beasts import Beast, Part, dot, drawn, far, near
from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import Point, ellipse, joined, line
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing

INK = "#26201f"

EAGLE = Beast(
    ("#5f4636", "#6d5240"),
    (
        Part("#d9a94e", "40,88! 45,88! 46,96! 54,100! 36,100! 40,96!"),
        Part("#d9a94e", "54,88! 59,88! 60,96! 68,100! 50,100! 54,96!"),
        Part("dark", "8,98! 16,80 30,68 38,80 24,99!"),
        Part("coat", "20,80 26,56 42,38 54,28 62,20 76,20 80,34 78,56 70,78 62,92! 52,88! 44,94! 34,88!"),
        Part("deep", "14,88! 24,58 42,42 56,44 56,62 44,78 26,92!"),
        Part("#efe8da", "56,36! 58,22 66,12 78,10 86,16 86,26 82,32! 76,38! 70,33! 64,40!"),
        Part("#d9a94e", "84,15 94,17 98,24 96,32! 91,25 85,25"),
        Part(INK, dot(78, 18, 1.7)),
    ),
    48,
    poses={
        Pose.FLYING: (
            Part("deep", "60,62 60,44 70,26 88,10! 88,18 98,12! 96,22 106,20! 98,36 86,52 76,64"),
            Part("#efe8da", "2,74! 4,64! 22,62 32,66 22,76!"),
            Part("coat", "18,66 40,60 62,56 80,54 86,62 78,72 58,76 36,76 20,74"),
            Part("#efe8da", "78,56 84,50 94,50 99,56 96,63 86,67 80,66"),
            Part("#d9a94e", "97,53 104,55 106,62! 101,60 96,61"),
            Part("dark", "66,66 54,44 38,28 14,14! 18,22 2,20! 10,28 -4,30! 8,37 -2,42! 20,48 44,70"),
            Part("#d9a94e", "50,75! 56,75! 52,84! 46,82!"),
            Part(INK, dot(91, 54, 1.4)),
        ),
    },
)  # fmt: skip
PENGUIN = Beast(
    ("#3a3c46",),
    (
        Part("#d9944c", "34,96 26,100! 50,100! 46,94"),
        Part("#d9944c", "54,96 50,100! 74,100! 66,94"),
        Part("coat", "30,96 22,80 22,56 30,36 36,22 40,10 52,2 64,5 70,16 70,26 76,42 80,62 76,84 66,97 46,98"),
        Part("#f1ece2", "66,20 70,28 75,44 78,62 74,84 64,95 52,95 48,80 50,56 56,36 58,24"),
        Part("deep", "34,40 28,54 22,74 18,80! 30,78 40,64 44,48"),
        Part("#d9a94e", "60,24! 67,18! 69,26! 66,31! 60,30!"),
        Part("#d9944c", "69,12! 82,17! 70,19!"),
        Part("#f1ece2", dot(63, 12, 2.2)),
        Part(INK, dot(63.4, 12, 1.1)),
    ),
    50, grain=Grain.SMOOTH,
)  # fmt: skip
SEAL = Beast(
    ("#7d8088", "#8f8578", "#6a6e78"),
    (
        Part("dark", "-2,80! -16,74 -22,82! -12,86 -22,94! -6,94 4,90!"),
        Part("coat", "0,84 14,76 34,72 52,66 64,52 70,38 74,28 84,22 95,26 104,34 104,41 97,45 92,48 "
            "92,60 88,76 80,90 66,97 40,98 14,96"),
        Part("pale", "93,46 92,60 88,76 80,90 70,96 60,90 70,78 78,62 84,48"),
        Part("dark", "66,82 60,94 50,100! 70,100! 80,90 78,82"),
        Part("shade", "10,90 34,88 58,90 66,97 40,98 14,96"),
        Part(INK, dot(90, 32, 2)),
        Part(INK, "101,33 105,35 103,38"),
    ),
    44, grain=Grain.SMOOTH,
)  # fmt: skip
TURTLE = Beast(
    ("#8a9458", "#7d8a64", "#9a8a5c"),
    (
        far("far", "34,82 30,92 26,100! 40,100! 44,84"),
        far("far", "78,82 82,92 80,100! 94,100! 90,84"),
        Part("coat", "14,82! 4,84 0,90! 12,92 24,88!"),
        Part("coat", "88,78 96,66 104,56 114,52 122,58 122,66 116,72 106,78 98,88 88,90"),
        near("coat", "22,84 18,94 14,100! 30,100! 36,88"),
        near("coat", "70,84 74,94 70,100! 86,100! 86,86"),
        Part("#6d5a3c", "10,86! 14,66 30,48 54,40 78,47 94,64 98,86! 54,92"),
        Part("#8f7a50", "40,50 54,45 68,50 66,66 54,70 42,66"),
        Part("#8f7a50", "20,70 34,56 37,68 32,82! 16,84!"),
        Part("#8f7a50", "74,56 88,70 92,84! 76,82! 71,68"),
        Part("#8f7a50", "42,74 54,76 66,74 70,86! 38,86!"),
        Part("shade", "10,86! 12,76 54,84 96,76 98,86! 54,92"),
        Part(INK, dot(114, 59, 1.8)),
    ),
    56, 84, stride=5, grain=Grain.SMOOTH,
)  # fmt: skip
GIRAFFE = Beast(
    ("#d0a85e", "#c99f58"),
    (
        far("far", "34,66 34,80 36,88 35,100! 41,100! 41,84 45,70"),
        far("far", "62,64 64,80 63,100! 69,100! 70,82 72,66"),
        Part("far", "26,56 21,66 20,76 17,84! 23,83! 24,74 29,62"),
        near(
            "coat",
            "26,60 32,53 46,48 58,44 66,36 72,16 78,-10 80,-22 82,-28 88,-30 95,-26 104,-19 107,-14 "
                "103,-10 95,-10 89,-8 86,4 82,24 78,44 75,58 72,68 71,82 "
            "72,100! 65,100! 65,84 63,72 54,70 42,68 37,74 33,84 33,100! 26,100! 27,86 28,74",
        ),
        Part("#8a5a38", "34,55 42,51 46,57 40,63 33,62"),
        Part("#8a5a38", "50,50 60,47 62,56 54,62 48,58"),
        Part("#8a5a38", "66,44 73,36 76,46 70,56 65,52"),
        Part("#8a5a38", "72,24 78,16 80,24 76,32 72,31"),
        Part("#8a5a38", "77,2 82,-6 84,2 80,12 77,9"),
        Part("#8a5a38", "44,62 52,64 50,68 43,67"),
        Part("shade", "28,66 44,64 60,66 74,58 72,68 66,72 54,70 42,68 34,72"),
        Part("mane", "81,-26 79,-12 73,12 67,34 64,37 69,14 75,-10 78,-24"),
        Part("dark", "84,-28! 82,-38 84,-40 87,-38 88,-29!"),
        Part("dark", "81,-24 74,-28 72,-25 76,-21 82,-20"),
        Part(INK, dot(93, -21, 1.5)),
    ),
    52, 66, mane="#7d4f30", stride=8,
)  # fmt: skip
CROCODILE = Beast(
    ("#6f7f50", "#7d7f58"),
    (
        far("far", "58,84 54,92 52,100! 66,100! 68,86"),
        far("far", "112,84 114,92 112,100! 126,100! 122,86"),
        Part("coat", "-30,98! -8,84 20,76 50,70 84,67 112,68 132,66 138,60 146,60 150,68 170,74 "
            "194,78 198,82 194,86 168,88 140,90 110,94 70,95 30,94 -4,97"),
        Part("dark", "0,81! 4,72! 12,78! 17,69! 26,74! 32,65! 42,71! 50,62! 60,68! 70,60! 80,66! "
            "92,60! 102,67! 110,70 60,74 20,80"),
        Part("pale", "30,94 70,92 110,89 140,86 168,85 194,85 168,89 140,91 110,95 70,96"),
        Part("#f1ece2", "156,83! 159,88! 162,83! 166,88! 170,83! 174,88! 178,83! 182,87! 186,83!"),
        near("coat", "44,86 40,94 36,100! 54,100! 58,88"),
        near("coat", "96,86 98,94 94,100! 112,100! 112,88"),
        Part("#e9d27a", dot(144, 65, 2.6)),
        Part(INK, dot(144.6, 65, 1.3)),
    ),
    84, 84, stride=5, grain=Grain.SMOOTH,
)  # fmt: skip
MONKEY = Beast(
    ("#7d5a40", "#6a4c38"),
    (
        Part("dark", "30,92 14,96 2,88 -2,74 4,62 14,60 18,68 12,72 9,68 6,76 10,86 20,90 32,86"),
        Part("dark", "60,60 70,70 75,86 80,100! 67,100! 63,86 56,74"),
        Part("coat", "24,100! 22,84 28,66 38,54 50,48 62,50 68,60 66,76 62,88 66,95 66,100! 44,100!"),
        Part("pale", "52,54 62,56 64,70 58,86 50,84 48,68"),
        Part("shade", "30,98 30,84 40,76 50,84 52,100!"),
        Part("coat", "36,38 40,22 54,14 70,18 76,30 76,42 68,52 54,54 42,50"),
        Part("#d9b48c", "36,30 30,31 29,40 36,44"),
        Part("#d9b48c", "58,24 68,22 75,28 78,38 76,48 66,52 56,47 54,36"),
        Part("dark", "36,60 32,76 44,90 58,94 62,88 50,82 44,72 46,62"),
        Part(INK, dot(64, 33, 2)),
        Part(INK, dot(73, 33, 1.8)),
        Part("dark", "63,45 69,47 75,44 69,48.6"),
    ),
    48,
)  # fmt: skip


def crab(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    shell = varied(asking.tint or random.choice(("#b8563f", "#c0703f")), random)
    for s in (-1, 1):
        legs = [
            soft(
                [(s * 40, -30), (s * (66 + 9 * i), -34 + 6 * i), (s * (78 + 4 * i - 10 * (2 - i)), 0)],
                closed=False,
            )
            for i in range(3)
        ]
        sketch.line(joined(legs), darker(shell, 0.2), 7)
        sketch.line(soft([(s * 46, -44), (s * 74, -54), (s * 76, -72)], closed=False), darker(shell, 0.1), 8)
        claw = traced("62,-72 60,-90 70,-101 82,-100! 76,-88! 90,-94! 94,-80 86,-68 74,-64").scaled(s, 1)
        sketch.fill(claw, lighter(shell, 0.08))
        sketch.line(line((s * 14, -58), (s * 16, -76)), shell, 4)
        sketch.fill(ellipse(s * 16, -79, 6), "#f4efe4")
        sketch.fill(ellipse(s * 16 + 1.4, -79, 3), INK)
    body = traced("-58,-42 -40,-60 0,-66 40,-60 58,-42 44,-18 0,-8 -44,-18")
    sketch.fill(body, shell)
    sketch.shade(half(body, -asking.light * 16, -asking.light))
    sketch.line(soft([(-14, -30), (0, -24), (14, -30)], closed=False), darker(shell, 0.5), 2.4)
    return sketch.drawing()


def octopus(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    skin = varied(asking.tint or random.choice(("#a8627a", "#b8704c", "#7a6a98")), random)
    for i in range(7):
        x, bend = -60 + 20 * i, random.choice((-1, 1)) * random.uniform(8, 15)
        arm: list[Point] = [
            (x * 0.45, -42),
            (x * 0.8, -22),
            (x * 1.1 + bend * 0.4, -6),
            (x * 1.3 + bend, -4 - random.uniform(0, 8)),
            (x * 1.3 + bend * 1.4, -14),
        ]
        sketch.fill(limb(arm, [17, 14, 10, 7, 4]), skin if i % 2 else darker(skin, 0.16))
    head = traced("-34,-40 -40,-66 -30,-90 0,-101 30,-90 40,-66 34,-40 0,-30")
    sketch.fill(head, skin)
    sketch.shade(half(head, -asking.light * 14, -asking.light))
    sketch.fill(
        joined(ellipse(x, y, r) for x, y, r in ((-16, -88, 4), (-2, -93, 3), (12, -86, 4.4))),
        darker(skin, 0.18),
    )
    for x in (-13, 13):
        sketch.fill(ellipse(x, -56, 8, 9), "#f4efe4")
        sketch.fill(ellipse(x + 1.6, -55, 4, 5), INK)
    sketch.line(soft([(-8, -42), (0, -38), (8, -42)], closed=False), darker(skin, 0.5), 1.8)
    return sketch.drawing()


def bat(asking: Asking) -> Drawing:
    sketch = Sketch()
    skin = varied(asking.tint or "#4a4450", asking.random)
    lift = asking.random.uniform(-8, 8)
    for s in (-1, 1):
        wing = traced(
            f"6,-62! 40,{-92 + lift}! 112,{-84 + lift}! 104,-60! 92,-66 78,-44! 62,-54 44,-34! 30,-42 8,-36!"
        ).scaled(s, 1)
        sketch.fill(wing, skin if s > 0 else darker(skin, 0.12))
        bones = [line((s * 40, -92 + lift), (s * x, y)) for x, y in ((78, -46), (44, -36), (104, -62))]
        sketch.line(joined(bones), darker(skin, 0.45), 1.6)
    sketch.fill(traced("-13,-60 -10,-30 0,-16 10,-30 13,-60 0,-68"), darker(skin, 0.2), Grain.FUR)
    sketch.fill(
        traced("-14,-74! -13,-96! -4,-86 4,-86 13,-96! 14,-74 8,-60 0,-56 -8,-60"),
        darker(skin, 0.1),
        Grain.FUR,
    )
    sketch.fill(ellipse(-5, -74, 2.2) + ellipse(5, -74, 2.2), "#e9d27a")
    return sketch.drawing()


def spider(asking: Asking) -> Drawing:
    """On its thread."""
    sketch = Sketch()
    skin = varied(asking.tint or "#3f3a40", asking.random)
    sketch.line(line((0, -100), (0, -40)), "#c9c6c2", 1)
    for s in (-1, 1):
        legs = [
            soft(
                [
                    (s * 6, -26),
                    (s * (26 + 3 * i), -44 + 11 * i),
                    (s * (34 - 2 * abs(i - 1.5)), -14 + 5 * i - 12 * (i == 0)),
                ],
                closed=False,
            )
            for i in range(4)
        ]
        sketch.line(joined(legs), darker(skin, 0.2), 2.2)
    sketch.fill(ellipse(0, -36, 15, 16), skin, Grain.FUR)
    sketch.fill(ellipse(0, -17, 9), darker(skin, 0.15), Grain.FUR)
    sketch.fill(ellipse(-3.4, -14, 2.4) + ellipse(3.4, -14, 2.4), "#f4efe4")
    sketch.fill(ellipse(-3.4, -13.4, 1.1) + ellipse(3.4, -13.4, 1.1), INK)
    return sketch.drawing()


def snail(asking: Asking) -> Drawing:
    sketch = Sketch()
    shell, skin = (
        varied(asking.tint or asking.random.choice(("#b8835a", "#a8705a", "#c0a060")), asking.random),
        "#c9b48c",
    )
    sketch.fill(traced("-98,0! -80,-14 -40,-18 30,-18 56,-30 64,-50 80,-54 90,-44 88,-22 72,-4 56,0!"), skin)
    sketch.line(line((74, -50), (72, -78)) + line((84, -50), (92, -74)), skin, 4)
    sketch.fill(ellipse(72, -79, 4) + ellipse(92, -75, 4), darker(skin, 0.5))
    sketch.fill(ellipse(-10, -52, 46, 44), shell)
    sketch.shade(half(ellipse(-10, -52, 46, 44), -10 - asking.light * 14, -asking.light))
    sketch.line(
        soft(
            [
                (34, -40),
                (14, -20),
                (-22, -20),
                (-42, -46),
                (-28, -78),
                (4, -80),
                (20, -56),
                (4, -38),
                (-16, -42),
                (-18, -60),
                (-4, -64),
                (2, -54),
            ],
            closed=False,
        ),
        darker(shell, 0.35),
        4,
    )
    return sketch.drawing()


def _far(
    name: str, tall: float, beast: Beast, *poses: Pose, stand: Stand = Stand.LAND, groups: bool = False
) -> Thing:
    return Thing(
        name,
        tall,
        stand,
        drawn(beast),
        (Pose.STANDING, *poses),
        alive=True,
        groups=groups,
        said="an eagle" if name == "eagle" else "",
    )


THINGS = (
    _far("eagle", 1, EAGLE, Pose.FLYING),
    _far("penguin", 0.9, PENGUIN, groups=True),
    _far("seal", 1.3, SEAL, stand=Stand.SHORE, groups=True),
    _far("turtle", 0.6, TURTLE, Pose.WALKING),
    _far("giraffe", 3.4, GIRAFFE, Pose.WALKING, groups=True),
    _far("crocodile", 1.6, CROCODILE, Pose.WALKING, stand=Stand.SHORE),
    _far("monkey", 0.9, MONKEY, groups=True),
    Thing("crab", 0.3, Stand.SHORE, crab, alive=True, groups=True),
    Thing("octopus", 1.2, Stand.WATER, octopus, (Pose.SWIMMING,), alive=True, said="an octopus"),
    Thing("bat", 0.7, Stand.SKY, bat, (Pose.FLYING,), alive=True, groups=True),
    Thing("spider", 0.5, Stand.SKY, spider, alive=True),
    Thing("snail", 0.22, Stand.LAND, snail, alive=True),
)
