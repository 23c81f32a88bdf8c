"""Identifiers: random UUIDs as text, made by a function that tests replace by a counting one."""

from __future__ import annotations

import uuid
from collections.abc import Callable

NewId = Callable[[], str]


def new_id() -> str:
    """A random UUID (version 4) in its usual 36-character form."""
    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    """Whether `text` is a UUID in its usual form, so that it may stand in a query or a path."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
