"""Cut lists changed by hand: ranges restored and cut, whole lists, what stays as it was decided before."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.errors import InvalidInput
from reelyard.media.cut_edits import Decided, edited, in_frames, replaced
from reelyard.media.cut_list import CutList, Reason, Span

RATE = Fraction(30000, 1001)
SPANS = (
    Span(0, 50, keep=True, reason=Reason.SOUND),
    Span(50, 150, keep=False, reason=Reason.SILENCE, level_db=-52.0),
    Span(150, 300, keep=True, reason=Reason.SOUND),
)
CUTS = CutList(RATE, Fraction(1, 2), 300, SPANS)


def told(cuts: CutList) -> list[tuple[Any, ...]]:
    return [(span.start, span.end, span.keep, span.reason.value) for span in cuts.spans]


def test_a_cut_is_restored_and_another_made_the_rest_keeps_its_reasons() -> None:
    made = edited(CUTS, [Decided(50, 150, keep=True), Decided(200, 250, keep=False)])

    assert told(made) == [
        (0, 50, True, "sound"),
        (50, 150, True, "by hand"),
        (150, 200, True, "sound"),
        (200, 250, False, "by hand"),
        (250, 300, True, "sound"),
    ]


def test_a_part_of_a_cut_is_restored_and_the_rest_still_tells_its_level() -> None:
    made = edited(CUTS, [Decided(100, 120, keep=True)])

    assert [span.level_db for span in made.spans if not span.keep] == [-52.0, -52.0]


def test_a_later_decision_stands_over_an_earlier_one() -> None:
    made = edited(CUTS, [Decided(0, 200, keep=False), Decided(100, 120, keep=True)])

    assert told(made)[:5] == [
        (0, 50, False, "by hand"),
        (50, 100, False, "silence"),
        (100, 120, True, "by hand"),
        (120, 150, False, "silence"),
        (150, 200, False, "by hand"),
    ]


def test_keeping_what_is_kept_changes_nothing() -> None:
    assert edited(CUTS, [Decided(0, 50, keep=True), Decided(60, 140, keep=False)]) == CUTS


@pytest.mark.parametrize(
    "bad", [Decided(-1, 5, True), Decided(5, 5, True), Decided(9, 5, True), Decided(5, 301, True)]
)
def test_a_range_outside_the_film_is_refused_by_its_number(bad: Decided) -> None:
    with pytest.raises(InvalidInput, match="Decision 2") as caught:
        edited(CUTS, [Decided(0, 1, keep=True), bad])

    assert caught.value.details["decision"] == 2


def test_a_film_of_which_nothing_would_be_left_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Nothing of the film"):
        edited(CUTS, [Decided(0, 300, keep=False)])
    with pytest.raises(InvalidInput, match="Nothing of the film"):
        replaced(CUTS, [Decided(0, 300, keep=False)])


def test_a_whole_list_keeps_the_reasons_of_what_it_does_not_change() -> None:
    made = replaced(
        CUTS, [Decided(0, 60, keep=True), Decided(60, 150, keep=False), Decided(150, 300, keep=True)]
    )

    assert told(made) == [
        (0, 50, True, "sound"),
        (50, 60, True, "by hand"),
        (60, 150, False, "silence"),
        (150, 300, True, "sound"),
    ]


@pytest.mark.parametrize("spans", [[], [(0, 299)], [(0, 100), (99, 300)], [(1, 300)], [(0, 400)]])
def test_a_whole_list_that_does_not_cover_the_film_is_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(InvalidInput):
        replaced(CUTS, [Decided(start, end, keep=True) for start, end in spans])


def test_seconds_are_those_of_the_files_clock() -> None:
    assert in_frames(CUTS, 0.5, 0.5 + 1.001) == (0, 30)
    assert in_frames(CUTS, 0, 1e6) == (0, 300)


ranges = st.tuples(st.integers(0, 299), st.integers(1, 300), st.booleans()).filter(lambda r: r[0] < r[1])


@given(st.lists(ranges, max_size=6))
def test_deciding_at_once_is_deciding_one_by_one(some: list[tuple[int, int, bool]]) -> None:
    one_by_one = CUTS
    for start, end, keep in some:
        one_by_one = one_by_one.decided(start, end, keep=keep)
    if not one_by_one.kept_frames:
        return

    at_once = edited(CUTS, [Decided(*one) for one in some])

    assert at_once.kept == one_by_one.kept


@given(st.lists(ranges, max_size=6), st.lists(ranges, max_size=6))
def test_a_whole_list_says_what_is_kept(
    first: list[tuple[int, int, bool]], second: list[tuple[int, int, bool]]
) -> None:
    try:
        old, new = (edited(CUTS, [Decided(*one) for one in some]) for some in (first, second))
    except InvalidInput:
        return

    made = replaced(old, [Decided(span.start, span.end, span.keep) for span in new.spans])

    assert made.kept == new.kept
    assert replaced(old, [Decided(span.start, span.end, span.keep) for span in old.spans]) == old
