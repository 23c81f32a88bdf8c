"""Figures and sentences as the front ends of the doors show them. Pure."""

from __future__ import annotations

import math


def per_cent(value: float) -> int:
    """Whole per cent, rounded down: 100 is said of what has ended only."""
    return max(0, min(100, math.floor(value)))


def seconds_left(seconds: float | None) -> int | None:
    """Whole seconds, rounded up: 0 is said of what has ended only."""
    return None if seconds is None else math.ceil(seconds)


def sentence(message: str | None, hint: str | None, *, otherwise: str) -> str:
    """What went wrong and the way out, as one text; `otherwise` when nothing is known."""
    return " ".join(part for part in (message, hint) if part) or otherwise


def places(messages: int, seq: int) -> list[int]:
    """The numbers that the messages of event `seq` carry: the last its own, those before it the one before.

    Who loses the connection in between gets all of them again.
    """
    return [seq - 1] * (messages - 1) + [seq] * min(1, messages)
