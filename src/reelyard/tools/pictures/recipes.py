"""How each place is built: its bands from far to near, and what stands about there unasked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reelyard.tools.pictures.scene import Ground, Place


class Form(StrEnum):
    """The run of a band's upper edge."""

    FLAT = "flat"
    ROLLING = "rolling"
    JAGGED = "jagged"
    HEADLAND = "headland"  # land on the side of the focal thing, none on the other
    SLOPE = "slope"  # higher at the side of the focal thing
    BANK = "bank"  # lower at the side of the focal thing: leads the eye to it


@dataclass(frozen=True, slots=True)
class Strip:
    """One band before chance has formed it."""

    ground: Ground
    top: float  # of its edge: 0 at the horizon, 1 at the picture's lower edge, negative above the horizon
    rise: float  # how much the edge moves, as a share of the picture's height
    form: Form = Form.ROLLING
    scale: float = 0.0  # of things on it; 0: none stand there
    depth: float = 0.5


@dataclass(frozen=True, slots=True)
class Scenery:
    """What a place has plenty of: one of `names`, so many, on the band of that index."""

    names: tuple[str, ...]
    band: int
    least: int
    most: int
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """One place."""

    horizon: tuple[float, float]  # share of the height
    strips: tuple[Strip, ...]
    scenery: tuple[Scenery, ...] = ()


