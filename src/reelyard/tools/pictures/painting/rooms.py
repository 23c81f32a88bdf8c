"""A room: its wall and floor, a window with the weather outside, and the light that falls in."""

from __future__ import annotations

from random import Random

from reelyard.tools.pictures.colours import graded, mix
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.painting.canvas import AIRY, GRAINS, Canvas
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.scene import Hour, Scene, Weather, window_box
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect, smooth
from reelyard.tools.pictures.things.thing import Grain

WALLS = ("#d9c3a0", "#b9c4ae", "#c9b3b0", "#aebfc6", "#d6b892", "#c2b6c9")
FLOORS = ("#a97c54", "#96704f", "#b58a61")


def paint_room(canvas: Canvas, scene: Scene, inks: Inks) -> None:
    """Everything that does not stand about."""
    random = dice("room", scene.palette)  # a story's room is one room
    wide, floor = float(canvas.width), scene.horizon
    wall, boards = random.choice(WALLS), random.choice(FLOORS)
    paper = (
        _ink(inks, wall)
        if inks.manner.flat
        else canvas.down(0, floor, ((0, _ink(inks, graded(wall, light=0.9)), 1), (1, _ink(inks, wall), 1)))
    )
    canvas.area(rect(0, 0, wide, canvas.height), paper, sheet=10)
    _paper(canvas, inks, wall, floor, random)
    _window(canvas, scene, inks)
    low = _ink(inks, graded(boards, light=0.82))
    fill = (
        _ink(inks, boards)
        if inks.manner.flat
        else canvas.down(floor, canvas.height, ((0, _ink(inks, boards), 1), (1, low, 1)))
    )
    canvas.area(
        rect(-5, floor, wide + 10, canvas.height - floor + 10), fill, sheet=22, grain=GRAINS[Grain.WOOD]
    )
    _boards(canvas, inks, boards, floor)
    skirt = _ink(inks, mix(wall, "#fff8e8", 0.55))
    canvas.area(rect(-5, floor - canvas.height * 0.028, wide + 10, canvas.height * 0.030), skirt, sheet=24)
    _light(canvas, scene, inks)


def _ink(inks: Inks, colour: str) -> str:
    return inks.ink(colour, 0.0)


def _paper(canvas: Canvas, inks: Inks, wall: str, floor: float, random: Random) -> None:
    """Stripes or small flowers on the wall."""
    tone = _ink(inks, graded(wall, light=0.95))
    step = canvas.height * 0.075
    if random.random() < 0.5:
        stripes = [rect(i * step, 0, step * 0.45, floor) for i in range(int(canvas.width / step) + 1)]
        canvas.veil(joined(stripes), tone, 0.7)
        return
    dots = [
        ellipse(i * step + (step / 2 if j % 2 else 0), j * step * 0.8 + step / 3, step * 0.08, step * 0.13)
        for j in range(int(floor / step / 0.8) + 1)
        for i in range(int(canvas.width / step) + 2)
    ]
    canvas.veil(joined(dots), tone, 0.9)


def _window(canvas: Canvas, scene: Scene, inks: Inks) -> None:
    x, y, wide, tall = window_box(scene.sun, scene.horizon, scene.size)
    air = inks.outside
    stops = ((0, inks.plain(air.top), 1.0), (0.6, inks.plain(air.middle), 1.0), (1, inks.plain(air.low), 1.0))
    frame = _ink(inks, "#f3e8d2")
    canvas.area(rect(x - 16, y - 16, wide + 32, tall + 32), frame, sheet=16)
    canvas.area(rect(x, y, wide, tall), canvas.down(y, y + tall, stops), sheet=4, grain=AIRY)
    random = dice("outside", scene.seed)
    if scene.when.hour is Hour.NIGHT:
        stars = [
            ellipse(x + wide * random.random(), y + tall * 0.7 * random.random(), 1.6) for _ in range(16)
        ]
        canvas.veil(joined(stars), "#ffffff", 0.8)
    if scene.when.weather not in {Weather.RAIN, Weather.STORM, Weather.SNOW}:
        canvas.veil(ellipse(x + wide * 0.7, y + tall * 0.28, wide * 0.075), inks.plain(air.sun), 0.95)
    ground = [(x + wide * i / 4, y + tall * (0.74 + 0.06 * random.uniform(-1, 1))) for i in range(5)]
    hill = smooth(ground, closed=False).onward(line((x + wide, y + tall), (x, y + tall)))
    canvas.area(
        hill, inks.plain(inks.outside.on("#8aa56c" if not scene.when.white else "#eef2f5", 0.5)), sheet=5
    )
    bars = (
        rect(x + wide / 2 - 6, y, 12, tall),
        rect(x, y + tall * 0.42, wide, 10),
        rect(x - 34, y + tall + 12, wide + 68, 20),
    )
    canvas.area(joined(bars), frame, sheet=18)
    for side in (0, 1):
        edge = x + (wide + 10 if side else -10)
        out = edge + (70 if side else -70)
        curtain = polygon(
            (edge + (-60 if side else 60), y - 36),
            (out, y - 36),
            (out, y + tall + 60),
            (edge + (10 if side else -10), y + tall + 60),
            (edge + (-8 if side else 8), y + tall * 0.55),
        )
        canvas.area(
            curtain,
            _ink(inks, ("#a8554a", "#5f7d86", "#8a7a9a", "#b98d4a")[scene.palette % 4]),
            sheet=20,
            grain=GRAINS[Grain.CLOTH],
        )


def _boards(canvas: Canvas, inks: Inks, boards: str, floor: float) -> None:
    wide, height = canvas.width, canvas.height
    lines = [
        line((wide / 2 + i * wide * 0.075, floor), (wide / 2 + i * wide * 0.17, height + 10.0))
        for i in range(-9, 10)
    ]
    canvas.stroke(joined(lines), _ink(inks, graded(boards, light=0.78)), 3, 0.6)


def _light(canvas: Canvas, scene: Scene, inks: Inks) -> None:
    """By day a bright patch on the floor; at night the room's own warm light."""
    x, _, wide, _ = window_box(scene.sun, scene.horizon, scene.size)
    floor = scene.horizon
    deep = canvas.height - floor
    lean = (canvas.width / 2 - x) * 0.35
    if scene.when.hour is Hour.NIGHT:
        canvas.glow(
            canvas.width - scene.sun[0], floor * 0.62, canvas.height * 0.9, "#ffb866", 0.42 * inks.manner.soft
        )
        return
    patch = polygon(
        (x + lean * 0.6, floor + deep * 0.16),
        (x + wide + lean * 0.6, floor + deep * 0.16),
        (x + wide + lean * 1.5, floor + deep * 0.86),
        (x + lean * 1.2, floor + deep * 0.86),
    )
    canvas.veil(patch, inks.plain(inks.air.sun), 0.30)
