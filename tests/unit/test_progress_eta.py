"""The end of a batch, foretold and then lived through on a clock of its own."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelyard.core.batches.estimate import Estimate, Kind, Rates, Size, learn, rest, whole
from reelyard.core.batches.progress import Capacity, Eta, ItemLeft, StageLeft, eta

# Seconds of work for a second of media, and the pool: stages of unlike speed.
TRUTH = {"verify": (0.002, "light"), "transcribe": (0.4, "gpu"), "cut": (0.05, "cpu"), "export": (0.6, "cpu")}
STAGES = list(TRUTH)


def kind(stage: str) -> Kind:
    return Kind("video", stage, "tiny")


@dataclass
class Work:
    """An item as the world has it: how long each stage really takes."""

    media_s: float
    takes: list[float]
    stage: int = 0
    done_s: float = 0.0
    running: bool = False
    begun: bool = False


@dataclass
class World:
    """A batch at work, from one stage's end to the next, without any of the code that foretells it."""

    works: list[Work]
    concurrency: int
    slots: dict[str, int]
    rates: Rates = field(default_factory=dict)
    now: float = 0.0
    paused: bool = False

    @property
    def left(self) -> list[Work]:
        return [work for work in self.works if work.stage < len(STAGES)]

    def step(self) -> None:
        if not self.paused:
            self._place()
        running = [work for work in self.left if work.running]
        span = min([60.0, *(work.takes[work.stage] - work.done_s for work in running)])
        self.now += span
        for work in running:
            work.done_s += span
            if work.done_s >= work.takes[work.stage] - 1e-6:
                name = STAGES[work.stage]
                self.rates = learn(self.rates, kind(name), Size(work.media_s), work.takes[work.stage])
                work.stage, work.done_s, work.running = work.stage + 1, 0.0, False

    def _place(self) -> None:
        for work in sorted(self.left, key=lambda work: not work.begun):
            pool = TRUTH[STAGES[work.stage]][1]
            used = sum(each.running and TRUTH[STAGES[each.stage]][1] == pool for each in self.left)
            begun = sum(each.begun for each in self.left)
            if not work.running and used < self.slots[pool] and (work.begun or begun < self.concurrency):
                work.running = work.begun = True

    def told(self) -> Eta:
        ordered = sorted(self.left, key=lambda work: not work.begun)
        items = [ItemLeft(str(id(work)), self._stages(work), work.begun, work.running) for work in ordered]
        return eta(items, Capacity(self.concurrency, self.slots))

    def _stages(self, work: Work) -> tuple[StageLeft, ...]:
        found = []
        for index in range(work.stage, len(STAGES)):
            estimate = whole(self.rates, kind(STAGES[index]), Size(work.media_s))
            if index == work.stage and work.running:
                estimate = rest(estimate, work.done_s / work.takes[index], work.done_s)
            found.append(StageLeft(TRUTH[STAGES[index]][1], estimate))
        return tuple(found)


def world(count: int, concurrency: int, seed: int, slots: dict[str, int] | None = None) -> World:
    chance = random.Random(seed)
    works = []
    for _ in range(count):
        media_s = chance.uniform(60, 900)
        takes = [speed * media_s * chance.uniform(0.8, 1.25) for speed, _ in TRUTH.values()]
        works.append(Work(media_s, takes))
    return World(works, concurrency, slots or {"light": 1, "gpu": 1, "cpu": 4})


@pytest.mark.parametrize("concurrency", [1, 3, 10])
@pytest.mark.parametrize("slots", [{"light": 1, "gpu": 1, "cpu": 4}, {"light": 1, "gpu": 4, "cpu": 2}])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_third_of_the_work_the_end_is_known_within_a_quarter(
    concurrency: int, slots: dict[str, int], seed: int
) -> None:
    batch = world(30, concurrency, seed, slots)
    total = sum(sum(work.takes) for work in batch.works)
    told: list[tuple[float, float]] = []
    done = 0.0
    while batch.left:
        batch.step()
        done = sum(sum(work.takes[: work.stage]) + work.done_s for work in batch.works)
        if done >= total / 3 and batch.left:
            seconds = batch.told().seconds
            assert seconds is not None
            told.append((batch.now, seconds))

    # Of what was still to come, while that was a tenth of the whole or more: near the end a second is a lot.
    errors = [abs(at + eta_s - batch.now) / (batch.now - at) for at, eta_s in told if at < 0.9 * batch.now]
    assert errors
    assert max(errors) <= 0.25


