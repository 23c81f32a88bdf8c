"""Houses people live in."""

from __future__ import annotations

from reelyard.tools.pictures.things.outline import lumpy, soft
from reelyard.tools.pictures.things.paths import joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Season, Stand, Thing
from reelyard.tools.pictures.things.walls import (
    SNOW,
    chimney,
    door,
    roof,
    shaded,
    shutters,
    stones,
    tiles,
    timbers,
    window,
)

WALLS = ("#ece2cc", "#e4d3b5", "#d9c3a6", "#dcd8cc", "#c9b8a4", "#e0c4ae")
ROOFS = ("#a4583f", "#8d5040", "#6d5a55", "#7a6350", "#5d6470")
DOORS = ("#4f6f64", "#7d4038", "#3f5a76", "#8a6238", "#5e4a63")


def house(asking: Asking) -> Drawing:
    """Seen from its long side with a gable towards the light's other end."""
    random, sketch = asking.random, Sketch()
    wall, tiled = (
        varied(asking.tint or random.choice(WALLS), random, 0.05),
        varied(random.choice(ROOFS), random),
    )
    paint, wide = random.choice(DOORS), random.uniform(50, 60)
    eaves, ridge = -52 + random.uniform(-3, 3), -86
    side = 1 if asking.light < 0 else -1
    gable = wide * 0.62
    near, edge, far = -side * wide, side * (wide - gable), side * wide
    chimney(sketch, asking, (near * 0.55, ridge + 6, 9, 20))
    middle = (edge + far) / 2
    sketch.fill(polygon((edge, 0), (far, 0), (far, eaves), (middle, ridge), (edge, eaves)), wall, Grain.STONE)
    sketch.shade(polygon((edge, 0), (far, 0), (far, eaves), (middle, ridge), (edge, eaves)))
    sketch.fill(polygon((near, 0), (edge, 0), (edge, eaves), (near, eaves)), wall, Grain.STONE)
    sketch.fill(rect(min(near, far), -4, 2 * wide, 4), darker(wall, 0.28), Grain.STONE)
    over = side * 4
    roof(
        sketch,
        asking,
        [
            (near - over, eaves + 4),
            (near + over * 2.5, ridge - 2),
            (middle + over * 0.2, ridge - 2),
            (edge, eaves + 4),
        ],
        tiled,
    )
    tiles(sketch, min(near, edge) + 3, max(near, edge) - 3, ridge + 2, eaves + 2)
    sketch.fill(
        polygon(
            (middle, ridge - 3),
            (far + over, eaves + 4),
            (far + over * 0.2, eaves + 6),
            (middle, ridge + 3),
            (edge + over * 0.2, eaves + 6),
            (edge - over * 0.4, eaves + 4),
        ),
        darker(tiled, 0.2),
    )
    front = (near + edge) / 2
    door(sketch, (front, 14, 31), paint)
    for x in (near + (front - near) * 0.42, edge - (edge - front) * 0.42):
        window(sketch, (x, -40, 11, 14))
    window(sketch, (middle, -40, 12, 15))
    window(sketch, (middle, -66, 9, 11))
    return sketch.drawing()


