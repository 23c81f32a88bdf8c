"""Two tabs command one batch at the same moment: whatever happens can be told as one after the other."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.engine import Order, batch_of, items_of, new_batch, new_owner, ready_files
from tests.support.manual import Manual, held

from reelyard.bootstrap import Container
from reelyard.core.batches.commands import BatchCommands
from reelyard.core.batches.lifecycle import BatchAction, BatchStatus, next_batch
from reelyard.core.events.repository import since_batch
from reelyard.core.invariants import broken
from reelyard.engine.messages import Ending
from reelyard.errors import IllegalTransition, NothingToRetry, Refused

ACTIONS = {
    "batch.started": BatchAction.START,
    "batch.paused": BatchAction.PAUSE,
    "batch.resumed": BatchAction.RESUME,
    "batch.ended": BatchAction.CANCEL,
}


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Manual]:
    with held(tmp_path / "data") as found:
        yield found


def at_once(*doing: Callable[[], str]) -> list[str]:
    """Do all of it from one starting line, each in a thread; returns what each gave, in order."""
    line = threading.Barrier(len(doing))
    given: dict[int, str] = {}

    def run(number: int) -> None:
        line.wait()
        given[number] = doing[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [given[number] for number in range(len(doing))]


def asking(container: Container, do: Callable[[Any], Any]) -> Callable[[], str]:
    """“done”, or the code of the refusal."""

    def ask() -> str:
        try:
            with container.db.write() as tx:
                do(tx)
        except Refused as refused:
            return refused.code
        return "done"

    return ask


def calling(commands: BatchCommands, name: str, *given: Any) -> Callable[[Any], Any]:
    """The command of that name, to be given a transaction."""
    return lambda tx: getattr(commands, name)(tx, *given)


def ticking(it: Manual) -> Callable[[], str]:
    def tick() -> str:
        it.tick()
        return "done"

    return tick


def test_commands_from_two_tabs_at_once_are_one_after_the_other_and_losers_hear_why(it: Manual) -> None:
    chance = random.Random(3)
    owner = new_owner(it.container)
    (file,) = ready_files(it.container, owner, ["text"])
    commands = it.container.commands
    heard: Counter[str] = Counter()

    for _ in range(150):
        batch = new_batch(it.container, owner, [file], Order(start=chance.random() < 0.5))
        asked = [chance.choice(["start", "pause", "resume", "cancel"]) for _ in range(4)]
        answers = at_once(*[asking(it.container, calling(commands, name, owner, batch)) for name in asked])
        heard.update(answers)
        assert set(answers) <= {"done", IllegalTransition.code}
        done = Counter(name for name, answer in zip(asked, answers, strict=True) if answer == "done")
        _is_one_history(it, owner, batch, done)

    assert heard["done"] > 100
    assert heard[IllegalTransition.code] > 100
    assert not broken(it.container.db)


def _is_one_history(it: Manual, owner: str, batch: str, done: Counter[str]) -> None:
    """The events lead by lawful moves to where the batch is, and are what was answered."""
    with it.container.db.read() as tx:
        told = [ACTIONS[event.kind] for event in since_batch(tx, owner, batch, 0) if event.kind in ACTIONS]
    status = BatchStatus.PENDING
    for action in told:
        following = next_batch(status, action)
        assert following is not None
        status = following
    assert status == batch_of(it.container, batch).status
    answered = Counter(str(action) for action in told)
    assert all(answered[name] - number in (0, 1) for name, number in done.items())  # the first start was ours


def test_two_retries_of_one_item_at_once_make_one_new_generation(it: Manual) -> None:
    owner = new_owner(it.container)
    batch = new_batch(it.container, owner, ready_files(it.container, owner, ["text"]))
    commands = it.container.commands

    for generation in range(2, 12):
        it.tick()
        (key,) = it.cluster.running
        it.cluster.end(key, it.cluster.outcome(key, Ending.REJECTED, code="no", message="No."))
        it.tick()
        (item,) = items_of(it.container, batch)
        retry = asking(it.container, calling(commands, "retry", owner, batch, [item.id]))
        answers = at_once(retry, retry)
        (item,) = items_of(it.container, batch)
        assert sorted(answers) == ["done", NothingToRetry.code]
        assert (item.generation, item.status) == (generation, "pending")

    assert not broken(it.container.db)


def test_a_cancel_beside_a_claim_leaves_nothing_at_work(it: Manual) -> None:
    owner = new_owner(it.container)
    files = ready_files(it.container, owner, [f"text {n}" for n in range(4)])

    for _ in range(30):
        batch = new_batch(it.container, owner, files, Order(concurrency=4))
        at_once(asking(it.container, calling(it.container.commands, "cancel", owner, batch)), ticking(it))
        it.tick()
        for key, one in list(it.cluster.running.items()):
            assert one.killed
            it.cluster.end(key, it.cluster.outcome(key, Ending.DISOWNED))
        it.tick()
        assert {item.status for item in items_of(it.container, batch)} == {"cancelled"}

    assert not broken(it.container.db)