def test_the_spread_is_narrow_and_mostly_holds_the_truth() -> None:
    hits, spreads = 0, []
    for seed in range(12):
        batch = world(24, 3, seed)
        while sum(work.stage == len(STAGES) for work in batch.works) < 8:
            batch.step()
        told, at = batch.told(), batch.now
        assert told.seconds is not None
        assert told.spread_s is not None
        spreads.append(told.spread_s / told.seconds)
        while batch.left:
            batch.step()
        hits += abs(at + told.seconds - batch.now) <= told.spread_s

    assert hits >= 8
    assert max(spreads) < 0.4


def test_a_pause_moves_the_end_by_its_own_length_only() -> None:
    batch = world(12, 3, 5)
    while sum(work.stage == len(STAGES) for work in batch.works) < 5:
        batch.step()
    batch.paused = True
    while any(work.running for work in batch.left):
        batch.step()
    before = batch.told().seconds
    for _ in range(100):
        batch.step()

    assert batch.told().seconds == before


def test_the_end_is_unknown_before_anything_has_ended_unless_there_is_a_history() -> None:
    fresh, second = world(4, 2, 1), world(4, 2, 2)
    assert fresh.told() == Eta(None, None, {})

    while fresh.left:
        fresh.step()
    second.rates = fresh.rates

    assert second.told().seconds is not None


def test_history_with_other_tools_says_nothing() -> None:
    rates = learn({}, Kind("video", "transcribe", "large"), Size(60.0), 600.0)

    assert whole(rates, Kind("video", "transcribe", "tiny"), Size(60.0)) is None


def seconds(value: float) -> Estimate:
    return Estimate(value, value * 0.1, value * 0.1)


def item(name: str, *stages: tuple[str, float], admitted: bool = False, running: bool = False) -> ItemLeft:
    left = tuple(StageLeft(pool, seconds(value)) for pool, value in stages)
    return ItemLeft(name, left, admitted or running, running)


def test_items_run_side_by_side_up_to_the_concurrency() -> None:
    items = [item(str(number), ("cpu", 10.0)) for number in range(6)]

    assert eta(items, Capacity(1, {"cpu": 9})).seconds == 60.0
    assert eta(items, Capacity(3, {"cpu": 9})).seconds == 20.0
    assert eta(items, Capacity(9, {"cpu": 2})).seconds == 30.0


def test_an_item_that_waits_for_the_gpu_holds_no_processor_slot() -> None:
    items = [item(str(number), ("cpu", 10.0), ("gpu", 30.0)) for number in range(3)]

    told = eta(items, Capacity(3, {"cpu": 1, "gpu": 1}))

    assert told.items == {"0": 40.0, "1": 70.0, "2": 100.0}


def test_running_and_begun_items_come_first() -> None:
    items = [
        item("running", ("cpu", 5.0), ("cpu", 10.0), running=True),
        item("begun", ("cpu", 4.0), admitted=True),
        item("waiting", ("cpu", 1.0)),
    ]

    told = eta(items, Capacity(2, {"cpu": 1}))

    assert told.items == {"running": 15.0, "begun": 19.0, "waiting": 20.0}


def test_an_item_that_waits_for_its_next_try_lets_others_pass() -> None:
    late = ItemLeft("late", (StageLeft("cpu", seconds(5.0)),), ready_in_s=60.0)

    assert eta([late, item("other", ("cpu", 20.0))], Capacity(1, {"cpu": 1})).items == {
        "late": 65.0,
        "other": 20.0,
    }


