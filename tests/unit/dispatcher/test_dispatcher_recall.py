"""What was handed out ahead is taken back where it should not begin any more."""

from __future__ import annotations

from tests.support.engine import Order, items_of
from tests.support.manual import Manual
from tests.support.ticking import at_work, item

from reelyard.engine.messages import Ending


def test_what_waits_behind_work_that_turned_out_long_is_taken_back_when_a_slot_is_idle(it: Manual) -> None:
    at_work(it, 6, Order(concurrency=6))
    first, *behind = [one for one in it.cluster.running.values() if one.worker == "slot-1"]
    for one in [one for one in it.cluster.running.values() if one.worker == "slot-2"]:
        it.cluster.end(
            one.attempt.key,
            it.cluster.outcome(one.attempt.key, Ending.REJECTED, code="asked_for", message="no"),
        )
    it.cluster.say_started(first.attempt.key)
    assert behind

    it.clock.advance(10)
    it.tick()

    assert not first.killed
    assert all(one.killed for one in behind)


def test_a_pause_takes_back_what_has_not_begun_and_lets_the_rest_end(it: Manual) -> None:
    owner, batch = at_work(it, 6, Order(concurrency=6))
    first, *behind = [one for one in it.cluster.running.values() if one.worker == "slot-1"]
    it.cluster.say_started(first.attempt.key)
    it.tick()

    with it.container.db.write() as tx:
        it.container.commands.pause(tx, owner, batch)
    it.tick()
    for one in behind:
        it.cluster.end(one.attempt.key, it.cluster.outcome(one.attempt.key, Ending.DISOWNED))
    it.tick()

    assert not first.killed
    assert {item(it, batch, int(n)).retry_count for n in range(1, 7)} == {0}
    assert [one.status for one in items_of(it.container, batch)].count("processing") < 6
