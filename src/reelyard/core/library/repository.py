"""Library files in the database, for the engine: it works for every owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Transaction


def load_files(tx: Transaction, file_ids: Collection[str]) -> Sequence[LibraryFile]:
    """The files, all at once."""
    return tx.session.scalars(select(LibraryFile).where(LibraryFile.id.in_(file_ids))).all()


def files_of_owner(tx: Transaction, owner_id: str, file_ids: Collection[str]) -> Sequence[LibraryFile]:
    """Those of the files that are in the owner's library."""
    query = select(LibraryFile).where(
        LibraryFile.id.in_(file_ids), LibraryFile.owner_id == owner_id, LibraryFile.deleted_at.is_(None)
    )
    return tx.session.scalars(query).all()


def tokens_of_files(tx: Transaction, file_ids: Collection[str]) -> dict[str, int]:
    """The tokens under which these files may be worked on; a deleted one has none."""
    query = select(LibraryFile.id, LibraryFile.token).where(
        LibraryFile.id.in_(file_ids), LibraryFile.deleted_at.is_(None)
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}