def test_without_a_slot_for_it_the_end_is_unknown() -> None:
    told = eta([item("a", ("cpu", 5.0)), item("b", ("gpu", 5.0))], Capacity(2, {"cpu": 1}))

    assert told == Eta(None, None, {"a": 5.0})


def test_a_running_item_knows_its_end_before_the_batch_does() -> None:
    unknown = ItemLeft("b", (StageLeft("cpu", None),))

    assert eta([item("a", ("cpu", 5.0), running=True), unknown], Capacity(2, {"cpu": 2})) == Eta(
        None, None, {"a": 5.0}
    )


def test_nothing_left_ends_now() -> None:
    assert eta([], Capacity(1, {})) == Eta(0.0, 0.0, {})
    assert eta([ItemLeft("a", ())], Capacity(1, {})) == Eta(0.0, 0.0, {"a": 0.0})


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["cpu", "gpu"]), st.floats(0, 1000)), max_size=4),
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 10),
    st.integers(1, 4),
)
def test_the_end_lies_between_the_longest_item_and_all_work_in_a_row(
    plan: list[list[tuple[str, float]]], concurrency: int, slots: int
) -> None:
    items = [item(str(number), *stages) for number, stages in enumerate(plan)]

    told = eta(items, Capacity(concurrency, {"cpu": slots, "gpu": 1}))

    lengths = [sum(value for _, value in stages) for stages in plan]
    assert told.seconds is not None
    assert told.spread_s is not None
    assert max(lengths) - 1e-6 <= told.seconds <= sum(lengths) + 1e-6
    assert told.spread_s >= 0


def test_ten_thousand_items_are_played_through_in_a_moment() -> None:
    items = [item(str(number), ("cpu", 5.0), ("gpu", 9.0), ("cpu", 2.0)) for number in range(10_000)]
    begin = time.perf_counter()

    eta(items, Capacity(10, {"cpu": 4, "gpu": 1}))

    assert time.perf_counter() - begin < 2.0


def test_a_rate_follows_a_machine_that_became_slower() -> None:
    rates: Rates = {}
    for _ in range(20):
        rates = learn(rates, kind("cut"), Size(100.0), 10.0)
    for _ in range(20):
        rates = learn(rates, kind("cut"), Size(100.0), 30.0)

    estimate = whole(rates, kind("cut"), Size(200.0))

    assert estimate is not None
    assert estimate.seconds == pytest.approx(60.0, rel=0.05)


def test_long_items_weigh_more_than_short_ones() -> None:
    rates = learn(learn({}, kind("cut"), Size(900.0), 90.0), kind("cut"), Size(100.0), 30.0)

    estimate = whole(rates, kind("cut"), Size(1000.0))

    assert estimate is not None
    assert estimate.seconds == pytest.approx(120.0)


def test_what_has_no_duration_is_weighed_by_bytes_and_apart() -> None:
    rates = learn({}, kind("cut"), Size(None, 2_000_000), 4.0)

    told = whole(rates, kind("cut"), Size(None, 10_000_000))

    assert told is not None
    assert told.seconds == pytest.approx(20.0)
    assert whole(rates, kind("cut"), Size(60.0, 10_000_000)) is None


def test_the_rest_of_a_running_stage_follows_its_own_pace_more_and_more() -> None:
    known = seconds(100.0)

    begun, half, nearly, over = (
        rest(known, fraction, elapsed)
        for fraction, elapsed in [(0.05, 40.0), (0.5, 100.0), (0.9, 180.0), (1.2, 200.0)]
    )

    assert begun is not None and begun.seconds == pytest.approx(95.0)  # noqa: PT018 - the second needs the first
    assert half is not None and half.seconds == pytest.approx(75.0)  # noqa: PT018
    assert nearly is not None and nearly.seconds == pytest.approx(19.0)  # noqa: PT018
    assert over is not None and over.seconds == 0.0  # noqa: PT018


def test_a_stage_of_unknown_kind_is_judged_by_its_own_pace_once_it_has_one() -> None:
    assert rest(None, 0.05, 5.0) is None
    assert rest(None, 0.5, 50.0) == Estimate(50.0, 25.0, 0.0)
