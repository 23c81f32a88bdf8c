"""What a picture shows, as values: nothing here knows words, and nothing knows paint."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from reelyard.tools.pictures.things.paths import Point
from reelyard.tools.pictures.things.thing import Dress, Pose, Season


class Style(StrEnum):
    """How pictures are painted."""

    WATERCOLOUR = "watercolour"
    PAPER_CUT = "paper-cut"
    PENCIL = "pencil"
    NIGHT = "night"


class PictureShape(StrEnum):
    """Width to height."""

    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"

    @property
    def size(self) -> tuple[int, int]:
        """In pixels: the shorter side has 1080."""
        return {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080)}[self.value]


class Place(StrEnum):
    """Where it is."""

    SEA = "sea"
    HARBOUR = "harbour"
    BEACH = "beach"
    LAKE = "lake"
    RIVER = "river"
    FOREST = "forest"
    HILLS = "hills"
    FIELD = "field"
    MOUNTAINS = "mountains"
    DESERT = "desert"
    CITY = "city"
    VILLAGE = "village"
    ROAD = "road"
    GARDEN = "garden"
    ROOM = "room"
    SKY = "sky"


class Hour(StrEnum):
    """Of the day."""

    DAWN = "dawn"
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """Outside."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"
    STORM = "storm"
    SNOW = "snow"
    FOG = "fog"
    WIND = "wind"


class Ground(StrEnum):
    """What a band is made of."""

    RIDGE = "ridge"  # far hills
    PEAKS = "peaks"  # far mountains
    WOODS = "woods"  # far trees
    ROOFS = "roofs"  # a far town
    DUNES = "dunes"
    WATER = "water"
    GRASS = "grass"
    CROPS = "crops"
    SAND = "sand"
    ROCK = "rock"
    STREET = "street"
    EARTH = "earth"
    QUAY = "quay"
    FLOOR = "floor"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Place and time."""

    place: Place = Place.HILLS
    hour: Hour = Hour.DAY
    weather: Weather = Weather.CLEAR
    season: Season = Season.SUMMER

    @property
    def lit(self) -> bool:
        """Whether lamps and windows shine."""
        return self.hour in {Hour.NIGHT, Hour.DUSK} or self.weather is Weather.STORM

    @property
    def white(self) -> bool:
        """Whether snow lies."""
        return self.season is Season.WINTER or self.weather is Weather.SNOW


@dataclass(frozen=True, slots=True)
class Band:
    """A strip of ground from its upper edge to the bottom of the picture; later bands are nearer and hide earlier ones."""

    ground: Ground
    depth: float  # 0 near, 1 at the horizon
    scale: float  # of things on it: 1 is as large as the nearest
    edge: tuple[Point, ...]  # the upper edge, from left to right

    def at(self, x: float) -> float:
        """How high the upper edge is there, in pixels from the top."""
        place = bisect_right(self.edge, (x, inf))
        if place == 0:
            return self.edge[0][1]
        if place == len(self.edge):
            return self.edge[-1][1]
        (ax, ay), (bx, by) = self.edge[place - 1], self.edge[place]
        return ay + (by - ay) * (x - ax) / ((bx - ax) or 1)


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing in the picture."""

    name: str
    x: float  # the middle of its foot, in pixels
    foot: float
    size: float  # pixels to 100 of its units
    band: int  # which band it stands on, as a place in `Scene.bands`
    seed: int
    flip: bool = False
    pose: Pose = Pose.STANDING
    dress: Dress | None = None
    tint: str | None = None
    focal: bool = False
    who: str | None = None  # the character's name
    scenery: bool = False  # belongs to the place and is not named by the words
    stands: float | None = None  # on another thing: the foot of that
    perched: bool = False  # that thing is what it sits on


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a picture shows."""

    shape: PictureShape
    when: Circumstances
    palette: int
    seed: int
    horizon: float  # pixels from the top
    sun: Point  # of the sun or moon; it may be hidden
    bands: tuple[Band, ...]  # far to near
    placed: tuple[Placed, ...]  # far to near

    @property
    def size(self) -> tuple[int, int]:
        return self.shape.size

    @property
    def light(self) -> float:
        """Where the light comes from: -1 left, 1 right."""
        return -1.0 if self.sun[0] < self.size[0] / 2 else 1.0


def window_box(sun: Point, horizon: float, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Left, top, width and height of a room's window: on the side where the sun is."""
    unit = min(size) * (1.35 if size[1] > size[0] else 1.0)
    wide, tall = unit * 0.34, unit * 0.40
    return sun[0] - wide / 2, horizon - unit * 0.60, wide, tall


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing that a picture should show."""

    name: str
    weight: float = 1.0  # the heaviest is the focal thing
    count: int = 1
    pose: Pose = Pose.STANDING
    dress: Dress | None = None
    tint: str | None = None
    who: str | None = None  # the character's name
