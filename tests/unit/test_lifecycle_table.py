"""Every cell of both tables against what was written down separately, row by row."""

from __future__ import annotations

import pytest

from reelyard import errors
from reelyard.core.batches import lifecycle
from reelyard.core.batches.lifecycle import (
    BatchAction,
    BatchStatus,
    Counts,
    ItemEvent,
    ItemSituation,
    ItemStatus,
)

BATCHES = """
from        start       pause   resume      cancel     retry       redo        add      reorder  delete settle
pending     processing  409     409         cancelled  409         processing  pending  pending  gone   -
processing  409         paused  409         cancelled  processing  processing  409      409      409    counts
paused      409         409     processing  cancelled  paused      paused      409      409      409    counts
completed   409         409     409         409        processing  processing  409      409      gone   -
failed      409         409     409         409        processing  processing  409      409      gone   -
cancelled   409         409     409         409        409         409         409      409      gone   -
"""

# t: token + 1, r: retry counted, b: backoff, g: generation + 1,
# k: children killed, a: upload aborted, q: stage queued again
ITEMS = """
from        up_begin   up_done  up_fail  up_expire  claim         ok         err_retryable  err_final
no_source   uploading  409      -        failed     never         stale      stale          failed
ready       409        409      -        -          processing+t  stale      stale          -
uploading   uploading  pending  pending  failed     never         stale      stale          failed
processing  409        409      -        -          never         completed  pending+rb     failed
completed   409        409      -        -          never         stale      stale          stale
failed      409        409      -        -          never         stale      stale          stale
cancelled   409        409      -        -          never         stale      stale          stale

from        lease_lost  drain      yield         time_out   cancel        retry       redo       remove
no_source   -           -          stale         failed     cancelled     409         409        gone
ready       -           -          stale         failed     cancelled     409         409        gone
uploading   -           -          stale         failed+a   cancelled+a   409         409        gone+a
processing  pending+tr  pending+t  processing+q  failed+tk  cancelled+tk  409         409        409
completed   -           -          stale         -          409           409         pending+g  409
failed      -           -          stale         -          409           pending+gr  pending+g  gone
cancelled   -           -          stale         -          409           409         409        gone
"""

EFFECTS = {
    "t": lifecycle.Effect.TOKEN,
    "r": lifecycle.Effect.RETRY,
    "b": lifecycle.Effect.BACKOFF,
    "g": lifecycle.Effect.GENERATION,
    "k": lifecycle.Effect.KILL,
    "a": lifecycle.Effect.ABORT,
    "q": lifecycle.Effect.REQUEUE,
}


def cells(text: str) -> list[tuple[str, str, str]]:
    found = []
    for block in text.strip().split("\n\n"):
        head, *rows = (line.split() for line in block.splitlines())
        found += [
            (row[0], column, cell) for row in rows for column, cell in zip(head[1:], row[1:], strict=True)
        ]
    return found


def situation_of(word: str) -> tuple[ItemStatus, bool]:
    if word in {"no_source", "ready"}:
        return ItemStatus.PENDING, word == "ready"
    return ItemStatus(word), True


def test_the_expectations_name_every_cell_once() -> None:
    assert {(s, a) for s, a, _ in cells(BATCHES)} == {(s, a) for s in BatchStatus for a in BatchAction}
    assert len(cells(BATCHES)) == 60
    assert {e for _, e, _ in cells(ITEMS)} == set(ItemEvent)
    assert (
        len({(s, e) for s, e, _ in cells(ITEMS)}) == len(cells(ITEMS)) == len(ItemSituation) * len(ItemEvent)
    )


