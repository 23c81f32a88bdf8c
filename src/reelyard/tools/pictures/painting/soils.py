"""Surfaces that are walked on: sand, streets, paths, quays; and far roofs."""

from __future__ import annotations

import math

from reelyard.tools.pictures.colours import graded
from reelyard.tools.pictures.painting.land import Land
from reelyard.tools.pictures.painting.meadows import lens
from reelyard.tools.pictures.scene import Hour, Weather
from reelyard.tools.pictures.things.paths import ellipse, joined, line, polygon, rect, smooth


def dunes(land: Land) -> None:
    """A shaded slope under the crest."""
    edge = land.band.edge
    deep = land.unit * land.random.uniform(0.10, 0.2)
    lower = [(x, y + deep * (0.2 + abs(math.sin(i * 0.37 + land.nth)))) for i, (x, y) in enumerate(edge)]
    land.canvas.veil(
        smooth((*edge, *reversed(lower)), tension=0.9),
        land.ink(graded(land.colour, light=0.90, turn=-8)),
        0.75,
    )
    ripples = []
    for _ in range(9):
        x, y = land.spot(0.7)
        wide = land.unit * land.random.uniform(0.05, 0.16)
        ripples.append(
            smooth(
                [
                    (x - wide, y),
                    (x - wide * 0.3, y - wide * 0.06),
                    (x + wide * 0.4, y + wide * 0.03),
                    (x + wide, y - wide * 0.02),
                ],
                closed=False,
            )
        )
    land.canvas.stroke(joined(ripples), land.ink(graded(land.colour, light=0.86)), 2.0, 0.5)


def sand(land: Land) -> None:
    for _ in range(3):
        x, y = land.spot(0.8)
        land.canvas.veil(
            lens(land, x, y + 10, land.unit * land.random.uniform(0.2, 0.5)),
            land.ink(graded(land.colour, light=0.95)),
            0.6,
        )
    dots = [ellipse(*land.spot(1), land.unit * land.random.uniform(0.001, 0.003)) for _ in range(40)]
    land.canvas.veil(joined(dots), land.ink(graded(land.colour, light=0.75)), 0.6)


def street(land: Land) -> None:
    """A kerb, stones, and in rain the lights in the wet."""
    height, wide = land.canvas.height, land.canvas.width
    top = land.band.at(wide / 2)
    stones = []
    for row in range(9):
        y = top + (height - top) * ((row + 0.6) / 9) ** 1.5
        size = land.unit * 0.03 * (0.5 + row / 6)
        for _ in range(12):
            x = land.random.uniform(0, wide)
            stones.append(line((x, y), (x + size, y)))
    land.canvas.stroke(joined(stones), land.ink(graded(land.colour, light=0.84)), 2.4, 0.5)
    if land.nth == len(land.scene.bands) - 1:
        land.canvas.veil(
            rect(-5, top - land.unit * 0.006, wide + 10, land.unit * 0.014),
            land.ink(graded(land.colour, light=1.14)),
            0.95,
        )
    if land.scene.when.weather in {Weather.RAIN, Weather.STORM}:
        _wet(land, top)


def _wet(land: Land, top: float) -> None:
    lamp = "#ffcf80" if land.scene.when.hour in {Hour.DUSK, Hour.NIGHT} else land.inks.air.low
    for _ in range(16):
        x, y = (
            land.random.uniform(0, land.canvas.width),
            top + (land.canvas.height - top) * land.random.random(),
        )
        wide = land.unit * land.random.uniform(0.02, 0.09)
        land.canvas.veil(ellipse(x, y, wide, wide * 0.09), lamp, 0.26)


def earth(land: Land) -> None:
    """A path that winds away, with stones."""
    wide, height = land.canvas.width, float(land.canvas.height)
    start = wide * (0.5 + 0.2 * land.random.uniform(-1, 1))
    if land.scene.when.white:
        return
    bend = wide * 0.16 * land.random.choice((-1, 1))
    top = land.band.at(start + bend) + 2
    deep = height - top
    left = [
        (start + bend - 12, top),
        (start + bend * 0.2 - wide * 0.05, top + deep * 0.3),
        (start - wide * 0.22, height + 30),
    ]
    right = [
        (start + wide * 0.24, height + 30),
        (start + bend * 0.4 + wide * 0.06, top + deep * 0.3),
        (start + bend + 12, top),
    ]
    bottom = smooth(left, closed=False)
    land.canvas.veil(
        bottom.onward(smooth(right, closed=False)), land.ink(graded(land.colour, light=1.07)), 0.7
    )
    dots = [
        ellipse(*land.spot(1), land.unit * land.random.uniform(0.002, 0.006), land.unit * 0.002)
        for _ in range(26)
    ]
    land.canvas.veil(joined(dots), land.ink(graded(land.colour, light=0.8)), 0.7)


def quay(land: Land) -> None:
    """Courses of stone."""
    lines = []
    for row in range(1, 7):
        y = row * land.unit * 0.034
        points = [(x, edge + y) for x, edge in land.band.edge]
        lines.append(line(*points))
    land.canvas.stroke(joined(lines), land.ink(graded(land.colour, light=0.84)), 2, 0.55)
    coping = [(x, y) for x, y in land.band.edge] + [
        (x, y + land.unit * 0.014) for x, y in reversed(land.band.edge)
    ]
    land.canvas.veil(polygon(*coping), land.ink(graded(land.colour, light=1.12)), 0.9)


def roof_windows(land: Land) -> None:
    """Lit windows of a far town."""
    if not land.scene.when.lit:
        return
    panes = []
    for _ in range(60):
        x = land.random.uniform(0, land.canvas.width)
        y = land.band.at(x) + land.unit * land.random.uniform(0.10, 0.7)
        panes.append(rect(x, y, land.unit * 0.010, land.unit * 0.016))
    land.canvas.veil(joined(panes), "#ffd98a", 0.55 if land.band.depth > 0.9 else 0.8)
