"""Transactions: one writer at a time, any number of readers.

A request or a tick of the dispatcher is one `write()`; the rooms of the core get the open transaction
and never commit. On SQLite the writer holds one connection behind one lock of the process and begins
with BEGIN IMMEDIATE, since a second writer would only learn at commit that it was too late.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from reelyard.errors import DatabaseBusy, StorageFull
from reelyard.kit.clock import Clock

log = structlog.get_logger(__name__)

LOCK_WAIT_S = 5.0


@dataclass(slots=True)
class Transaction:
    """An open transaction: the session, its moment, and what is to happen around its commit."""

    session: Session
    now: datetime
    notes: dict[str, Any] = field(default_factory=dict)  # rooms keep here what they gather until the commit
    _before: list[Callable[[], None]] = field(default_factory=list)
    _after: list[Callable[[], None]] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        """Whether one lock holds the whole database, so that rows need none of their own."""
        return self.session.get_bind().dialect.name == "sqlite"

    def before_commit(self, action: Callable[[], None]) -> None:
        """Run `action` inside the transaction, just before it is committed."""
        self._before.append(action)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run `action` once the commit stands; never when it failed."""
        self._after.append(action)


class Database:
    """One database and the two ways into it."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.is_sqlite = url.startswith("sqlite")
        self._writer = (
            _engine(url, size=1, read_only=False) if self.is_sqlite else _engine(url, size=8, read_only=False)
        )
        self._reader = _engine(url, size=8, read_only=True) if self.is_sqlite else self._writer

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and for the invariants' plain SQL."""
        return self._writer

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Commit at the end of the block, roll back when it raises. Raises DatabaseBusy, StorageFull."""
        with self._turn(), _translated(), Session(self._writer, expire_on_commit=False) as session:
            transaction = Transaction(session, self._clock.now())
            with session.begin():
                if self.is_sqlite:
                    session.connection()  # takes the lock of the file before anything is read
                yield transaction
                for action in transaction._before:  # noqa: SLF001 - the two are one mechanism
                    action()
        for action in transaction._after:  # noqa: SLF001
            try:
                action()
            except Exception:
                log.exception(
                    "after_commit.failed"
                )  # what was committed stands: nobody may take it for undone

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Read a consistent state. Raises DatabaseBusy."""
        with _translated(), Session(self._reader, expire_on_commit=False) as session:
            yield Transaction(session, self._clock.now())

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._lock.acquire(timeout=LOCK_WAIT_S):
            raise DatabaseBusy
        try:
            yield
        finally:
            self._lock.release()


def sqlite_url(path: Path) -> str:
    """The address of a database in the file `path`."""
    return f"sqlite:///{path}"


def _engine(url: str, *, size: int, read_only: bool) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=size, pool_pre_ping=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0 if not read_only else 56,
        connect_args={"timeout": LOCK_WAIT_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we begin ourselves
        for pragma in _pragmas(read_only=read_only):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _pragmas(*, read_only: bool) -> tuple[str, ...]:
    common = ("PRAGMA foreign_keys=ON", "PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-16000")
    if read_only:
        return (*common, "PRAGMA query_only=ON")
    return ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *common)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        text = str(error.orig).lower()
        if "locked" in text or "busy" in text:
            raise DatabaseBusy from error
        if "full" in text:
            raise StorageFull(
                "There is no room left for the database.", hint="Free some space and try again."
            ) from error
        raise
