"""Whether an item has to wait for money: what others of its batch were granted and may not need."""

from __future__ import annotations

from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.db.session import Transaction
from reelyard.engine.course import Course


def must_wait(tx: Transaction, course: Course, batch: Batch, item: Item, file: LibraryFile) -> bool:
    """Whether the item's next stage may cost more than is left just now, while some is only set aside.

    It would fail for want of what others give back when they end. Once nobody of the batch is at work, what is left
    is all there will be, and the item has to do with it.
    """
    plan = course.plan(tx, batch, item)
    limit = plan.pipeline.spending_limit(plan.settings)
    if limit is None or runs.held(tx, batch.id) <= 0:
        return False
    step = course.step(tx, batch, item, file)
    if step is None:
        return False
    facts = runs.done_facts(tx, item.id, item.generation) if step.index else {}
    most = step.stage.price(plan.settings, course.inventory(plan.pipeline.name), facts)
    return most > max(0.0, limit - runs.charged(tx, batch.id))
