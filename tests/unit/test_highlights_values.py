"""Highlights as data: written and read back, and placed in the cut film."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject
from reelyard.media.cut_list import CutList, FilmClock
from reelyard.media.highlights import (
    Highlight,
    Highlights,
    Reason,
    ReasonKind,
    Sensitivity,
    clock_time,
    in_film,
)
from reelyard.tools.highlights.finding import drawn
from reelyard.tools.highlights.scenes import changes_at_keyframes

ONE = Highlight(1, 10.0, 16.0, 0.8, "The sea", (Reason(ReasonKind.LOUD, 1.0, "12 dB louder than the rest"),))


def film(*cut: tuple[int, int]) -> FilmClock:
    """The clock of a film of a minute at 10 frames a second without the seconds in `cut`."""
    cuts = CutList.whole(Fraction(10), Fraction(0), 600)
    for start, end in cut:
        cuts = cuts.decided(start * 10, end * 10, keep=False)
    return FilmClock(cuts)


def test_what_was_written_is_read_back() -> None:
    written = Highlights(60.0, Sensitivity.HIGH, ("sea",), ("sound", "words"), (ONE,), (0.1, 0.8))

    read = Highlights.from_json(json.loads(json.dumps(written.in_film(film((0, 5))).to_json())))

    assert read == written.in_film(film((0, 5)))
    assert read.found[0].film_start == 5.0
    assert read.summary == "1 highlight."


@pytest.mark.parametrize(
    "broken",
    [{}, {"schema": "reelyard.highlights/1"}, {"schema": "reelyard.highlights/1", "duration_s": 1}],
)
def test_what_cannot_be_read_is_refused(broken: JsonObject) -> None:
    with pytest.raises(InvalidInput, match=r"schema reelyard.highlights/1|cannot be read"):
        Highlights.from_json(broken)


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        ((), (10.0, 16.0)),
        (((2, 4),), (8.0, 14.0)),
        (((12, 14),), (10.0, 14.0)),
        (((8, 12),), (8.0, 12.0)),
        (((14, 20),), (10.0, 14.0)),
        (((9, 17),), (None, None)),
        (((0, 60),), (None, None)),
    ],
)
def test_a_highlight_is_placed_where_the_cut_film_shows_it(
    cut: tuple[tuple[int, int], ...], expected: tuple[float | None, float | None]
) -> None:
    (placed,) = in_film([ONE], film(*cut))

    assert (placed.film_start, placed.film_end) == expected
    assert (placed.start, placed.end) == (10.0, 16.0)


def test_times_are_told_as_people_do() -> None:
    assert [clock_time(time) for time in (0, 83.9, 3723)] == ["0:00", "1:23", "1:02:03"]


def test_the_curve_keeps_its_peaks_however_few_its_points() -> None:
    assert drawn([0.0] * 999 + [0.75] + [0.0] * 4000) == (*[0.0] * 99, 0.75, *[0.0] * 400)
    assert drawn([0.12345, 0.5]) == (0.123, 0.5)


@pytest.mark.parametrize(
    ("keyframes", "expected"),
    [
        ([0, 10, 20, 23.4, 33.4, 35, 45], (23.4, 35)),
        ([0, 10, 20, 30], ()),
        ([0, 10.01, 20.02, 29.99], ()),
        ([index / 25 for index in range(100)], ()),
        ([0], ()),
        ([], ()),
    ],
)
def test_keyframes_before_their_time_are_changes_of_the_picture(
    keyframes: list[float], expected: tuple[float, ...]
) -> None:
    assert changes_at_keyframes(keyframes) == expected
