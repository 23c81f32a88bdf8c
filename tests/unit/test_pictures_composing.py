"""Rules of composition hold whatever chance decides."""

from __future__ import annotations

import pytest

from reelyard.tools.pictures.composing import Motif, compose
from reelyard.tools.pictures.describing import describe
from reelyard.tools.pictures.dice import dice
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
from reelyard.tools.pictures.things.thing import Dress, Pose, Stand

SEEDS = range(5)
NAMED = ("lighthouse", "woman", "cat", "rowing_boat", "oak", "book", "gull", "house")
SHAPES = tuple(PictureShape)


def _scene(place: Place, seed: int, shape: PictureShape = PictureShape.WIDE, *named: str) -> Scene:
    wanted = tuple(Wanted(name, 3.0 - i * 0.3) for i, name in enumerate(named or NAMED))
    return compose(Motif(wanted, Circumstances(place, Hour.DAY), seed % 4, seed, story=7), shape)


def _box(one: Placed, scene: Scene) -> tuple[float, float, float, float]:
    left, top, right, bottom = drawing_of(one, scene, lit=False).box
    left, right = (-right, -left) if one.flip else (left, right)
    k = one.size / 100
    return one.x + left * k, one.foot + top * k, one.x + right * k, one.foot + bottom * k


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", list(Place))
def test_what_is_named_is_in_the_picture(place: Place, shape: PictureShape) -> None:
    for seed in SEEDS:
        scene = _scene(place, seed, shape)
        width, height = scene.size

        named = [one for one in scene.placed if not one.scenery]
        assert named
        for one in named:
            left, top, right, bottom = _box(one, scene)
            middle = (left + right) / 2
            assert 0 < middle < width
            assert bottom > 0
            assert top < height
            assert one.foot <= height


@pytest.mark.parametrize("place", list(Place))
def test_boats_are_on_water_and_walkers_on_land(place: Place) -> None:
    for seed in SEEDS:
        scene = _scene(place, seed)

        for one in scene.placed:
            thing = catalogue()[one.name]
            if one.band < 0:
                assert thing.stand is Stand.SKY or thing.alive
                continue
            wet = scene.bands[one.band].ground is Ground.WATER
            assert wet == (thing.stand is Stand.WATER)


@pytest.mark.parametrize("place", list(Place))
def test_nothing_named_stands_above_or_under_its_ground(place: Place) -> None:
    for seed in SEEDS:
        scene = _scene(place, seed)

        for one in scene.placed:
            if one.band < 0 or one.stands is not None or catalogue()[one.name].stand is Stand.WALL:
                continue
            assert one.foot >= scene.bands[one.band].at(one.x) - 1


@pytest.mark.parametrize("shape", SHAPES)
def test_the_focal_thing_is_whole_and_at_a_third(shape: PictureShape) -> None:
    for seed in SEEDS:
        scene = _scene(Place.SEA, seed, shape)
        width, _ = scene.size

        focal = next(one for one in scene.placed if one.focal)
        left, top, right, _ = _box(focal, scene)
        assert focal.name == "lighthouse"
        assert top > 0
        assert -0.02 * width < left < right < 1.02 * width
        assert abs(focal.x / width - 0.5) > 0.1


def test_named_things_hardly_hide_each_other() -> None:
    hidden = 0
    for seed in SEEDS:
        scene = _scene(Place.HILLS, seed, PictureShape.WIDE, "woman", "dog", "cottage", "horse")
        boxes = [_box(one, scene) for one in scene.placed if not one.scenery]
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                wide = min(one[2], other[2]) - max(one[0], other[0])
                high = min(one[3], other[3]) - max(one[1], other[1])
                area = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
                hidden += wide > 0 and high > 0 and wide * high > 0.6 * area

    assert hidden <= 2


def test_small_things_stand_on_the_table_in_a_room() -> None:
    scene = _scene(Place.ROOM, 3, PictureShape.WIDE, "woman", "book", "cup")

    table = next(one for one in scene.placed if one.name == "table")
    book = next(one for one in scene.placed if one.name == "book")
    assert book.stands == table.foot
    assert book.foot < table.foot


@pytest.mark.parametrize("seat", ["chair", "armchair"])
def test_who_sits_in_a_room_sits_on_the_chair_that_is_there(seat: str) -> None:
    wanted = (Wanted("woman", 3, pose=Pose.SITTING, dress=Dress()), Wanted(seat, 2), Wanted("table", 1))
    for seed in SEEDS:
        scene = compose(Motif(wanted, Circumstances(Place.ROOM), 0, seed), PictureShape.WIDE)

        woman = next(one for one in scene.placed if one.name == "woman")
        chair = next(
            one for one in scene.placed if woman.stands == one.foot and one.name in {"chair", "armchair"}
        )
        left, _, right, bottom = _box(chair, scene)
        assert woman.perched
        assert left < woman.x < right
        assert woman.foot <= bottom + 1


def test_farther_things_are_smaller() -> None:
    scene = _scene(Place.FOREST, 2, PictureShape.WIDE, "woman")

    scales = [band.scale for band in scene.bands[:-1] if band.scale > 0]
    assert scales == sorted(scales)


def test_the_same_motif_makes_the_same_scene_and_another_seed_another() -> None:
    assert _scene(Place.HILLS, 1) == _scene(Place.HILLS, 1)
    assert _scene(Place.HILLS, 1) != _scene(Place.HILLS, 2)


def test_the_same_thing_looks_the_same_throughout_a_story() -> None:
    seeds = {
        one.seed
        for seed in SEEDS
        for one in _scene(Place.SEA, seed).placed
        if one.name == "lighthouse" and not one.scenery
    }

    assert len(seeds) == 1


def test_a_thing_that_is_not_in_stock_is_left_out() -> None:
    scene = _scene(Place.HILLS, 1, PictureShape.WIDE, "no_such_thing", "woman")

    assert "no_such_thing" not in {one.name for one in scene.placed}


def test_a_description_is_one_plain_sentence() -> None:
    said = describe(_scene(Place.SEA, 1), Style.PENCIL)

    assert said.startswith("Pencil drawing: a lighthouse")
    assert said.endswith("by the sea, by day.")


def test_chance_depends_on_its_name_alone() -> None:
    assert dice("a", 1).random() == dice("a", 1).random()
    assert dice("a", 1).random() != dice("a", 2).random()
