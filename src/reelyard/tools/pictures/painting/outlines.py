"""The upper edges of bands: soft hills, sharp peaks, tree tops, roofs, clouds."""

from __future__ import annotations

from collections.abc import Callable

from reelyard.tools.pictures.painting.land import Land
from reelyard.tools.pictures.scene import Ground
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, smooth


def soft(land: Land) -> Path:
    edge = smooth(land.band.edge, closed=False)
    return edge.onward(line((land.band.edge[-1][0], land.bottom), (land.band.edge[0][0], land.bottom)))


def _sharp(land: Land) -> Path:
    return land.outline()


def _woods(land: Land) -> Path:
    """The edge as tree tops: pointed or round."""
    pointed = land.random.random() < 0.6
    step = land.unit * (0.030 if land.band.depth > 0.85 else 0.042)
    x, points = -20.0, []
    while x < land.canvas.width + 20:
        y, size = land.band.at(x), land.random.uniform(0.6, 1.5) * step
        if pointed:
            points += [
                (x, y),
                (x + size * 0.18, y - size * 0.7),
                (x + size * 0.30, y - size * 0.72),
                (x + size * 0.5, y - size * 2.1),
                (x + size * 0.72, y - size * 0.75),
                (x + size * 0.82, y - size * 0.7),
            ]
        else:
            points += [
                (x, y),
                (x + size * 0.1, y - size * 0.6),
                (x + size * 0.5, y - size * 1.05),
                (x + size * 0.9, y - size * 0.6),
            ]
        x += size
    if pointed:
        return land.outline(tuple(points))
    edge = smooth(points, closed=False)
    return edge.onward(line((points[-1][0], land.bottom), (points[0][0], land.bottom)))


def _roofs(land: Land) -> Path:
    """A far town: walls and gables."""
    x, points = -30.0, []
    while x < land.canvas.width + 30:
        wide = land.unit * land.random.uniform(0.07, 0.19)
        y = land.band.at(x) + land.unit * land.random.uniform(-0.22, 0.22)
        kind = land.random.random()
        if kind < 0.35:
            points += [(x, y), (x + wide / 2, y - wide * 0.4), (x + wide, y)]
        elif kind < 0.5:
            points += [
                (x, y),
                (x + wide * 0.42, y),
                (x + wide * 0.46, y - wide * 0.7),
                (x + wide * 0.5, y),
                (x + wide, y),
            ]
        else:
            points += [(x, y), (x + wide, y)]
        x += wide
    return land.outline(tuple(points))


def _billows(land: Land) -> Path:
    """The upper side of clouds: rounds of many sizes."""
    x, rounds = -land.unit * 0.1, [land.outline()]
    while x < land.canvas.width + land.unit * 0.1:
        size = land.unit * land.random.uniform(0.05, 0.13)
        rounds.append(
            ellipse(x, land.band.at(x) + size * 0.25, size * 1.25, size * land.random.uniform(0.7, 1.0))
        )
        x += size * land.random.uniform(0.9, 1.5)
    return joined(rounds)


OUTLINES: dict[Ground, Callable[[Land], Path]] = {
    Ground.PEAKS: _sharp,
    Ground.CLOUD: _billows,
    Ground.WOODS: _woods,
    Ground.ROOFS: _roofs,
}
