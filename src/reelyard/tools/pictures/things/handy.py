"""Tools, food and household things."""

from __future__ import annotations

from reelyard.tools.pictures.things.leaves import half
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Stand, Thing

BRASS = "#cfa84c"
STEEL = "#a3a9ad"
WOOD = "#8a6a4c"


def bucket(asking: Asking) -> Drawing:
    sketch = Sketch()
    tin = varied(asking.tint or asking.random.choice(("#9aa3a8", "#8a6a4c", "#6f8f9a")), asking.random)
    sketch.line(
        soft([(-46, -66), (-36, -94), (0, -101), (36, -94), (46, -66)], closed=False), darker(tin, 0.35), 3.4
    )
    body = polygon((-48, -68), (48, -68), (36, 0), (-36, 0))
    sketch.fill(ellipse(0, -68, 48, 8), darker(tin, 0.4))
    sketch.fill(ellipse(0, -66, 43, 5.4), "#a9c8d4")
    sketch.fill(
        soft(
            [(-48, -68), (-24, -62), (0, -60), (24, -62), (48, -68), (36, 0), (-36, 0)], corners=[0, 4, 5, 6]
        ),
        tin,
    )
    sketch.shade(half(body, -asking.light * 14, -asking.light).mapped(1, 0, 0, 0.9, 0, 0))
    sketch.shade(polygon((-42, -34), (42, -34), (41, -28), (-41, -28)))
    return sketch.drawing()


def broom(asking: Asking) -> Drawing:
    sketch, lean = Sketch(), asking.random.uniform(-6, 6)
    wood = varied(asking.tint or WOOD, asking.random)
    sketch.fill(rect(-1.6, -100, 3.2, 76).turned(lean, (0, 0)), wood, Grain.WOOD)
    sketch.fill(
        traced("-3,-30! -8,-18 -14,0! 14,0! 8,-18 3,-30!").turned(lean, (0, -4)).moved(0, -1), "#c9a658"
    )
    sketch.line(
        joined(line((x * 0.3, -26), (x, -3)) for x in (-9, -4, 0, 4, 9)).turned(lean, (0, -4)),
        darker("#c9a658", 0.3),
        0.9,
    )
    sketch.fill(rect(-5, -28, 10, 4).turned(lean, (0, -4)), "#a8503f")
    return sketch.drawing()


def spade(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or WOOD, asking.random)
    sketch.fill(rect(-2, -94, 4, 66), wood, Grain.WOOD)
    sketch.line(
        soft([(-7, -98), (-6, -91), (0, -88), (6, -91), (7, -98)], closed=False) + line((-7, -98), (7, -98)),
        wood,
        3.2,
    )
    blade = traced("-12,-32! -13,-14 -6,-3 0,0! 6,-3 13,-14 12,-32!")
    sketch.fill(blade, STEEL)
    sketch.shade(half(blade, 0, -asking.light))
    return sketch.drawing()


def axe(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or WOOD, asking.random)
    sketch.fill(limb([(-6, 0), (-2, -40), (-4, -98)], [7, 6, 6.4], blunt=True), wood, Grain.WOOD)
    head = traced("-12,-94! -12,-80! 8,-78! 20,-70 32,-64! 36,-82 34,-104! 20,-98 8,-95!")
    sketch.fill(head, "#7d8388")
    sketch.fill(traced("26,-67 32,-64! 36,-82 34,-104! 27,-100 29,-82"), lighter("#7d8388", 0.5))
    return sketch.drawing()


def wheelbarrow(asking: Asking) -> Drawing:
    sketch = Sketch()
    tin = varied(asking.tint or asking.random.choice(("#6f8a5c", "#a8603f", "#6a8494")), asking.random)
    sketch.line(line((-130, -62), (-20, -34), (88, -22)), WOOD, 6)
    sketch.line(line((-50, -42), (-62, 0)), "#5a5654", 5)
    sketch.fill(traced("-66,-96! -40,-108 10,-112 58,-100 72,-92!"), "#7a5a44")
    body = polygon((-76, -96), (86, -96), (54, -36), (-42, -36))
    sketch.fill(body, tin)
    sketch.shade(half(body, -asking.light * 24, -asking.light))
    sketch.fill(rect(-80, -99, 170, 6), darker(tin, 0.2))
    sketch.fill(ellipse(84, -24, 24), "#3a3638")
    sketch.fill(ellipse(84, -24, 13), "#b5b0aa")
    sketch.fill(ellipse(84, -24, 4), "#3a3638")
    return sketch.drawing()


