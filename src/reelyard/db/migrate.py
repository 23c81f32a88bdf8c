"""Bring a database to this version's schema, or back: Alembic, run from the package itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config

from reelyard.db.session import Database


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply every migration up to `revision`, all in one transaction."""
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back down to `revision` ("base" for an empty database)."""
    _run(database, lambda config: command.downgrade(config, revision))


def _run(database: Database, action: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        action(config)
