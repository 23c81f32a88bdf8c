"""What stands on land has land under it, what swims lies in water, whatever chance decides."""

from __future__ import annotations

from itertools import product

import pytest

from reelyard.media.story import Chunk, Story
from reelyard.tools.pictures.composing import Motif, compose
from reelyard.tools.pictures.imagining import Asked, imagine
from reelyard.tools.pictures.look import look_of
from reelyard.tools.pictures.painting.things import drawing_of
from reelyard.tools.pictures.scene import (
    Circumstances,
    Ground,
    Hour,
    PictureShape,
    Place,
    Placed,
    Scene,
    Style,
    Wanted,
)
from reelyard.tools.pictures.things.catalogue import catalogue
from reelyard.tools.pictures.things.thing import Stand

COASTS = (Place.SEA, Place.HARBOUR, Place.BEACH, Place.LAKE, Place.RIVER)
COMPANIES = (
    ("lighthouse", "man", "woman", "child", "rowing_boat"),
    ("child", "man", "dog"),
    ("sailing_boat", "child", "dog", "jetty"),
    ("fishing_boat", "fisherman", "cat", "house"),
)
FOOT = 0.45  # of the width, to either side


def _scene(place: Place, seed: int, shape: PictureShape, names: tuple[str, ...]) -> Scene:
    wanted = tuple(
        Wanted(name, 3.0 - i * 0.3, count=3 if name == "child" else 1) for i, name in enumerate(names)
    )
    return compose(Motif(wanted, Circumstances(place, Hour.DAY), seed % 4, seed, story=seed), shape)


def _span(one: Placed, scene: Scene, share: float) -> list[float]:
    """Places along its foot: so much of its width to either side."""
    left, _, right, _ = drawing_of(one, scene, lit=False).box
    left, right = (-right, -left) if one.flip else (left, right)
    k = one.size / 100
    middle, half = one.x + (left + right) / 2 * k, share * (right - left) * k
    return [middle + half * i / 4 for i in range(-4, 5)]


@pytest.mark.parametrize("shape", list(PictureShape))
@pytest.mark.parametrize("place", COASTS)
def test_on_every_coast_land_is_under_feet_and_water_under_boats(place: Place, shape: PictureShape) -> None:
    for seed, names in product(range(3), COMPANIES):
        scene = _scene(place, seed, shape, names)

        for one in scene.placed:
            stand = catalogue()[one.name].stand
            if one.band < 0 or one.stands is not None or one.name == "jetty":
                continue
            ground, nearer = scene.bands[one.band], scene.bands[one.band + 1 :]
            wet = stand is Stand.WATER
            assert (ground.ground is Ground.WATER) is wet
            for x in _span(one, scene, FOOT):
                assert ground.at(x) <= one.foot + 1, (one.name, seed, names)
                hiding = [band for band in nearer if wet or band.ground is Ground.WATER]
                assert all(band.at(x) >= one.foot - 1 for band in hiding), (one.name, seed, names)


@pytest.mark.parametrize("place", [Place.HARBOUR, Place.LAKE, Place.RIVER, Place.HILLS])
def test_who_comes_by_a_jetty_stands_on_it(place: Place) -> None:
    for seed in range(6):
        scene = _scene(place, seed, PictureShape.WIDE, ("sailing_boat", "dog", "woman", "jetty"))

        jetty = next(one for one in scene.placed if one.name == "jetty")
        ends = _span(jetty, scene, 0.5)
        for one in scene.placed:
            if one.name in {"dog", "woman"}:
                assert one.stands == jetty.foot
                assert one.foot < jetty.foot
                assert ends[0] < one.x < ends[-1]
        assert {"dog", "woman", "sailing_boat"} <= {one.name for one in scene.placed}


def test_a_boat_in_the_harbour_and_two_on_the_pier_are_all_drawn() -> None:
    text = "A little sailing boat lay in the harbour, and a child and a dog stood waving on the pier."
    look = look_of(_story(text), Style.WATERCOLOUR)
    for seed in range(5):
        motif = imagine(Asked(text, seed=seed), look)
        assert motif is not None
        scene = compose(motif, PictureShape.WIDE)

        assert {"sailing_boat", "child", "dog", "jetty"} <= {one.name for one in scene.placed}


def _story(text: str) -> Story:
    return Story("A day", "en", (Chunk(1, text),))
