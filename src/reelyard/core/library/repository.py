"""Library files in the database, for the engine: it works for every owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction


def load_files(tx: Transaction, file_ids: Collection[str]) -> Sequence[LibraryFile]:
    """The files, all at once."""
    return tx.session.scalars(select(LibraryFile).where(LibraryFile.id.in_(file_ids))).all()
