"""What holds of every pick, whatever waits and runs."""

from __future__ import annotations

import heapq
import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from reelyard.engine.fairness import (
    Account,
    Candidate,
    Deficits,
    Limits,
    Pick,
    Running,
    Slot,
    Yard,
    correct,
    pick,
)
from reelyard.pipeline.stage import Pool

OWNERS, BATCHES, WORKERS = ("ann", "bob", "cyd"), ("x", "y"), ("w1", "w2", "w3")
NEEDS = st.frozensets(st.sampled_from(["whisper", "espeak"]), max_size=2)


@st.composite
def yards(draw: st.DrawFn) -> Yard:
    keys = [f"{owner} {batch}" for owner in OWNERS for batch in BATCHES]
    counts = st.integers(0, 3)
    few = st.integers(1, 4)
    memory = {worker: draw(st.integers(0, 4000)) for worker in WORKERS}
    slots = tuple(
        Slot(worker, pool, draw(counts), memory[worker], draw(NEEDS))
        for worker in WORKERS
        for pool in (Pool.CPU, Pool.GPU)
        if draw(st.booleans())
    )
    running = Running(
        {key: draw(counts) for key in keys},
        {owner: draw(counts) for owner in OWNERS},
        draw(st.integers(0, 8)),
    )
    limits = Limits(
        {key: draw(few) for key in keys if draw(st.booleans())},
        {owner: draw(few) for owner in OWNERS if draw(st.booleans())},
        draw(st.none() | st.integers(1, 12)),
    )
    return Yard(running, limits, slots)


