"""Owners, their plans, and what is counted against them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, func, select

from reelyard.core.accounts.models import Owner, Usage
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.db.session import Transaction

_AT_WORK = (BatchStatus.PROCESSING, BatchStatus.PAUSED)
_LIVE = (ItemStatus.PENDING, ItemStatus.UPLOADING, ItemStatus.PROCESSING)


def tier_names(tx: Transaction, owner_ids: Collection[str]) -> dict[str, str]:
    """The names of the owners' plans."""
    query = select(Owner.id, Owner.tier).where(Owner.id.in_(owner_ids))
    return {row[0]: row[1] for row in tx.session.execute(query)}


def lock_owner(tx: Transaction, owner_id: str) -> None:
    """Hold the owner's row, so that what is counted stands until the commit."""
    tx.session.execute(select(Owner.id).where(Owner.id == owner_id).with_for_update())


def batches_made(tx: Transaction, owner_id: str, since: datetime, limit: int) -> Sequence[datetime]:
    """When the owner's newest batches after `since` were made, newest first, deleted ones too."""
    query = (
        select(Batch.created_at)
        .where(Batch.owner_id == owner_id, Batch.created_at > since)
        .order_by(Batch.created_at.desc())
        .limit(limit)
    )
    return tx.session.scalars(query).all()


def seconds_since(tx: Transaction, owner_id: str, since: datetime) -> float:
    """Seconds of media completed for the owner from that moment on."""
    query = select(func.sum(Usage.media_s)).where(Usage.owner_id == owner_id, Usage.at >= since)
    return float(tx.session.scalar(query) or 0.0)


def seconds_under_way(tx: Transaction, owner_id: str) -> float:
    """Seconds of media in the owner's items that are ordered and have not ended; an unknown length counts as one."""
    unknown = case((LibraryFile.status == FileStatus.VERIFYING, 1.0), else_=0.0)
    query = (
        select(func.sum(func.coalesce(LibraryFile.duration_s, unknown)))
        .select_from(Item)
        .join(Batch, Batch.id == Item.batch_id)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .where(
            Batch.owner_id == owner_id,
            Batch.deleted_at.is_(None),
            Batch.status.in_(_AT_WORK),
            Item.status.in_(_LIVE),
            Item.requested.is_(True),
        )
    )
    return float(tx.session.scalar(query) or 0.0)


def bytes_stored(tx: Transaction, owner_id: str) -> int:
    """Bytes of the owner's originals, those announced among them."""
    query = select(func.sum(LibraryFile.size)).where(
        LibraryFile.owner_id == owner_id,
        LibraryFile.deleted_at.is_(None),
        LibraryFile.status.not_in((FileStatus.EXPIRED,)),
    )
    return int(tx.session.scalar(query) or 0)
