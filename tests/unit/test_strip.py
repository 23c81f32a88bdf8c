"""The strip of a batch: drawn at once and kept up move by move it looks the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelyard.core.batches.states import ItemStatus
from reelyard.core.batches.strip import LETTERS, MOST_CELLS, cell_of, drawn, moved, unpacked

P, R, C, F = ItemStatus.PENDING, ItemStatus.PROCESSING, ItemStatus.COMPLETED, ItemStatus.FAILED


def test_a_small_batch_has_one_cell_for_each_item_in_order() -> None:
    assert drawn(enumerate([C, F, R, P]), 4) == ["c", "f", "r", "p"]


def test_an_empty_batch_has_no_cells() -> None:
    assert drawn([], 0) == []


@given(st.integers(1, 20_000))
def test_no_batch_has_more_than_two_hundred_cells_and_none_is_empty(total: int) -> None:
    cells = drawn(((position, P) for position in range(total)), total)

    assert len(cells) == min(total, MOST_CELLS)
    sizes = [unpacked(cell)[P] for cell in cells]
    assert sum(sizes) == total
    assert max(sizes) - min(sizes) <= 1


def test_ten_thousand_items_take_little_room() -> None:
    states = list(ItemStatus)

    cells = drawn(((position, states[position % 6]) for position in range(10_000)), 10_000)

    assert len(json.dumps(cells)) < 5_000


def test_a_cell_of_many_items_counts_its_states() -> None:
    cells = drawn([(position, C if position else F) for position in range(400)], 400)

    assert cells[0] == "cf"
    assert cells[1] == "c2"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 900),
    st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from([*ItemStatus, None])), max_size=60),
)
def test_moving_items_one_by_one_gives_the_strip_drawn_at_once(
    total: int, changes: list[tuple[int, ItemStatus | None]]
) -> None:
    now: dict[int, ItemStatus | None] = dict.fromkeys(range(total), P)
    cells = drawn(((position, P) for position in range(total)), total)

    for at, after in changes:
        position = at % total
        cells = moved(cells, total, position, now[position], after)
        now[position] = after

    assert cells == drawn(((at, status) for at, status in now.items() if status is not None), total)


def test_a_removed_item_leaves_its_cell_empty_and_the_others_in_place() -> None:
    assert moved(["c", "f", "p"], 3, 1, F, None) == ["c", "", "p"]


def test_an_added_item_appears_in_its_cell() -> None:
    assert moved(["c", ""], 2, 1, None, P) == ["c", "p"]


def test_a_strip_that_does_not_know_the_move_says_so() -> None:
    with pytest.raises(ValueError, match="no item that is failed"):
        moved(["c"], 1, 0, F, P)


@pytest.mark.parametrize("position", [-1, 3])
def test_positions_outside_of_the_batch_are_refused(position: int) -> None:
    with pytest.raises(IndexError):
        cell_of(3, position)


def test_every_state_has_a_letter_of_its_own() -> None:
    assert set(LETTERS) == set(ItemStatus)
    assert len(set(LETTERS.values())) == len(LETTERS)
