"""Gradients cut into flat parts are still the same gradients."""

from __future__ import annotations

from itertools import pairwise

from reelyard.tools.pictures.painting.ramps import Ramp, rings, single, strips
from reelyard.tools.pictures.things.paths import ellipse, joined, polygon, rect

DARKER = Ramp(100, 300, ((0.0, "#ffffff", 1.0), (1.0, "#808080", 1.0)))
MIST = Ramp(0, 200, ((0.0, "#ffffff", 0.0), (1.0, "#ffffff", 0.5)))


def test_neighbouring_strips_hardly_differ_and_leave_nothing_out() -> None:
    found = list(strips(rect(0, 50, 400, 350), DARKER, (0, 1080)))

    greys = [int(colour[1:3], 16) for _, colour, _ in found]
    assert greys[0] == 255
    assert greys[-1] == 128
    assert all(0 <= a - b <= 2 for a, b in pairwise(greys))
    tops = [min(y for _, y in part) for part, _, _ in found]
    bottoms = [max(y for _, y in part) for part, _, _ in found]
    assert (tops[0], bottoms[-1]) == (50, 400)
    assert all(bottom >= top for bottom, top in zip(bottoms, tops[1:], strict=False))


def test_what_is_seen_through_never_lies_twice_on_one_place() -> None:
    found = list(strips(rect(0, 0, 400, 200), MIST, (0, 1080)))

    for (part, _, thin), (following, _, thick) in pairwise(found):
        assert max(y for _, y in part) == min(y for _, y in following)
        assert thin < thick


def test_a_hill_keeps_its_outline() -> None:
    hill = polygon((0, 200), (200, 100), (400, 200), (400, 400), (0, 400))

    for part, _, _ in strips(hill, DARKER, (0, 1080)):
        for x, y in part:
            assert y >= 200 - 100 * (1 - abs(x - 200) / 200) - 1e-6


def test_what_lies_outside_the_picture_is_not_drawn() -> None:
    assert list(strips(rect(0, 1200, 400, 300), DARKER, (0, 1080))) == []


def test_rings_of_a_light_touch_and_fade() -> None:
    found = list(rings(200, ((0.0, "#ffd98a", 0.6), (0.5, "#ffd98a", 0.2), (1.0, "#ffd98a", 0.0))))

    assert found[0][0] == 0
    assert found[-1][1] == 200
    for (_, outer, strong), (inner, _, weak) in pairwise(found):
        assert outer == inner
        assert strong > weak


def test_an_outline_of_several_parts_is_not_cut() -> None:
    assert single(ellipse(0, 0, 5))
    assert not single(joined((ellipse(0, 0, 5), ellipse(20, 0, 5))))
