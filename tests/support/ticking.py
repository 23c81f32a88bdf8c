"""What tests of the dispatcher say and ask, tick by tick."""

from __future__ import annotations

import uuid
from typing import Any

from tests.faults.pipelines import WORK
from tests.support.engine import (
    Order,
    items_of,
    new_batch,
    new_owner,
    ready_files,
)
from tests.support.manual import Manual

from reelyard.core.batches.models import Item

PLAIN = Order()


def fresh(number: int) -> list[str]:
    return [f"text {uuid.uuid4()}" for _ in range(number)]


def at_work(it: Manual, number: int, order: Order = PLAIN) -> tuple[str, str]:
    """A batch of so many items, after the first tick; its owner and its id."""
    owner = new_owner(it.container)
    batch = new_batch(it.container, owner, ready_files(it.container, owner, fresh(number)), order)
    it.tick()
    return owner, batch


def only(it: Manual) -> str:
    (key,) = it.cluster.running
    return key


def finish(it: Manual, key: str) -> None:
    stage = it.cluster.running[key].attempt.stage
    it.cluster.end(key, it.cluster.work(key, it.container.storage, WORK.stage(stage).makes))


def item(it: Manual, batch: str, position: int = 1) -> Item:
    return items_of(it.container, batch)[position - 1]


def gone(key: str) -> Any:
    from reelyard.engine.cluster import Ended

    return Ended(key, None)
