"""What paid servers may cost: never more than the batch's limit, whatever fails; and what a redo may take over."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files
from tests.support.manual import Manual, held
from tests.support.paid import NAMED_PAID, PAID

from reelyard.core.batches.models import Item
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Spending
from reelyard.engine.messages import Attempt, Ending


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Manual]:
    with held(tmp_path / "data", NAMED_PAID) as found:
        yield found


def batch_of(it: Manual, items: int, **settings: Any) -> tuple[str, str]:
    """A batch at work; its owner's id and its own."""
    owner = new_owner(it.container)
    files = ready_files(it.container, owner, [str(uuid.uuid4()) for _ in range(items)])
    batch = new_batch(it.container, owner, files, Order("paid", settings, concurrency=10))
    it.tick()
    return owner, batch


def drawing(it: Manual) -> dict[str, Attempt]:
    """The attempts at the paid stage that are under way, by key."""
    return {
        key: one.attempt
        for key, one in it.cluster.running.items()
        if one.attempt.stage == "draw" and not one.killed
    }


def end(it: Manual, key: str, spent: float, ending: Ending = Ending.DONE, **more: Any) -> None:
    """The attempt has spent that and ends so."""
    it.cluster.say_started(key)
    if ending is Ending.DONE:
        outcome = it.cluster.work(key, it.container.storage, PAID.stage("draw").makes)
    else:
        outcome = it.cluster.outcome(key, ending, **more)
    it.cluster.end(key, replace(outcome, spent=spent))
    it.tick(2)


def bind_all(it: Manual) -> None:
    """Let the free stages end that are under way."""
    for key in [key for key, one in it.cluster.running.items() if one.attempt.stage == "bind"]:
        it.cluster.end(key, it.cluster.work(key, it.container.storage, ("book",)))
    it.tick(2)


def charged(it: Manual, batch: str) -> float:
    with it.container.db.read() as tx:
        return runs.charged(tx, batch)


def spendings(it: Manual, batch: str) -> list[tuple[float, float | None]]:
    with it.container.db.read() as tx:
        rows = tx.session.scalars(
            select(Spending).where(Spending.batch_id == batch).order_by(Spending.at, Spending.run_id)
        )
        return [(row.granted, row.spent) for row in rows]


def item(it: Manual, batch: str) -> Item:
    return items_of(it.container, batch)[0]


def redo(it: Manual, owner: str, batch: str, **settings: Any) -> None:
    with it.container.db.write() as tx:
        it.container.commands.redo(tx, owner, batch, item(it, batch).id, settings)
    it.tick(2)


def test_items_at_work_at_once_are_given_no_more_than_the_limit_between_them(it: Manual) -> None:
    _, batch = batch_of(it, 4, price=1.0, limit=2.5)

    allowed = [attempt.allowance for attempt in drawing(it).values()]

    assert allowed == [1.0, 1.0]
    assert charged(it, batch) == 2.0


def test_what_an_attempt_did_not_need_is_there_for_the_next(it: Manual) -> None:
    _, batch = batch_of(it, 3, price=1.0, limit=2.0)
    first, second = drawing(it)

    end(it, first, 0.25)
    waits = set(drawing(it)) == {second}
    end(it, second, 0.5)
    bind_all(it)

    assert waits
    (third,) = drawing(it).values()
    assert third.allowance == 1.0
    assert charged(it, batch) == 0.25 + 0.5 + 1.0


def test_without_a_limit_an_attempt_may_spend_what_it_needs_and_it_is_counted(it: Manual) -> None:
    _, batch = batch_of(it, 1, price=3.0)
    ((key, attempt),) = drawing(it).items()

    end(it, key, 2.5)

    assert attempt.allowance is None
    assert spendings(it, batch) == [(3.0, 2.5)]


def test_a_stage_that_costs_nothing_is_not_counted(it: Manual) -> None:
    _, batch = batch_of(it, 1, price=0.0, limit=0.0)
    (key,) = drawing(it)

    end(it, key, 0.0)
    bind_all(it)

    assert spendings(it, batch) == []
    assert item(it, batch).status == "completed"


