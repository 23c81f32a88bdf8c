"""The questions beside the tables: how a batch settles, what may be claimed, retried and started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reelyard import errors
from reelyard.core.batches import lifecycle
from reelyard.core.batches.lifecycle import BatchAction, BatchStatus, Claimable, Counts, ItemEvent, ItemStatus

NOW = datetime(2031, 5, 6, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(completed=2), BatchStatus.COMPLETED),
        (Counts(completed=1, failed=9, cancelled=3), BatchStatus.COMPLETED),
        (Counts(failed=1, cancelled=5), BatchStatus.FAILED),
        (Counts(failed=4), BatchStatus.FAILED),
        (Counts(cancelled=4), BatchStatus.CANCELLED),
        (Counts(), BatchStatus.CANCELLED),
        (Counts(completed=9, pending=1), None),
        (Counts(completed=9, uploading=1), None),
        (Counts(completed=9, processing=1), None),
        (Counts(completed=1, pending=3, unrequested=2), None),
        (Counts(completed=1, pending=3, unrequested=3), BatchStatus.PENDING),
        (Counts(failed=1, pending=1, uploading=1, unrequested=2), BatchStatus.PENDING),
    ],
)
def test_a_batch_settles_by_its_items(counts: Counts, expected: BatchStatus | None) -> None:
    assert lifecycle.settled(counts) is expected


@pytest.mark.parametrize("status", [BatchStatus.PROCESSING, BatchStatus.PAUSED])
def test_a_batch_whose_last_item_ended_settles_even_while_it_is_paused(status: BatchStatus) -> None:
    assert lifecycle.next_batch(status, BatchAction.SETTLE, Counts(failed=1)) is BatchStatus.FAILED


def test_a_batch_that_waits_for_requests_goes_back_to_pending_unless_it_is_paused() -> None:
    waiting = Counts(completed=1, pending=2, unrequested=2)

    assert lifecycle.next_batch(BatchStatus.PROCESSING, BatchAction.SETTLE, waiting) is BatchStatus.PENDING
    assert lifecycle.next_batch(BatchStatus.PAUSED, BatchAction.SETTLE, waiting) is BatchStatus.PAUSED


def test_settling_without_counts_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="counts"):
        lifecycle.next_batch(BatchStatus.PROCESSING, BatchAction.SETTLE)


def test_counts_add_up() -> None:
    counts = Counts(pending=1, uploading=2, processing=3, completed=4, failed=5, cancelled=6, unrequested=1)

    assert counts.live == 6
    assert counts.total == 21


def test_what_is_offered_fits_the_state_and_the_items() -> None:
    ended = Counts(completed=2)

    assert BatchAction.RETRY in lifecycle.allowed(BatchStatus.COMPLETED)
    assert lifecycle.allowed(BatchStatus.COMPLETED, ended) == (BatchAction.REDO, BatchAction.DELETE)
    assert lifecycle.allowed(BatchStatus.PENDING, Counts()) == (
        BatchAction.CANCEL,
        BatchAction.ADD,
        BatchAction.DELETE,
    )
    assert lifecycle.allowed(BatchStatus.PROCESSING, Counts(failed=1, processing=1)) == (
        BatchAction.PAUSE,
        BatchAction.CANCEL,
        BatchAction.RETRY,
        BatchAction.REDO,
    )


def test_a_refusal_names_the_state_and_the_way_out() -> None:
    with pytest.raises(errors.IllegalTransition) as refusal:
        lifecycle.next_batch(BatchStatus.PAUSED, BatchAction.START)

    assert str(refusal.value) == (
        "The batch is paused, which does not allow “start”. Possible now: resume, cancel, retry, redo."
    )


def test_an_item_offers_what_its_owner_may_do() -> None:
    assert lifecycle.item_allowed(ItemStatus.FAILED) == (ItemEvent.RETRY, ItemEvent.REDO, ItemEvent.REMOVE)
    assert lifecycle.item_allowed(ItemStatus.PENDING, source_ready=False) == (
        ItemEvent.UP_BEGIN,
        ItemEvent.REMOVE,
    )
    assert lifecycle.item_allowed(ItemStatus.PROCESSING) == ()


def test_ended_states_say_so() -> None:
    assert [status for status in BatchStatus if status.ended] == ["completed", "failed", "cancelled"]
    assert [status for status in ItemStatus if status.ended] == ["completed", "failed", "cancelled"]


READY = Claimable(ItemStatus.PENDING, source_ready=True)


@pytest.mark.parametrize(
    ("batch", "item", "running", "expected"),
    [
        (BatchStatus.PROCESSING, READY, 0, True),
        (BatchStatus.PROCESSING, READY, 2, True),
        (BatchStatus.PROCESSING, READY, 3, False),
        (BatchStatus.PAUSED, READY, 0, False),
        (BatchStatus.PENDING, READY, 0, False),
        (BatchStatus.CANCELLED, READY, 0, False),
        (BatchStatus.PROCESSING, Claimable(ItemStatus.PENDING, source_ready=False), 0, False),
        (BatchStatus.PROCESSING, Claimable(ItemStatus.UPLOADING, source_ready=False), 0, False),
        (BatchStatus.PROCESSING, Claimable(ItemStatus.FAILED, source_ready=True), 0, False),
        (BatchStatus.PROCESSING, Claimable(ItemStatus.PENDING, source_ready=True, requested=False), 0, False),
    ],
)
def test_a_claim_needs_the_batch_running_the_file_the_request_and_room(
    batch: BatchStatus, item: Claimable, running: int, expected: bool
) -> None:
    assert lifecycle.may_claim(batch, item, running, 3, NOW) is expected


@pytest.mark.parametrize(("wait_s", "expected"), [(-1, True), (0, True), (1, False)])
def test_a_claim_waits_until_the_next_try_is_due(wait_s: int, expected: bool) -> None:
    item = Claimable(ItemStatus.PENDING, source_ready=True, not_before=NOW + timedelta(seconds=wait_s))

    assert lifecycle.may_claim(BatchStatus.PROCESSING, item, 0, 1, NOW) is expected


def test_the_fourth_loss_of_a_worker_fails_an_item_with_three_retries() -> None:
    outcomes, retries = [], 0
    for _ in range(4):
        left = lifecycle.may_retry_automatically(retries, 3)
        move = lifecycle.next_item(ItemStatus.PROCESSING, ItemEvent.LEASE_LOST, retries_left=left)
        retries += lifecycle.Effect.RETRY in move.effects
        outcomes.append(move.to)

    assert outcomes == [ItemStatus.PENDING] * 3 + [ItemStatus.FAILED]
    assert retries == 3


def test_start_needs_every_file() -> None:
    with pytest.raises(errors.FilesMissing, match=r"2 of 5 files have not arrived yet\."):
        lifecycle.check_start(Counts(pending=3, uploading=2), missing=2)


@pytest.mark.parametrize(
    ("counts", "reason"), [(Counts(), "no files"), (Counts(failed=2), "Every item has ended")]
)
def test_start_needs_something_to_do(counts: Counts, reason: str) -> None:
    with pytest.raises(errors.NothingToDo, match=reason):
        lifecycle.check_start(counts, missing=0)


@pytest.mark.parametrize("counts", [Counts(pending=1, failed=1), Counts(uploading=1)])
def test_start_takes_failed_files_and_files_still_being_verified(counts: Counts) -> None:
    lifecycle.check_start(counts, missing=0)


def test_retry_needs_a_failed_item() -> None:
    lifecycle.check_retry(Counts(failed=1))
    with pytest.raises(errors.NothingToRetry):
        lifecycle.check_retry(Counts(completed=1))


def test_trying_again_needs_the_file() -> None:
    lifecycle.check_source("talk.mp3", there=True)
    with pytest.raises(errors.SourceMissing, match=r"talk\.mp3"):
        lifecycle.check_source("talk.mp3", there=False)


def test_a_redo_starts_only_a_batch_that_waits_for_requests() -> None:
    lifecycle.check_redo(BatchStatus.PENDING, on_request=True)
    lifecycle.check_redo(BatchStatus.COMPLETED, on_request=False)
    with pytest.raises(errors.IllegalTransition) as refusal:
        lifecycle.check_redo(BatchStatus.PENDING, on_request=False)
    assert BatchAction.REDO not in refusal.value.allowed