@pytest.mark.parametrize(("state", "action", "expected"), cells(BATCHES))
def test_a_batch_moves_as_its_table_says(state: str, action: str, expected: str) -> None:
    status, verb = BatchStatus(state), BatchAction(action)

    if expected == "409":
        with pytest.raises(errors.IllegalTransition) as refusal:
            lifecycle.next_batch(status, verb)
        assert refusal.value.details == {
            "from": state,
            "action": action,
            "allowed": list(lifecycle.allowed(status)),
        }
    elif expected == "counts":
        assert lifecycle.next_batch(status, verb, Counts(pending=1)) is status
        assert lifecycle.next_batch(status, verb, Counts(completed=1)) is BatchStatus.COMPLETED
    elif expected == "-":
        assert lifecycle.next_batch(status, verb, Counts(completed=1)) is status
    elif expected == "gone":
        assert lifecycle.next_batch(status, verb) is None
    else:
        assert lifecycle.next_batch(status, verb) == expected


@pytest.mark.parametrize(("row", "event", "expected"), cells(ITEMS))
def test_an_item_moves_as_its_table_says(row: str, event: str, expected: str) -> None:
    status, ready = situation_of(row)
    verb = ItemEvent(event)

    if expected == "409":
        with pytest.raises(errors.IllegalTransition) as refusal:
            lifecycle.next_item(status, verb, source_ready=ready)
        assert refusal.value.state == status
        assert refusal.value.details["allowed"] == list(lifecycle.item_allowed(status, source_ready=ready))
    elif expected in {"stale", "never", "-"}:
        with pytest.raises(errors.StaleEvent):
            lifecycle.next_item(status, verb, source_ready=ready)
        sign = expected.replace("-", "—")
        assert lifecycle.ITEM_TABLE[verb][lifecycle.situation(status, source_ready=ready)] == sign
    else:
        to, _, letters = expected.partition("+")
        move = lifecycle.next_item(status, verb, source_ready=ready)
        assert move.to == (None if to == "gone" else to)
        assert move.effects == {EFFECTS[letter] for letter in letters}


@pytest.mark.parametrize("event", [ItemEvent.ERR_RETRYABLE, ItemEvent.LEASE_LOST])
def test_an_item_without_retries_left_fails_and_counts_none(event: ItemEvent) -> None:
    move = lifecycle.next_item(ItemStatus.PROCESSING, event, retries_left=False)

    assert move.to is ItemStatus.FAILED
    assert not move.effects & {lifecycle.Effect.RETRY, lifecycle.Effect.BACKOFF}


def test_ended_items_are_left_by_retry_redo_and_removal_only() -> None:
    ways_out = {
        event
        for event in ItemEvent
        for column in lifecycle.moves_of(event)
        if column in {ItemSituation.COMPLETED, ItemSituation.FAILED, ItemSituation.CANCELLED}
    }

    assert ways_out == {ItemEvent.RETRY, ItemEvent.REDO, ItemEvent.REMOVE}


def test_a_cancelled_item_or_batch_never_lives_again() -> None:
    item_ends = [
        moves[ItemSituation.CANCELLED].to
        for event in ItemEvent
        if ItemSituation.CANCELLED in (moves := lifecycle.moves_of(event))
    ]

    assert item_ends == [None]
    assert lifecycle.allowed(BatchStatus.CANCELLED) == (BatchAction.DELETE,)


def test_only_pending_items_with_their_file_are_claimed() -> None:
    assert list(lifecycle.moves_of(ItemEvent.CLAIM)) == [ItemSituation.READY]


def test_every_move_that_takes_an_item_from_its_worker_bumps_the_token() -> None:
    taken = [
        move
        for event in (
            ItemEvent.CLAIM,
            ItemEvent.LEASE_LOST,
            ItemEvent.DRAIN,
            ItemEvent.CANCEL,
            ItemEvent.TIME_OUT,
        )
        for column, move in lifecycle.moves_of(event).items()
        if column in {ItemSituation.PROCESSING, ItemSituation.READY} and move.to is not None
    ]

    from_work = [move for move in taken if lifecycle.Effect.TOKEN in move.effects]
    assert len(from_work) == 5