R, F = Form.ROLLING, Form.FLAT
G = Ground
BROADLEAF = ("oak", "birch", "tree")
CONIFERS = ("pine", "fir")
TUFTS = ("grass_tuft", "flowers", "bush", "rock")
RECIPES: dict[Place, Recipe] = {
    Place.SEA: Recipe(
        (0.50, 0.58),
        (
            Strip(G.RIDGE, -0.02, 0.06, R, depth=0.95),
            Strip(G.WATER, 0.0, 0.0, F, 0.55, 0.55),
            Strip(G.ROCK, 0.34, 0.14, Form.HEADLAND, 0.95, 0.30),
        ),
        (
            Scenery(("gull",), -1, 2, 4),
            Scenery(("sailing_boat",), 1, 0, 1, 0.6),
            Scenery(("rock", "bush", "grass_tuft"), 2, 1, 3),
        ),
    ),
    Place.HARBOUR: Recipe(
        (0.44, 0.50),
        (
            Strip(G.RIDGE, -0.05, 0.09, R, depth=0.9),
            Strip(G.QUAY, 0.10, 0.008, F, 0.62, 0.55),
            Strip(G.WATER, 0.26, 0.0, F, 0.72, 0.30),
            Strip(G.QUAY, 0.74, 0.006, F, 1.05, 0.05),
        ),
        (
            Scenery(("house", "cottage", "town_house"), 1, 4, 6),
            Scenery(("fishing_boat", "rowing_boat", "sailing_boat"), 2, 1, 2),
            Scenery(("barrel", "crate", "net", "anchor"), 3, 1, 2),
            Scenery(("gull",), -1, 2, 3),
        ),
    ),
    Place.BEACH: Recipe(
        (0.42, 0.50),
        (
            Strip(G.RIDGE, -0.02, 0.07, R, depth=0.92),
            Strip(G.WATER, 0.0, 0.0, F, 0.5, 0.6),
            Strip(G.SAND, 0.36, 0.05, Form.SLOPE, 0.9, 0.28),
            Strip(G.SAND, 0.72, 0.05, R, 1.15, 0.05),
        ),
        (Scenery(("grass_tuft", "rock"), 3, 2, 4), Scenery(("gull",), -1, 2, 4)),
    ),
    Place.LAKE: Recipe(
        (0.46, 0.52),
        (
            Strip(G.PEAKS, -0.10, 0.20, Form.JAGGED, depth=0.95),
            Strip(G.WOODS, 0.0, 0.05, R, depth=0.72),
            Strip(G.WATER, 0.07, 0.0, F, 0.55, 0.45),
            Strip(G.GRASS, 0.56, 0.10, Form.SLOPE, 1.0, 0.12),
        ),
        (Scenery((*CONIFERS, "birch"), 3, 2, 4), Scenery(("reeds", "grass_tuft", "rock"), 3, 2, 4)),
    ),
    Place.RIVER: Recipe(
        (0.42, 0.48),
        (
            Strip(G.RIDGE, -0.08, 0.10, R, depth=0.9),
            Strip(G.GRASS, 0.0, 0.03, R, 0.45, 0.62),
            Strip(G.WATER, 0.22, 0.0, F, 0.62, 0.38),
            Strip(G.GRASS, 0.54, 0.10, Form.SLOPE, 1.05, 0.08),
        ),
        (
            Scenery((*BROADLEAF, "willow"), 1, 4, 7),
            Scenery(("reeds", "reeds", "flowers", "grass_tuft"), 3, 3, 5),
        ),
    ),
    Place.FOREST: Recipe(
        (0.50, 0.56),
        (
            Strip(G.WOODS, -0.30, 0.07, R, depth=0.95),
            Strip(G.WOODS, -0.10, 0.05, R, depth=0.74),
            Strip(G.GRASS, 0.05, 0.03, R, 0.62, 0.52),
            Strip(G.GRASS, 0.34, 0.05, R, 0.95, 0.24),
            Strip(G.GRASS, 0.76, 0.05, R, 0.9, 0.03),
        ),
        (
            Scenery((*CONIFERS, *CONIFERS, "birch"), 2, 7, 10),
            Scenery((*CONIFERS, *CONIFERS, "birch", "oak"), 3, 4, 5),
            Scenery(("mushroom", "bush", "fern", "grass_tuft", "flowers", "rock"), 4, 3, 5),
            Scenery(("stump", "log"), 4, 0, 1, 0.6),
        ),
    ),
    Place.HILLS: Recipe(
        (0.50, 0.58),
        (
            Strip(G.RIDGE, -0.14, 0.10, R, depth=0.95),
            Strip(G.RIDGE, -0.04, 0.09, R, depth=0.78),
            Strip(G.GRASS, 0.08, 0.08, R, 0.55, 0.5),
            Strip(G.GRASS, 0.34, 0.08, Form.SLOPE, 0.85, 0.26),
            Strip(G.GRASS, 0.72, 0.06, R, 1.15, 0.04),
        ),
        (
            Scenery((*BROADLEAF, "bush", "pine"), 2, 4, 8),
            Scenery(BROADLEAF, 3, 1, 2),
            Scenery(TUFTS, 4, 3, 5),
        ),
    ),
    Place.FIELD: Recipe(
        (0.46, 0.52),
        (
            Strip(G.RIDGE, -0.06, 0.07, R, depth=0.92),
            Strip(G.WOODS, 0.02, 0.03, R, depth=0.72),
            Strip(G.CROPS, 0.10, 0.03, R, 0.55, 0.48),
            Strip(G.GRASS, 0.36, 0.05, Form.SLOPE, 0.9, 0.22),
            Strip(G.CROPS, 0.74, 0.04, R, 1.15, 0.03),
        ),
        (
            Scenery((*BROADLEAF, "hay_bale", "bush"), 2, 3, 6),
            Scenery(("hay_bale", "fence", "oak"), 3, 1, 2),
            Scenery(("wheat", "flowers", "grass_tuft"), 4, 4, 7),
        ),
    ),
    Place.MOUNTAINS: Recipe(
        (0.56, 0.62),
        (
            Strip(G.PEAKS, -0.18, 0.30, Form.JAGGED, depth=1.0),
            Strip(G.PEAKS, -0.04, 0.20, Form.JAGGED, depth=0.80),
            Strip(G.WOODS, 0.02, 0.08, R, depth=0.58),
            Strip(G.GRASS, 0.20, 0.12, Form.SLOPE, 0.75, 0.32),
            Strip(G.ROCK, 0.66, 0.10, Form.BANK, 1.1, 0.05),
        ),
        (Scenery(CONIFERS, 3, 4, 7), Scenery(("rock", "grass_tuft", "flowers"), 4, 3, 4)),
    ),
    Place.DESERT: Recipe(
        (0.50, 0.56),
        (
            Strip(G.PEAKS, -0.06, 0.08, Form.JAGGED, depth=0.96),
            Strip(G.DUNES, 0.0, 0.08, R, depth=0.75),
            Strip(G.DUNES, 0.16, 0.10, Form.SLOPE, 0.7, 0.45),
            Strip(G.DUNES, 0.46, 0.12, R, 0.95, 0.2),
            Strip(G.SAND, 0.80, 0.06, Form.BANK, 1.2, 0.02),
        ),
        (Scenery(("cactus", "rock", "grass_tuft"), 4, 1, 3), Scenery(("palm",), 2, 0, 3, 0.4)),
    ),
    Place.CITY: Recipe(
        (0.50, 0.56),
        (
            Strip(G.ROOFS, -0.30, 0.16, F, depth=0.96),
            Strip(G.ROOFS, -0.12, 0.12, F, depth=0.76),
            Strip(G.STREET, 0.40, 0.004, F, 1.0, 0.34),
            Strip(G.STREET, 0.66, 0.004, F, 1.12, 0.08),
        ),
        (
            Scenery(("town_house", "town_house", "town_house", "shop"), 2, 8, 10),
            Scenery(("lamp_post",), 3, 2, 3),
        ),
    ),
    Place.VILLAGE: Recipe(
        (0.50, 0.56),
        (
            Strip(G.RIDGE, -0.16, 0.10, R, depth=0.94),
            Strip(G.RIDGE, -0.04, 0.07, R, depth=0.78),
            Strip(G.GRASS, 0.10, 0.05, R, 0.6, 0.46),
            Strip(G.EARTH, 0.42, 0.04, Form.SLOPE, 0.92, 0.2),
            Strip(G.GRASS, 0.76, 0.05, R, 1.15, 0.03),
        ),
        (
            Scenery(("cottage", "house", "cottage", "church"), 2, 3, 5),
            Scenery((*BROADLEAF, "fence", "well"), 3, 2, 3),
            Scenery(TUFTS, 4, 3, 5),
        ),
    ),
    Place.ROAD: Recipe(
        (0.46, 0.52),
        (
            Strip(G.RIDGE, -0.12, 0.10, R, depth=0.94),
            Strip(G.RIDGE, -0.02, 0.06, R, depth=0.76),
            Strip(G.GRASS, 0.06, 0.04, R, 0.5, 0.5),
            Strip(G.EARTH, 0.34, 0.03, F, 0.95, 0.22),
            Strip(G.GRASS, 0.74, 0.05, R, 1.15, 0.03),
        ),
        (
            Scenery((*BROADLEAF, "bush", "pine"), 2, 4, 7),
            Scenery(("signpost", "oak", "fence"), 3, 1, 2),
            Scenery(TUFTS, 4, 3, 5),
        ),
    ),
    Place.GARDEN: Recipe(
        (0.50, 0.56),
        (
            Strip(G.WOODS, -0.14, 0.08, R, depth=0.86),
            Strip(G.GRASS, 0.06, 0.03, R, 0.7, 0.5),
            Strip(G.GRASS, 0.36, 0.04, Form.SLOPE, 1.0, 0.22),
            Strip(G.GRASS, 0.74, 0.05, R, 1.25, 0.02),
        ),
        (
            Scenery(("oak", "bush", "birch", "tree", "fence"), 1, 5, 7),
            Scenery(("bush", "flowers", "bench", "oak"), 2, 2, 4),
            Scenery(("flowers", "flowers", "grass_tuft", "bush"), 3, 5, 8),
        ),
    ),
    Place.ROOM: Recipe(
        (0.70, 0.74),
        (
            Strip(G.FLOOR, 0.06, 0.0, F, 1.75, 0.2),
            Strip(G.FLOOR, 0.44, 0.0, F, 2.0, 0.08),
        ),
        (
            Scenery(("rug",), 1, 1, 1),
            Scenery(("bookshelf", "stove", "fireplace", "wardrobe", "bookshelf"), 0, 1, 2),
            Scenery(("armchair", "table", "chest", "piano", "chair"), 0, 2, 2),
            Scenery(("picture", "clock", "picture", "mirror"), 0, 1, 2),
        ),
    ),
    Place.SKY: Recipe(
        (0.80, 0.86),
        (
            Strip(G.PEAKS, -0.10, 0.12, Form.JAGGED, depth=0.96),
            Strip(G.CLOUD, -0.02, 0.05, R, depth=0.7),
            Strip(G.CLOUD, 0.40, 0.06, R, 1.0, 0.2),
        ),
        (Scenery(("bird", "flock"), -1, 2, 4),),
    ),
}
