"""Surfaces of stone: mountains and rocks."""

from __future__ import annotations

import math

from reelyard.tools.pictures.colours import graded, mix
from reelyard.tools.pictures.grounds import POINTS
from reelyard.tools.pictures.painting.canvas import GRAINS
from reelyard.tools.pictures.painting.land import GREENS, HIGH, SNOW, Land
from reelyard.tools.pictures.painting.meadows import lens, tuft
from reelyard.tools.pictures.things.paths import Path, Point, joined, polygon, smooth
from reelyard.tools.pictures.things.thing import Grain


def peaks(land: Land) -> None:
    """Snow on the tops and shade on the side away from the light."""
    edge, side = land.band.edge, land.scene.light
    for i in range(1, len(edge) - 1):
        ay, y, by = edge[i - 1][1], edge[i][1], edge[i + 1][1]
        if not (y <= ay and y < by):
            continue
        flank = _flank(land, i, 1 if side < 0 else -1)
        if flank is not None:
            land.canvas.veil(flank, land.inks.plain(land.inks.air.shade), 0.17)
        if land.scene.when.white or (land.band.depth > 0.9 and land.scene.when.place in HIGH):
            land.canvas.veil(_cap(land, i), land.ink(SNOW), 0.85)


def _flank(land: Land, peak: int, step: int) -> Path | None:
    """The side of a mountain away from the light: down its edge to the valley, back along a broken ridge.

    None where there is no more than a bump.
    """
    edge = land.band.edge
    last = peak
    while 0 <= last + step < len(edge) and edge[last + step][1] >= edge[last][1]:
        last += step
    (x, y), (end, low) = edge[peak], edge[last]
    if low - y < 0.035 * land.unit or abs(end - x) < 0.08 * land.unit:
        return None
    low = max(low, y + land.unit * 0.10) + land.unit * 0.10
    back = []
    for i in range(1, 7):
        t = 1 - i / 7
        sway = (0.16 if i % 2 else -0.10) * (end - x) * (1 - abs(2 * t - 1))
        back.append((x + (end - x) * 0.42 * t + sway, y + (low - y) * t))
    return polygon(
        *edge[peak : last + step : step] if step > 0 or last + step >= 0 else edge[peak::-1],
        (end, low),
        *back,
    )


def _cap(land: Land, i: int) -> Path:
    x, y = land.band.edge[i]
    deep, top = land.unit * land.random.uniform(0.05, 0.09), [(x, y)]
    wide = abs(land.band.edge[i + 1][0] - x) * 1.3
    right = [(x + wide * t, max(land.band.at(x + wide * t), y)) for t in (0.35, 0.7, 1.0)]
    left = [(x - wide * t, max(land.band.at(x - wide * t), y)) for t in (1.0, 0.7, 0.35)]
    inner = [
        (x + wide * (0.7 - i * 0.28), y + deep * (1.5 if i % 2 else 0.75) + deep * 0.3) for i in range(6)
    ]
    return polygon(*top, *right[:2], *inner, *left[1:])


def rock(land: Land) -> None:
    """Facets that follow the fall of the slope, light towards the light."""
    edge = [(x, y) for x, y in land.band.edge if y < land.canvas.height]
    headland = len(edge) < POINTS
    for _ in range(70 if headland else 22) if len(edge) > 3 else ():
        at = land.random.randrange(1, len(edge) - 1)
        (x, y), (ax, ay), (bx, by) = edge[at], edge[at - 1], edge[at + 1]
        fall = max(-1.4, min(1.4, math.atan2(by - ay, bx - ax)))
        y += (land.canvas.height - y) * land.random.uniform(0.04, 0.9)
        long, flat = land.unit * land.random.uniform(0.03, 0.09), land.random.uniform(0.25, 0.5)
        points = [
            (math.cos(a) * long * land.random.uniform(0.7, 1.3), math.sin(a) * long * flat)
            for a in (0.2, 1.2, 2.4, 3.4, 4.6, 5.6)
        ]
        tone = graded(land.colour, light=land.random.choice((0.78, 0.88, 1.10, 1.20)))
        facet = polygon(*points).turned(math.degrees(fall) * 0.8).moved(x, y)
        if all(land.band.at(px) <= py for px, py in facet.points):
            land.canvas.veil(facet, land.ink(tone), 0.5)
    if land.band.depth < 0.5:
        _turf(land)


def _turf(land: Land) -> None:
    """Grass (or snow) over the rock: much where it is flat and inland, a fringe where it falls to the water."""
    wide, bottom = land.canvas.width, land.canvas.height + 30.0
    edge = [(x, y) for x, y in land.band.edge if y < bottom]
    if len(edge) < 4:
        return
    lower = []
    for i, (x, y) in enumerate(edge):
        before, after = edge[max(0, i - 2)], edge[min(len(edge) - 1, i + 2)]
        steep = abs(after[1] - before[1]) / max(1.0, after[0] - before[0])
        inland = _inland(x, edge) if len(edge) < POINTS else 0.0
        thick = 0.016 * max(0.0, 1 - steep) + 2.6 * max(0.0, inland / wide - 0.07) * max(0.0, 1 - steep * 1.2)
        lower.append(
            (x, min(bottom, y + land.unit * (thick + land.random.uniform(0, 0.016) * (steep < 0.9))))
        )
    turf = smooth(edge, closed=False).onward(smooth(list(reversed(lower)), closed=False))
    green = mix(
        graded(GREENS[land.scene.when.season], light=0.93, chroma=0.84),
        SNOW,
        0.93 if land.scene.when.white else 0.0,
    )
    land.canvas.area(turf, land.ink(green), sheet=land.sheet + 3, grain=GRAINS[Grain.LEAF])
    if not land.scene.when.white:
        blades = [blade for x, y in edge[::2] for blade in tuft(land, x, y + land.unit * 0.02)]
        meadow = [
            (top, foot) for top, foot in zip(edge, lower, strict=True) if foot[1] - top[1] > 0.1 * land.unit
        ]
        for (x, top), (_, foot) in meadow * 2:
            blades += tuft(
                land, x + land.random.uniform(-30, 30), top + (foot - top) * land.random.uniform(0.15, 0.9)
            )
        for (x, top), (_, foot) in meadow[::2]:
            if foot - top < 0.3 * land.unit:
                continue
            y = top + (foot - top) * land.random.uniform(0.2, 0.8)
            tone = graded(green, light=land.random.choice((0.9, 1.07)))
            land.canvas.veil(lens(land, x, y, land.unit * 0.12), land.ink(tone), 0.45)
        land.canvas.stroke(joined(blades), land.ink(graded(green, light=0.82)), 1.4 + land.band.scale, 0.75)


def _inland(x: float, edge: list[Point]) -> float:
    """How far a point is from where the land meets the water: from the end of the edge that is lower."""
    return x - edge[0][0] if edge[0][1] > edge[-1][1] else edge[-1][0] - x
