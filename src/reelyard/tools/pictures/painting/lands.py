"""The bands of land and water: their colour, and what their surface shows."""

from __future__ import annotations

from collections.abc import Callable

from reelyard.tools.pictures.colours import graded, mix
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.painting import meadows, soils, stone
from reelyard.tools.pictures.painting.canvas import GRAINS, Canvas
from reelyard.tools.pictures.painting.land import GRAIN, Land, colour_of
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.painting.outlines import OUTLINES, soft
from reelyard.tools.pictures.painting.water import paint_water
from reelyard.tools.pictures.scene import Ground, Scene
from reelyard.tools.pictures.things.paths import smooth
from reelyard.tools.pictures.things.thing import Grain

DETAILS: dict[Ground, Callable[[Land], None]] = {
    Ground.PEAKS: stone.peaks,
    Ground.GRASS: meadows.grass,
    Ground.CROPS: meadows.crops,
    Ground.ROCK: stone.rock,
    Ground.DUNES: soils.dunes,
    Ground.SAND: soils.sand,
    Ground.STREET: soils.street,
    Ground.EARTH: soils.earth,
    Ground.QUAY: soils.quay,
    Ground.ROOFS: soils.roof_windows,
}


def paint_band(canvas: Canvas, scene: Scene, inks: Inks, nth: int) -> None:
    """One band with its surface."""
    band = scene.bands[nth]
    if band.ground is Ground.WATER:
        paint_water(canvas, scene, inks, nth)
        return
    random = dice("land", scene.seed, nth)
    colour = graded(colour_of(band, scene), turn=random.uniform(-7, 7), lift=random.uniform(-0.025, 0.025))
    land = Land(canvas, scene, inks, band, nth, random, colour)
    top = min(y for _, y in band.edge)
    path = OUTLINES.get(band.ground, soft)(land)
    low = mix(colour, "#38435c", 0.42 if band.depth < 0.15 else 0.20 if band.depth < 0.6 else 0.0)
    fill = land.ink(colour)
    if not inks.manner.flat:
        reach = max(60.0, (canvas.height - top) * (0.9 if band.depth < 0.6 else 0.45))
        end = land.ink(low) if band.depth < 0.6 else mix(fill, inks.plain(inks.air.haze), 0.45)
        fill = canvas.down(top, top + reach, ((0.0, fill, 1.0), (1.0, end, 1.0)))
    canvas.area(path, fill, sheet=land.sheet, grain=GRAINS[GRAIN.get(band.ground, Grain.SMOOTH)])
    if inks.manner.outline:
        canvas.stroke(
            smooth(band.edge, closed=False),
            mix(land.ink(colour), "#2e2a2b", 0.5),
            inks.manner.outline * 0.7,
            0.55,
        )
    detail = DETAILS.get(band.ground)
    if detail is not None:
        detail(land)
