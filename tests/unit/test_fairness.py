"""Who is next, in examples that a person can follow."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reelyard.engine.fairness import (
    EVERYONE,
    Account,
    Candidate,
    Deficits,
    Limits,
    Running,
    Slot,
    Yard,
    correct,
    in_turn,
    pick,
)
from reelyard.engine.reasons import Delay, why
from reelyard.pipeline.stage import Pool


def item(owner: str, position: int = 0, seconds: float = 10.0, batch: str = "") -> Candidate:
    batch = batch or f"batch of {owner}"
    return Candidate(f"{batch}/{position}", owner, batch, Pool.CPU, (0, position), seconds)


def cpu(free: int, worker: str = "w", memory_mb: int = 8000, has: frozenset[str] = frozenset()) -> Slot:
    return Slot(worker, Pool.CPU, free, memory_mb, has)


def picked(candidates: list[Candidate], yard: Yard, deficits: Deficits | None = None) -> list[str]:
    return [each.candidate.id for each in pick(candidates, yard, deficits or {})[0]]


def test_owners_take_turns() -> None:
    candidates = [item("ann", position) for position in range(5)] + [
        item("bob", position) for position in range(5)
    ]

    owners = [each.candidate.owner for each in pick(candidates, Yard(slots=(cpu(4),)), {})[0]]

    assert owners == ["ann", "bob", "ann", "bob"]


def test_a_newcomer_passes_ten_thousand_waiting_items() -> None:
    crowd = [item("ann", position) for position in range(10_000)]
    deficits: Deficits = {}
    for round_ in range(20):
        _, deficits = pick(crowd[round_ * 2 :], Yard(slots=(cpu(2),)), deficits)

    picks, _ = pick([*crowd[40:], item("bob", seconds=3600.0)], Yard(slots=(cpu(2),)), deficits)

    assert "bob" in {each.candidate.owner for each in picks}


def test_a_higher_tier_gets_the_larger_share() -> None:
    free = [item("ann", position) for position in range(40)]
    pro = [replace(item("bob", position), weight=3.0) for position in range(40)]

    owners = [each.candidate.owner for each in pick([*free, *pro], Yard(slots=(cpu(40),)), {})[0]]

    assert owners.count("bob") == 30


def test_within_an_owner_begun_items_then_priority_then_order() -> None:
    late, early = item("ann", 7), item("ann", 2)
    urgent = replace(item("ann", 9, batch="other"), priority=9)
    begun = replace(item("ann", 8), id="second stage", admitted=True)

    order = picked([late, urgent, early, begun], Yard(slots=(cpu(4),)))

    assert order == ["second stage", "other/9", "batch of ann/2", "batch of ann/7"]


@pytest.mark.parametrize(
    ("running", "limits", "expected"),
    [
        (Running(), Limits(batches={"batch of ann": 2}), 2),
        (Running(batches={"batch of ann": 2}), Limits(batches={"batch of ann": 2}), 0),
        (Running(owners={"ann": 1}), Limits(owners={"ann": 3}), 2),
        (Running(machine=7), Limits(machine=8), 1),
        (Running(machine=9), Limits(machine=8), 0),
        (Running(), Limits(), 5),
    ],
)
def test_nobody_passes_a_limit(running: Running, limits: Limits, expected: int) -> None:
    candidates = [item("ann", position) for position in range(5)]

    assert len(picked(candidates, Yard(running, limits, (cpu(9),)))) == expected


def test_later_stages_need_no_place_under_the_limits() -> None:
    begun = replace(item("ann"), admitted=True)
    full = Yard(
        Running({"batch of ann": 1}, {"ann": 1}, 1), Limits({"batch of ann": 1}, {"ann": 1}, 1), (cpu(1),)
    )

    assert picked([begun], full) == ["batch of ann/0"]


def test_a_stage_goes_to_a_worker_that_has_what_it_needs_and_leaves_that_worker_free_otherwise() -> None:
    slots = (cpu(2, "rare", has=frozenset({"whisper"})), cpu(1, "plain"))
    plain, needy = item("ann", 0), replace(item("ann", 1), needs=frozenset({"whisper"}))

    picks, _ = pick([plain, needy], Yard(slots=slots), {})

    assert [(each.candidate.id, each.worker) for each in picks] == [
        ("batch of ann/0", "plain"),
        ("batch of ann/1", "rare"),
    ]


def test_of_equal_workers_the_emptiest_is_taken() -> None:
    picks, _ = pick([item("ann")], Yard(slots=(cpu(1, "a"), cpu(3, "b"))), {})

    assert picks[0].worker == "b"


def test_memory_is_shared_between_the_pools_of_a_worker() -> None:
    large = replace(item("ann", 0), memory_mb=6000)
    on_gpu = replace(item("ann", 1), pool=Pool.GPU, memory_mb=3000)
    slots = (cpu(2), Slot("w", Pool.GPU, 1, 8000))

    assert picked([large, on_gpu], Yard(slots=slots)) in (["batch of ann/0"], ["batch of ann/1"])


def test_one_that_does_not_fit_holds_nobody_up() -> None:
    too_large = replace(item("ann", 0), memory_mb=9000)

    assert picked([too_large, item("ann", 1), item("bob")], Yard(slots=(cpu(2),))) == [
        "batch of ann/1",
        "batch of bob/0",
    ]


def test_an_item_that_waits_for_the_gpu_holds_no_processor_slot() -> None:
    on_gpu = replace(item("ann", 0), pool=Pool.GPU)

    assert picked([on_gpu, item("ann", 1)], Yard(slots=(cpu(1), Slot("w", Pool.GPU, 0, 8000)))) == [
        "batch of ann/1"
    ]


def test_pools_take_turns_under_the_limit_of_the_installation() -> None:
    candidates = [item("ann", position) for position in range(9)]
    candidates += [replace(item("bob", position), pool=Pool.GPU) for position in range(9)]
    yard = Yard(Running(machine=3), Limits(machine=4), (cpu(9), Slot("w", Pool.GPU, 9, 8000)))
    deficits: Deficits = {}
    owners = []
    for _ in range(6):
        picks, deficits = pick(candidates, yard, deficits)
        owners += [each.candidate.owner for each in picks]

    assert owners.count("ann") == owners.count("bob") == 3


def test_a_pool_without_room_is_owed_one_place_at_most() -> None:
    gpu = replace(item("bob"), pool=Pool.GPU)
    deficits: Deficits = {}
    for position in range(50):
        _, deficits = pick([item("ann", position), gpu], Yard(slots=(cpu(1),)), deficits)

    assert deficits[Pool.CPU, EVERYONE].balance_s == -1.0


def test_nothing_waits_and_nothing_is_picked() -> None:
    assert pick([], Yard(slots=(cpu(1),)), {}) == ([], {})


def test_who_was_alone_owes_nothing_and_who_rests_loses_his_credit() -> None:
    rested: Deficits = {(Pool.CPU, "bob"): Account(500.0), (Pool.CPU, "cyd"): Account(-25.0, 2.0)}

    _, deficits = pick([item("ann", seconds=10.0)], Yard(slots=(cpu(1),)), rested)

    assert deficits[Pool.CPU, "ann"] == Account(0.0)
    assert (Pool.CPU, "bob") not in deficits
    assert deficits[Pool.CPU, "cyd"] == Account(-5.0, 2.0)  # her debt shrank, by her weight, with ann's


def test_a_stage_that_took_longer_is_paid_for_and_one_that_was_quicker_is_paid_back() -> None:
    charged: Deficits = {(Pool.CPU, "ann"): Account(-100.0, 2.0)}

    slower = correct(charged, "ann", Pool.CPU, 100.0, 130.0)
    quicker = correct(charged, "ann", Pool.CPU, 100.0, 30.0)

    assert slower[Pool.CPU, "ann"] == Account(-130.0, 2.0)
    assert quicker[Pool.CPU, "ann"] == Account(-30.0, 2.0)


def test_a_newcomer_begins_level_with_who_was_paid_back_most() -> None:
    paid_back: Deficits = {(Pool.CPU, "ann"): Account(900.0)}

    _, deficits = pick([item("ann"), replace(item("bob"), weight=2.0)], Yard(), paid_back)

    assert deficits[Pool.CPU, "bob"] == Account(1800.0, 2.0)


def test_the_queue_can_be_told_without_slots_or_limits() -> None:
    queue = in_turn(
        [item("ann", 0), item("ann", 1), replace(item("bob"), pool=Pool.GPU, needs=frozenset("x"))], {}
    )

    assert {each.id for each in queue} == {"batch of ann/0", "batch of ann/1", "batch of bob/0"}
    assert [each.id for each in queue if each.owner == "ann"] == ["batch of ann/0", "batch of ann/1"]


def test_two_hundred_candidates_are_judged_within_a_fraction_of_a_tick() -> None:
    candidates = [item(f"owner {number % 20}", number, 5.0 + number % 7) for number in range(200)]
    slots = tuple(cpu(1, f"w{number}") for number in range(10))
    yard = Yard(Running(), Limits(owners={f"owner {number}": 3 for number in range(20)}, machine=50), slots)

    def once() -> float:
        begin = time.perf_counter()
        pick(candidates, yard, {})
        return time.perf_counter() - begin

    assert min(once() for _ in range(40)) < 0.003


ANN = item("ann")
FULL = Running({"batch of ann": 2}, {"ann": 3}, 8)
GPU_ITEM = replace(ANN, pool=Pool.GPU)
BUSY_GPU = Slot("w", Pool.GPU, 0, 8000)


@pytest.mark.parametrize(
    ("yard", "expected"),
    [
        (Yard(FULL, Limits(batches={"batch of ann": 2}), (cpu(1),)), "2 of the batch's 2 slots busy"),
        (Yard(FULL, Limits(owners={"ann": 3}), (cpu(1),)), "3 of your 3 slots busy"),
        (Yard(FULL, Limits(machine=8)), "8 of the installation's 8 slots busy"),
        (Yard(FULL, Limits({"batch of ann": 3}, {"ann": 4}, 9), (cpu(0),)), "waits for its turn: it is next"),
    ],
)
def test_what_waits_for_a_limit_says_which(yard: Yard, expected: str) -> None:
    assert why(ANN, yard) == expected


@pytest.mark.parametrize(
    ("candidate", "slot", "expected"),
    [
        (GPU_ITEM, cpu(1), "needs the GPU, and there is none"),
        (GPU_ITEM, BUSY_GPU, "needs the GPU, which is busy"),
        (replace(ANN, needs=frozenset({"whisper"})), cpu(1), "needs whisper, and no worker has it"),
        (replace(ANN, memory_mb=9000), cpu(1), "needs 9000 MB of memory, 8000 MB are free"),
    ],
)
def test_what_waits_for_a_worker_says_what_is_lacking(
    candidate: Candidate, slot: Slot, expected: str
) -> None:
    assert why(candidate, Yard(slots=(slot,))) == expected


def test_what_waits_for_its_turn_says_how_many_are_before_it() -> None:
    busy = Yard(slots=(cpu(0),))

    assert why(ANN, busy, Delay(ahead=3)) == "waits for its turn: 3 before it"
    assert why(replace(ANN, admitted=True), busy, Delay(ahead=1)) == "waits for a processor slot: 1 before it"


def test_what_may_not_begin_yet_says_until_when() -> None:
    later = datetime(2031, 5, 6, 12, 5, tzinfo=UTC)

    assert why(ANN, Yard(), Delay(paused=True, not_before=later)) == "paused"
    assert why(ANN, Yard(), Delay(not_before=later)) == "waits until 12:05 to try again"
