"""The ways of files into the library: one owner's, a batch's, those that are left behind."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from reelyard.core.batches.models import Item
from reelyard.core.library.models import LibraryFile, Upload, UploadStatus
from reelyard.db.session import Transaction
from reelyard.errors import NotFound


def upload_of_owner(tx: Transaction, owner_id: str, upload_id: str) -> tuple[Upload, LibraryFile]:
    """The owner's upload and its file; raises NotFound."""
    query = (
        select(Upload, LibraryFile)
        .join(LibraryFile, LibraryFile.id == Upload.file_id)
        .where(Upload.id == upload_id, Upload.owner_id == owner_id)
    )
    row = tx.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such upload.", noun="upload")
    return row[0], row[1]


def open_uploads_for(tx: Transaction, batch_id: str) -> list[tuple[Upload, LibraryFile]]:
    """What is still to come for this batch alone."""
    query = (
        select(Upload, LibraryFile)
        .join(LibraryFile, LibraryFile.id == Upload.file_id)
        .where(LibraryFile.for_batch_id == batch_id, Upload.status == UploadStatus.OPEN)
    )
    return [(upload, file) for upload, file in tx.session.execute(query)]


def still_open(tx: Transaction, upload_ids: Collection[str]) -> set[str]:
    """Those of the uploads that somebody may go on with."""
    query = select(Upload.id).where(Upload.id.in_(upload_ids), Upload.status == UploadStatus.OPEN)
    return set(tx.session.scalars(query))


def overdue_uploads(tx: Transaction) -> Sequence[Upload]:
    """Open uploads whose time is over."""
    query = select(Upload).where(Upload.status == UploadStatus.OPEN, Upload.expires_at <= tx.now)
    return tx.session.scalars(query).all()


def awaited_for(tx: Transaction, batch_id: str) -> dict[str, Upload]:
    """The open uploads in one piece that items of the batch wait for, by file."""
    query = (
        select(Upload)
        .join(Item, Item.file_id == Upload.file_id)
        .where(Item.batch_id == batch_id, Upload.status == UploadStatus.OPEN, Upload.parts == 1)
    )
    return {upload.file_id: upload for upload in tx.session.scalars(query)}
