"""Library files: an owner's, in pages and by themselves, and the engine's, which works for every owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs.models import Artifact, SubjectKind
from reelyard.db.session import Transaction
from reelyard.errors import NotFound


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


def file_of_owner(tx: Transaction, owner_id: str, file_id: str) -> LibraryFile:
    """The owner's file; raises NotFound."""
    query = select(LibraryFile).where(
        LibraryFile.id == file_id, LibraryFile.owner_id == owner_id, LibraryFile.deleted_at.is_(None)
    )
    file = tx.session.scalars(query).one_or_none()
    if file is None:
        raise NotFound("There is no such file in your library.", noun="file")
    return file


@dataclass(frozen=True, slots=True)
class FileQuery:
    """What to list of a library."""

    text: str | None = None
    kind: str | None = None
    status: str | None = None
    limit: int = 50
    offset: int = 0


def list_files(tx: Transaction, owner_id: str, query: FileQuery) -> tuple[Sequence[LibraryFile], int]:
    """One page of the library, newest first, and how many match."""
    where = [LibraryFile.owner_id == owner_id, LibraryFile.deleted_at.is_(None)]
    if query.text:
        where.append(LibraryFile.name.icontains(query.text, autoescape=True))
    if query.kind:
        where.append(LibraryFile.kind == query.kind)
    if query.status:
        where.append(LibraryFile.status == query.status)
    total = tx.session.execute(select(func.count()).select_from(LibraryFile).where(and_(*where))).scalar_one()
    page = select(LibraryFile).where(and_(*where)).order_by(LibraryFile.created_at.desc(), LibraryFile.id)
    return tx.session.scalars(page.limit(query.limit).offset(query.offset)).all(), total


def batches_of(tx: Transaction, file: LibraryFile) -> list[tuple[str, str, str]]:
    """In which batches a file is: id, name and status of each, the newest first."""
    query = (
        select(Batch.id, Batch.name, Batch.status)
        .join(Item, Item.batch_id == Batch.id)
        .where(Item.file_id == file.id, Batch.deleted_at.is_(None))
        .order_by(Batch.created_at.desc())
    )
    return [(batch_id, name, status) for batch_id, name, status in tx.session.execute(query)]


def originals_of_none_but(tx: Transaction, batch_id: str) -> Sequence[LibraryFile]:
    """What was uploaded for this batch and is in no other."""
    elsewhere = (
        select(Item.file_id)
        .join(Batch, Batch.id == Item.batch_id)
        .where(Item.batch_id != batch_id, Batch.deleted_at.is_(None))
    )
    query = select(LibraryFile).where(
        LibraryFile.for_batch_id == batch_id,
        LibraryFile.deleted_at.is_(None),
        LibraryFile.id.not_in(elsewhere),
    )
    return tx.session.scalars(query).all()


def made_of(tx: Transaction, file_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """What was made of library files (thumbnail.jpg, levels.json): blob keys by file and role, the newest."""
    query = (
        select(Artifact.subject_id, Artifact.role, Artifact.blob_key)
        .where(Artifact.subject_kind == SubjectKind.FILE, Artifact.subject_id.in_(file_ids))
        .order_by(Artifact.revision)
    )
    made: dict[str, dict[str, str]] = {}
    for file_id, role, key in tx.session.execute(query):
        made.setdefault(file_id, {})[role] = key
    return made
