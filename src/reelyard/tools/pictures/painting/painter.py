"""A scene painted from far to near."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.painting.canvas import Canvas
from reelyard.tools.pictures.painting.lands import paint_band
from reelyard.tools.pictures.painting.manner import Inks, inks_of
from reelyard.tools.pictures.painting.rooms import paint_room
from reelyard.tools.pictures.painting.sky import paint_sky
from reelyard.tools.pictures.painting.things import paint_thing
from reelyard.tools.pictures.painting.weather import paint_mist, paint_weather
from reelyard.tools.pictures.scene import Place, Scene, Style, Weather


@dataclass(frozen=True, slots=True)
class Painting:
    """Drawings for the finish: SVG."""

    style: Style
    seen: str
    guide: str
    size: tuple[int, int]
    seed: int
    over: str | None = None  # lettering, laid over the finished picture


def paint(scene: Scene, style: Style) -> Painting:
    """Both drawings of a scene: the same for the same scene and style."""
    canvas = painted(scene, style)
    return Painting(style, canvas.svg(), canvas.guide(), scene.size, scene.seed)


def painted(scene: Scene, style: Style) -> Canvas:
    """The scene on a canvas, to which more can be added."""
    width, height = scene.size
    canvas = Canvas(width, height, dice("canvas", scene.seed))
    inks, when = inks_of(style, scene.when, scene.palette)
    scene = replace(scene, when=when)
    indoors = scene.when.place is Place.ROOM
    if not indoors:
        paint_sky(canvas, scene, inks)
    air_after = next((i for i, band in enumerate(scene.bands) if band.scale > 0), 0) - 1
    if air_after < 0:
        _paint_things(canvas, scene, inks, -1)
    for nth in range(len(scene.bands)):
        if indoors and nth == 0:
            paint_room(canvas, scene, inks)
        elif not indoors:
            if nth and scene.bands[nth].depth > (0.1 if scene.when.weather is Weather.FOG else 0.4):
                paint_mist(canvas, scene, inks, nth)
            paint_band(canvas, scene, inks, nth)
        _paint_things(canvas, scene, inks, nth)
        if nth == air_after:  # what flies is before the farthest hills
            _paint_things(canvas, scene, inks, -1)
    if not indoors:
        paint_weather(canvas, scene, inks)
    return canvas


def _paint_things(canvas: Canvas, scene: Scene, inks: Inks, band: int) -> None:
    for one in scene.placed:
        if one.band == band:
            paint_thing(canvas, one, scene, inks, lit=scene.when.lit)