@st.composite
def waiting(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for number in range(draw(st.integers(0, 25))):
        owner = draw(st.sampled_from(OWNERS))
        found.append(
            Candidate(
                id=str(number),
                owner=owner,
                batch=f"{owner} {draw(st.sampled_from(BATCHES))}",
                pool=draw(st.sampled_from([Pool.CPU, Pool.GPU])),
                order=(0, number),
                estimated_s=draw(st.floats(0, 100)),
                priority=draw(st.integers(0, 10)),
                weight=1.0 + OWNERS.index(owner),
                admitted=draw(st.booleans()),
                needs=draw(NEEDS),
                memory_mb=draw(st.integers(0, 2000)),
            )
        )
    return found


@st.composite
def accounts(draw: st.DrawFn) -> Deficits:
    keys = [(pool, owner) for pool in (Pool.CPU, Pool.GPU) for owner in OWNERS]
    return {key: Account(draw(st.floats(-500, 500))) for key in keys if draw(st.booleans())}


class Tally:
    """Limits and room counted anew, as simply as possible."""

    def __init__(self, yard: Yard, picks: list[Pick]) -> None:
        self.yard = yard
        self.used = Counter((each.worker, each.candidate.pool) for each in picks)
        self.memory: Counter[str] = Counter()
        self.batches, self.owners = Counter(yard.running.batches), Counter(yard.running.owners)
        self.machine = yard.running.machine
        for each in picks:
            self.memory[each.worker] += each.candidate.memory_mb
            if not each.candidate.admitted:
                self.batches[each.candidate.batch] += 1
                self.owners[each.candidate.owner] += 1
                self.machine += 1

    def could_begin(self, candidate: Candidate) -> bool:
        limits = self.yard.limits
        room = candidate.admitted or (
            self.batches[candidate.batch] < limits.batches.get(candidate.batch, 999)
            and self.owners[candidate.owner] < limits.owners.get(candidate.owner, 999)
            and self.machine < (999 if limits.machine is None else limits.machine)
        )
        return room and any(
            slot.pool is candidate.pool
            and self.used[slot.worker, slot.pool] < slot.free
            and self.memory[slot.worker] + candidate.memory_mb <= slot.memory_mb
            and candidate.needs <= slot.has
            for slot in self.yard.slots
        )


@settings(max_examples=120, deadline=None)
@given(waiting(), yards(), accounts())
def test_each_pick_was_possible_and_none_that_was_possible_is_left(
    candidates: list[Candidate], yard: Yard, deficits: Deficits
) -> None:
    picks, _ = pick(candidates, yard, deficits)

    for number, each in enumerate(picks):
        before = Tally(yard, picks[:number])
        slot = next(
            slot for slot in yard.slots if (slot.worker, slot.pool) == (each.worker, each.candidate.pool)
        )
        assert before.could_begin(each.candidate)
        assert before.used[slot.worker, slot.pool] < slot.free
        assert before.memory[slot.worker] + each.candidate.memory_mb <= slot.memory_mb
        assert each.candidate.needs <= slot.has
    after = Tally(yard, picks)
    begun = {each.candidate.id for each in picks}
    assert len(begun) == len(picks)
    assert not [each for each in candidates if each.id not in begun and after.could_begin(each)]


@settings(max_examples=60, deadline=None)
@given(waiting(), yards(), accounts(), st.randoms())
def test_the_order_in_which_candidates_are_handed_over_does_not_matter(
    candidates: list[Candidate], yard: Yard, deficits: Deficits, chance: random.Random
) -> None:
    shuffled = candidates[:]
    chance.shuffle(shuffled)

    assert pick(candidates, yard, deficits) == pick(shuffled, yard, deficits)


class Endless:
    """Owners who always have something waiting, on a few slots: who got how many seconds of work?"""

    def __init__(
        self, weights: dict[str, float], slots: int, seed: int, misjudged: dict[str, float] | None = None
    ) -> None:
        self.weights, self.slots, self.misjudged = weights, slots, misjudged or {}
        self.chance = random.Random(seed)
        self.now = 0.0
        self.served: Counter[str] = Counter()
        self.deficits: Deficits = {}
        self.running: list[tuple[float, int, str, float, float]] = []
        self.number = 0
        self.queues = {owner: [self._next(owner) for _ in range(slots)] for owner in weights}

    def _next(self, owner: str) -> tuple[Candidate, float]:
        self.number += 1
        actual = self.chance.uniform(1.0, 60.0)
        estimate = actual * self.misjudged.get(owner, 1.0)
        weight = self.weights[owner]
        return Candidate(
            str(self.number), owner, owner, Pool.CPU, (0, self.number), estimate, weight=weight
        ), actual

    def step(self) -> list[str]:
        """Fill the free slots, then let the first stage end; the owners picked."""
        free = self.slots - len(self.running)
        offered = {each.id: (each, actual) for queue in self.queues.values() for each, actual in queue}
        yard = Yard(slots=(Slot("w", Pool.CPU, free, 0),))
        picks, self.deficits = pick([each for each, _ in offered.values()], yard, self.deficits)
        for each in picks:
            candidate, actual = offered[each.candidate.id]
            queue = self.queues[candidate.owner]
            queue[queue.index((candidate, actual))] = self._next(candidate.owner)
            heapq.heappush(
                self.running,
                (self.now + actual, int(candidate.id), candidate.owner, candidate.estimated_s, actual),
            )
        self.now, _, owner, estimate, actual = heapq.heappop(self.running)
        self.deficits = correct(self.deficits, owner, Pool.CPU, estimate, actual)
        self.served[owner] += int(actual * 1000)
        return [each.candidate.owner for each in picks]

    def shares(self, steps: int) -> dict[str, float]:
        for _ in range(steps):
            self.step()
        return {owner: self.served[owner] / weight for owner, weight in self.weights.items()}


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), min_size=2, max_size=5), st.integers(1, 6), st.integers()
)
def test_in_the_long_run_everybody_gets_his_share(weights: list[float], slots: int, seed: int) -> None:
    shares = Endless({f"o{number}": weight for number, weight in enumerate(weights)}, slots, seed).shares(800)

    assert max(shares.values()) / min(shares.values()) < 1.15


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([0.1, 0.5, 2.0, 10.0]), st.integers(1, 4), st.integers())
def test_wrong_estimates_do_not_change_the_shares(factor: float, slots: int, seed: int) -> None:
    shares = Endless({"ann": 1.0, "bob": 1.0}, slots, seed, {"ann": factor}).shares(800)

    assert max(shares.values()) / min(shares.values()) < 1.3


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 4), st.integers(), st.sampled_from([0.2, 1.0, 5.0]), st.floats(0.1, 100_000))
def test_a_newcomer_begins_after_a_few_picks_however_long_his_work_is(
    slots: int, seed: int, factor: float, length: float
) -> None:
    crowd = Endless({"ann": 1.0, "cyd": 1.0}, slots, seed, {"ann": factor})
    crowd.shares(80)

    newcomer = Candidate("0", "bob", "bob", Pool.CPU, (0, 0), length)
    crowd.weights["bob"] = 1.0
    crowd.queues["bob"] = [(newcomer, length)]
    owners: list[str] = []
    while "bob" not in owners:
        owners += crowd.step()

    assert len(owners) <= 4 + 2 * slots
