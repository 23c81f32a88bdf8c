"""What must hold of the database at any moment, each as a query for rows that break it.

`broken` runs after every step of the tests of states and faults, at the end of a storm, after a restore and
in `doctor`. The queries are plain SQL in `invariants.sql`; what needs the storage or the replay of events
is in `invariants_beyond`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reelyard.core import invariants_beyond as beyond
from reelyard.db.session import Database, Transaction
from reelyard.storage.storage import Storage

SHOWN = 20  # rows of a violation


@dataclass(frozen=True, slots=True)
class Violation:
    """One invariant that does not hold, and rows that show it."""

    id: str
    sentence: str
    rows: tuple[tuple[Any, ...], ...]

    def __str__(self) -> str:
        return f"{self.id}: {self.sentence} {self.rows}"


@dataclass(frozen=True, slots=True)
class Rule:
    """An invariant as SQL that finds what breaks it."""

    id: str
    sentence: str
    sql: str


def broken(db: Database, storage: Storage | None = None) -> list[Violation]:
    """Every invariant that does not hold now, in one consistent read; with `storage` of files too."""
    with db.read() as tx:
        found = list(_by_rows(tx))
        found += [Violation("I12", beyond.REPLAYED, rows) for rows in _some(beyond.not_replayed(tx))]
        if storage is not None:
            found += [Violation("I5", beyond.STORED, rows) for rows in _some(beyond.not_stored(tx, storage))]
            found += [Violation("I16", beyond.OWNED, rows) for rows in _some(beyond.left_over(tx, storage))]
    return found


def _by_rows(tx: Transaction) -> Iterable[Violation]:
    connection = tx.session.connection()
    for rule in rules():
        rows = connection.exec_driver_sql(rule.sql).fetchmany(SHOWN)
        if rows:
            yield Violation(rule.id, rule.sentence, tuple(tuple(row) for row in rows))


def _some(rows: list[tuple[Any, ...]]) -> list[tuple[tuple[Any, ...], ...]]:
    """One violation with the first of the rows, or none."""
    return [tuple(rows[:SHOWN])] if rows else []


@cache
def rules() -> tuple[Rule, ...]:
    """The queries of `invariants.sql`, in order."""
    text = Path(__file__).with_suffix(".sql").read_text("utf-8")
    found = re.findall(r"^-- (I\d+): (.+)\n((?:(?!-- I\d).*\n)+?.*);$", text, re.MULTILINE)
    return tuple(Rule(*each) for each in found)
