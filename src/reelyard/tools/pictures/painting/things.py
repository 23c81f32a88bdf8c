"""Painting placed things: light and air on their colours, a shadow at their foot, a reflection in water, lamps."""

from __future__ import annotations

from reelyard.tools.pictures.colours import lab, mix
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.painting.canvas import GRAINS, SHINING, Canvas
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.scene import Placed, Scene, Weather
from reelyard.tools.pictures.things.catalogue import catalogue
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, polygon, rect
from reelyard.tools.pictures.things.thing import Asking, Drawing, Dress, Grain, Role, Shape, Stand

LAMP = "#ffd98a"
RAILED = {"train", "tram"}
SHEETS = 34  # heights between two bands
WINDY = {Weather.WIND: 0.8, Weather.STORM: 1.0, Weather.RAIN: 0.3}


def base_sheet(band: int) -> int:
    """The height of a band's own sheet."""
    return 24 + band * SHEETS if band >= 0 else 24 + SHEETS


def drawing_of(one: Placed, scene: Scene, *, lit: bool) -> Drawing:
    """What a placed thing looks like, in its own frame."""
    asking = Asking(
        dice(one.seed),
        scene.when.season,
        snow=scene.when.white,
        lit=lit,
        light=-scene.light if one.flip else scene.light,
        wind=WINDY.get(scene.when.weather, 0.15),
        pose=one.pose,
        dress=one.dress or Dress(),
        tint=one.tint,
        perched=one.perched,
    )
    return catalogue()[one.name].draw(asking)


def paint_thing(canvas: Canvas, one: Placed, scene: Scene, inks: Inks, *, lit: bool) -> None:
    """One thing with what belongs to it."""
    drawing = drawing_of(one, scene, lit=lit)
    depth = scene.bands[one.band].depth * 0.92 if one.band >= 0 else 0.35
    stand = catalogue()[one.name].stand
    if one.name in RAILED:
        _rails(canvas, one, scene, inks)
    if stand is Stand.WATER:
        _reflection(canvas, one, drawing, scene, inks)
    elif one.band >= 0 and stand is not Stand.WALL and one.name != "umbrella":
        _shadow(canvas, one, drawing, scene, inks)
    burning = any(shape.role is Role.LIGHT and _warm(shape.colour) for shape in drawing.shapes)
    for shape in drawing.shapes:
        _shape(canvas, shape, one, inks, depth, lit=lit)
    if lit or burning:
        for glow in drawing.glows:
            path = _put(ellipse(glow.x, glow.y, glow.reach), one)
            left, top, right, bottom = path.box
            canvas.glow(
                (left + right) / 2, (top + bottom) / 2, (right - left) * 0.75, glow.colour,
                min(1.0, (0.62 if lit else 0.3) * inks.manner.soft) * (1 - 0.4 * depth),
            )  # fmt: skip


def _shape(canvas: Canvas, shape: Shape, one: Placed, inks: Inks, depth: float, *, lit: bool) -> None:
    path = _put(shape.path, one)
    sheet = base_sheet(one.band) + 10 + min(5, shape.sheet) * 4
    if shape.role is Role.SHADE:
        canvas.veil(path, inks.plain(inks.air.shade), inks.manner.shade * (1 - 0.5 * depth))
    elif shape.role is Role.SHINE:
        canvas.veil(path, inks.plain(mix("#ffffff", inks.air.sun, 0.5)), 0.30 * inks.air.light)
    elif shape.role is Role.LINE:
        canvas.stroke(path, inks.ink(shape.colour, depth, _spot(one)), max(0.7, shape.width * one.size / 100))
    elif shape.role is Role.LIGHT and _warm(shape.colour):
        canvas.area(path, mix(shape.colour, inks.air.haze, 0.15 * depth), sheet=sheet, grain=SHINING)
    elif shape.role is Role.LIGHT and lit:
        canvas.area(path, mix(LAMP, inks.air.haze, 0.15 * depth), sheet=sheet, grain=SHINING)
    else:
        colour = inks.ink(shape.colour, depth, _spot(one))
        canvas.area(path, colour, sheet=sheet, grain=GRAINS[shape.grain])
        if inks.manner.outline:
            _outline(canvas, path, colour, one, inks)