def test_a_limit_of_nothing_allows_nothing(it: Manual) -> None:
    batch_of(it, 1, price=1.0, limit=0.0)

    (attempt,) = drawing(it).values()

    assert attempt.allowance == 0.0


def test_an_attempt_that_was_lost_counts_with_all_that_it_was_granted(it: Manual) -> None:
    _, batch = batch_of(it, 1, price=1.0, limit=1.75)
    (key,) = drawing(it)
    it.cluster.say_started(key)

    it.cluster.lose(it.cluster.running[key].worker)
    it.tick(2)

    assert (1.0, None) in spendings(it, batch)
    (again,) = drawing(it).values()
    assert again.allowance == 0.75


def test_a_lost_worker_that_left_its_outcome_counts_with_what_it_spent(it: Manual) -> None:
    _, batch = batch_of(it, 1, price=1.0, limit=1.0)
    (key,) = drawing(it)
    it.cluster.say_started(key)
    attempt = it.cluster.running[key].attempt
    it.cluster.work(key, it.container.storage, PAID.stage("draw").makes)
    stored = f"{attempt.prefix}outcome.json"
    said = it.container.storage.read_bytes(stored).replace(b'"spent": 0.0', b'"spent": 0.125')
    it.container.storage.put_bytes(stored, said)

    it.cluster.lose(it.cluster.running[key].worker)
    it.tick(2)

    assert spendings(it, batch) == [(1.0, 0.125)]


def test_each_try_takes_from_what_the_ones_before_left(it: Manual) -> None:
    batch_of(it, 1, price=1.0, limit=1.2)
    allowed = []

    for _ in range(3):
        ((key, attempt),) = drawing(it).items()
        allowed.append(attempt.allowance)
        end(it, key, 0.5, Ending.RETRY, code="server_unavailable", message="Not now.")
        it.clock.advance(3600)
        it.tick(2)

    assert allowed == pytest.approx([1.0, 0.7, 0.2])


def test_an_attempt_that_yielded_is_settled_and_goes_on_with_what_is_left(it: Manual) -> None:
    _, batch = batch_of(it, 1, price=1.0, limit=1.0)
    (key,) = drawing(it)

    end(it, key, 0.4, Ending.YIELDED)

    assert (1.0, 0.4) in spendings(it, batch)
    (attempt,) = drawing(it).values()
    assert attempt.allowance == pytest.approx(0.6)


def test_what_was_cancelled_while_it_asked_counts_with_what_it_spent(it: Manual) -> None:
    owner, batch = batch_of(it, 1, price=1.0, limit=1.0)
    (key,) = drawing(it)
    it.cluster.say_started(key)
    with it.container.db.write() as tx:
        it.container.commands.cancel(tx, owner, batch)
    it.tick(2)
    before = charged(it, batch)

    it.cluster.end(key, replace(it.cluster.outcome(key, Ending.DISOWNED), spent=0.25))
    it.tick(2)

    assert (before, charged(it, batch)) == (1.0, 0.25)


def test_what_was_cancelled_and_never_told_counts_with_all_that_it_was_granted(it: Manual) -> None:
    owner, batch = batch_of(it, 1, price=1.0, limit=1.0)
    (key,) = drawing(it)
    it.cluster.say_started(key)
    with it.container.db.write() as tx:
        it.container.commands.cancel(tx, owner, batch)
    it.tick(2)

    it.cluster.lose(it.cluster.running[key].worker)
    it.tick(2)

    assert charged(it, batch) == 1.0


def test_an_item_waits_while_others_hold_what_it_may_need_and_not_longer(it: Manual) -> None:
    batch_of(it, 2, price=1.0, limit=1.5)
    ((first, attempt),) = drawing(it).items()

    end(it, first, 0.75)
    bind_all(it)

    (second,) = drawing(it).values()
    assert (attempt.allowance, second.allowance) == (1.0, 0.75)


