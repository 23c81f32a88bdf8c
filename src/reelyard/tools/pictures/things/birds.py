"""Birds, and what else flies; bats and bees among them."""

from __future__ import annotations

from reelyard.tools.pictures.things.beasts import Beast, Part, dot, drawn
from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing

INK = "#26201f"


def _legs(*places: float, colour: str = "#c98a4c", top: int = 68) -> tuple[Part, ...]:
    return tuple(
        Part(colour, f"{x},{top}! {x + 3},{top}! {x + 3},96! {x + 11},100! {x - 1},100! {x},96!")
        for x in places
    )


GULL = Beast(
    ("#f1eee8",),
    (
        *_legs(40, 52, top=66),
        Part("#3b3a40", "2,62! 20,56 30,62 14,67"),
        Part("coat", "8,60! 22,54 36,50 50,44 57,36 60,26 67,20 75,21 80,27 82,32 79,40 74,54 66,66 "
            "52,73 36,71 20,65"),
        Part("#9aa3ab", "4,61! 26,52 46,49 58,56 53,65 36,67 22,64"),
        Part("shade", "24,66 40,68 56,68 68,60 66,66 52,73 36,71"),
        Part("#d6a14a", "80,26! 90,31 92,34! 80,33!"),
        Part(INK, dot(74, 27, 1.6)),
    ),
    46,
    poses={
        Pose.FLYING: (
            Part("#aab2b9", "62,64 58,52 62,38 74,24 92,14 104,12! 94,24 84,36 78,50 74,64"),
            Part("#3b3a40", "92,14 104,12! 97,20 90,21"),
            Part("coat", "18,72! 32,66 48,62 66,60 80,58 88,60 92,64 88,69 76,73 58,77 40,77 28,75"),
            Part("#d6a14a", "90,62! 100,66! 90,68!"),
            Part("#9aa3ab", "66,66 58,50 44,34 26,22 4,18! 18,28 28,40 36,54 46,68"),
            Part("#3b3a40", "26,22 4,18! 14,26 22,27"),
            Part("shade", "30,74 48,73 70,71 86,68 76,73 58,77 40,77"),
            Part(INK, dot(86, 63, 1.5)),
        ),
    },
)  # fmt: skip
BIRD = Beast(
    ("#7f6a58", "#5f7d94", "#a0684c", "#6f7f5c"),
    (
        *_legs(42, 54, top=74, colour="#6a5040"),
        Part("dark", "0,86! 10,70 26,60 34,70 14,86!"),
        Part("coat", "20,70 28,54 44,42 54,32 60,22 70,16 80,19 85,28 86,40 82,56 72,70 56,79 38,79"),
        Part("pale", "84,34 86,42 82,56 72,70 58,78 60,62 68,48 76,40"),
        Part("dark", "10,72! 26,54 44,46 58,52 56,64 40,70 24,72"),
        Part("#3e342f", "84,24! 97,29! 85,32!"),
        Part(INK, dot(77, 26, 2)),
    ),
    46,
    poses={
        Pose.FLYING: (
            Part("dark", "58,62 56,44 64,26 82,12! 84,30 80,46 74,62"),
            Part("coat", "2,70! 22,66 40,60 60,56 76,52 86,50 94,56 92,64 82,70 64,76 42,76 22,73"),
            Part("pale", "92,64 82,70 64,76 50,76 64,68 82,62"),
            Part("#3e342f", "93,54! 103,58! 93,61!"),
            Part("deep", "62,64 50,44 34,28 10,18! 18,36 28,52 42,66"),
            Part(INK, dot(87, 56, 1.7)),
        ),
    },
)  # fmt: skip
CROW = Beast(
    ("#35343c", "#3d3b46"),
    (
        *_legs(42, 54, top=70, colour="#2b2828"),
        Part("dark", "0,78! 18,62 30,60 34,70 12,82!"),
        Part("coat", "14,70 26,54 42,44 54,34 60,24 69,17 79,19 84,26 84,36 80,52 70,66 54,75 34,75"),
        Part("deep", "4,76! 24,54 44,46 60,52 56,64 40,70 22,73"),
        Part("#222228", "82,20! 92,25 103,32! 92,32 83,33!"),
        Part("pale", dot(76, 25, 1.8)),
    ),
    46,
    poses={
        Pose.FLYING: (
            Part("deep", "58,62 54,44 60,28 70,12! 74,20 80,10! 82,20 88,14! 86,32 80,48 74,62"),
            Part("coat", "0,72! 4,66! 22,64 40,60 60,56 78,52 88,52 94,57 90,65 78,70 60,75 40,75 22,73"),
            Part("#222228", "92,55! 106,61! 92,63!"),
            Part("dark", "62,64 50,46 32,34 4,28! 12,35 2,40! 14,44 8,50! 24,56 44,68"),
            Part("pale", dot(86, 58, 1.4)),
        ),
    },
)  # fmt: skip
DUCK = Beast(
    ("#8a7258", "#e9e3d6", "#9a8468"),
    (
        *_legs(40, 54, top=82, colour="#cf8c3f"),
        Part("coat", "2,56! 14,60 30,54 48,52 60,52 66,44 66,32 72,22 82,19 91,24 93,34 88,42 85,52 "
            "86,64 80,76 66,85 44,87 24,82 10,70"),
        Part("#4f7258", "66,40 66,30 72,22 82,19 91,24 93,34 88,42 85,49 74,47"),
        Part("#f0ebe0", "66,42 75,48 86,48 85,53 74,53 64,48"),
        Part("dark", "8,64! 28,58 48,57 62,64 56,76 38,79 20,74"),
        Part("shade", "20,78 42,81 64,80 80,70 80,76 66,85 44,87 28,84"),
        Part("#d9a13f", "91,28! 104,32 107,35! 98,38 90,37!"),
        Part(INK, dot(83, 29, 1.8)),
    ),
    50,
)  # fmt: skip
GOOSE = Beast(
    ("#efeae0", "#a79a8a"),
    (
        *_legs(44, 58, top=80, colour="#cf8c3f"),
        Part("coat", "2,56! 16,60 34,52 54,50 66,46 70,34 70,18 74,6 82,1 90,3 93,10 88,16 82,20 "
            "82,34 86,48 88,62 82,75 66,83 44,84 22,78 10,68"),
        Part("dark", "8,62! 30,56 50,55 66,61 60,72 40,76 20,71"),
        Part("shade", "20,75 44,78 66,76 86,64 82,75 66,83 44,84 26,80"),
        Part("#d9913f", "91,5! 103,9 105,12! 91,14!"),
        Part(INK, dot(83, 8, 1.6)),
    ),
    50,
)  # fmt: skip
SWAN = Beast(
    ("#f4f1ea",),
    (
        Part("coat", "82,74 84,60 78,48 72,38 71,26 76,15 85,11 94,14 98,20 93,25 87,22 82,24 81,32 "
            "88,44 95,58 96,74 90,84! 80,88!"),
        Part("coat", "0,62! 14,72 30,70 52,66 72,66 88,72 96,82 94,100! 22,100! 10,92 2,78"),
        Part("dark", "6,58! 12,68 30,64 54,58 72,64 76,78 62,88 36,88 16,80"),
        Part("shade", "16,90 40,93 64,92 80,84 94,88 94,100! 22,100!"),
        Part("#d9813f", "97,17! 107,24 106,27! 94,25!"),
        Part(INK, "92,15! 98,17! 96,22!"),
    ),
    50,
)  # fmt: skip
HEN = Beast(
    ("#b0683f", "#e6ddcc", "#6a4a3c", "#c08a4c"),
    (
        *_legs(42, 54, top=80, colour="#cf9a4c"),
        Part("dark", "22,58 8,52 2,38 6,24 16,30 24,30 30,44"),
        Part("coat", "14,58 18,42 28,44 40,52 52,50 60,42 64,30 70,21 79,20 85,27 86,38 88,52 84,68 "
            "72,80 54,86 36,82 22,72"),
        Part("dark", "26,60 44,56 60,62 56,74 40,76 30,70"),
        Part("shade", "28,75 50,79 74,72 86,58 84,68 72,80 54,86 36,82"),
        Part("#b8433a", "68,22! 66,13 71,15 73,9 77,13 82,10 83,20! 76,20"),
        Part("#b8433a", "84,34 89,38 87,45 83,41"),
        Part("#d9a94e", "85,26! 95,31! 85,34!"),
        Part(INK, dot(79, 28, 1.8)),
    ),
    48,
)  # fmt: skip
ROOSTER = Beast(
    ("#a8562f", "#7d3f30", "#c08a4c"),
    (
        *_legs(42, 54, top=80, colour="#cf9a4c"),
        Part("#34504c", "26,60 10,60 0,48 -2,28 8,14 20,12 14,22 12,34 18,30 24,22 30,24 24,36 30,46 38,54"),
        Part("coat", "16,60 26,50 40,52 52,48 60,38 64,24 70,15 79,14 85,21 86,34 90,50 86,66 72,80 "
            "54,86 36,82 22,72"),
        Part("#d9a04c", "64,24 70,15 79,16 80,30 84,44 76,52 66,48 56,46"),
        Part("#34504c", "24,60 44,56 62,62 58,74 40,76 28,70"),
        Part("shade", "28,75 50,79 74,72 88,56 86,66 72,80 54,86 36,82"),
        Part("#b8433a", "67,17! 63,5 70,9 72,0 77,7 83,2 84,14! 76,15"),
        Part("#b8433a", "83,28 90,33 88,44 82,38"),
        Part("#e0b45a", "85,20! 95,25! 85,28!"),
        Part(INK, dot(79, 22, 1.8)),
    ),
    48,
)  # fmt: skip


