"""What a drawable thing is: the contract between those who draw things and those who compose and paint pictures.

A thing draws itself in its own frame: it stands on y = 0 with its middle at x = 0, up is negative y, and it is about
100 units tall (its `box` says exactly). It faces right; pictures flip it. Its colours are those of plain daylight:
hour, weather, distance and style are laid over them by the painter. It never draws its own cast shadow, outline or
texture: styles do. Simple, characterful shapes with a clear silhouette read best: a dozen shapes for a house, thirty
for a tree. All chance comes from `asking.random`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from reelyard.tools.pictures.things.paths import Path


class Season(StrEnum):
    """Of the year."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Pose(StrEnum):
    """What a figure or an animal does; who cannot do it stands."""

    STANDING = "standing"
    WALKING = "walking"
    RUNNING = "running"
    SITTING = "sitting"
    READING = "reading"
    ROWING = "rowing"
    SLEEPING = "sleeping"
    WAVING = "waving"
    KNEELING = "kneeling"
    CARRYING = "carrying"
    HOLDING_LAMP = "holding_lamp"
    EATING = "eating"
    FLYING = "flying"
    SWIMMING = "swimming"


class Stand(StrEnum):
    """Where a thing belongs."""

    LAND = "land"  # y = 0 is the ground
    WATER = "water"  # y = 0 is the waterline; nothing below it is drawn
    SHORE = "shore"  # on land beside water: a lighthouse, a jetty
    SKY = "sky"
    FLOOR = "floor"  # in a room
    TABLE = "table"  # small, on furniture or on the ground: a cup, a book, a lamp
    WALL = "wall"  # hung on a room's wall: window, picture, clock


class Role(StrEnum):
    """How a shape is to be painted."""

    FILL = "fill"  # an area
    LINE = "line"  # a stroke of `width` units
    LIGHT = (
        "light"  # an area that shines when lamps are lit (`colour` is what it is by day): windows, lanterns
    )
    SHADE = (
        "shade"  # translucent dark on what lies beneath: the side away from the light; `colour` is ignored
    )
    SHINE = "shine"  # translucent light on what lies beneath


class Grain(StrEnum):
    """What the surface is; styles may give it a texture."""

    SMOOTH = "smooth"
    LEAF = "leaf"
    FUR = "fur"
    WOOD = "wood"
    STONE = "stone"
    CLOTH = "cloth"
    SNOW = "snow"


@dataclass(frozen=True, slots=True)
class Shape:
    """One area or line. Later shapes lie on earlier ones."""

    path: Path
    colour: str = "#000000"  # #rrggbb, in plain daylight
    role: Role = Role.FILL
    width: float = 1.0  # of a LINE, in units
    grain: Grain = Grain.SMOOTH
    sheet: int = 0  # shapes of one sheet are cut from one paper; a higher sheet casts a shadow on lower ones


@dataclass(frozen=True, slots=True)
class Glow:
    """A place that shines when lamps are lit: the painter lays a soft light round it."""

    x: float
    y: float
    reach: float  # radius in units
    colour: str = "#ffd98a"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a thing looks like."""

    shapes: tuple[Shape, ...]
    box: tuple[float, float, float, float]  # left, top, right, bottom; all shapes lie in it
    glows: tuple[Glow, ...] = ()


@dataclass(frozen=True, slots=True)
class Dress:
    """How a figure looks, in every picture of a story the same. Colours are #rrggbb."""

    coat: str = "#3f6f8f"
    legs: str = "#3c3a44"
    hair: str = "#4a342a"
    skin: str = "#d9a981"
    hat: str | None = None  # its colour
    scarf: str | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a thing."""

    random: Random
    season: Season = Season.SUMMER
    snow: bool = False  # lies on roofs and branches
    lit: bool = False  # lamps and windows shine
    light: float = -1.0  # where the light comes from: -1 left, 1 right, of the thing as drawn
    wind: float = 0.0  # 0 to 1: smoke, flags, sails and branches lean right
    pose: Pose = Pose.STANDING
    dress: Dress = field(default_factory=Dress)
    perched: bool = False  # sits on a thing that is drawn by itself
    tint: str | None = None  # a colour its main part should have, where words name one: a red boat


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of thing."""

    name: str  # stable: `lighthouse`; lower case, words joined by _
    tall: float  # how tall 100 units are in metres, as an illustrator would have it (a tower less than real)
    stand: Stand
    draw: Callable[[Asking], Drawing]
    poses: tuple[Pose, ...] = (Pose.STANDING,)
    alive: bool = False  # people and animals
    said: str = ""  # in a description: `a lighthouse`, `rocks`; empty: "a " and the name
    groups: bool = False  # often seen in numbers: trees, birds, houses
