"""A band of land that is being painted: its colour by season, and where things lie on it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from reelyard.tools.pictures.colours import mix
from reelyard.tools.pictures.painting.canvas import Canvas
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.painting.things import base_sheet
from reelyard.tools.pictures.scene import Band, Ground, Place, Scene
from reelyard.tools.pictures.things.paths import Path, Point, polygon
from reelyard.tools.pictures.things.thing import Grain, Season

GREENS = {
    Season.SPRING: "#9fbe69",
    Season.SUMMER: "#8cab5c",
    Season.AUTUMN: "#b9a45b",
    Season.WINTER: "#a9ab84",
}

WOODS = {
    Season.SPRING: "#7ea070",
    Season.SUMMER: "#5f8464",
    Season.AUTUMN: "#b0793f",
    Season.WINTER: "#6d8488",
}

CORN = {
    Season.SPRING: "#b4c069",
    Season.SUMMER: "#dcb95f",
    Season.AUTUMN: "#cfa456",
    Season.WINTER: "#c9b68a",
}

BASE = {
    Ground.RIDGE: "#86a08c",
    Ground.PEAKS: "#7f93a6",
    Ground.ROOFS: "#a08c98",
    Ground.SAND: "#e6d0a2",
    Ground.ROCK: "#7b7673",
    Ground.STREET: "#928d8c",
    Ground.EARTH: "#bda27a",
    Ground.QUAY: "#a89e92",
    Ground.DUNES: "#e2b878",
    Ground.FLOOR: "#b98c60",
    Ground.CLOUD: "#f6f1ea",
}

SNOW = "#f2f5f8"

BARE = {Ground.ROCK, Ground.STREET, Ground.QUAY, Ground.FLOOR, Ground.CLOUD, Ground.ROOFS, Ground.PEAKS}

HIGH = {Place.MOUNTAINS, Place.LAKE, Place.SKY}  # where snow lies on the tops all year

GRAIN = {
    Ground.ROCK: Grain.STONE,
    Ground.PEAKS: Grain.STONE,
    Ground.STREET: Grain.STONE,
    Ground.QUAY: Grain.STONE,
    Ground.GRASS: Grain.LEAF,
    Ground.WOODS: Grain.LEAF,
    Ground.CROPS: Grain.LEAF,
    Ground.FLOOR: Grain.WOOD,
}


def colour_of(band: Band, scene: Scene) -> str:
    """The daylight colour of a band's ground in its season."""
    season = scene.when.season
    colour = {
        Ground.GRASS: GREENS[season],
        Ground.WOODS: WOODS[season],
        Ground.CROPS: CORN[season],
        Ground.RIDGE: mix(BASE[Ground.RIDGE], GREENS[season], 0.35),
    }.get(band.ground) or BASE[band.ground]
    if scene.when.white:
        return mix(
            colour, SNOW, 0.30 if band.ground in BARE else 0.55 if band.ground is Ground.WOODS else 0.93
        )
    return colour


@dataclass(frozen=True, slots=True)
class Land:
    """A band that is being painted."""

    canvas: Canvas
    scene: Scene
    inks: Inks
    band: Band
    nth: int
    random: Random
    colour: str  # daylight

    @property
    def sheet(self) -> int:
        return base_sheet(self.nth)

    @property
    def unit(self) -> float:
        return min(self.canvas.width, self.canvas.height) * max(0.35, self.band.scale)

    def ink(self, colour: str) -> str:
        return self.inks.ink(colour, self.band.depth)

    @property
    def bottom(self) -> float:
        """How far down it can be seen: to where the next band has begun everywhere."""
        later = self.scene.bands[self.nth + 1 :]
        ends = [max(y for _, y in band.edge) + 30.0 for band in later]
        return min((*ends, self.canvas.height + 30.0))

    def outline(self, edge: tuple[Point, ...] | None = None) -> Path:
        points = edge or self.band.edge
        return polygon(*points, (points[-1][0], self.bottom), (points[0][0], self.bottom))

    def spot(self, low: float = 1.0) -> Point:
        """Somewhere on the band, more often near its upper edge."""
        x = self.random.uniform(0, self.canvas.width)
        edge = self.band.at(x)
        return x, edge + (self.canvas.height - edge) * low * self.random.random() ** 1.5
