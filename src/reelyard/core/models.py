"""All tables at once, for migrations and checks: importing this registers every model."""

from __future__ import annotations

import importlib

from reelyard.db.base import Base

NOUNS = ("accounts", "batches", "library", "runs", "events", "texts", "requests", "exports")

for _noun in NOUNS:
    importlib.import_module(f"reelyard.core.{_noun}.models")

metadata = Base.metadata
