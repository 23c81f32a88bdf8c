"""How a cut list is carried out by copying: plans, and cuts moved to where copying begins."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from tests.support.cut_lists import cut_list, films_and_cuts, index_of, kept_frames

from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.heads import batches
from reelyard.tools.cutting.plan import Copy, Head, SmartPlan, plan
from reelyard.tools.cutting.snapping import snapped


def shown(piece: Head | Copy, index: FilmIndex) -> list[int]:
    if isinstance(piece, Head):
        return list(range(piece.start, piece.end))
    return sorted(index.order[packet] for packet in range(piece.first, piece.last))


def test_a_kept_range_is_copied_from_its_first_keyframe_to_a_whole_picture() -> None:
    index = index_of([25, 25, 25, 25], between=3)

    found = plan(cut_list(index, (0, 20), (59, 75)), index)

    assert found.pieces == (Head(20, 25), Copy(25, 25, 59), Copy(75, 75, 100))
    assert found.copied == ((5, 39), (39, 64))
    assert found.encoded == 5
    assert found.share == pytest.approx(5 / 64)
    assert found.decoded == 25


def test_pictures_that_wait_for_a_later_one_are_encoded() -> None:
    index = index_of([25], between=3)

    found = plan(cut_list(index, (11, 25)), index)

    assert found.pieces == (Copy(0, 0, 9), Head(9, 11))


def test_a_range_without_keyframe_is_encoded_whole() -> None:
    index = index_of([100])

    assert plan(cut_list(index, (0, 10), (20, 100)), index).pieces == (Head(10, 20),)


@given(films_and_cuts())
def test_a_plan_shows_exactly_what_is_kept_and_each_copy_stands_alone(
    case: tuple[FilmIndex, CutList],
) -> None:
    index, cuts = case

    found = plan(cuts, index)

    assert [frame for piece in found.pieces for frame in shown(piece, index)] == kept_frames(cuts)
    for piece in found.pieces:
        if isinstance(piece, Copy):
            assert piece.first in index.points
            assert piece.start == index.order[piece.first]
    assert SmartPlan.from_json(json.loads(json.dumps(found.to_json()))) == found


@given(films_and_cuts())
def test_batches_hold_all_heads_in_order(case: tuple[FilmIndex, CutList]) -> None:
    index, cuts = case
    heads = plan(cuts, index).heads

    assert tuple(head for batch in batches(heads, index) for head in batch) == heads


def test_cuts_in_silence_move_to_where_copying_begins_and_ends() -> None:
    index = index_of([25, 25, 25, 25], between=3)

    moved = snapped(cut_list(index, (31, 52)), index)

    assert [(span.start, span.end) for span in moved.spans if not span.keep] == [(34, 50)]
    assert {span.reason for span in moved.spans} == {Reason.SOUND, Reason.KEYFRAME, Reason.SILENCE}
    assert plan(moved, index).encoded == 0


def test_a_keyframe_too_far_from_a_cut_does_not_move_it() -> None:
    index = index_of([25, 75])

    assert snapped(cut_list(index, (10, 33)), index) == cut_list(index, (10, 33))
    assert snapped(cut_list(index, (10, 32)), index) == replace(
        cut_list(index, (10, 25)),
        spans=(
            Span(0, 10, keep=True, reason=Reason.SOUND),
            Span(10, 25, keep=False, reason=Reason.SILENCE),
            Span(25, 32, keep=True, reason=Reason.KEYFRAME),
            Span(32, 100, keep=True, reason=Reason.SOUND),
        ),
    )


def test_cuts_made_by_hand_stay_where_they_are() -> None:
    index = index_of([25, 25, 25, 25], between=3)
    cuts = cut_list(index, (31, 52), reason=Reason.BY_HAND)

    assert snapped(cuts, index) == cuts


def test_cuts_of_a_film_that_is_not_copied_stay_where_they_are() -> None:
    index = replace(index_of([25, 25], between=3), constant=False)
    cuts = cut_list(index, (11, 27))

    assert snapped(cuts, index) == cuts


@given(films_and_cuts())
def test_moving_cuts_only_shortens_silences_and_never_by_much(case: tuple[FilmIndex, CutList]) -> None:
    index, cuts = case

    moved = snapped(cuts, index)

    more = set(kept_frames(moved)) - set(kept_frames(cuts))
    assert set(kept_frames(cuts)) <= set(kept_frames(moved))
    assert plan(moved, index).encoded <= plan(cuts, index).encoded + len(more)
    for silence in (span for span in cuts.spans if not span.keep):
        left = [frame for frame in range(silence.start, silence.end) if frame not in more]
        if left:
            assert left[0] - silence.start <= 7
            assert silence.end - 1 - left[-1] <= 7
