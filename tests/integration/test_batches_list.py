"""The list of batches is read in order from an index, whatever it is sorted and filtered by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.core.batches.repository import SORTS, BatchQuery, list_batches
from reelyard.db.migrate import upgrade
from reelyard.db.session import Database, sqlite_url
from reelyard.kit.clock import SystemClock

QUERIES = {
    **{f"{sign}{name}": BatchQuery(sort=f"{sign}{name}") for name in SORTS for sign in ("", "-")},
    "in one state": BatchQuery(status="failed"),
    "of one pipeline": BatchQuery(pipeline="video"),
    "of one pipeline in one state": BatchQuery(pipeline="video", status="failed"),
    "by name": BatchQuery(text="talk"),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("list") / "reelyard.db"
    database = Database(sqlite_url(path), SystemClock())
    upgrade(database)
    yield database
    database.close()


def plans(database: Database, query: BatchQuery) -> list[str]:
    """How SQLite carries out each statement of the list."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    with database.read() as tx:
        engine = tx.session.get_bind()

        def hear(_c: object, _cursor: object, statement: str, values: tuple[object, ...], *_: object) -> None:
            asked.append((statement, values))

        event.listen(engine, "before_cursor_execute", hear)
        try:
            list_batches(tx, LOCAL_OWNER, query)
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        connection = tx.session.connection()
        return [
            " / ".join(
                str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            )
            for statement, values in asked
            if statement.startswith("SELECT")
        ]


@pytest.mark.parametrize("name", QUERIES)
def test_count_and_page_are_read_from_indexes(database: Database, name: str) -> None:
    count, page = plans(database, QUERIES[name])

    assert "USING COVERING INDEX" in count
    assert "USING INDEX" in page
    assert "TEMP B-TREE" not in page
    assert "owner_id=? AND deleted_at=?" in page


def test_every_index_is_there(database: Database) -> None:
    with database.read() as tx:
        query = text("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'batches'")
        found = {row[0] for row in tx.session.execute(query)}

    assert {
        f"ix_batches_owner_{name}"
        for name in ("created", "updated", "name", "priority", "status", "progress", "pipeline")
    } <= found