def test_while_one_batch_waits_for_its_money_another_goes_on(it: Manual) -> None:
    batch_of(it, 3, price=1.0, limit=1.0)
    _, other = batch_of(it, 1, price=1.0)
    it.tick(2)

    assert len(drawing(it)) == 2
    assert charged(it, other) == 1.0


def test_an_item_for_which_too_little_is_left_fails_and_says_so(it: Manual) -> None:
    _, batch = batch_of(it, 1, price=1.0, limit=0.5)
    (key,) = drawing(it)

    end(it, key, 0.25, Ending.REJECTED, code="spending_limit", message="Too little is left.")

    failed = item(it, batch)
    assert (failed.status, failed.error_code) == ("failed", "spending_limit")
    assert drawing(it) == {}


def test_a_redo_with_a_higher_limit_may_spend_the_difference(it: Manual) -> None:
    owner, batch = batch_of(it, 1, price=1.0, limit=0.5)
    (key,) = drawing(it)
    end(it, key, 0.5, Ending.REJECTED, code="spending_limit", message="Too little is left.")

    redo(it, owner, batch, limit=1.25)

    (attempt,) = drawing(it).values()
    assert attempt.allowance == 0.75


def test_what_comes_from_the_cache_costs_nothing(it: Manual) -> None:
    owner, batch = batch_of(it, 1, price=1.0, limit=1.0)
    (key,) = drawing(it)
    end(it, key, 1.0)
    bind_all(it)

    redo(it, owner, batch, limit=1.0, price=2.0)

    assert drawing(it) == {}
    assert charged(it, batch) == 1.0
    assert item(it, batch).status == "completed"


def test_batches_do_not_spend_from_each_other(it: Manual) -> None:
    _, first = batch_of(it, 1, price=1.0, limit=1.0)
    _, second = batch_of(it, 1, price=1.0, limit=1.0)

    assert [attempt.allowance for attempt in drawing(it).values()] == [1.0, 1.0]
    assert (charged(it, first), charged(it, second)) == (1.0, 1.0)


def test_a_first_run_has_nothing_to_take_over(it: Manual) -> None:
    batch_of(it, 1)

    (attempt,) = drawing(it).values()

    assert attempt.earlier == {}


def test_a_redo_gets_what_the_stage_made_for_what_is_served_and_nothing_else_of_it(it: Manual) -> None:
    owner, batch = batch_of(it, 1)
    (key,) = drawing(it)
    end(it, key, 1.0)
    bind_all(it)

    redo(it, owner, batch, style="fancy")

    ((again, attempt),) = drawing(it).items()
    assert set(attempt.earlier) == {"picture"}
    assert it.container.storage.read_bytes(attempt.earlier["picture"]) == f"picture by {key}".encode()
    end(it, again, 1.0)
    assert [one.attempt.earlier for one in it.cluster.running.values()] == [{}]  # `bind` renews nothing


def test_after_a_redo_failed_the_next_still_gets_what_is_served(it: Manual) -> None:
    owner, batch = batch_of(it, 1)
    (key,) = drawing(it)
    end(it, key, 1.0)
    bind_all(it)
    redo(it, owner, batch, style="fancy")
    (again,) = drawing(it)
    end(it, again, 0.0, Ending.REJECTED, code="server_refused", message="No.")

    redo(it, owner, batch, style="fanciest")

    (attempt,) = drawing(it).values()
    assert it.container.storage.read_bytes(attempt.earlier["picture"]) == f"picture by {key}".encode()


def test_once_a_redo_is_completed_the_next_gets_what_that_made(it: Manual) -> None:
    owner, batch = batch_of(it, 1)
    (key,) = drawing(it)
    end(it, key, 1.0)
    bind_all(it)
    redo(it, owner, batch, style="fancy")
    ((again, attempt),) = drawing(it).items()
    old = attempt.earlier["picture"]
    end(it, again, 1.0)
    bind_all(it)

    redo(it, owner, batch, style="fanciest")

    (attempt,) = drawing(it).values()
    assert attempt.earlier["picture"] != old
    assert it.container.storage.read_bytes(attempt.earlier["picture"]) == f"picture by {again}".encode()
