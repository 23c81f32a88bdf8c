"""Animals of woods, fields and far countries."""

from __future__ import annotations

from math import cos, radians, sin

from reelyard.tools.pictures.things.beasts import Beast, Part, dot, drawn, far, near
from reelyard.tools.pictures.things.outline import limb, lumpy, soft, traced
from reelyard.tools.pictures.things.paths import Point, ellipse, joined, polygon
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing

INK = "#26201f"

FOX = Beast(
    ("#b9683a", "#b05f38", "#c0763f"),
    (
        far("deep", "44,64 44,76 44,88 47,100! 55,100! 51,90 51,80 56,68"),
        far("deep", "80,64 81,78 80,90 80,100! 89,100! 87,90 88,78 90,64"),
        Part("coat", "40,55 30,54 17,60 7,74 1,88 10,90 24,86 34,76 42,64"),
        Part("#f0e6d8", "1,88! 4,78 7,82 9,79 13,84 16,81 19,88 10,90"),
        near(
            "coat",
            "38,56 44,50 58,48 72,48 80,44 86,36 88,24! 94,31 100,32 106,23! 108,35 112,42 121,47 "
                "125,50! 120,54 110,56 104,58 98,62 94,68 92,74 91,86 92,95 "
            "97,100! 86,100! 85,86 84,76 80,72 68,73 56,71 50,74 46,80 46,90 50,100! 39,100! 39,88 38,76 35,66",
        ),
        Part("shade", "37,62 50,64 64,66 80,64 94,58 98,62 94,68 90,72 80,72 68,73 56,71 48,74 40,74"),
        near("deep", "85,84 91,84 92,95 97,100! 86,100!"),
        near("deep", "39.4,86 46,86 46.4,91 50,100! 39,100!"),
        Part("#f0e6d8", "105,48 113,48 121,51 119,54 110,56 104,58 98,62 94,68 91,64 95,56 100,52"),
        Part("deep", "90,28! 94,32 91,35!"),
        Part(INK, "122.6,47.6 126,50 123,52"),
        Part(INK, dot(109, 44, 1.5)),
    ),
    66, 72,
)  # fmt: skip
WOLF = Beast(
    ("#807d7c", "#6a6766", "#8d857c", "#54525a"),
    (
        far("far", "30,62 30,76 33,86 31,100! 40,100! 39,88 42,78 46,66"),
        far("far", "72,62 74,78 73,88 73,100! 83,100! 81,88 82,76 82,62"),
        Part("dark", "25,46 16,52 10,62 7,74 5,86! 14,80 20,70 27,58"),
        near(
            "coat",
            "22,48 30,42 46,41 62,42 72,38 79,30 83,22 84,11! 90,18 94,18 97,9! 100,20 104,26 114,31 "
                "118,34 117,38 110,41 101,42 97,46! 97,52 92,56! 92,62 88,66! "
            "87,72 85,82 86,94 91,100! 80,100! 79,86 78,74 72,66 60,66 48,65 42,70 37,76 34,84 33,92 "
                "36,100! 26,100! 26,90 27,82 27,74 23,62",
        ),
        Part("shade", "26,58 42,60 58,62 72,60 86,54 92,56 92,62 88,66 82,70 72,66 60,66 48,65 40,70 30,70"),
        Part("pale", "104,36 112,38 117,37 110,41 101,42 97,46! 97,52 92,55! 90,48 96,40"),
        Part("deep", "86,15! 90,19 87,22!"),
        Part(INK, "114,30 118.6,33 117,36 114,34"),
        Part("#e9c46a", dot(102, 28, 1.7)),
        Part(INK, dot(102.4, 28, 0.9)),
    ),
    56, 66, stride=11,
)  # fmt: skip
BEAR = Beast(
    ("#6a4a38", "#5a4438", "#7d5c44"),
    (
        far("far", "36,74 36,84 36,100! 52,100! 50,86 52,74"),
        far("far", "76,74 78,86 76,100! 92,100! 90,86 92,72"),
        near(
            "coat",
            "14,60 16,46 26,36 42,32 58,34 70,30 80,24 87,20 86,14 91,11 96,16 104,20 110,27 119,33 "
                "121,38 116,43 106,45 100,50 97,58 95,68 94,80 95,91 "
            "101,96 101,100! 82,100! 82,86 80,78 70,76 56,78 46,77 43,84 43,92 47,96 47,100! 27,100! "
                "27,88 24,80 17,72",
        ),
        Part("shade", "18,66 34,68 54,70 72,68 94,60 95,68 94,74 82,78 70,76 56,78 46,77 40,80 26,80"),
        Part("pale", "110,32 119,33 121,38 116,43 108,43 107,37"),
        Part("dark", "88,15 91,13 94,17 90,19"),
        Part(INK, "117,32 121.4,34 120.4,37.6 117,36"),
        Part(INK, dot(106, 28, 1.4)),
    ),
    62, 78, stride=8,
)  # fmt: skip
DEER = Beast(
    ("#a0704a", "#8d6242", "#b0845a"),
    (
        far("far", "40,60 40,72 43,80 43,100! 48,100! 48,82 48,70 52,60"),
        far("far", "70,60 72,72 73,84 72,100! 77,100! 78,84 80,62"),
        Part("#7a634c", "90,10! 90,-4 93,-16 100,-30! 96,-14 94,-2 94,9!"),
        Part("#7a634c", "92,-10! 104,-20! 94,-5!"),
        Part("#7a634c", "91,0! 101,-6! 93,4!"),
        Part("#8d7458", "88,10! 82,0 79,-12 81,-32! 83,-12 86,-2 91,9!"),
        Part("#8d7458", "80,-10! 70,-22! 83,-4!"),
        Part("#8d7458", "83,1! 73,-6! 86,6!"),
        Part("#efe6d6", "31,44 25,48 25,56 31,54"),
        near(
            "coat",
            "30,46 40,42 56,43 68,41 76,34 82,22 86,12 92,8 98,10 104,16 110,20 110,24 104,26 98,25 "
                "95,32 91,44 86,54 81,60 79,70 79,84 80,100! 74,100! 74,84 72,70 "
            "69,62 60,62 48,61 42,64 40,72 37,78 37,88 38,100! 32,100! 32,86 32,77 33,68 29,58",
        ),
        Part("shade", "30,56 42,58 56,59 70,57 84,50 88,50 86,54 81,60 76,66 69,62 60,62 48,61 40,66 33,66"),
        Part("pale", "97,25! 95,33 92,42 88,46 90,34 93,26"),
        Part("dark", "88,13 80,10 76,4 84,5 91,9"),
        Part(INK, "108,19 111,20.6 110.4,23 108,22"),
        Part(INK, dot(98, 14.6, 1.4)),
    ),
    58, 62, stride=9,
)  # fmt: skip
RABBIT = Beast(
    ("#9a8672", "#b7a792", "#7d7168", "#e4dccf"),
    (
        Part("#f1ece2", "20,84 12,82 8,88 12,95 20,94"),
        Part("dark", "63,32! 60,16 64,3 69,2 71,14 69,30!"),
        Part(
            "coat",
            "20,100! 15,88 16,74 24,60 36,52 48,49 54,42 57,34 56,30 49,16 48,4 53,0 59,10 63,27 "
                "72,29 79,35 83,42 82,47 76,51 70,53 68,60 68,72 68,86 74,95 75,100! 58,100! 40,100!",
        ),
        Part("shade", "26,96 25,80 34,68 46,68 54,76 54,88 62,95 63,100! 36,100!"),
        Part("#d9a89a", "53,6 50.6,8 54,18 58,25 57.6,14"),
        Part("pale", "70,53 68,60 68,68 63,62 64,54"),
        Part(INK, dot(70, 38, 1.7)),
        Part("#c98f88", "81,41 83.6,42.6 81,45"),
    ),
    50,
    poses={
        Pose.RUNNING: (
            Part("#f1ece2", "14,62 6,60 4,67 9,73 16,71"),
            Part("far", "30,74 22,84 10,90 4,97! 14,98 28,90 40,80"),
            Part("far", "72,68 84,76 97,80! 98,84! 84,84 70,78"),
            Part(
                "coat",
                "12,70 16,58 30,52 48,54 62,52 72,44 64,38 50,36 44,32 52,29 66,32 78,38 88,38 97,44 "
                    "101,51 98,56 90,59 84,62 82,68 90,78 102,86! 101,90! 88,88 74,80 "
                "62,78 50,80 44,86 34,94 24,98 18,100! 16,96! 26,90 30,82 18,78",
            ),
            Part("shade", "24,76 40,72 58,74 76,68 82,68 78,76 62,78 50,80 36,82"),
            Part(INK, dot(89, 47, 1.6)),
        ),
    },
)  # fmt: skip
MOUSE = Beast(
    ("#8f8780", "#a58a70", "#75706e"),
    (
        Part("#c9a094", "24,90 10,92 -6,84 -16,88 -24,80 -26,82 -16,92 -6,88 10,97 26,96"),
        Part("far", "66,62 62,52 66,44 74,44 77,52 74,62"),
        Part("coat", "22,98 18,84 26,68 42,58 58,57 74,62 88,72 101,83 105,87 101,92 88,95 72,97 "
            "72,100! 60,100! 58,97 44,98 46,100! 28,100!"),
        Part("shade", "26,97 40,90 60,90 84,92 72,97 58,97 44,98"),
        Part("pale", "78,64 70,56 72,47 80,44 88,48 88,58 83,64"),
        Part("#d3a598", "79,60 75,55 77,50 82,49 85,53 83,59"),
        Part(INK, dot(92, 79, 1.9)),
        Part("#c4796c", "103,84.6 107,87 104,90"),
    ),
    44,
)  # fmt: skip
SQUIRREL = Beast(
    ("#a8603a", "#8f5a40", "#7d6a60"),
    (
        Part("dark", "50,97 32,95 18,84 16,66 22,50 20,38 10,30 12,18 26,12 40,20 44,36 38,52 40,66 48,78"),
        Part("coat", "24,24 34,26 36,38 30,52 32,68 42,84 34,84 25,72 24,56 28,42"),
        Part(
            "coat",
            "48,100! 42,86 43,70 52,57 60,49 62,40 62,32 64,20! 70,27 78,28 86,34 91,41 88,46 80,49 "
                "78,55 80,62 86,62 88,66 82,69 80,76 84,86 92,95 92,100!",
        ),
        Part("#efe2d0", "79,54 80,62 81,72 78,82 73,78 72,66 75,56"),
        Part("shade", "50,97 50,84 58,77 68,82 72,92 70,98"),
        Part("#7a5638", "86,58 91,58 92,64 88,67 85,63"),
        Part("coat", "70,62 80,62 88,63 88,66 80,67 70,68"),
        Part(INK, dot(80, 36, 1.8)),
        Part(INK, "89,39 91.6,41 89.4,42.6"),
    ),
    56,
)  # fmt: skip
CAMEL = Beast(
    ("#b8925f", "#c4a070", "#a8845a"),
    (
        far("far", "34,64 36,78 36,100! 42,100! 43,80 46,66"),
        far("far", "82,62 83,76 83,100! 90,100! 91,80 92,62"),
        Part("far", "20,54 15,60 14,72 12,78! 18,78! 18,68 22,60"),
        near(
            "coat",
            "18,50 26,42 38,40 46,28 54,20 62,22 70,34 78,42 86,46 92,44 96,34 98,20 102,10 110,7 "
                "118,11 126,17 126,22 120,25 112,24 109,30 108,44 104,56 96,62 90,64 "
            "87,72 86,84 87,100! 79,100! 79,84 78,70 72,64 56,66 42,64 38,70 36,82 37,100! 29,100! 30,82 28,72 22,62",
        ),
        Part("shade", "22,56 38,58 58,60 78,58 98,52 106,46 104,56 96,62 88,66 72,64 56,66 42,64 34,70"),
        Part("dark", "45,30 54,20 62,22 69,33 60,28 52,28"),
        Part("dark", "103,10 98,5 100,3 106,7"),
        Part(INK, dot(112, 13, 1.4)),
        Part("dark", "121,18 126,19 126,20.4 121,20"),
    ),
    60, 66, stride=9,
)  # fmt: skip
ELEPHANT = Beast(
    ("#8b8a8c", "#7f7b7a", "#959098"),
    (
        far("far", "40,72 41,86 40,100! 55,100! 55,86 57,72"),
        far("far", "74,70 76,86 74,100! 89,100! 89,86 92,68"),
        Part("dark", "13,52 8,62 8,74 5,82! 12,80! 12,68 16,58"),
        near(
            "coat",
            "12,58 14,42 24,30 42,24 60,25 74,22 84,14 96,12 106,17 112,26 115,40 118,56 120,70 "
                "122,82 127,87 130,82! 134,84! 132,92 124,96 116,92 112,82 109,68 105,56 "
            "100,52 95,58 94,70 94,84 95,100! 78,100! 77,84 74,76 60,78 48,77 46,86 46,100! 29,100! "
                "28,84 22,74 15,70",
        ),
        Part("shade", "17,66 34,68 56,70 76,66 93,60 92,72 76,76 60,77 48,76 38,79 24,75"),
        Part("dark", "78,17 90,16 98,24 99,38 94,50 86,55 78,47 73,32"),
        Part("#ece2cc", "105,50! 112,59 122,59! 116,64.6 105,58!"),
        Part(INK, dot(107, 31, 1.5)),
        near("pale", "80,96 93,96 94,100! 79,100!"),
        near("pale", "31,96 44,96 45,100! 30,100!"),
    ),
    64, 78, stride=7, grain=Grain.SMOOTH,
)  # fmt: skip
LION = Beast(
    ("#c49a5c", "#b98d50"),
    (
        Part("coat", "22,48 12,44 4,34 2,22 7,22 9,32 16,39 26,42"),
        Part("mane", "4,24 0,16 4,8 9,14 9,22"),
        far("far", "32,62 32,76 35,86 34,100! 45,100! 43,88 46,78 50,64"),
        far("far", "78,62 80,78 79,100! 91,100! 89,88 90,62"),
        near(
            "coat",
            "20,48 30,41 48,41 66,42 82,36 96,36 100,56 96,64 93,72 92,84 93,94 99,97 99,100! "
                "83,100! 83,86 81,74 74,68 60,68 48,67 42,72 38,80 37,90 42,97 42,100! 26,100! 27,90 "
                "28,80 26,70 20,60",
        ),
        Part("shade", "24,60 40,62 58,64 78,62 96,58 93,70 82,74 74,68 60,68 48,67 40,72 30,72"),
    ),
    60, 68, mane="#7d4f30",
)  # fmt: skip


