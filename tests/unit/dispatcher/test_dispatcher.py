"""The dispatcher, tick by tick: time-outs, silence, waits and losses, without waiting for any of them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.faults.pipelines import UPGRADED, WORK
from tests.support.engine import (
    Order,
    batch_of,
    items_of,
    new_batch,
    new_owner,
    ready_files,
    runs_of,
    wait_until,
)
from tests.support.manual import Manual, manual
from tests.support.ticking import at_work, finish, fresh, gone, item, only

from reelyard.core.batches.lifecycle import ItemEvent
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.engine.messages import Ending, Told, Word
from reelyard.pipeline.registry import NAMED

HOUR = 3600.0


def test_an_item_goes_through_its_stages_and_its_batch_ends(it: Manual) -> None:
    _, batch = at_work(it, 1)

    for stage in WORK.stages:
        assert only(it).split(":")[1] == stage.name
        finish(it, only(it))
        it.tick()

    assert (batch_of(it.container, batch).status, item(it, batch).status) == ("completed", "completed")


def test_a_passing_fault_waits_longer_each_time_and_fails_when_all_retries_are_spent(it: Manual) -> None:
    _, batch = at_work(it, 1)
    waits = []

    for _ in range(3):
        it.cluster.end(only(it), it.cluster.outcome(only(it), Ending.RETRY, code="busy", message="Later."))
        it.tick()
        not_before = item(it, batch).not_before
        assert not_before is not None
        waits.append((not_before - it.clock.now()).total_seconds())
        it.clock.advance(waits[-1] - 0.1)
        it.tick()
        assert not it.cluster.running
        it.clock.advance(0.2)
        it.tick()
    it.cluster.end(only(it), it.cluster.outcome(only(it), Ending.RETRY, code="busy", message="Later."))
    it.tick()

    assert [48 <= waits[0] <= 72, 240 <= waits[1] <= 360, 240 <= waits[2] <= 360] == [True] * 3
    assert (item(it, batch).status, item(it, batch).error_code) == ("failed", "busy")


def test_running_out_of_memory_is_tried_again_once(it: Manual) -> None:
    _, batch = at_work(it, 1)

    for _ in range(2):
        it.cluster.end(
            only(it), it.cluster.outcome(only(it), Ending.RETRY, code="resource_limit", message="Full.")
        )
        it.tick()
        it.clock.advance(100)
        it.tick()

    assert (item(it, batch).status, item(it, batch).retry_count) == ("failed", 1)


def test_a_batch_without_progress_for_six_hours_of_work_times_out(it: Manual) -> None:
    _, batch = at_work(it, 3)
    for key in it.cluster.running:
        it.cluster.say_started(key)
    it.tick()

    for _ in range(7 * 6):
        for key in it.cluster.running:
            it.cluster.say_progress(key, 0.1)  # not silent, but nothing comes of it
        it.clock.advance(HOUR / 6)
        it.tick()

    ended = items_of(it.container, batch)
    assert batch_of(it.container, batch).status == "failed"
    assert {each.error_code for each in ended} == {"timed_out"}
    it.tick()
    assert all(one.killed for one in it.cluster.running.values())


def test_pauses_and_waiting_do_not_count_towards_the_time_out(it: Manual) -> None:
    owner, batch = at_work(it, 1)
    with it.container.db.write() as tx:
        it.container.commands.pause(tx, owner, batch)
    it.cluster.end(only(it), it.cluster.outcome(only(it), Ending.RETRY, code="busy", message="Later."))

    for _ in range(10):
        it.clock.advance(HOUR)
        it.tick()

    assert batch_of(it.container, batch).status == "paused"


def test_a_kept_part_is_progress(it: Manual) -> None:
    _, batch = at_work(it, 1)
    it.cluster.say_started(only(it))

    for hour in range(10):
        it.cluster.say_part(only(it), f"parts/{hour}")
        it.tick()
        for _ in range(7):
            it.cluster.say_progress(only(it), 0.1)
            it.clock.advance(HOUR / 7)
            it.tick()

    assert batch_of(it.container, batch).status == "processing"


def test_a_silent_stage_is_ended_and_tried_again_later(it: Manual) -> None:
    _, batch = at_work(it, 1)
    key = only(it)
    it.cluster.say_started(key)
    it.tick()

    it.clock.advance(WORK.stages[0].silence_s + 1)
    it.tick()
    assert it.cluster.running[key].killed
    it.cluster.end(key, it.cluster.outcome(key, Ending.DISOWNED))
    it.tick()

    assert (item(it, batch).status, item(it, batch).error_code) == ("pending", "stage_silent")
    assert item(it, batch).retry_count == 1


def test_the_stage_of_a_file_that_tells_how_far_it_is_is_not_silent(it: Manual) -> None:
    (file_id,) = ready_files(it.container, new_owner(it.container), fresh(1))
    with it.container.db.write() as tx:
        file = tx.session.get_one(LibraryFile, file_id)
        file.status, file.stage_index = FileStatus.VERIFYING, 0
    it.tick()
    key = only(it)
    it.cluster.say_started(key)

    for tenth in range(1, 10):
        it.clock.advance(400)
        it.cluster.say_progress(key, tenth / 10)
        it.tick()

    assert not it.cluster.running[key].killed


def test_an_owner_with_nothing_at_work_gets_room_after_five_seconds_by_one_yield(it: Manual) -> None:
    _, crowd = at_work(it, 6, Order(concurrency=6))
    for key in list(it.cluster.running):
        finish(it, key)
    it.tick()
    other = new_owner(it.container)
    batch = new_batch(it.container, other, ready_files(it.container, other, fresh(1)))
    busy = [one for one in it.cluster.running.values() if one.attempt.stage == "parts"]
    assert len(busy) == 2

    it.clock.advance(0.6)
    it.tick()
    assert not any(one.yielding for one in it.cluster.running.values())
    for _ in range(3):
        it.clock.advance(5.1)
        it.tick()
    (asked,) = [key for key, one in it.cluster.running.items() if one.yielding]
    it.cluster.end(asked, it.cluster.outcome(asked, Ending.YIELDED))
    it.tick()

    assert item(it, batch).status == "processing"
    yielded = next(one for one in items_of(it.container, crowd) if asked.startswith(one.id))
    assert (yielded.status, yielded.retry_count) == ("processing", 0)
    assert [run.status for run in runs_of(it.container, yielded)][-1] == "queued"


def test_what_a_lost_worker_had_stored_stands_and_the_stage_is_not_done_again(it: Manual) -> None:
    _, batch = at_work(it, 1)
    key = only(it)
    worker = it.cluster.running[key].worker
    it.cluster.say_started(key)
    it.cluster.work(key, it.container.storage, WORK.stages[0].makes)

    it.cluster.lose(worker)
    it.tick()

    assert (item(it, batch).stage, item(it, batch).retry_count) == ("parts", 0)


def test_of_all_that_a_lost_worker_had_only_the_first_is_charged(it: Manual) -> None:
    _, batch = at_work(it, 6, Order("noop", concurrency=6))
    worker = "slot-1"
    mine = [key for key, one in it.cluster.running.items() if one.worker == worker]
    assert len(mine) > 1

    for key in reversed(mine):  # the news may come in any order, and one by one
        del it.cluster.running[key]
        it.cluster._tell(gone(key))
        it.tick()

    charged = {one.id for one in items_of(it.container, batch) if one.retry_count}
    assert charged == {mine[0].split(":")[0]}


def test_a_result_under_an_old_token_is_refused_and_its_files_are_removed(it: Manual) -> None:
    _, batch = at_work(it, 1)
    key = only(it)
    attempt = it.cluster.running[key].attempt
    with it.container.db.write() as tx:  # as if another had taken it over
        row = tx.session.get_one(Item, item(it, batch).id)
        it.container.ledger.move_item(tx, tx.session.get_one(Batch, batch), row, ItemEvent.DRAIN)

    finish(it, key)
    it.tick()

    assert not it.container.storage.exists(f"{attempt.prefix}prepared")
    assert runs_of(it.container, item(it, batch))[0].status == "cancelled"


def test_a_cancelled_item_is_killed_and_what_it_gave_afterwards_is_dropped(it: Manual) -> None:
    owner, batch = at_work(it, 1)
    key = only(it)
    attempt = it.cluster.running[key].attempt

    with it.container.db.write() as tx:
        it.container.commands.cancel(tx, owner, batch)
    it.tick()
    assert it.cluster.running[key].killed
    finish(it, key)
    it.tick()

    assert item(it, batch).status == "cancelled"
    assert not it.container.storage.exists(f"{attempt.prefix}prepared")


def test_progress_is_shown_at_once_and_never_of_what_is_being_ended(it: Manual) -> None:
    owner, batch = at_work(it, 1)
    key = only(it)

    it.cluster.say_progress(key, 0.5)
    shown = it.container.board.of_batch(batch)
    with it.container.db.write() as tx:
        it.container.commands.cancel(tx, owner, batch)
    it.tick()
    it.cluster.say_progress(key, 0.6)
    it.container.dispatcher._hear(Told(Word.PROGRESS, "unknown:stage:1", "slot-1", 0.5))

    assert [round(each.progress) for each in shown] == [10]
    assert it.container.board.of_batch(batch) == []


def test_a_stop_puts_back_what_does_not_end_in_time_and_counts_no_retry(it: Manual, tmp_path: Path) -> None:
    _, batch = at_work(it, 2)
    for key in it.cluster.running:
        it.cluster.say_started(key)
    it.tick()

    it.container.dispatcher.stop(0.0)

    assert {(one.status, one.retry_count) for one in items_of(it.container, batch)} == {("pending", 0)}


def test_a_stop_ends_early_when_it_is_hurried(it: Manual) -> None:
    _, batch = at_work(it, 1)
    hurry = threading.Event()
    hurry.set()

    it.container.dispatcher.stop(1e9, hurry)

    assert item(it, batch).status == "pending"


def test_while_it_stops_results_are_taken_in_and_nothing_is_claimed(it: Manual) -> None:
    _, batch = at_work(it, 1)
    key = only(it)
    it.container.dispatcher._draining = True
    it.cluster.end(key, it.cluster.outcome(key, Ending.YIELDED))
    it.clock.advance(1)

    it.tick()

    assert (item(it, batch).status, item(it, batch).retry_count) == ("pending", 0)
    assert not it.cluster.running


def test_what_comes_late_of_what_is_not_under_way_changes_nothing(it: Manual) -> None:
    _, batch = at_work(it, 1)
    key = only(it)
    finish(it, key)
    it.tick()

    it.container.dispatcher._hear(Told(Word.PART, key, "slot-1", part="parts/late"))
    it.container.dispatcher._hear(gone(key))
    it.tick()

    assert (item(it, batch).stage, item(it, batch).retry_count) == ("parts", 0)


def test_work_that_was_done_before_is_taken_without_a_worker_and_the_next_looked_at_at_once(
    it: Manual,
) -> None:
    owner = new_owner(it.container)
    files = ready_files(it.container, owner, fresh(2))
    first = new_batch(it.container, owner, files, Order(concurrency=1))
    for _ in range(8):
        it.tick()
        for key in list(it.cluster.running):
            finish(it, key)
    assert batch_of(it.container, first).status == "completed"
    submitted = len(it.cluster.history)

    again = new_batch(it.container, owner, files, Order(concurrency=1))
    it.container.dispatcher._bell.clear()
    it.tick()
    assert it.container.dispatcher._bell.is_set()
    it.tick(3)

    assert batch_of(it.container, again).completed == 2
    assert len(it.cluster.history) == submitted


def test_the_dispatcher_lives_until_it_is_stopped_and_waits_for_what_runs(it: Manual) -> None:
    dispatcher = it.container.dispatcher
    dispatcher._thread = threading.Thread(target=dispatcher._run, daemon=True)
    owner = new_owner(it.container)
    batch = new_batch(it.container, owner, ready_files(it.container, owner, fresh(1)))
    assert not dispatcher.alive
    dispatcher._thread.start()
    assert dispatcher.alive
    wait_until(lambda: len(it.cluster.running) == 1)

    stopping = threading.Thread(target=dispatcher.stop, args=(1e9,))
    stopping.start()
    wait_until(lambda: any(one.yielding for one in it.cluster.running.values()))
    finish(it, only(it))
    stopping.join()

    assert not dispatcher.alive
    assert (item(it, batch).status, item(it, batch).stage_index) == ("pending", 1)


def test_a_restart_goes_on_with_what_was_queued(it: Manual) -> None:
    _, batch = at_work(it, 1)
    finish(it, only(it))
    it.tick()

    it.crash()
    again = manual(it.container.settings, it.clock)
    it.container, it.cluster = again.container, again.cluster
    it.tick()

    assert (only(it).split(":")[1], item(it, batch).retry_count) == ("parts", 0)


def test_after_an_upgrade_with_another_stage_an_item_begins_anew_and_takes_from_the_cache(
    it: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, batch = at_work(it, 1)
    finish(it, only(it))
    it.tick()

    it.crash()
    monkeypatch.setenv(NAMED, UPGRADED)
    again = manual(it.container.settings, it.clock)
    it.container, it.cluster = again.container, again.cluster
    it.tick()
    first = only(it)
    it.cluster.end(first, it.cluster.work(first, it.container.storage, ()))
    it.tick(2)

    assert first.split(":")[1] == "greet"
    assert only(it).split(":")[1] == "parts"  # what `prepare` made is there
    assert (item(it, batch).generation, item(it, batch).retry_count) == (2, 0)