def _thatch(sketch: Sketch, asking: Asking, thatch: str, wide: float, sag: float) -> None:
    """A roof of straw, its hem rising over the door."""
    random = asking.random
    cover = soft(
        [
            (-wide - 9, -34),
            (-wide - 3, -50),
            (-wide * 0.72, -82),
            (-wide * 0.4, -88 + sag),
            (0, -87 + sag * 1.6),
            (wide * 0.42, -89 + sag),
            (wide * 0.74, -82),
            (wide + 3, -50),
            (wide + 9, -34),
            (wide * 0.5, -36),
            (wide * 0.2, -43),
            (-wide * 0.2, -43),
            (-wide * 0.5, -36),
        ],
        corners=[0, 8],
    )
    sketch.shade(rect(-wide + 2, -38, 2 * wide - 4, 6))
    sketch.fill(cover, thatch, Grain.WOOD)
    if asking.snow:
        sketch.fill(cover.mapped(0.95, 0, 0, 0.78, 0, -22), SNOW, Grain.SNOW)
    else:
        sketch.fill(
            soft(
                [
                    (-wide * 0.74, -83),
                    (-wide * 0.4, -91 + sag),
                    (0, -90 + sag * 1.6),
                    (wide * 0.42, -92 + sag),
                    (wide * 0.76, -83),
                    (wide * 0.6, -79),
                    (0, -82 + sag),
                    (-wide * 0.6, -79),
                ]
            ),
            darker(thatch, 0.16),
            Grain.WOOD,
        )
        straws = joined(
            line((x, -76 + abs(x) * 0.08), (x * 1.12, -46 + random.uniform(-4, 4)))
            for x in (random.uniform(-wide * 0.8, wide * 0.8) for _ in range(16))
        )
        sketch.line(straws, darker(thatch, 0.22), 0.8)


def cottage(asking: Asking) -> Drawing:
    """Low, under a thick thatched roof."""
    random, sketch = asking.random, Sketch()
    wall, thatch = (
        varied(asking.tint or random.choice(WALLS[:4]), random, 0.05),
        varied(random.choice(("#b08c58", "#a5824f", "#97794f")), random),
    )
    wide, sag = random.uniform(62, 74), random.uniform(1, 4)
    chimney(sketch, asking, (random.choice((-1, 1)) * wide * 0.55, -74, 12, 28), colour="#a39484")
    sketch.fill(polygon((-wide, 0), (-wide + 2, -46), (wide - 2, -46), (wide, 0)), wall, Grain.STONE)
    shaded(sketch, asking, (-wide, wide, -46, 0), share=0.24)
    stones(sketch, asking, (-wide + 4, -40, wide - 6, -4), 7, 6)
    _thatch(sketch, asking, thatch, wide, sag)
    door(sketch, (wide * 0.06, 15, 31), random.choice(DOORS), arch=True)
    shutter = random.choice(DOORS)
    for x in (-wide * 0.52, wide * 0.6):
        shutters(sketch, x, -30, 13, 14, shutter)
        window(sketch, (x, -30, 13, 14))
    if asking.season in (Season.SPRING, Season.SUMMER):
        for x in (-wide * 0.52, wide * 0.6):
            sketch.fill(
                joined(lumpy((x + dx, -13), 3.2, 2.6, random, lumps=6) for dx in (-5, 0, 5)),
                "#6a8a54",
                Grain.LEAF,
            )
            sketch.fill(
                joined(lumpy((x + dx, -15), 1.3, 1.2, random, lumps=5) for dx in (-6, -2, 2.5, 6)),
                random.choice(("#c76a62", "#d9a94e", "#b98bb0")),
            )
    return sketch.drawing()