def owl(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    coat = varied(asking.tint or random.choice(("#7d6450", "#8f7c68", "#6a5a54")), random)
    body = traced(
        "-34,-82! -36,-64 -38,-40 -32,-14 -14,-2 14,-2 32,-14 38,-40 36,-64 34,-82! 24,-90! 30,-100! "
        "14,-93 0,-91 -14,-93 -30,-100! -24,-90!"
    )
    sketch.fill(traced("-12,0! -10,-8! -2,-8! -3,0!") + traced("12,0! 10,-8! 2,-8! 3,0!"), "#c99a4c")
    sketch.fill(body, coat, Grain.FUR)
    sketch.fill(
        traced("0,-54 16,-48 22,-32 16,-12 0,-5 -16,-12 -22,-32 -16,-48"), lighter(coat, 0.5), Grain.FUR
    )
    marks = joined(
        soft([(x - 4, y), (x, y + 4), (x + 4, y)], closed=False)
        for x, y in (
            (-9, -42),
            (0, -44),
            (9, -42),
            (-12, -31),
            (-4, -32),
            (5, -32),
            (13, -31),
            (-8, -20),
            (1, -21),
            (9, -20),
            (0, -12),
        )
    )
    sketch.line(marks, darker(coat, 0.1), 1.8)
    for side in (-1, 1):
        sketch.fill(
            traced("30,-66 40,-48 38,-24 28,-6 24,-20 24,-44").scaled(side, 1), darker(coat, 0.28), Grain.FUR
        )
        sketch.fill(ellipse(side * 14, -72, 14, 13.4), lighter(coat, 0.6))
        sketch.light(ellipse(side * 12.6, -72, 8), "#e0b45a")
        sketch.fill(ellipse(side * 12, -72, 4.6), INK)
        sketch.fill(ellipse(side * 12 + 1.6, -73.8, 1.4), "#ffffff")
    sketch.fill(traced("-4,-68! 4,-68! 0,-58!"), "#c99a4c")
    sketch.shade(half(body, -asking.light * 22, -asking.light))
    return sketch.drawing()


def butterfly(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wing = varied(asking.tint or random.choice(("#c9763f", "#5f86a8", "#d9b04c", "#a8628a")), random)
    tilt = random.uniform(-14, 14)
    for side in (-1, 1):
        upper = (
            traced("3,-54 16,-78 40,-92 58,-86 56,-66 40,-50 4,-48").scaled(side, 1).turned(tilt, (0, -50))
        )
        lower = traced("4,-48 30,-48 44,-34 40,-16 26,-12 12,-26").scaled(side, 1).turned(tilt, (0, -50))
        sketch.fill(upper + lower, wing if side > 0 else lighter(wing, 0.1))
        rim = traced("40,-92 58,-86 56,-66 50,-60 51,-76 44,-85").scaled(side, 1).turned(tilt, (0, -50))
        sketch.fill(rim + ellipse(side * 32, -30, 4.4).turned(tilt, (0, -50)), darker(wing, 0.6))
        sketch.fill(ellipse(side * 34, -68, 5).turned(tilt, (0, -50)), lighter(wing, 0.55))
        sketch.line(
            soft([(0, -66), (side * 6, -84), (side * 14, -92)], closed=False).turned(tilt, (0, -50)),
            "#3a302e",
            1.4,
        )
    sketch.fill(limb([(0, -70), (0, -50), (0, -22)], [5, 6, 2]).turned(tilt, (0, -50)), "#3a302e")
    return sketch.drawing()


def bee(asking: Asking) -> Drawing:
    sketch = Sketch()
    tilt = asking.random.uniform(-12, 12)
    sketch.fill(
        (
            ellipse(-8, -82, 15, 22).turned(-24, (-8, -62)) + ellipse(14, -80, 13, 20).turned(16, (14, -62))
        ).turned(tilt, (0, -45)),
        "#d5e0e4",
    )
    body = traced("-60,-44 -40,-62 -8,-66 24,-62 44,-50 46,-38 30,-26 -4,-22 -38,-28").turned(tilt, (0, -45))
    sketch.fill(body, "#d9a83f", Grain.FUR)
    for x in (-34, -8, 18):
        sketch.fill(
            traced(f"{x},-64 {x + 10},-64 {x + 12},-44 {x + 10},-24 {x},-24 {x + 3},-44").turned(
                tilt, (0, -45)
            ),
            "#3a302e",
            Grain.FUR,
        )
    sketch.fill(ellipse(44, -46, 15, 14).turned(tilt, (0, -45)), "#3a302e")
    sketch.fill(ellipse(49, -49, 3).turned(tilt, (0, -45)), "#f4efe4")
    sketch.line(soft([(50, -58), (58, -70), (66, -72)], closed=False).turned(tilt, (0, -45)), "#3a302e", 2)
    return sketch.drawing()


def flock(asking: Asking) -> Drawing:
    """Birds far off."""
    random, sketch = asking.random, Sketch()
    birds = []
    for i in range(random.randint(5, 8)):
        x, y, size = (
            -110 + 30 * i + random.uniform(-9, 9),
            -50 + random.uniform(-38, 30),
            random.uniform(9, 15),
        )
        lift, tip = random.uniform(0.45, 0.8), random.uniform(0.05, 0.3)
        birds.append(
            soft(
                [
                    (x - size, y - size * tip),
                    (x - size * 0.45, y - size * lift),
                    (x, y),
                    (x + size * 0.45, y - size * lift),
                    (x + size, y - size * tip),
                    (x + size * 0.42, y - size * lift * 0.6),
                    (x, y + size * 0.2),
                    (x - size * 0.42, y - size * lift * 0.6),
                ],
                corners=[0, 2, 4, 6],
            )
        )
    sketch.fill(joined(birds), "#4a4852")
    return sketch.drawing()


_BOTH = (Pose.STANDING, Pose.FLYING)
THINGS = (
    Thing("gull", 0.75, Stand.LAND, drawn(GULL), _BOTH, alive=True, groups=True),
    Thing("bird", 0.4, Stand.LAND, drawn(BIRD), _BOTH, alive=True, groups=True),
    Thing("crow", 0.6, Stand.LAND, drawn(CROW), _BOTH, alive=True, groups=True),
    Thing("duck", 0.55, Stand.LAND, drawn(DUCK), alive=True, groups=True),
    Thing("goose", 0.85, Stand.LAND, drawn(GOOSE), alive=True, groups=True),
    Thing("swan", 0.9, Stand.WATER, drawn(SWAN), alive=True, groups=True),
    Thing("hen", 0.6, Stand.LAND, drawn(HEN), alive=True, groups=True),
    Thing("rooster", 0.7, Stand.LAND, drawn(ROOSTER), alive=True),
    Thing("owl", 0.6, Stand.LAND, owl, alive=True, said="an owl"),
    Thing("butterfly", 0.3, Stand.SKY, butterfly, (Pose.FLYING,), alive=True, groups=True),
    Thing("bee", 0.16, Stand.SKY, bee, (Pose.FLYING,), alive=True, groups=True),
    Thing("flock", 5, Stand.SKY, flock, (Pose.FLYING,), alive=True, said="birds"),
)