def lion(asking: Asking) -> Drawing:
    base = drawn(LION)(asking)
    sketch = Sketch()
    for shape in base.shapes:
        sketch.copy(shape)
    random, face = asking.random, next(s.colour for s in base.shapes if s.colour != "#000000")
    sketch.fill(lumpy((36, -66), 25, 29, random, lumps=13, depth=0.3), "#7d4f30", Grain.FUR)
    sketch.fill(lumpy((39, -68), 18, 21, random, lumps=11, depth=0.3), "#96643c", Grain.FUR)
    sketch.fill(joined([ellipse(31, -85, 4.6), ellipse(49, -86, 4.2)]), darker(face, 0.1), Grain.FUR)
    sketch.fill(
        traced("30,-80 38,-86 48,-85 54,-76 58,-66 60,-60 56,-54 48,-51 38,-54 30,-64"), face, Grain.FUR
    )
    sketch.fill(traced("47,-64 54,-66 60,-61 56,-54 48,-51 42,-56"), lighter(face, 0.45), Grain.FUR)
    sketch.fill(traced("53,-67 60,-65 58,-60 54,-61"), INK)
    sketch.fill(joined([ellipse(41, -71, 1.7), ellipse(52, -72.4, 1.5)]), INK)
    return sketch.drawing()


