"""Water: the sky in it, the sun's or moon's path, ripples."""

from __future__ import annotations

from random import Random

from reelyard.tools.pictures.colours import graded, mix
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.painting.canvas import WATERY, Canvas
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.painting.things import base_sheet
from reelyard.tools.pictures.scene import Hour, Scene, Weather
from reelyard.tools.pictures.things.paths import Path, joined, line, polygon, smooth

DEEP = "#3a7488"
ROUGH = {Weather.STORM: 3.0, Weather.WIND: 1.8, Weather.RAIN: 1.2}


def paint_water(canvas: Canvas, scene: Scene, inks: Inks, nth: int) -> None:
    """A band of water."""
    band, random = scene.bands[nth], dice("water", scene.seed, nth)
    top = band.edge[0][1]
    far = inks.plain(mix(inks.air.low, inks.air.on(DEEP, 0.5), 0.45))
    near = inks.plain(mix(inks.air.on(DEEP, 0.0), inks.air.top, 0.35))
    path = polygon(
        (-20, top),
        (canvas.width + 20, top),
        (canvas.width + 20, canvas.height + 20),
        (-20, canvas.height + 20),
    )
    fill = canvas.down(top, canvas.height, ((0, far, 1), (0.35, mix(far, near, 0.6), 1), (1, near, 1)))
    canvas.area(path, mix(far, near, 0.55) if inks.manner.flat else fill, sheet=base_sheet(nth), grain=WATERY)
    if inks.manner.flat:
        _waves(canvas, random, (top, base_sheet(nth)), (far, near))
    _ripples(canvas, scene, random, top, (far, near))
    if scene.when.weather not in {Weather.RAIN, Weather.STORM, Weather.FOG, Weather.SNOW}:
        _glitter(canvas, scene, inks, random, top)


def _waves(canvas: Canvas, random: Random, place: tuple[float, int], colours: tuple[str, str]) -> None:
    """Cut paper: one sheet of waves before the other."""
    top, sheet = place
    deep = canvas.height - top
    for i in range(1, 5):
        base, size = top + deep * (i / 4.6) ** 1.25, 9.0 + 7 * i
        points = []
        x = -60.0 - random.uniform(0, 60)
        while x < canvas.width + 120:
            points += [(x, base), (x + size * 2.4, base - size * random.uniform(0.6, 1.0))]
            x += size * 5.2
        edge = smooth(points, closed=False)
        path = edge.onward(line((points[-1][0], canvas.height + 20.0), (points[0][0], canvas.height + 20.0)))
        canvas.area(path, mix(colours[0], colours[1], 0.5 + 0.16 * i), sheet=sheet + 2 * i, grain=WATERY)


def _ripples(canvas: Canvas, scene: Scene, random: Random, top: float, colours: tuple[str, str]) -> None:
    deep, rough = canvas.height - top, ROUGH.get(scene.when.weather, 0.8)
    light: list[Path] = []
    dark: list[Path] = []
    foam: list[Path] = []
    for _ in range(110):
        t = random.random() ** 1.6
        x, y = random.uniform(-0.05, 1.0) * canvas.width, top + 3 + deep * t
        wide = (14 + 120 * t) * random.uniform(0.5, 1.4)
        bend = (0.5 + 6 * t) * rough
        ripple = smooth(
            [
                (x, y),
                (x + wide * 0.3, y - bend),
                (x + wide * 0.65, y + bend * 0.4),
                (x + wide, y - bend * 0.2),
            ],
            closed=False,
        )
        (light if random.random() < 0.5 else dark).append(ripple)
        if rough > 1.5 and random.random() < 0.25:
            foam.append(ripple)
    canvas.stroke(joined(light), mix(colours[0], "#ffffff", 0.18), 2.2, 0.5)
    canvas.stroke(joined(dark), graded(colours[1], light=0.82), 2.4, 0.42)
    if foam:
        canvas.stroke(joined(foam), "#f4f6f4", 3.2, 0.55 if scene.when.hour is not Hour.NIGHT else 0.25)


def _glitter(canvas: Canvas, scene: Scene, inks: Inks, random: Random, top: float) -> None:
    """The path of light below the sun or moon, wider towards the viewer."""
    x0, deep = scene.sun[0], canvas.height - top
    parts: list[Path] = []
    strong = 0.75 if scene.when.hour is not Hour.DAY else 0.45
    for i in range(64):
        t = ((i + 0.5) / 64) ** 1.3
        reach = canvas.width * (0.014 + 0.085 * t)
        x, y = x0 + random.gauss(0, 0.5) * reach, top + 2 + deep * t
        wide = reach * random.uniform(0.15, 0.75) * (1 - 0.35 * t)
        tall = 1.2 + 4.2 * t
        parts.append(smooth([(x - wide, y), (x, y - tall), (x + wide, y), (x, y + tall * 0.7)], tension=0.7))
    canvas.veil(joined(parts), inks.plain(inks.air.sun), strong)
