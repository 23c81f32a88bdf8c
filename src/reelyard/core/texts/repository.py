"""Transcripts in the database: found by id, in pages, and by their words in the way of each database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.texts.models import Transcript as Row
from reelyard.db.session import Transaction


@dataclass(frozen=True, slots=True)
class Found:
    """A transcript that holds the words looked for: where, and the words around them."""

    row: Row
    file_name: str
    batch_name: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the transcripts that match; `item_id` narrows them to one item's."""

    limit: int = 50
    offset: int = 0
    item_id: str | None = None


def row(tx: Transaction, transcript_id: str) -> Row | None:
    """A transcript for the indexing, which works for every owner; None when it is gone."""
    return tx.session.scalars(select(Row).where(Row.id == transcript_id)).one_or_none()


def row_of_item(tx: Transaction, owner_id: str, item_id: str) -> Row | None:
    """The transcript of the owner's item, if it has one."""
    query = select(Row).where(Row.item_id == item_id, Row.owner_id == owner_id)
    return tx.session.scalars(query).one_or_none()


def row_of_owner(tx: Transaction, owner_id: str, transcript_id: str) -> Row | None:
    """The owner's transcript, unless its batch was deleted."""
    query = (
        select(Row)
        .join(Batch, Batch.id == Row.batch_id)
        .where(Row.id == transcript_id, Row.owner_id == owner_id, Batch.deleted_at.is_(None))
    )
    return tx.session.scalars(query).one_or_none()


def without_text(tx: Transaction, limit: int) -> Sequence[Row]:
    """Transcripts whose text is still to be read from storage."""
    return tx.session.scalars(select(Row).where(Row.indexed.is_(False)).limit(limit)).all()


def ids_of(tx: Transaction, item_ids: Collection[str]) -> dict[str, str]:
    """Transcript ids by item."""
    query = select(Row.item_id, Row.id).where(Row.item_id.in_(item_ids))
    return {row[0]: row[1] for row in tx.session.execute(query)}


def newest_first(tx: Transaction, owner_id: str, page: Page) -> tuple[list[Found], int]:
    """The owner's transcripts, each with its beginning, and how many there are."""
    beginning = func.substr(Row.text, 1, 200)
    base = _with_names(select(Row, LibraryFile.name, Batch.name, beginning), owner_id)
    return _paged(tx, base, page, Row.created_at.desc())


def search(tx: Transaction, owner_id: str, words: str, page: Page) -> tuple[list[Found], int]:
    """The owner's transcripts in which all the words are found, best first, and how many."""
    match, rank, excerpt = _sqlite_search(words) if tx.is_sqlite else _postgres_search(words)
    base = _with_names(select(Row, LibraryFile.name, Batch.name, excerpt), owner_id)
    if tx.is_sqlite:
        index = table("transcripts_text")
        base = base.join(index, literal_column("transcripts_text.rowid") == Row.number)
    return _paged(tx, base.where(match), page, rank)


def _paged(tx: Transaction, base: Select[Any], page: Page, order: Any) -> tuple[list[Found], int]:
    if page.item_id is not None:
        base = base.where(Row.item_id == page.item_id)
    total = tx.session.execute(
        select(func.count()).select_from(base.with_only_columns(Row.id).subquery())
    ).scalar_one()
    found = tx.session.execute(base.order_by(order, Row.number).limit(page.limit).offset(page.offset))
    return [Found(*each) for each in found], total


def _with_names(query: Select[Any], owner_id: str) -> Select[Any]:
    """`query`, over the owner's transcripts that are served, with their files and batches."""
    return (
        query.join(Item, Item.id == Row.item_id)
        .join(LibraryFile, LibraryFile.id == Item.file_id)
        .join(Batch, Batch.id == Row.batch_id)
        .where(Row.owner_id == owner_id, Batch.deleted_at.is_(None), Item.served_generation.is_not(None))
    )


def _sqlite_search(words: str) -> tuple[Any, Any, Any]:
    terms = " ".join('"' + term.replace('"', '""') + '"' for term in words.split())
    match = text("transcripts_text MATCH :terms").bindparams(terms=terms)
    excerpt: Any = literal_column("snippet(transcripts_text, 0, '', '', ' … ', 24)")
    return match, literal_column("transcripts_text.rank"), excerpt


def _postgres_search(words: str) -> tuple[Any, Any, Any]:
    query = func.plainto_tsquery("simple", words)
    column: Any = literal_column("transcripts.search", TSVECTOR)
    excerpt = func.ts_headline("simple", Row.text, query, "StartSel='',StopSel='',MaxWords=24,MinWords=8")
    return column.op("@@")(query), func.ts_rank(column, query).desc(), excerpt