def hedgehog(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    brown = varied("#5f4a3e", random)
    face = traced("36,-2 34,-40 52,-40 70,-28 88,-14 90,-8 82,-3 60,0")
    sketch.fill(joined(traced(f"{x - 7},0! {x - 5},-9 {x + 5},-9 {x + 8},0!") for x in (-34, 26)), "#a88768")
    sketch.fill(face, "#c9a985", Grain.FUR)
    spikes: list[Point] = []
    for i in range(25):
        turn = 200 - 205 * i / 24
        reach = (62 if i % 2 else 78) * random.uniform(0.97, 1.05)
        spikes.append((-8 + reach * cos(radians(turn)), -4 - reach * 0.92 * max(-0.02, sin(radians(turn)))))
    sketch.fill(polygon(*spikes, (30, -2), (-40, -2)), brown, Grain.FUR)
    marks = [
        polygon((x, y), (x + 4, y + 1), (x - 6, y - 11))
        for x, y in ((random.uniform(-48, 34), random.uniform(-46, -14)) for _ in range(22))
    ]
    sketch.fill(joined(marks), lighter(brown, 0.3))
    sketch.shade(
        soft([(-66, -14), (-20, -18), (34, -14), (30, -2), (-40, -2), (-66, -4)], corners=[0, 2, 3, 4])
    )
    sketch.fill(ellipse(90, -11, 4), INK)
    sketch.fill(ellipse(66, -22, 2.6), INK)
    return sketch.drawing()


def frog(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    green = varied(asking.tint or random.choice(("#6d9150", "#5f8a58", "#8a9650")), random)
    body = traced(
        "-72,0! -70,-26 -54,-50 -28,-64 -8,-80 4,-98 18,-100 28,-90 48,-82 60,-66 58,-52 44,-44 "
        "34,-36 36,-20 44,-6 54,0! 20,0! 16,-10 6,-12 0,0!"
    )
    sketch.fill(body, green)
    sketch.fill(traced("58,-58 44,-44 34,-36 34,-20 26,-18 18,-34 24,-50 40,-58"), lighter(green, 0.5))
    sketch.shade(traced("-66,-4 -58,-32 -32,-44 -8,-32 -4,-12 -30,-8 -8,0 -60,0"))
    sketch.fill(
        joined(ellipse(x, y, r) for x, y, r in ((-40, -52, 4), (-22, -60, 3), (-12, -70, 3.4))),
        darker(green, 0.2),
    )
    sketch.fill(ellipse(14, -90, 9), lighter(green, 0.25))
    sketch.fill(ellipse(16, -90, 5), INK)
    sketch.fill(ellipse(17.6, -92, 1.5), "#ffffff")
    sketch.line(soft([(30, -68), (44, -64), (58, -64)], closed=False), darker(green, 0.4), 1.6)
    return sketch.drawing()


def snake(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    skin = varied(asking.tint or random.choice(("#7a8a4c", "#8a7048", "#5f7d68")), random)
    points: list[Point] = [
        (-150, -5),
        (-118, -12),
        (-84, -9),
        (-48, -26),
        (-8, -12),
        (34, -14),
        (66, -22),
        (68, -54),
        (58, -76),
        (74, -92),
        (96, -88),
    ]
    sketch.fill(limb(points, [3, 12, 17, 21, 22, 22, 20, 18, 17, 24, 15]), skin)
    bands = [
        limb([(x, y - w / 2.4), (x + 4, y), (x, y + w / 2.4)], [3, 5, 3])
        for x, y, w in (
            (-118, -12, 10),
            (-84, -10, 14),
            (-56, -23, 17),
            (-28, -17, 18),
            (2, -12, 18),
            (32, -14, 18),
        )
    ]
    sketch.fill(joined(bands), darker(skin, 0.35))
    sketch.line(
        polygon((101, -87), (112, -85), (119, -90), (112, -85), (118, -79), (112, -85)), "#a8463c", 1.6
    )
    sketch.fill(ellipse(88, -93, 2.4), INK)
    return sketch.drawing()


def _animal(
    name: str, tall: float, beast: Beast, *poses: Pose, groups: bool = False, said: str = ""
) -> Thing:
    return Thing(
        name, tall, Stand.LAND, drawn(beast), (Pose.STANDING, *poses), alive=True, groups=groups, said=said
    )


THINGS = (
    _animal("fox", 0.85, FOX, Pose.WALKING, Pose.RUNNING),
    _animal("wolf", 1.15, WOLF, Pose.WALKING, Pose.RUNNING, groups=True),
    _animal("bear", 1.9, BEAR, Pose.WALKING),
    _animal("deer", 1.55, DEER, Pose.WALKING, Pose.RUNNING, groups=True),
    _animal("rabbit", 0.5, RABBIT, Pose.RUNNING, groups=True),
    _animal("mouse", 0.3, MOUSE, groups=True),
    _animal("squirrel", 0.42, SQUIRREL),
    _animal("camel", 2.3, CAMEL, Pose.WALKING, groups=True),
    _animal("elephant", 3.4, ELEPHANT, Pose.WALKING, groups=True, said="an elephant"),
    Thing("lion", 1.6, Stand.LAND, lion, (Pose.STANDING, Pose.WALKING), alive=True),
    Thing("hedgehog", 0.34, Stand.LAND, hedgehog, alive=True),
    Thing("frog", 0.24, Stand.LAND, frog, alive=True, groups=True),
    Thing("snake", 0.5, Stand.LAND, snake, alive=True),
)