def _rails(canvas: Canvas, one: Placed, scene: Scene, inks: Inks) -> None:
    """A low bank with sleepers and a rail, as far as there is land."""
    band = scene.bands[one.band]
    depth, k, y = band.depth * 0.92, one.size / 100, one.foot
    land = [x for x in range(0, canvas.width + 1, 8) if band.at(x) <= y + 2] or [0]
    left, right = min(land) - 10, max(land) + 10
    bank = polygon((left, y), (right, y), (right, y + 16 * k), (left, y + 16 * k))
    canvas.area(bank, inks.ink("#9a8f80", depth), sheet=base_sheet(one.band) + 4, grain=GRAINS[Grain.STONE])
    sleepers = [rect(x, y + 1.5 * k, 7 * k, 3 * k) for x in range(left, right, max(8, int(15 * k)))]
    canvas.veil(joined(sleepers), inks.ink("#5e4d42", depth), 0.9)
    canvas.stroke(line((left, y), (right, y)), inks.ink("#4a474c", depth), max(1.5, 2 * k))


def _spot(one: Placed) -> float:
    """How much it stands out of the dark."""
    return 1.0 if one.focal or one.dress is not None else 0.0 if one.scenery else 0.5


def _warm(colour: str) -> bool:
    """Whether a light has a colour of its own: flames, unlike panes, burn by day as well."""
    light, _, yellow = lab(colour)
    return light > 0.55 and yellow > 0.06


def _outline(canvas: Canvas, path: Path, colour: str, one: Placed, inks: Inks) -> None:
    width = inks.manner.outline * min(1.3, max(0.35, one.size / 260))
    canvas.stroke(path, mix(colour, "#2e2a2b", 0.62), width, 0.8)


def _put(path: Path, one: Placed) -> Path:
    k = one.size / 100
    return path.mapped(-k if one.flip else k, 0, 0, k, one.x, one.foot)


def _shadow(canvas: Canvas, one: Placed, drawing: Drawing, scene: Scene, inks: Inks) -> None:
    k = one.size / 100
    left, _, right, _ = drawing.box
    wide = min(right - left, 130) * k * 0.46
    middle = one.x + (left + right) / 2 * k * (-1 if one.flip else 1)
    path = ellipse(middle - scene.light * wide * 0.35, one.foot, wide * 1.05, max(2.5, wide * 0.10))
    canvas.veil(
        path, inks.plain(inks.air.shade), 0.30 if catalogue()[one.name].stand is not Stand.FLOOR else 0.16
    )


def _reflection(canvas: Canvas, one: Placed, drawing: Drawing, scene: Scene, inks: Inks) -> None:
    """The thing upside down in the water, paler, shortened."""
    ground = inks.ink("#5f93a3", scene.bands[one.band].depth)
    k = one.size / 100
    for shape in drawing.shapes:
        if shape.role is not Role.FILL:
            continue
        path = shape.path.mapped(-k if one.flip else k, 0, 0, -k * 0.62, one.x, one.foot)
        canvas.veil(path, mix(inks.ink(shape.colour, 0.3), ground, 0.45), 0.42)
    left, _, right, _ = drawing.box
    wide = (right - left) * k
    random = dice(one.seed)
    for i in range(7):
        y = one.foot + (i + 0.5) * one.size * 0.075
        x = one.x - wide / 2 + random.uniform(-0.1, 0.5) * wide
        canvas.veil(
            rect(x, y, wide * random.uniform(0.3, 0.75), max(1.5, one.size * 0.008)),
            inks.plain(inks.air.low),
            0.35,
        )