def cake(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    cream = varied(asking.tint or random.choice(("#e3b8b0", "#efe0c4", "#c9a9b8")), random, 0.05)
    sketch.fill(ellipse(0, -5, 84, 6), "#d9d4cc")
    for left, top, high in ((-62, -40, 35), (-42, -68, 28)):
        sketch.fill(rect(left, top, -2 * left, high), "#b9814a", Grain.CLOTH)
        drips = [(-left + left * i / 3, top + (15.0 if i % 2 else 8.0)) for i in range(7)]
        sketch.fill(soft([(left, top - 5), (-left, top - 5), *drips], corners=[0, 1]), cream)
        sketch.shade(half(rect(left, top, -2 * left, high), -asking.light * 26, -asking.light))
    for x in (-26, 0, 26):
        sketch.fill(rect(x - 2.4, -90, 4.8, 18), random.choice(("#a8503f", "#4f7078", "#c9a04c")))
        sketch.light(traced(f"{x},-92! {x - 4},-97 {x},-106! {x + 4},-97"), "#f0bd5c")
    sketch.glow(0, -98, 90)
    return sketch.drawing()


def nest(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    egg = varied(asking.tint or random.choice(("#b9cfd2", "#e6dcc4")), random)
    for x in (-40, 0, 40):
        sketch.fill(traced(f"{x - 22},-50 {x - 16},-82 {x},-97 {x + 16},-82 {x + 22},-50 {x},-36"), egg)
        sketch.fill(
            joined(ellipse(x + a, b, 1.8) for a, b in ((-7, -66), (4, -78), (9, -62))), darker(egg, 0.35)
        )
    body = traced("-108,-56! -60,-46 0,-42 60,-46 108,-56! 92,-20 52,0! -52,0! -92,-20")
    sketch.fill(body, "#8a6a4c")
    straws = [
        line((x, random.uniform(-50, -8)), (x + random.uniform(26, 50), random.uniform(-50, -8)))
        for x in range(-92, 60, 11)
    ]
    sketch.line(joined(straws), "#6a4d38", 2.4)
    sketch.line(joined(path.moved(6, 5) for path in straws[::2]), "#b08f62", 2)
    return sketch.drawing()


def bell(asking: Asking) -> Drawing:
    sketch = Sketch()
    brass = varied(asking.tint or BRASS, asking.random)
    sketch.line(ellipse(0, -93, 7), darker(brass, 0.3), 4)
    sketch.fill(ellipse(0, -8, 9), darker(brass, 0.4))
    body = traced("-10,-86! -24,-74 -30,-46 -36,-24 -48,-12! 48,-12! 36,-24 30,-46 24,-74 10,-86!")
    sketch.fill(body, brass)
    sketch.shade(half(body, -asking.light * 14, -asking.light))
    sketch.fill(polygon((-39, -22), (39, -22), (48, -12), (-48, -12)), darker(brass, 0.18))
    sketch.shine(traced("-18,-72 -12,-74 -16,-46 -22,-28 -26,-30 -22,-48").scaled(-asking.light, 1))
    return sketch.drawing()


def drum(asking: Asking) -> Drawing:
    sketch = Sketch()
    cloth = varied(asking.tint or asking.random.choice(("#a8463c", "#4f7078", "#6f7f5c")), asking.random)
    sketch.fill(rect(-50, -72, 100, 68), cloth)
    sketch.shade(half(rect(-50, -72, 100, 68), -asking.light * 20, -asking.light))
    sketch.line(line(*[(-50 + 12.5 * i, -64 if i % 2 else -10) for i in range(9)]), "#efe0b8", 2)
    sketch.fill(rect(-53, -10, 106, 10), BRASS)
    sketch.fill(ellipse(0, -72, 53, 12), BRASS)
    sketch.fill(ellipse(0, -74, 48, 9.6), "#f1e8d6")
    for s in (-1, 1):
        sketch.line(line((s * 44, -100), (s * -4, -78)), "#8a6244", 3.4)
        sketch.fill(ellipse(s * -5, -77.4, 4.4), "#8a6244")
    return sketch.drawing()


def trumpet(asking: Asking) -> Drawing:
    sketch = Sketch()
    sketch.place(1, 0, 26)
    brass = varied(asking.tint or BRASS, asking.random)
    sketch.line(soft([(-96, -62), (-40, -62), (44, -62)], closed=False), brass, 8)
    sketch.line(
        soft([(-40, -62), (-52, -46), (-40, -30), (30, -30), (44, -46), (30, -62)], closed=False),
        darker(brass, 0.12),
        6,
    )
    sketch.fill(joined(rect(x, -82, 9, 56) for x in (-22, -8, 6)), lighter(brass, 0.15))
    sketch.fill(joined(rect(x - 1, -87, 11, 5) for x in (-22, -8, 6)), darker(brass, 0.3))
    sketch.fill(traced("30,-66! 60,-68 84,-80 100,-98! 100,-26! 84,-44 60,-56 30,-58!"), brass)
    sketch.shade(traced("30,-62! 64,-62 100,-62! 100,-26! 84,-44 60,-56 30,-58!"))
    sketch.fill(polygon((-104, -70), (-94, -66), (-94, -58), (-104, -54)), darker(brass, 0.25))
    return sketch.drawing()


def quill(asking: Asking) -> Drawing:
    """With its ink."""
    sketch = Sketch()
    feather = varied(asking.tint or "#e6ddcb", asking.random)
    vane = traced("2,-40! 0,-58 12,-82 34,-100 56,-108! 54,-88 40,-66 20,-50")
    sketch.fill(vane, feather)
    sketch.shade(traced("2,-40! 20,-66 56,-108! 54,-88 40,-66 20,-50"))
    sketch.line(soft([(-6, -26), (10, -54), (50, -103)], closed=False), darker(feather, 0.35), 1.6)
    sketch.fill(traced("-34,0! -36,-22 -22,-34 -14,-36! 6,-36! 14,-34 26,-22 24,0!"), "#46546a")
    sketch.fill(rect(-17, -42, 26, 7), "#2f3a4c")
    sketch.shine(traced("-28,-8 -29,-20 -22,-28 -20,-26 -24,-18 -24,-8"))
    return sketch.drawing()


def compass(asking: Asking) -> Drawing:
    sketch = Sketch()
    brass = varied(asking.tint or BRASS, asking.random)
    sketch.line(ellipse(0, -94, 8), darker(brass, 0.2), 4)
    sketch.fill(ellipse(0, -44, 44), brass)
    sketch.fill(ellipse(0, -44, 36), "#f3ecdc")
    sketch.fill(joined(rect(-1, -77, 2, 8).turned(30 * i, (0, -44)) for i in range(12)), "#6a5a48")
    turn = asking.random.uniform(0, 360)
    sketch.fill(polygon((-6, -44), (0, -74), (6, -44)).turned(turn, (0, -44)), "#a8403a")
    sketch.fill(polygon((-6, -44), (0, -14), (6, -44)).turned(turn, (0, -44)), "#46546a")
    sketch.fill(ellipse(0, -44, 3), brass)
    return sketch.drawing()


def hourglass(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#76523c", asking.random)
    share = asking.random.uniform(0.3, 0.8)
    sketch.fill(
        traced("-24,-91! -22,-70 -4,-50! -22,-30 -24,-9! 24,-9! 22,-30 4,-50! 22,-70 24,-91!"), "#d3dfe0"
    )
    w, y = 4 + 18 * share, -52 - 32 * share
    sketch.fill(polygon((-w, y), (w, y), (3, -50), (-3, -50)), "#d9b878")
    sketch.fill(
        rect(-0.8, -52, 1.6, 40) + traced(f"-22,-9! 0,{-14 - 26 * (1 - share):.1f} 22,-9!"), "#d9b878"
    )
    sketch.fill(joined(rect(x, -94, 4, 88) for x in (-33, 29)), wood, Grain.WOOD)
    sketch.fill(rect(-38, -100, 76, 9) + rect(-38, -9, 76, 9), darker(wood, 0.1), Grain.WOOD)
    return sketch.drawing()


def radio(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or asking.random.choice(("#8a5a3c", "#76523c", "#6f8a80")), asking.random)
    sketch.fill(traced("-86,0! -86,-64 -70,-92 -40,-100! 40,-100! 70,-92 86,-64 86,0!"), wood, Grain.WOOD)
    sketch.fill(traced("-72,-24! -72,-66 -56,-84 -24,-84! -24,-24!"), "#d8c7a0", Grain.CLOTH)
    sketch.shade(joined(rect(-70, y, 46, 3) for y in (-72, -60, -48, -36)))
    sketch.light(rect(-8, -82, 74, 30), "#e3d3a0")
    sketch.fill(rect(20, -82, 2, 30), "#a8403a")
    sketch.fill(joined(ellipse(x, -32, 9) for x in (8, 50)), darker(wood, 0.5))
    sketch.fill(joined(rect(x, -4, 14, 4) for x in (-70, 56)), darker(wood, 0.6))
    sketch.glow(28, -66, 60)
    return sketch.drawing()


def television(asking: Asking) -> Drawing:
    sketch = Sketch()
    wood = varied(asking.tint or "#7d5a44", asking.random)
    sketch.line(line((-26, -104), (0, -82), (30, -108)), "#8f8a86", 2)
    sketch.fill(
        joined(
            polygon((x - 4, -12), (x + 4, -12), (x + s * 6 + 3, 0), (x + s * 6 - 3, 0))
            for x, s in ((-56, -1), (56, 1))
        ),
        darker(wood, 0.3),
    )
    sketch.fill(traced("-76,-10! -80,-48 -76,-84! 76,-84! 80,-48 76,-10!"), wood, Grain.WOOD)
    sketch.light(traced("-66,-20 -70,-48 -66,-74 -10,-78 36,-74 40,-48 36,-20 -10,-16"), "#9fb9c4")
    sketch.fill(ellipse(60, -66, 7) + ellipse(60, -48, 5), "#d8c7a0")
    sketch.shade(joined(rect(50, y, 20, 2.4) for y in (-34, -28, -22)))
    sketch.glow(-14, -48, 90, "#cfe0ea")
    return sketch.drawing()


def sofa(asking: Asking) -> Drawing:
    random, sketch = asking.random, Sketch()
    cloth = varied(asking.tint or random.choice(("#a8574a", "#4f7078", "#6f7f5c", "#8a6a7a")), random)
    sketch.fill(joined(rect(x, -9, 9, 9) for x in (-112, 103)), "#4a362c")
    sketch.fill(
        traced("-108,-20! -110,-76 -96,-98 -50,-101 0,-98 50,-101 96,-98 110,-76 108,-20!"),
        cloth,
        Grain.CLOTH,
    )
    sketch.fill(rect(-96, -36, 192, 28), darker(cloth, 0.12), Grain.CLOTH)
    for x in (-47, 47):
        sketch.fill(
            traced(f"{x - 44},-40 {x - 40},-54 {x},-56 {x + 40},-54 {x + 44},-40 {x + 40},-34 {x - 40},-34"),
            lighter(cloth, 0.16),
            Grain.CLOTH,
        )
    sketch.shade(rect(-1, -97, 2, 42) + rect(-96, -60, 192, 4))
    for s in (-1, 1):
        sketch.fill(
            traced("92,-8! 92,-50 98,-64 112,-65 122,-54 120,-8!").scaled(s, 1),
            lighter(cloth, 0.06) if s == round(asking.light) else darker(cloth, 0.1),
            Grain.CLOTH,
        )
    sketch.fill(
        traced("-78,-52! -84,-80! -54,-86! -48,-56!"),
        random.choice(("#d9b45c", "#e6dac2", "#b9705a")),
        Grain.CLOTH,
    )
    return sketch.drawing()


THINGS = (
    Thing("bucket", 0.4, Stand.LAND, bucket),
    Thing("broom", 1.4, Stand.LAND, broom),
    Thing("spade", 1.1, Stand.LAND, spade),
    Thing("axe", 0.8, Stand.LAND, axe, said="an axe"),
    Thing("wheelbarrow", 0.8, Stand.LAND, wheelbarrow),
    Thing("cake", 0.3, Stand.TABLE, cake),
    Thing("nest", 0.3, Stand.TABLE, nest, said="a nest with eggs"),
    Thing("bell", 0.4, Stand.TABLE, bell),
    Thing("drum", 0.5, Stand.FLOOR, drum),
    Thing("trumpet", 0.4, Stand.TABLE, trumpet),
    Thing("quill", 0.3, Stand.TABLE, quill, said="a quill and ink"),
    Thing("compass", 0.2, Stand.TABLE, compass),
    Thing("hourglass", 0.34, Stand.TABLE, hourglass, said="an hourglass"),
    Thing("radio", 0.4, Stand.TABLE, radio),
    Thing("television", 0.7, Stand.FLOOR, television),
    Thing("sofa", 0.95, Stand.FLOOR, sofa),
)
