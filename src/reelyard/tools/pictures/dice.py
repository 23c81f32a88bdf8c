"""Chance that is the same every time: seeded by what it is for."""

from __future__ import annotations

from random import Random


def dice(*of: object) -> Random:
    """Numbers that depend on the parts named and nothing else."""
    return Random("/".join(str(part) for part in of))  # noqa: S311 - pictures, not secrets
