"""Buildings for work, trade and worship, and tents."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import SNOW, half
from reelyard.tools.pictures.things.outline import soft, traced
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing
from reelyard.tools.pictures.things.walls import GLASS, door, roof, shaded, smoke, window

CLOTHS = ("#a8503f", "#4f7078", "#c9a04c", "#5f7a5c")


def barn(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wood = varied(asking.tint or random.choice(("#9a4a3c", "#9a4a3c", "#7d5f4a")), random)
    trim, cover = "#e9e0cf", random.choice(("#6d6660", "#5f5650"))
    front = polygon((-64, 0), (-64, -48), (-44, -82), (0, -100), (44, -82), (64, -48), (64, 0))
    sketch.fill(front, wood, Grain.WOOD)
    sketch.shade(
        joined(rect(x, -46 - (64 - abs(x)) * 0.7, 0.9, 46 + (64 - abs(x)) * 0.7) for x in range(-56, 60, 9))
    )
    sketch.shade(half(front, -asking.light * 26, -asking.light))
    edge = [(-64, -48), (-44, -82), (0, -100), (44, -82), (64, -48)]
    outer = [(-73, -44), (-50, -88), (0, -108), (50, -88), (73, -44)]
    sketch.fill(polygon(*outer, *reversed(edge)), cover)
    if asking.snow:
        sketch.fill(
            polygon(*[(x, y - 5) for x, y in outer], *[(x * 0.94, y) for x, y in reversed(outer)]),
            SNOW,
            Grain.SNOW,
        )
    sketch.fill(rect(-27, -46, 54, 46), trim)
    for x in (-24, 1):
        sketch.fill(rect(x, -43, 23, 43), wood, Grain.WOOD)
        sketch.line(line((x + 1, -42), (x + 22, -1)) + line((x + 22, -42), (x + 1, -1)), trim, 2.4)
    sketch.fill(rect(-12, -80, 24, 21), trim)
    sketch.fill(rect(-9.6, -77.6, 19.2, 16.2), darker(wood, 0.6))
    sketch.fill(traced("-9,-61.6! -6,-68 2,-66 9,-69 9.4,-61.6!"), "#cfa852", Grain.LEAF)
    return sketch.drawing()


def skyscraper(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wall = varied(
        asking.tint or random.choice(("#8c97a3", "#a79c90", "#7d8790", "#b5a48e", "#6f7a86")), random
    )
    wide, kind = random.uniform(13, 19), random.choice(("flat", "steps", "spire"))
    top = -100.0 if kind == "flat" else -84.0
    tiers = (
        [(wide, top)]
        if kind == "flat"
        else [(wide, top + 24), (wide * 0.72, top + 6), (wide * 0.42, top - 6)]
    )
    low = 0.0
    for w, high in tiers:
        sketch.fill(rect(-w, high, 2 * w, low - high), wall)
        sketch.fill(rect(-w - 0.6, high, 2 * w + 1.2, 1.6), lighter(wall, 0.2))
        columns, rows = max(2, int(w / 3)), int((low - high - 3) / 5.2)
        step = 2 * w / columns
        panes = [
            rect(-w + step * (c + 0.24), high + 4 + 5.2 * r, step * 0.52, 3)
            for r in range(rows)
            for c in range(columns)
        ]
        on = [pane for pane in panes if random.random() < 0.62]
        sketch.fill(joined(panes), darker(wall, 0.4))
        sketch.light(joined(on), GLASS)
        shaded(sketch, asking, (-w, w, high, low), share=0.36)
        low = high
    if kind == "spire":
        sketch.fill(polygon((-2, low), (0, -108), (2, low)), darker(wall, 0.2))
    sketch.fill(rect(-4, -6, 8, 6), darker(wall, 0.55))
    sketch.glow(0, -45, 40)
    return sketch.drawing()


def shop(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    wall, cloth = (
        varied(random.choice(("#d8c4a4", "#b9a08c", "#c9b8a4", "#a9b4a8")), random),
        asking.tint or random.choice(CLOTHS),
    )
    sketch.fill(rect(-52, -92, 104, 92), wall)
    sketch.fill(rect(-56, -98, 112, 7), darker(wall, 0.2))
    if asking.snow:
        sketch.fill(rect(-56, -102, 112, 5), SNOW, Grain.SNOW)
    for x in (-28, 0, 28):
        window(sketch, (x, -86, 13, 17))
    sketch.fill(rect(-50, -62, 100, 12), darker(cloth, 0.2))
    sketch.fill(joined(rect(x, -57.5, 6, 3) for x in range(-30, 28, 9)), "#efe4cc")
    sketch.fill(rect(-46, -38, 56, 33), darker(cloth, 0.45))
    sketch.light(rect(-43, -36, 50, 26), GLASS)
    sketch.fill(
        joined(ellipse(x, -13, 4.4) for x in (-36, -27, -18)) + joined(rect(x, -20, 6, 10) for x in (-8, 0)),
        random.choice(("#b0503f", "#c99a4c")),
    )
    sketch.glow(-18, -24, 50)
    door(sketch, (29, 17, 36), darker(cloth, 0.1))
    sketch.sheet = 1
    for i in range(10):
        x = -50 + 10 * i
        sketch.fill(
            traced(f"{x},-50! {x + 10},-50! {x * 1.08 + 10.8},-36! {x * 1.08 + 5.4},-31 {x * 1.08},-36!"),
            cloth if i % 2 == 0 else "#efe4cc",
            Grain.CLOTH,
        )
    return sketch.drawing()


def factory(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    brick = varied(asking.tint or random.choice(("#a0604a", "#8a6a5c", "#8d7f78")), random)
    for x, top in ((-66, -100), (-44, -88)):
        smoke(sketch, asking, x, top - 2, 10, colour="#b5b0ae")
        sketch.fill(
            polygon((x - 7, 0), (x - 4.6, top), (x + 4.6, top), (x + 7, 0)), darker(brick, 0.12), Grain.STONE
        )
        sketch.shade(
            polygon((x, 0), (x, top), (x + 4.6, top), (x + 7, 0))
            if asking.light < 0
            else polygon((x - 7, 0), (x - 4.6, top), (x, top), (x, 0))
        )
        sketch.fill(rect(x - 6, top - 2, 12, 4) + rect(x - 5.4, top + 10, 10.8, 3), lighter(brick, 0.3))
    saw = [(-90.0, 0.0), (-90.0, -40.0)]
    for i in range(4):
        saw.extend([(-90 + 45 * i, -40), (-90 + 45 * i, -60), (-45 + 45 * i, -40)])
    sketch.fill(polygon(*saw, (90, 0)), brick, Grain.STONE)
    sketch.fill(
        joined(polygon((-86 + 45 * i, -43), (-86 + 45 * i, -54), (-66 + 45 * i, -43)) for i in range(4)),
        darker(brick, 0.5),
    )
    for x in range(-76, 50, 22):
        window(sketch, (x, -32, 12, 16), frame=darker(brick, 0.35))
    sketch.fill(rect(54, -28, 26, 28), darker(brick, 0.55))
    sketch.shade(joined(rect(-90, y, 180, 1) for y in (-36, -10, -5)))
    shaded(sketch, asking, (-90, 90, -40, 0), share=0.22)
    return sketch.drawing()


def tent(asking: Asking) -> Drawing:
    sketch = Sketch()
    cloth = varied(
        asking.tint or asking.random.choice(("#b8894c", "#7d8a5c", "#a8603f", "#d8c7a4")), asking.random
    )
    sketch.line(line((-96, 0), (-10, -92)) + line((112, 0), (60, -80)), "#8a7a68", 1.4)
    sketch.fill(polygon((0, -98), (62, -84), (108, 0), (20, 0)), darker(cloth, 0.28), Grain.CLOTH)
    front = soft([(0, -98), (-30, -44), (-76, 0), (76, 0), (30, -44)], corners=[0, 2, 3])
    sketch.fill(front, cloth, Grain.CLOTH)
    sketch.light(soft([(0, -84), (-9, -40), (-22, 0), (22, 0), (9, -40)], corners=[0, 2, 3]), "#4a3f3a")
    sketch.fill(
        soft([(0, -84), (-9, -40), (-22, 0), (-34, 0), (-22, -34)], corners=[0, 2, 3]),
        lighter(cloth, 0.2),
        Grain.CLOTH,
    )
    sketch.shade(
        polygon((0, -98), (30, -44), (76, 0), (40, 0))
        if asking.light < 0
        else polygon((0, -98), (-30, -44), (-76, 0), (-40, 0))
    )
    sketch.fill(rect(-1.4, -103, 2.8, 8), "#6d4c3a")
    sketch.glow(0, -24, 60)
    return sketch.drawing()


def temple(asking: Asking) -> Drawing:
    """Columns under a gable."""
    sketch = Sketch()
    stone = varied(asking.tint or "#d8cdb8", asking.random)
    sketch.fill(rect(-70, -62, 140, 52), darker(stone, 0.42), Grain.STONE)
    sketch.light(rect(-11, -42, 22, 32), "#4f463f")
    for i in range(6):
        x = -64 + 25.6 * i
        shaft = polygon((x - 6, -12), (x - 5, -60), (x + 5, -60), (x + 6, -12))
        sketch.fill(shaft + rect(x - 7.4, -64, 14.8, 4.4) + rect(x - 7.4, -13, 14.8, 4), stone, Grain.STONE)
        sketch.shade(half(shaft, x - asking.light * 1.5, -asking.light))
    sketch.fill(rect(-78, -74, 156, 11), lighter(stone, 0.1), Grain.STONE)
    sketch.fill(polygon((-84, -74), (0, -104), (84, -74)), stone, Grain.STONE)
    sketch.shade(polygon((-62, -77), (0, -99), (62, -77)))
    sketch.fill(rect(-80, -10, 160, 5) + rect(-88, -5, 176, 5), lighter(stone, 0.05), Grain.STONE)
    sketch.shade(rect(-80, -6, 160, 1.2) + rect(-78, -65, 156, 2))
    if asking.snow:
        sketch.fill(
            polygon((-84, -75), (0, -108), (84, -75), (78, -75), (0, -102), (-78, -75)), SNOW, Grain.SNOW
        )
    sketch.glow(0, -28, 50)
    return sketch.drawing()


def pagoda(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood, tile = (
        varied(asking.tint or "#9a4a3c", asking.random),
        asking.random.choice(("#4f5f5c", "#55606e", "#5f5650")),
    )
    for i in range(4):
        w, low = 24 - 4.6 * i, -4 - 22.0 * i
        sketch.fill(rect(-w, low - 16, 2 * w, 16), wood, Grain.WOOD)
        sketch.light(joined(rect(x - 2.6, low - 12, 5.2, 9) for x in (-w * 0.55, 0, w * 0.55)), "#d8c7a0")
        shaded(sketch, asking, (-w, w, low - 16, low), share=0.3)
        eave = w + 13 - i
        cover = soft(
            [
                (-eave - 3, low - 18),
                (-eave * 0.75, low - 17),
                (-w * 0.8, low - 24),
                (w * 0.8, low - 24),
                (eave * 0.75, low - 17),
                (eave + 3, low - 18),
                (eave * 0.7, low - 13),
                (-eave * 0.7, low - 13),
            ],
            corners=[0, 2, 3, 5],
        )
        sketch.fill(cover, tile)
        if asking.snow:
            sketch.fill(
                soft(
                    [
                        (-eave, low - 18.6),
                        (-w * 0.8, low - 25),
                        (w * 0.8, low - 25),
                        (eave, low - 18.6),
                        (0, low - 19),
                    ],
                    corners=[0, 1, 2, 3],
                ),
                SNOW,
                Grain.SNOW,
            )
    sketch.fill(polygon((-1.4, -92), (0, -106), (1.4, -92)) + ellipse(0, -97, 2.4), "#c9a04c")
    sketch.fill(rect(-30, -4, 60, 4), "#a59c90", Grain.STONE)
    sketch.glow(0, -40, 40)
    return sketch.drawing()


def mosque(asking: Asking) -> Drawing:
    sketch = Sketch()
    wall, dome = (
        varied("#e3d7bf", asking.random),
        asking.tint or asking.random.choice(("#5f8a8c", "#c9a65c", "#6f8f7c")),
    )
    for x in (-62, 62):
        sketch.fill(rect(x - 4.4, -84, 8.8, 84), wall, Grain.STONE)
        sketch.shade(half(rect(x - 4.4, -84, 8.8, 84), x - asking.light, -asking.light))
        sketch.fill(rect(x - 7, -70, 14, 3.4) + rect(x - 6, -48, 12, 3), darker(wall, 0.15))
        sketch.fill(traced(f"{x - 5.6},-84! {x - 6},-90 {x},-101! {x + 6},-90 {x + 5.6},-84!"), dome)
    ball = traced("-27,-50! -31,-64 -22,-80 0,-93! 22,-80 31,-64 27,-50!")
    sketch.fill(rect(-28, -54, 56, 12), darker(wall, 0.1), Grain.STONE)
    sketch.fill(ball, dome)
    sketch.shade(half(ball, -asking.light * 8, -asking.light))
    sketch.line(line((0, -93), (0, -98)), "#c9a04c", 1.4)
    sketch.fill(traced("-3,-104! -3.6,-100 0,-97.6 3.6,-100 3,-104! 1.8,-101 0,-100 -1.8,-101"), "#c9a04c")
    sketch.fill(rect(-50, -44, 100, 44), wall, Grain.STONE)
    for x in (-36, 36):
        sketch.fill(
            traced(f"{x - 9},-14! {x - 9},-24 {x},-36! {x + 9},-24 {x + 9},-14!").mapped(
                0.86, 0, 0, 1, x * 0.14, 0
            ),
            darker(wall, 0.2),
        )
        sketch.light(traced(f"{x - 6},-14! {x - 6},-24 {x},-33! {x + 6},-24 {x + 6},-14!"), GLASS)
        sketch.glow(x, -24, 24)
    sketch.fill(rect(-19, -50, 38, 50), lighter(wall, 0.25), Grain.STONE)
    sketch.fill(traced("-13,0! -13,-24 0,-42! 13,-24 13,0!"), darker(dome, 0.45))
    shaded(sketch, asking, (-50, 50, -44, 0), share=0.2)
    return sketch.drawing()


def school(asking: Asking) -> Drawing:
    sketch = Sketch()
    brick = varied(asking.tint or asking.random.choice(("#b0705a", "#c9a87c", "#a8867a")), asking.random)
    slate = "#5f646e"
    sketch.fill(polygon((-6, -84), (-6, -98), (0, -106), (6, -98), (6, -84)), lighter(brick, 0.12))
    sketch.fill(polygon((-10, -97), (0, -110), (10, -97)), slate)
    sketch.fill(traced("-3.4,-88! -3,-93 0,-95 3,-93 3.4,-88!"), "#c9a04c")
    sketch.fill(rect(-84, -46, 168, 46), brick, Grain.STONE)
    roof(sketch, asking, [(-89, -45), (-76, -66), (76, -66), (89, -45)], slate)
    sketch.fill(
        polygon((-24, 0), (-24, -58), (0, -86), (24, -58), (24, 0)), lighter(brick, 0.12), Grain.STONE
    )
    sketch.fill(polygon((-29, -55), (0, -90), (29, -55), (24, -52), (0, -81), (-24, -52)), darker(slate, 0.2))
    for x in (-70, -52, -35, 35, 52, 70):
        window(sketch, (x, -36, 11, 20))
    sketch.fill(ellipse(0, -60, 8), "#efe9da")
    sketch.line(ellipse(0, -60, 8) + line((0, -65), (0, -60), (4, -58)), "#4a4348", 1.2)
    door(sketch, (0, 20, 30), "#4f6f64", arch=True)
    sketch.fill(rect(-28, -3, 56, 3), "#b5ada0")
    shaded(sketch, asking, (-84, 84, -46, 0), share=0.16)
    return sketch.drawing()


def market_stall(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    cloth = asking.tint or random.choice(CLOTHS)
    sketch.fill(joined(rect(x, -80, 5, 80) for x in (-58, 53)), "#76523c", Grain.WOOD)
    sketch.fill(rect(-62, -36, 124, 36), "#9a7450", Grain.WOOD)
    sketch.shade(joined(rect(x, -36, 1.6, 36) for x in range(-42, 60, 20)))
    crops: list[tuple[str, Path]] = [
        ("#b0503f", ellipse(0, 0, 6)),
        ("#7f9a55", ellipse(0, 0, 7, 6)),
        ("#cf8a3f", ellipse(0, 0, 6, 5.4)),
        ("#d9b458", ellipse(0, 0, 5.4)),
    ]
    for i, (colour, fruit) in enumerate(crops):
        left = -58 + 30 * i
        sketch.fill(
            joined(fruit.moved(left + 6 + 8 * k, -46 - (5 if k == 1 else 0)) for k in range(3)),
            varied(colour, random),
        )
        sketch.fill(
            polygon((left - 1, -46), (left + 27, -46), (left + 25, -36), (left + 1, -36)),
            "#76523c",
            Grain.WOOD,
        )
    sketch.sheet = 1
    for i in range(9):
        a, b = -60 + 40 * i / 3, -60 + 40 * (i + 1) / 3
        sketch.fill(
            traced(f"{a * 0.86},-101! {b * 0.86},-101! {b * 1.12},-78! {(a + b) * 0.56},-71 {a * 1.12},-78!"),
            cloth if i % 2 == 0 else "#efe4cc",
            Grain.CLOTH,
        )
    return sketch.drawing()


THINGS = (
    Thing("barn", 9, Stand.LAND, barn),
    Thing("skyscraper", 60, Stand.LAND, skyscraper, groups=True),
    Thing("shop", 6.5, Stand.LAND, shop, groups=True),
    Thing("factory", 14, Stand.LAND, factory),
    Thing("tent", 2.2, Stand.LAND, tent, groups=True),
    Thing("temple", 13, Stand.LAND, temple),
    Thing("pagoda", 22, Stand.LAND, pagoda),
    Thing("mosque", 20, Stand.LAND, mosque),
    Thing("school", 10, Stand.LAND, school),
    Thing("market_stall", 3, Stand.LAND, market_stall, groups=True),
)