def _gable(sketch: Sketch, asking: Asking, look: tuple[str, str, str], wide: float, eaves: float) -> None:
    """The front wall up to its top: under a roof, stepped, or curved like a bell."""
    kind, wall, tiled = look
    if kind == "plain":
        sketch.fill(rect(-wide, eaves, 2 * wide, -eaves), wall, Grain.STONE)
        roof(
            sketch,
            asking,
            [(-wide - 2, eaves), (-wide + 5, eaves - 19), (wide - 5, eaves - 19), (wide + 2, eaves)],
            tiled,
        )
        window(sketch, (0, eaves - 12, 6, 8))
    else:
        steps = [
            (wide, eaves),
            (wide * 0.72, eaves),
            (wide * 0.72, eaves - 8),
            (wide * 0.42, eaves - 8),
            (wide * 0.42, eaves - 17),
            (wide * 0.18, eaves - 17),
            (wide * 0.18, eaves - 24),
        ]
        if kind == "bell":
            curve = soft(
                [
                    (-wide, 0),
                    (-wide, eaves),
                    (-wide * 0.7, eaves - 4),
                    (-wide * 0.5, eaves - 17),
                    (-wide * 0.2, eaves - 23),
                    (wide * 0.2, eaves - 23),
                    (wide * 0.5, eaves - 17),
                    (wide * 0.7, eaves - 4),
                    (wide, eaves),
                    (wide, 0),
                ],
                corners=[0, 1, 8, 9],
            )
            sketch.fill(curve, wall, Grain.STONE)
        else:
            sketch.fill(
                polygon((wide, 0), *steps, *[(-x, y) for x, y in reversed(steps)], (-wide, 0)),
                wall,
                Grain.STONE,
            )
        window(sketch, (0, eaves - 10, 7, 10), arch=True)
        if asking.snow:
            sketch.fill(
                rect(-wide * 0.7, eaves - 1.5, wide * 0.3, 2.5)
                + rect(wide * 0.4, eaves - 1.5, wide * 0.3, 2.5),
                SNOW,
                Grain.SNOW,
            )


def town_house(asking: Asking) -> Drawing:
    """Narrow and tall, as they stand in rows."""
    random, sketch = asking.random, Sketch()
    wall = varied(
        asking.tint
        or random.choice(("#c98f6c", "#b5766a", "#d8c08a", "#8fa396", "#a9b4b8", "#d3b49c", "#94808e")),
        random,
        0.08,
    )
    tiled, wide = varied(random.choice(ROOFS), random), random.uniform(19, 24)
    eaves, kind = -72 + random.uniform(-6, 4), random.choice(("plain", "stepped", "bell"))
    chimney(sketch, asking, (random.choice((-1, 1)) * wide * 0.6, eaves - 6, 5, 15))
    _gable(sketch, asking, (kind, wall, tiled), wide, eaves)
    shaded(sketch, asking, (-wide, wide, eaves, 0), share=0.26)
    sketch.fill(rect(-wide - 1, eaves - 1, 2 * wide + 2, 2.4), lighter(wall, 0.3))
    floors = 3
    for floor in range(1, floors + 1):
        top = eaves + 6 + (floor - 1) * (-eaves - 8) / floors
        places = (-wide * 0.56, 0.0, wide * 0.56) if floor < floors else (-wide * 0.5,)
        for x in places:
            window(sketch, (x, top, 7, 11))
    door(sketch, (wide * 0.4, 9, 18), random.choice(DOORS))
    return sketch.drawing()


def farmhouse(asking: Asking) -> Drawing:
    """Timbered, broad, under a big roof."""
    random, sketch = asking.random, Sketch()
    wall, beam, tiled = varied("#eae0cb", random, 0.05), "#6a4a38", varied(random.choice(ROOFS[:4]), random)
    wide = random.uniform(58, 66)
    chimney(sketch, asking, (wide * 0.3, -84, 9, 18))
    sketch.fill(polygon((-wide, 0), (-wide, -44), (0, -94), (wide, -44), (wide, 0)), wall, Grain.STONE)
    sketch.fill(rect(-wide, -8, 2 * wide, 8), "#a79c8c", Grain.STONE)
    rows = [((-wide, -44), (wide, -44)), ((-wide * 0.48, -70), (wide * 0.48, -70)), ((-wide, -8), (wide, -8))]
    posts = [
        ((x, -8), (x, -44)) for x in (-wide + 1, -wide * 0.5, -wide * 0.16, wide * 0.16, wide * 0.5, wide - 1)
    ]
    braces = [
        ((-wide + 1, -8), (-wide * 0.5, -44)),
        ((wide - 1, -8), (wide * 0.5, -44)),
        ((-wide * 0.3, -44), (-wide * 0.3, -68)),
        ((wide * 0.3, -44), (wide * 0.3, -68)),
        ((0, -70), (0, -90)),
    ]
    timbers(sketch, [*rows, *posts, *braces], beam, 2.6)
    shade = polygon((wide * 0.3, 0), (wide * 0.3, -79), (wide, -44), (wide, 0))
    sketch.shade(shade if asking.light < 0 else shade.scaled(-1, 1))
    for end in (-1, 1):
        outline = [(end * (wide + 9), -38), (0, -100), (0, -91), (end * (wide + 4), -34)]
        sketch.fill(
            polygon(*outline), tiled if end == (1 if asking.light > 0 else -1) else darker(tiled, 0.22)
        )
    if asking.snow:
        sketch.fill(
            polygon(
                (-wide - 8, -40), (0, -103), (wide + 8, -40), (wide + 4, -41), (0, -97), (-wide - 4, -41)
            ),
            SNOW,
            Grain.SNOW,
        )
    door(sketch, (0, 15, 28), random.choice(DOORS))
    for x, top in (
        (-wide * 0.33, -34),
        (wide * 0.33, -34),
        (-wide * 0.75, -32),
        (wide * 0.75, -32),
        (-12, -61),
        (12, -61),
    ):
        window(sketch, (x, top, 9 if abs(x) > 13 else 8, 13 if abs(x) > 13 else 11))
    return sketch.drawing()


