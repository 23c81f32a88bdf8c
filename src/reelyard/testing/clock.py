"""A clock that stands still until it is told to move: time-outs and waits are tested without waiting."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class ManualClock:
    """`kit.clock.Clock`; safe to move from another thread."""

    def __init__(self, now: datetime = NOON) -> None:
        self._lock = threading.Lock()
        self._now = now
        self._monotonic = 1_000.0

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic

    def advance(self, seconds: float) -> None:
        """Time passes, on both clocks."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """The wall clock is set to another time, forwards or back; no time passes."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
