"""The sky: its gradient, sun or moon, stars and clouds."""

from __future__ import annotations

import math
from random import Random

from reelyard.tools.pictures.colours import graded, mix
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.painting.canvas import AIRY, Canvas
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.scene import Hour, Scene, Weather
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, rect

CLOUDS = {
    Weather.CLEAR: 2,
    Weather.WIND: 5,
    Weather.CLOUDY: 7,
    Weather.RAIN: 6,
    Weather.STORM: 8,
    Weather.SNOW: 4,
    Weather.FOG: 1,
}
HIDDEN = {Weather.RAIN, Weather.STORM, Weather.SNOW}


def paint_sky(canvas: Canvas, scene: Scene, inks: Inks) -> None:
    """All that is above the land."""
    air, random = inks.air, dice("sky", scene.seed)
    bottom = scene.horizon * 1.04
    stops = (
        (0.0, inks.plain(air.top), 1.0),
        (0.55, inks.plain(air.middle), 1.0),
        (1.0, inks.plain(air.low), 1.0),
    )
    canvas.area(rect(0, 0, canvas.width, canvas.height), canvas.down(0, bottom, stops), sheet=0, grain=AIRY)
    if scene.when.hour is Hour.NIGHT and scene.when.weather not in HIDDEN:
        _stars(canvas, scene, random)
    if scene.when.weather not in HIDDEN:
        _body(canvas, scene, inks)
    for i in range(CLOUDS[scene.when.weather] + random.randrange(2)):
        _cloud(canvas, scene, inks, random, i)


def _stars(canvas: Canvas, scene: Scene, random: Random) -> None:
    many = int(150 * canvas.width * scene.horizon / (1920 * 560))
    small: list[Path] = []
    large: list[Path] = []
    for _ in range(many):
        x, y = random.uniform(0, canvas.width), scene.horizon * random.random() ** 1.4
        (large if random.random() < 0.10 else small).append(ellipse(x, y, random.uniform(0.8, 1.9)))
    canvas.veil(joined(small), "#ffffff", 0.62)
    for star in large:
        left, top, right, bottom = star.box
        x, y = (left + right) / 2, (top + bottom) / 2
        canvas.glow(x, y, 11, "#dfe8ff", 0.5)
        canvas.veil(ellipse(x, y, 2.3), "#ffffff", 0.95)


def _body(canvas: Canvas, scene: Scene, inks: Inks) -> None:
    """Sun or moon with its light."""
    x, y = scene.sun
    unit = min(canvas.width, canvas.height)
    night = scene.when.hour is Hour.NIGHT
    low = scene.when.hour in {Hour.DAWN, Hour.DUSK}
    radius = unit * (0.046 if night else 0.072 if low else 0.05)
    colour = inks.plain(inks.air.sun)
    dim = 0.5 if scene.when.weather in {Weather.FOG, Weather.CLOUDY} else 1.0
    canvas.glow(x, y, radius * (6.0 if low else 5.0), colour, 0.55 * dim * min(1.2, inks.manner.soft))
    canvas.area(ellipse(x, y, radius), colour, sheet=6, grain=AIRY, opacity=0.97 if dim == 1 else 0.65)
    if night:
        marks = (
            ellipse(x - radius * 0.3, y - radius * 0.15, radius * 0.24),
            ellipse(x + radius * 0.32, y + radius * 0.3, radius * 0.17),
            ellipse(x + radius * 0.2, y - radius * 0.42, radius * 0.12),
        )
        canvas.veil(joined(marks), graded(colour, light=0.86), 0.6)


def _cloud(canvas: Canvas, scene: Scene, inks: Inks, random: Random, nth: int) -> None:
    heavy = scene.when.weather in {Weather.RAIN, Weather.STORM}
    wide = canvas.width * random.uniform(0.18, 0.42) * (1.3 if heavy else 1.0)
    tall = wide * random.uniform(0.15, 0.22)
    x = random.uniform(-0.1, 1.0) * canvas.width
    y = scene.horizon * random.uniform(0.06, 0.5 if heavy else 0.72)
    air = inks.air
    pale = mix(air.low, "#ffffff", 0.45 if scene.when.hour is Hour.DAY else 0.08)
    if scene.when.hour is Hour.NIGHT:
        pale = mix(air.middle, air.low, 0.5)
    colour = mix(pale, graded(air.top, light=0.8), 0.35 if heavy else 0.05 + 0.2 * (nth % 2))
    under = mix(colour, air.top, 0.4)
    shape = _puff(random, x, y, wide, tall)
    fill = canvas.down(
        y - tall, y + tall * 0.3, ((0, inks.plain(colour), 0.92), (1, inks.plain(under), 0.55))
    )
    if inks.manner.flat:
        canvas.area(shape, inks.plain(mix(colour, under, 0.2)), sheet=8 + 3 * (nth % 4), grain=AIRY)
    else:
        canvas.veil(shape, fill, 0.85)


def _puff(random: Random, x: float, y: float, wide: float, tall: float) -> Path:
    """A cloud: rounds heaped on a flat foot, the largest near the middle."""
    rounds = [ellipse(x, y, wide * 0.5, tall * 0.24)]
    count = random.randint(4, 6)
    for i in range(count):
        t = (i + 0.5) / count
        size = tall * (0.32 + 0.75 * math.sin(math.pi * t)) * random.uniform(0.75, 1.15)
        rounds.append(
            ellipse(
                x - wide * 0.42 + wide * 0.84 * t,
                y - size * 0.42,
                size * random.uniform(1.0, 1.35),
                size * 0.72,
            )
        )
    return joined(rounds)
