"""Percentages, throughput and time at work, in examples."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.core.batches.progress import (
    Throughput,
    active_seconds,
    batch_progress,
    ended_percentage,
    item_progress,
)
from reelyard.core.batches.states import Counts

SHARES = st.lists(st.floats(0, 100), min_size=1, max_size=6)


def test_an_item_advances_by_the_shares_of_its_stages() -> None:
    assert item_progress([3.0, 1.0], 0, 0.5) == pytest.approx(37.5)
    assert item_progress([3.0, 1.0], 1) == pytest.approx(75.0)


def test_an_item_is_at_a_hundred_only_when_every_stage_has_ended() -> None:
    assert item_progress([1.0, 1.0], 1, 1.0) == 99.9
    assert item_progress([1.0, 1.0], 2) == 100.0
    assert item_progress([], 0) == 100.0


def test_stages_without_shares_count_alike() -> None:
    assert item_progress([0.0, 0.0], 1) == 50.0


@given(SHARES, st.lists(st.floats(-1, 2), max_size=8))
def test_an_item_never_falls_back(shares: list[float], fractions: list[float]) -> None:
    steps = [(stage, fraction) for stage in range(len(shares) + 1) for fraction in sorted(fractions)]

    values = [item_progress(shares, stage, fraction) for stage, fraction in steps]

    assert all(0 <= value <= 100 for value in values)
    assert all(after >= before - 1e-9 for before, after in itertools.pairwise(values))


def test_running_items_count_with_their_fraction() -> None:
    counts = Counts(pending=5, processing=2, completed=2, failed=1)

    assert batch_progress(counts, [0.5, 0.25]) == pytest.approx(37.5)
    assert ended_percentage(counts) == pytest.approx(30.0)


def test_a_batch_is_at_a_hundred_only_when_all_items_have_ended() -> None:
    assert batch_progress(Counts(processing=1), [1.0]) == 99.9
    assert batch_progress(Counts(completed=1, cancelled=1)) == 100.0
    assert ended_percentage(Counts(completed=1, cancelled=1)) == 50.0


def test_an_empty_batch_is_at_nought() -> None:
    assert batch_progress(Counts()) == 0.0
    assert ended_percentage(Counts()) == 0.0


def test_throughput_is_unknown_until_something_has_finished() -> None:
    assert Throughput().mb_per_s(100.0) is None
    assert Throughput().after(0.0, 10).mb_per_s(0.0) is None


def test_throughput_is_megabytes_a_second_in_the_window() -> None:
    window = Throughput()
    for second in range(1, 301):
        window = window.after(float(second), 2_000_000 if second <= 200 else 5_000_000)

    assert window.mb_per_s(300.0) == pytest.approx(5.0)


def test_few_large_items_give_a_figure_too() -> None:
    window = Throughput()
    for number in range(1, 11):
        window = window.after(number * 600.0, 1_200_000_000)

    assert window.mb_per_s(6000.0) == pytest.approx(2.0)
    assert len(window.finished) <= 5


def test_throughput_falls_while_nothing_finishes() -> None:
    window = Throughput().after(10.0, 100_000_000)

    assert window.mb_per_s(20.0) == pytest.approx(5.0)
    assert window.mb_per_s(200.0) == pytest.approx(0.5)


def test_ten_thousand_quick_items_keep_the_window_short() -> None:
    window = Throughput()
    for number in range(10_000):
        window = window.after(1 + number / 100, 1_000_000)

    assert window.mb_per_s(101.0) == pytest.approx(100.0, rel=0.05)
    assert len(window.finished) < 70


def test_pauses_are_no_time_at_work() -> None:
    assert active_seconds(100.0, 200.0, []) == 100.0
    assert active_seconds(100.0, 200.0, [(120.0, 150.0), (190.0, None)]) == 60.0
    assert active_seconds(100.0, 110.0, [(120.0, None)]) == 10.0
    assert active_seconds(100.0, 90.0, []) == 0.0
