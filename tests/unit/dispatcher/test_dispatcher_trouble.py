"""What the dispatcher does when the database is busy, the storage is away, or we made a mistake."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from tests.faults.pipelines import WORK
from tests.support.engine import (
    Order,
    new_batch,
    new_owner,
    ready_files,
    wait_until,
)
from tests.support.manual import Manual
from tests.support.ticking import at_work, finish, fresh, gone, item, only

from reelyard.engine.messages import Told, Word
from reelyard.errors import DatabaseBusy, StorageUnavailable


@pytest.fixture
def looping(it: Manual) -> Iterator[Manual]:
    """The dispatcher's own thread runs."""
    dispatcher = it.container.dispatcher
    thread = threading.Thread(target=dispatcher._run, daemon=True)
    thread.start()

    yield it

    dispatcher._stopping.set()
    dispatcher.wake()
    thread.join()


def test_a_database_that_is_busy_for_a_while_loses_nothing(
    looping: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = looping
    _once(it, monkeypatch, DatabaseBusy())
    owner = new_owner(it.container)

    batch = new_batch(it.container, owner, ready_files(it.container, owner, fresh(1)))
    wait_until(lambda: len(it.cluster.running) == 1)
    _once(it, monkeypatch, DatabaseBusy())
    finish(it, only(it))

    wait_until(lambda: item(it, batch).stage == "parts")


def _once(it: Manual, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """The next look at what is disowned fails so."""
    watch = it.container.dispatcher._parts.watch
    real = watch.disowned

    def fail(*_: object) -> list[Any]:
        monkeypatch.setattr(watch, "disowned", real)
        raise error

    monkeypatch.setattr(watch, "disowned", fail)


def test_a_tick_that_breaks_on_a_mistake_of_ours_is_gone_through_message_by_message(
    looping: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = looping
    owner = new_owner(it.container)
    batch = new_batch(it.container, owner, ready_files(it.container, owner, fresh(2)), Order(concurrency=2))
    wait_until(lambda: len(it.cluster.running) == 2)
    bad, good = it.cluster.running
    _breaks_on(it, monkeypatch, bad, times=2)

    finish(it, bad)
    finish(it, good)

    wait_until(lambda: item(it, batch, 2).stage == "parts")
    wait_until(lambda: item(it, batch, 1).token > 1)  # it went back and was taken again
    assert item(it, batch, 1).stage == "prepare"


def _breaks_on(it: Manual, monkeypatch: pytest.MonkeyPatch, key: str, times: int) -> None:
    """Writing down the result of `key` fails so many times."""
    intake = it.container.dispatcher._parts.intake
    real = intake.apply
    left = [times]

    def apply(tx: Any, arrival: Any, **more: Any) -> None:
        if arrival.flight.key == key and left[0]:
            left[0] -= 1
            raise RuntimeError("a mistake of ours")
        real(tx, arrival, **more)

    monkeypatch.setattr(intake, "apply", apply)


def test_an_item_that_cannot_even_be_put_back_is_tried_again(
    looping: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = looping
    owner = new_owner(it.container)
    batch = new_batch(it.container, owner, ready_files(it.container, owner, fresh(1)))
    wait_until(lambda: len(it.cluster.running) == 1)
    _breaks_on(it, monkeypatch, only(it), times=3)

    finish(it, only(it))

    wait_until(lambda: item(it, batch).stage == "parts")


def test_a_message_that_breaks_while_the_database_is_busy_is_kept(
    it: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, batch = at_work(it, 1)
    dispatcher = it.container.dispatcher
    finish(it, only(it))
    dispatcher._held = dispatcher._drained()
    _once_apply(it, monkeypatch, DatabaseBusy())

    dispatcher._one_by_one()
    assert len(dispatcher._held) == 1
    it.tick()

    assert item(it, batch).stage == "parts"


def _once_apply(it: Manual, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    intake = it.container.dispatcher._parts.intake
    real = intake.apply

    def apply(*_: Any, **__: Any) -> None:
        monkeypatch.setattr(intake, "apply", real)
        raise error

    monkeypatch.setattr(intake, "apply", apply)


def test_messages_that_break_of_what_is_not_under_way_are_dropped(
    it: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatcher = it.container.dispatcher
    monkeypatch.setattr(dispatcher, "_take_in", lambda *_: 1 / 0)
    dispatcher._held = [gone("unknown:stage:1"), Told(Word.PART, "unknown:stage:1", "slot-1")]

    dispatcher._one_by_one()

    assert dispatcher._held == []


def test_an_outcome_that_cannot_be_read_now_is_read_later(
    it: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, batch = at_work(it, 1)
    key = only(it)
    it.cluster.work(key, it.container.storage, WORK.stages[0].makes)
    losses = it.container.dispatcher._parts.losses
    real = losses.stored
    monkeypatch.setattr(losses, "stored", lambda _flight: (_ for _ in ()).throw(StorageUnavailable()))
    it.cluster.lose(it.cluster.running[key].worker)

    with pytest.raises(StorageUnavailable):
        it.tick()
    monkeypatch.setattr(losses, "stored", real)
    it.tick()

    assert (item(it, batch).stage, item(it, batch).retry_count) == ("parts", 0)


def test_what_fails_after_a_commit_does_not_undo_it(it: Manual, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, batch = at_work(it, 3)
    with it.container.db.write() as tx:
        it.container.commands.cancel(tx, owner, batch)
    monkeypatch.setattr(it.container.dispatcher._parts.intake, "_drop", lambda _prefix: 1 / 0)
    for key in list(it.cluster.running):
        finish(it, key)
    it.tick(2)

    _, other = at_work(it, 1)

    assert item(it, other).status == "processing"
    assert len(it.container.dispatcher.flights) == len(it.cluster.running) == 1


def test_messages_of_a_broken_tick_are_written_down_one_by_one(
    it: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, batch = at_work(it, 2)
    bad, good = it.cluster.running
    finish(it, bad)
    finish(it, good)
    dispatcher = it.container.dispatcher
    dispatcher._held = dispatcher._drained()
    _breaks_on(it, monkeypatch, bad, times=1)

    dispatcher._one_by_one()

    assert (item(it, batch, 1).status, item(it, batch, 1).retry_count) == ("pending", 0)
    assert (item(it, batch, 2).status, item(it, batch, 2).stage) == ("processing", "parts")
