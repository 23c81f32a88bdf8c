"""Surfaces that grow: grass and crops."""

from __future__ import annotations

from reelyard.tools.pictures.colours import graded
from reelyard.tools.pictures.painting.land import Land
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, smooth
from reelyard.tools.pictures.things.thing import Season


def grass(land: Land) -> None:
    """Broad strokes of light and shade, tufts, in spring and summer some flowers."""
    for _ in range(4):
        x, y = land.spot(0.8)
        wide = land.unit * land.random.uniform(0.18, 0.5)
        tone = graded(land.colour, light=land.random.choice((0.93, 1.05)), turn=land.random.uniform(-8, 8))
        land.canvas.veil(lens(land, x, y + wide * 0.05, wide), land.ink(tone), 0.55)
    if land.scene.when.white or land.band.scale <= 0:
        return
    blades: list[Path] = []
    for _ in range(int(26 * land.band.scale)):
        x, y = land.spot(0.9)
        blades.extend(tuft(land, x, y))
    land.canvas.stroke(
        joined(blades), land.ink(graded(land.colour, light=0.80)), 1.2 + 1.4 * land.band.scale, 0.75
    )
    if land.scene.when.season in {Season.SPRING, Season.SUMMER} and land.band.depth < 0.3:
        for colour in land.random.sample(("#f6efd8", "#f0c65c", "#d9788a", "#a58bc4"), 2):
            dots = [
                ellipse(*land.spot(0.9), land.unit * land.random.uniform(0.0022, 0.0045)) for _ in range(16)
            ]
            land.canvas.veil(joined(dots), land.ink(colour), 0.9)


def tuft(land: Land, x: float, y: float) -> list[Path]:
    size = land.unit * land.random.uniform(0.010, 0.024)
    return [
        line(
            (x + i * size * 0.22, y),
            (x + i * size * 0.42 + size * 0.1, y - size * land.random.uniform(0.6, 1.1)),
        )
        for i in (-1, 0, 1)
    ]


def lens(land: Land, x: float, y: float, wide: float) -> Path:
    """A flat patch that follows the ground."""
    tall = wide * land.random.uniform(0.05, 0.10)
    return smooth(
        [
            (x - wide, y),
            (x - wide * 0.3, y - tall),
            (x + wide * 0.5, y - tall * 0.7),
            (x + wide, y),
            (x + wide * 0.2, y + tall * 0.6),
            (x - wide * 0.5, y + tall * 0.5),
        ]
    )


def crops(land: Land) -> None:
    """Furrows that run together towards the horizon."""
    wide, middle = land.canvas.width, land.canvas.width * (0.5 + 0.2 * land.random.uniform(-1, 1))
    rows = []
    for i in range(-16, 17):
        start = (middle + i * wide * 0.045, land.band.at(middle + i * wide * 0.045))
        end = (middle + i * wide * 0.16, float(land.canvas.height + 30))
        rows.append(line(start, end))
    land.canvas.stroke(joined(rows), land.ink(graded(land.colour, light=0.86)), 2 + 2 * land.band.scale, 0.5)
    for _ in range(int(40 * land.band.scale)):
        x, y = land.spot(0.9)
        land.canvas.stroke(
            joined(tuft(land, x, y)),
            land.ink(graded(land.colour, light=land.random.choice((0.8, 1.12)))),
            1.5 + land.band.scale,
            0.7,
        )