def hut(asking: Asking) -> Drawing:
    """Of logs, small."""
    random, sketch = asking.random, Sketch()
    wood, wide = varied(asking.tint or "#8a6644", random), random.uniform(48, 56)
    cover = varied(random.choice(("#5f5a50", "#6b7350", "#715343")), random)
    sketch.fill(rect(wide * 0.45, -98, 7, 30), "#6c6866")
    sketch.fill(polygon((-wide, 0), (-wide, -50), (0, -92), (wide, -50), (wide, 0)), wood, Grain.WOOD)
    rows = [rect(-wide - 2, -8.4 * i - 1, 2 * wide + 4, 1.4) for i in range(6)]
    sketch.shade(joined(rows))
    sketch.shade(
        joined(
            rect(-wide + 8.3 * i * 1.18, -50 - 8.3 * i, 2 * (wide - 8.3 * i * 1.18), 1.3) for i in range(1, 5)
        )
    )
    sketch.fill(
        joined(
            polygon((e * wide - 4, y), (e * wide + 4, y), (e * wide + 4, y - 6), (e * wide - 4, y - 6))
            for e in (-1, 1)
            for y in (-1, -9.4, -17.8, -26.2, -34.6, -43)
        ),
        lighter(wood, 0.14),
        Grain.WOOD,
    )
    shade = polygon((wide * 0.4, 0), (wide * 0.4, -75), (wide, -50), (wide, 0))
    sketch.shade(shade if asking.light < 0 else shade.scaled(-1, 1))
    outline = [(-wide - 13, -40), (0, -101), (wide + 13, -40), (wide + 8, -34), (0, -89), (-wide - 8, -34)]
    sketch.fill(polygon(*outline), cover, Grain.WOOD)
    if asking.snow:
        sketch.fill(
            soft([(-wide - 12, -42), (0, -107), (wide + 12, -42), (0, -97)], corners=[0, 1, 2, 3]),
            SNOW,
            Grain.SNOW,
        )
    door(sketch, (-wide * 0.34, 18, 35), darker(wood, 0.3))
    window(sketch, (wide * 0.42, -34, 15, 15))
    return sketch.drawing()


THINGS = (
    Thing("house", 7, Stand.LAND, house, groups=True),
    Thing("cottage", 5.5, Stand.LAND, cottage, groups=True),
    Thing("town_house", 11, Stand.LAND, town_house, said="a town house", groups=True),
    Thing("farmhouse", 8, Stand.LAND, farmhouse),
    Thing("hut", 4, Stand.LAND, hut, said="a hut"),
)
