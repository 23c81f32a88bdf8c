"""The stock of drawable things: whatever is asked of one, it draws itself properly."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from random import Random
from xml.etree import ElementTree as ET

import pytest

from reelyard.tools.pictures.things import catalogue as stock
from reelyard.tools.pictures.things.catalogue import catalogue
from reelyard.tools.pictures.things.thing import Asking, Drawing, Dress, Pose, Role, Season, Stand, Thing

THINGS = tuple(catalogue().values())
COLOUR = re.compile(r"#[0-9a-f]{6}")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
WEATHERS = (
    Asking(Random(1)),
    Asking(Random(2), season=Season.WINTER, snow=True, lit=True, light=1.0),
    Asking(Random(3), season=Season.AUTUMN, wind=1.0, tint="#a04030"),
    Asking(Random(4), season=Season.SPRING, dress=Dress(hat="#445566", scarf="#aa5544")),
)
SAME_WHATEVER_THE_SEED = {"anchor", "camera", "computer", "lamp_post", "map"}

each_thing = pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.name)


def drawn(thing: Thing, seed: int = 7, **changes: object) -> Drawing:
    return thing.draw(replace(Asking(Random(seed)), **changes))  # type: ignore[arg-type]


@cache
def all_drawings(thing: Thing) -> tuple[Drawing, ...]:
    """In all weathers, and in all poses."""
    weathers = [thing.draw(replace(asking, random=Random(5), pose=thing.poses[0])) for asking in WEATHERS]
    return (*weathers, *(drawn(thing, 6, pose=pose) for pose in thing.poses))


def test_every_name_is_there_once_and_plainly_written() -> None:
    names = [thing.name for kind in stock.KINDS for thing in kind.THINGS]

    assert len(names) == len(set(names)) >= 150
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)


def test_the_things_most_stories_name_are_there() -> None:
    wanted = (
        "oak fir house cottage lighthouse church castle bridge rowing_boat sailing_boat man "
        "woman boy girl dog cat horse table bed window lamp book"
    )

    assert set(wanted.split()) <= catalogue().keys()


@each_thing
def test_a_thing_says_how_tall_it_is_and_draws_about_a_hundred_units_of_it(thing: Thing) -> None:
    heights = [-drawing.box[1] for drawing in all_drawings(thing)]

    assert 0.1 <= thing.tall <= 70
    assert 18 <= max(heights) <= 175


@each_thing
def test_all_that_a_thing_draws_lies_in_its_box(thing: Thing) -> None:
    for drawing in all_drawings(thing):
        left, top, right, bottom = drawing.box
        for shape in drawing.shapes:
            x, y, a, b = shape.path.box
            rim = shape.width / 2 if shape.role is Role.LINE else 0.0
            assert left <= x - rim <= a + rim <= right
            assert top <= y - rim <= b + rim <= bottom


@each_thing
def test_a_thing_stands_on_its_ground(thing: Thing) -> None:
    below = {Stand.WATER: 2.5}.get(thing.stand, 6.0)

    for drawing in all_drawings(thing):
        assert drawing.box[3] <= below


@each_thing
def test_a_thing_is_valid_to_draw(thing: Thing) -> None:
    for drawing in all_drawings(thing):
        assert drawing.shapes
        for shape in drawing.shapes:
            data = shape.path.svg(2)
            ET.fromstring(f'<path xmlns="http://www.w3.org/2000/svg" d="{data}"/>')
            assert data.startswith("M")
            assert not re.sub(NUMBER, "", data).strip("MLCZ ")
            assert COLOUR.fullmatch(shape.colour)
            assert shape.role is not Role.LINE or shape.width > 0


@each_thing
def test_the_same_seed_gives_the_same_thing(thing: Thing) -> None:
    assert drawn(thing, 11) == drawn(thing, 11)


@each_thing
def test_another_seed_gives_another_of_its_kind(thing: Thing) -> None:
    if thing.name in SAME_WHATEVER_THE_SEED:
        pytest.skip("made in a works: one is like another")

    assert len({drawn(thing, seed).shapes for seed in range(4)}) > 1


@each_thing
def test_a_thing_is_simple_enough_to_be_painted(thing: Thing) -> None:
    most = 170 if thing.name == "crowd" else 80

    assert all(len(drawing.shapes) <= most for drawing in all_drawings(thing))


@pytest.mark.parametrize(
    "name", ["house", "lighthouse", "church", "lamp_post", "train", "campfire", "lantern", "window"]
)
def test_lamps_and_windows_shine_and_light_their_surroundings(name: str) -> None:
    drawing = drawn(catalogue()[name], lit=True)

    assert any(shape.role is Role.LIGHT for shape in drawing.shapes)
    assert drawing.glows


@pytest.mark.parametrize("name", ["man", "woman", "boy", "girl", "old_man", "old_woman", "king", "queen"])
def test_a_person_wears_what_the_story_says(name: str) -> None:
    dress = Dress(coat="#123456", hair="#654321", skin="#abcdef")

    colours = {shape.colour for shape in drawn(catalogue()[name], dress=dress).shapes}

    assert {"#123456", "#654321", "#abcdef"} <= colours


def test_a_person_poses_differently_in_each_pose() -> None:
    woman = catalogue()["woman"]

    assert len({drawn(woman, pose=pose).shapes for pose in woman.poses}) == len(woman.poses) >= 9


def test_who_cannot_do_what_is_asked_stands() -> None:
    cow = catalogue()["cow"]

    assert drawn(cow, pose=Pose.FLYING) == drawn(cow, pose=Pose.STANDING)


def test_a_tree_loses_its_leaves_in_winter() -> None:
    oak = catalogue()["oak"]

    assert drawn(oak, season=Season.WINTER).shapes != drawn(oak, season=Season.SUMMER).shapes
    assert len(drawn(oak, season=Season.WINTER).shapes) < len(drawn(oak, season=Season.SUMMER).shapes)


def test_a_red_boat_is_red() -> None:
    plain, red = drawn(catalogue()["rowing_boat"]), drawn(catalogue()["rowing_boat"], tint="#b03020")

    assert plain.shapes != red.shapes


def test_shade_lies_on_the_side_away_from_the_light() -> None:
    def shaded_middle(light: float) -> float:
        tower = drawn(catalogue()["tower"], light=light)
        xs = [x for shape in tower.shapes if shape.role is Role.SHADE for x, _ in shape.path.points]
        return sum(xs) / len(xs)

    assert shaded_middle(-1.0) > shaded_middle(1.0)
