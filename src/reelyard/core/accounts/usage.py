"""What was done for whom: a row for each item that was completed, kept for billing when its batch is gone."""

from __future__ import annotations

from datetime import datetime

from reelyard.core.accounts import repository
from reelyard.core.accounts.models import Usage
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction


def record(tx: Transaction, batch: Batch, item: Item, file: LibraryFile) -> None:
    """The item was completed: note what it took. A redo is another row."""
    tx.session.add(
        Usage(
            item_id=item.id,
            generation=item.generation,
            owner_id=item.owner_id,
            batch_id=batch.id,
            pipeline=batch.pipeline,
            media_s=file.duration_s or 0.0,
            bytes=file.size or 0,
            at=tx.now,
        )
    )


def seconds_used(tx: Transaction, owner_id: str) -> float:
    """Seconds of media that were completed for the owner in this calendar month of UTC."""
    return repository.seconds_since(tx, owner_id, month_of(tx.now))


def month_of(moment: datetime) -> datetime:
    """The first moment of its month."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
