"""The grid on which a film's pictures lie: its exact rate, and whether it varies."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.support.cut_lists import index_of

from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.grid import grid_of

NTSC = Fraction(30000, 1001)


def test_an_index_survives_json() -> None:
    index = replace(index_of([25, 30], between=2, rate=NTSC), sound_start=Fraction(1, 3))

    assert FilmIndex.from_json(json.loads(json.dumps(index.to_json()))) == index


@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001", "30", "50", "60000/1001", "60"])
def test_stamps_in_milliseconds_still_tell_the_exact_rate(rate: str) -> None:
    stamps = [round(number / Fraction(rate) * 1000) for number in range(1500)]

    found = grid_of(stamps, 0, Fraction(1, 1000), [None])

    assert (found.rate, found.constant, found.frames) == (Fraction(rate), True, 1500)


@pytest.mark.parametrize("spoil", [lambda s: s[:700] + s[701:], lambda s: [*s[:700], s[699] + 1, *s[700:]]])
def test_a_hole_or_a_double_makes_a_film_variable(spoil: object) -> None:
    stamps = [number * 3600 for number in range(1500)]

    found = grid_of(spoil(stamps), 3600, Fraction(1, 90000), [Fraction(25)])  # type: ignore[operator]

    assert (found.rate, found.constant, found.frames) == (Fraction(25), False, 1500)


def test_a_declared_rate_counts_only_when_the_pictures_lie_on_it() -> None:
    stamps = [number * 40 for number in range(100)]

    assert grid_of(stamps, 40, Fraction(1, 1000), [Fraction(50)]).rate == 25
    assert grid_of(stamps, 40, Fraction(1, 1000), [Fraction(90000)]).rate == 25


def test_an_odd_but_even_rate_is_taken_exactly() -> None:
    stamps = [number * 77 for number in range(100)]

    assert grid_of(stamps, 77, Fraction(1, 1000), []).rate == Fraction(1000, 77)


def test_a_film_of_one_picture_has_the_declared_rate() -> None:
    assert grid_of([0], 0, Fraction(1, 1000), [Fraction(24)]).rate == 24
    assert grid_of([], 0, Fraction(1, 1000), []).frames == 0
