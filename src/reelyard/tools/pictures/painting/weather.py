"""Rain, snow and fog, laid over what is there."""

from __future__ import annotations

from random import Random

from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.painting.canvas import Canvas
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.scene import Hour, Scene, Weather
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, polygon, rect


def paint_mist(canvas: Canvas, scene: Scene, inks: Inks, nth: int) -> None:
    """A breath of air before a band is laid on: more in fog."""
    fog = scene.when.weather is Weather.FOG
    band = scene.bands[nth]
    top = band.edge[len(band.edge) // 2][1]
    reach = canvas.height * (0.20 if fog else 0.10)
    strength = (0.62 if fog else 0.14) * (0.4 + 0.6 * band.depth)
    haze = inks.plain(inks.air.haze)
    fill = canvas.down(
        top - reach, top + reach * 0.5, ((0, haze, 0), (0.6, haze, strength), (1, haze, strength * 0.6))
    )
    canvas.veil(rect(0, top - reach, canvas.width, reach * 2.2 if not fog else reach * 1.5), fill)


def paint_weather(canvas: Canvas, scene: Scene, inks: Inks) -> None:
    """What falls."""
    random = dice("weather", scene.seed)
    if scene.when.weather in {Weather.RAIN, Weather.STORM}:
        _rain(canvas, scene, inks, random)
    if scene.when.weather is Weather.STORM:
        _lightning(canvas, scene, random)
    if scene.when.weather is Weather.SNOW:
        _snow(canvas, inks, random)


def _rain(canvas: Canvas, scene: Scene, inks: Inks, random: Random) -> None:
    slant = 0.34 if scene.when.weather is Weather.STORM else 0.14
    colour = "#e8eef4" if scene.when.hour is not Hour.DAY else "#f7fafb"
    for count, size, width, opacity in ((170, 0.040, 1.3, 0.34), (70, 0.075, 2.1, 0.36)):
        drops: list[Path] = []
        for _ in range(count):
            x, y = random.uniform(-0.1, 1.1) * canvas.width, random.uniform(-0.05, 1) * canvas.height
            long = canvas.height * size * random.uniform(0.6, 1.4)
            drops.append(line((x, y), (x - long * slant, y + long)))
        canvas.stroke(joined(drops), inks.plain(colour), width, opacity)


def _lightning(canvas: Canvas, scene: Scene, random: Random) -> None:
    x, y = scene.sun[0], 0.0
    points = [(x, y)]
    while y < scene.horizon * 0.92:
        y += scene.horizon * random.uniform(0.07, 0.16)
        x += canvas.width * random.uniform(-0.03, 0.03)
        points.append((x, y))
    canvas.glow(points[len(points) // 2][0], y * 0.5, scene.horizon * 0.9, "#e6ecff", 0.35)
    back = [(px + 4 + 5 * (1 - i / len(points)), py) for i, (px, py) in enumerate(points)]
    canvas.veil(polygon(*points, *reversed(back)), "#fbfbff", 0.95)


def _snow(canvas: Canvas, inks: Inks, random: Random) -> None:
    for count, least, most, opacity in ((240, 1.2, 2.4, 0.75), (110, 2.6, 4.6, 0.9), (26, 6.0, 11.0, 0.55)):
        flakes = [
            ellipse(
                random.uniform(0, canvas.width), random.uniform(0, canvas.height), random.uniform(least, most)
            )
            for _ in range(count)
        ]
        canvas.veil(joined(flakes), inks.plain("#ffffff"), opacity)
