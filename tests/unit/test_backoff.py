"""Waiting before a retry, and many that are due at once."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.core.batches.backoff import RetryBudget, Schedule, delay_s


@pytest.mark.parametrize(("retry", "expected"), [(1, 60), (2, 300), (3, 900), (4, 900), (40, 900)])
def test_retries_wait_one_five_and_fifteen_minutes(retry: int, expected: float) -> None:
    assert delay_s(Schedule(), retry, lambda: 0.5) == pytest.approx(expected)


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_chance_moves_a_delay_by_a_fifth_at_most(retry: int, chance: float) -> None:
    middle = delay_s(Schedule(), retry, lambda: 0.5)

    assert 0.8 * middle <= delay_s(Schedule(), retry, lambda: chance) <= 1.2 * middle


def test_no_delay_passes_the_cap_and_the_spread_is_kept_below_it() -> None:
    schedule = Schedule(delays_s=(1000.0,), cap_s=60.0)

    assert delay_s(schedule, 1, lambda: 0.999999) == pytest.approx(60.0, rel=1e-3)
    assert delay_s(schedule, 1, lambda: 0.0) == pytest.approx(40.0)


@pytest.mark.parametrize(
    "values", [{"delays_s": ()}, {"delays_s": (-1.0,)}, {"jitter": 1.0}, {"jitter": -0.1}]
)
def test_a_schedule_that_makes_no_sense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="delay"):
        Schedule(**values)  # type: ignore[arg-type]


def test_retries_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        delay_s(Schedule(), 0, lambda: 0.5)


def test_ten_thousand_items_that_failed_together_do_not_come_back_together() -> None:
    chance = random.Random(7).random

    due = Counter(int(delay_s(Schedule(), 1, chance)) for _ in range(10_000))

    assert max(due.values()) / (10_000 / len(due)) <= 3


def test_ten_thousand_items_due_in_the_same_moment_begin_at_a_steady_rate() -> None:
    budget, waiting, tick_s = RetryBudget(trickle_per_s=200.0), 10_000, 0.02
    begun: Counter[int] = Counter()
    for tick in range(100_000):
        budget = budget.refilled(tick_s)
        count, budget = budget.granted(waiting)
        waiting -= count
        begun[int(tick * tick_s)] += count
        if not waiting:
            break

    assert waiting == 0
    assert max(begun.values()) / (10_000 / len(begun)) <= 1.1


def test_second_tries_stay_at_a_tenth_of_the_first_ones_and_a_trickle() -> None:
    budget, granted = RetryBudget(trickle_per_s=1.0), 0
    for _ in range(600):
        budget = budget.refilled(1.0, first_tries=100)
        count, budget = budget.granted(10_000)
        granted += count

    assert granted <= 600 * (100 * 0.1 + 1.0)
    assert granted >= 600 * 100 * 0.09


def test_nothing_is_saved_up_for_a_peak() -> None:
    rested = RetryBudget(trickle_per_s=5.0).refilled(3600.0)

    assert rested.granted(1000)[0] == 5


def test_a_slow_trickle_still_lets_one_through() -> None:
    budget = RetryBudget(trickle_per_s=0.01).refilled(60.0)
    assert budget.granted(3)[0] == 0

    assert budget.refilled(60.0).granted(3)[0] == 1


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        RetryBudget().refilled(-1.0)
