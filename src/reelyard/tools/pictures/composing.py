"""Placing things in a picture: the focal one at a third, all on the ground they belong to, none hiding another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from reelyard.tools.pictures.colours import graded
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.grounds import Frame, bands_of
from reelyard.tools.pictures.placing import DECK, SPANS, TOPS, Board, is_landmark
from reelyard.tools.pictures.recipes import RECIPES, Form, Recipe, Scenery, Strip
from reelyard.tools.pictures.scene import (
    Circumstances,
    Ground,
    Hour,
    PictureShape,
    Place,
    Scene,
    Wanted,
    window_box,
)
from reelyard.tools.pictures.things.catalogue import catalogue
from reelyard.tools.pictures.things.thing import Dress, Stand, Thing

MOST_NAMED = 6  # things that the words name; more make a heap, not a picture
MOST_OF_ONE = 5
THIRDS = (0.31, 0.36)
LOW_HORIZON = 0.68  # where a title needs room
CARRIED = {  # what people have with them out of doors
    "basket", "bread", "apple", "lantern", "ball", "bag", "suitcase", "bucket", "umbrella", "kettle", "guitar", "violin",
    "telescope", "ladder", "barrel", "crate", "globe", "bowl", "bottle",
}  # fmt: skip
TENDER = {"flowers", "wheat", "mushroom", "butterfly", "bee", "fern"}  # not in snow
SHORE = Strip(Ground.GRASS, 0.04, 0.012, Form.FLAT, 0.5, 0.5)
STREAM = Strip(Ground.WATER, 0.46, 0.0, Form.FLAT, 0.8, 0.2)
DRY_PLACES = {Place.ROOM, Place.CITY, Place.DESERT, Place.SKY}
WET = {Place.SEA, Place.HARBOUR, Place.BEACH, Place.LAKE, Place.RIVER}
INDOOR = {Stand.FLOOR, Stand.TABLE, Stand.WALL}


@dataclass(frozen=True, slots=True)
class Motif:
    """What a picture is to show, before it is composed."""

    wanted: tuple[Wanted, ...]
    when: Circumstances
    palette: int = 0
    seed: int = 0
    story: int = 0  # what is named looks the same in all pictures of one story
    headroom: float = 0.0  # share of the height that is kept free above, for a title


def compose(motif: Motif, shape: PictureShape) -> Scene:
    """The scene of a motif: the same for the same motif and shape."""
    random = dice(motif.seed, shape, motif.when.place)
    width, height = shape.size
    recipe = RECIPES[motif.when.place]
    side = random.choice((-1, 1))
    low = LOW_HORIZON if motif.headroom and motif.when.place is not Place.ROOM else 0.0
    horizon = height * max(random.uniform(*recipe.horizon), low)
    # A tall room is looked into from nearer by: else most of it is wall.
    zoom = 1.2 if motif.when.place is Place.ROOM and height > width else 1.0
    frame = Frame(width, height, horizon, side, motif.headroom * height, zoom)
    recipe = _fitted(recipe, motif)
    bands = bands_of(recipe, frame, random)
    sun = _sun(frame, motif.when, random)
    left, top, wide, tall = window_box(sun, horizon, shape.size)
    board = Board(frame, bands, motif.when, random, motif.story, (left, top, left + wide, top + tall))
    _named(board, motif)
    _scenery(board, recipe, motif)
    board.seat()
    return Scene(shape, motif.when, motif.palette, motif.seed, horizon, sun, bands, board.placed)


def suits(thing: Thing, place: Place) -> bool:
    """Whether the thing can stand in such a place."""
    if place is Place.ROOM:
        return thing.stand in INDOOR or (thing.alive and thing.stand is not Stand.WATER and thing.tall < 3)
    if thing.stand is Stand.WATER:
        return place not in DRY_PLACES
    if thing.stand in INDOOR:
        return thing.name in CARRIED
    return True


def chosen(wanted: Sequence[Wanted], place: Place) -> list[Wanted]:
    """Those that can be shown, the focal one first: the weightiest, but a landmark before those who walk about it."""
    stock = catalogue()
    fitting = [want for want in wanted if want.name in stock and suits(stock[want.name], place)]
    heaviest = sorted(fitting, key=lambda want: -want.weight)[:MOST_NAMED]
    if not heaviest:
        return []
    enough = heaviest[0].weight * 0.4

    def after(want: Wanted) -> int:
        thing = stock[want.name]
        first = is_landmark(thing) if place is not Place.ROOM else want.name in TOPS
        return 0 if first and want.weight >= enough else 2 if thing.stand is Stand.TABLE else 1

    return sorted(heaviest, key=after)


def _fitted(recipe: Recipe, motif: Motif) -> Recipe:
    """The place as these things need it: open sea without a headland, a stream for boats and bridges inland."""
    stock, place = catalogue(), motif.when.place
    stands = [stock[want.name].stand for want in chosen(motif.wanted, place)]
    if place is Place.SEA and not {Stand.LAND, Stand.SHORE} & set(stands) and motif.seed % 2 == 0:
        return replace(recipe, strips=recipe.strips[:2], scenery=recipe.scenery[:2])
    if place is Place.LAKE and SPANS & {want.name for want in chosen(motif.wanted, place)}:
        return _with(recipe, SHORE, 2)
    if place not in WET | DRY_PLACES and {Stand.WATER, Stand.SHORE} & set(stands):
        return _with(recipe, STREAM, len(recipe.strips) - 1)
    return recipe


def _with(recipe: Recipe, strip: Strip, at: int) -> Recipe:
    """The place with one band more."""
    scenery = tuple(replace(one, band=one.band + (one.band >= at)) for one in recipe.scenery)
    return replace(recipe, strips=(*recipe.strips[:at], strip, *recipe.strips[at:]), scenery=scenery)


def _named(board: Board, motif: Motif) -> None:
    stock = catalogue()
    most = 4 if motif.headroom else MOST_NAMED
    _table(board, motif)
    shown = chosen(motif.wanted, motif.when.place)[:most]
    if len(shown) > 1:  # before those who stand on it
        for want in (want for want in shown if want.name == DECK):
            board.put(stock[DECK], want, at=0.5 - 0.16 * board.frame.side, focal=False)
        shown = [want for want in shown if want.name != DECK]
    for rank, want in enumerate(shown):
        thing = stock[want.name]
        for nth in range(min(want.count, MOST_OF_ONE if not motif.headroom else 2)):
            first = rank == 0 and nth == 0
            third = board.random.uniform(*THIRDS)
            near = third if (board.frame.side < 0) is (first or nth > 0) else 1 - third
            one = want if nth == 0 or want.dress is None else replace(want, dress=_another(want.dress, nth))
            board.put(thing, one, at=_wish(board, near, rank, nth), focal=first)


def _table(board: Board, motif: Motif) -> None:
    """Where small things are named in a room, there is a table for them."""
    stock = catalogue()
    shown = chosen(motif.wanted, motif.when.place)
    small = any(stock[want.name].stand is Stand.TABLE for want in shown)
    if (
        small
        and motif.when.place is Place.ROOM
        and "table" in stock
        and not any(w.name in TOPS for w in shown)
    ):
        board.put(stock["table"], Wanted("table", 0.5), at=0.5 - 0.18 * board.frame.side, focal=False)


def _another(dress: Dress, nth: int) -> Dress:
    """Somebody else of the same company."""
    return replace(
        dress,
        coat=graded(dress.coat, turn=75.0 * nth, light=1.0 + 0.06 * (nth % 2)),
        hat=graded(dress.hat, turn=130.0 * nth) if dress.hat and nth % 2 == 0 else None,
        scarf=None if dress.scarf else graded(dress.coat, turn=180.0),
    )


def _wish(board: Board, near: float, rank: int, nth: int) -> float:
    """Where it would stand best, as a share of the width."""
    if rank == 0 and nth == 0:
        return near
    if nth:
        return near + board.random.uniform(-0.14, 0.14) * (1 + nth / 3)
    return board.random.uniform(0.12, 0.88) if rank > 2 else near + board.random.uniform(-0.08, 0.08)


def _scenery(board: Board, recipe: Recipe, motif: Motif) -> None:
    named = {want.name for want in motif.wanted}
    crowded = len(board.placed) >= 4
    for some in recipe.scenery:
        if some.band >= len(board.bands) or board.random.random() > some.chance:
            continue
        count = board.random.randint(some.least, some.most)
        board.strew(_names(some, motif), some.band, max(1, count - crowded) if count else 0, named)


def _names(some: Scenery, motif: Motif) -> list[Thing]:
    stock = catalogue()
    return [stock[name] for name in some.names if name in stock and not (motif.when.white and name in TENDER)]


def _sun(frame: Frame, when: Circumstances, random: Random) -> tuple[float, float]:
    """Low at dawn and dusk, higher at day and night; away from the focal thing."""
    # Under a title nothing shines but at the rim.
    out = (0.36, 0.42) if frame.ceiling else (0.14, 0.30)
    x = frame.width * (0.5 - frame.side * random.uniform(*out))
    high = {
        Hour.DAWN: (0.10, 0.20),
        Hour.DUSK: (0.08, 0.18),
        Hour.DAY: (0.55, 0.72),
        Hour.NIGHT: (0.55, 0.75),
    }[when.hour]
    return x, frame.horizon * (1 - random.uniform(*high))
