"""What the requests of the doors name: ids as they are kept, and the batch that one stands for."""

from __future__ import annotations

from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch
from reelyard.db.session import Transaction
from reelyard.errors import NotFound
from reelyard.kit.ids import is_id


def id_of(text: str, noun: str) -> str:
    """The id as it is kept; raises NotFound of that noun for a text that is none."""
    if not is_id(text):
        raise NotFound(f"There is no such {noun}.", noun=noun)
    return text.lower()


def batch_of(tx: Transaction, owner_id: str, given: str, pipeline: str) -> Batch:
    """The owner's batch of this pipeline, whichever client made it; raises NotFound, for malformed ids too."""
    batch = repository.batch_for_reading(tx, owner_id, id_of(given, "batch"))
    if batch.pipeline != pipeline:
        raise NotFound("There is no such batch.", noun="batch")
    return batch
