"""Named fault points: where a test may end or freeze this process, at exactly that line.

Off unless the environment variable REELYARD_FAULTS says "point:action[:n]", several with commas between:
the n-th time (from 1) that the process comes by, it is killed (`kill`: SIGKILL), frozen (`stop`: SIGSTOP)
or gets an error (`break`). With REELYARD_FAULTS_SPENT naming a folder, each fault happens once in all
processes together: it leaves a file there. Never set either outside of tests.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self

from reelyard.errors import BadSetting

FAULTS = "REELYARD_FAULTS"
SPENT = "REELYARD_FAULTS_SPENT"


class Point(StrEnum):
    """Every named point, in the order in which an item comes by them."""

    UPLOAD_BEFORE_ACK = "upload_before_ack"
    SEAL_BEFORE_COMMIT = "seal_before_commit"
    BEFORE_CLAIM_COMMIT = "before_claim_commit"
    AFTER_CLAIM_COMMIT = "after_claim_commit"
    MID_STAGE = "mid_stage"
    PART_BEFORE_KEPT = "part_before_kept"
    OUTPUT_BEFORE_STORED = "output_before_stored"
    AFTER_OUTPUT_BEFORE_OUTCOME = "after_output_before_outcome"
    AFTER_OUTCOME_BEFORE_RETURN = "after_outcome_before_return"
    BEFORE_RESULT_COMMIT = "before_result_commit"
    AFTER_RESULT_COMMIT = "after_result_commit"
    EXPORT_BEFORE_COMPLETED = "export_before_completed"


class Action(StrEnum):
    """What may happen at a point."""

    KILL = "kill"
    STOP = "stop"
    BREAK = "break"


class FaultAsked(Exception):  # noqa: N818 - it is no error of ours
    """What a fault point with the action `break` raises."""


@dataclass(slots=True)
class Faults:
    """What is to happen at which point; counts how often each was passed."""

    plan: Mapping[Point, tuple[Action, int]]  # action, and at which passage
    spent: Path | None = None
    _passed: dict[Point, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self | None:
        """None when no fault is asked for; raises BadSetting."""
        text = environment.get(FAULTS, "")
        if not text:
            return None
        spent = environment.get(SPENT)
        return cls(dict(_fault(part) for part in text.split(",")), Path(spent) if spent else None)

    def reach(self, point: Point) -> None:
        """The process comes by `point`."""
        wanted = self.plan.get(point)
        if wanted is None:
            return
        action, at = wanted
        with self._lock:
            self._passed[point] = self._passed.get(point, 0) + 1
            due = self._passed[point] == at and self._first(point)
        if due:
            _happen(point, action)

    def _first(self, point: Point) -> bool:
        if self.spent is None:
            return True
        try:
            os.close(os.open(self.spent / point, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        return True


def reach(point: Point) -> None:
    """Come by a named point: nothing, unless the environment asks for a fault there."""
    if _FAULTS is not None:
        _FAULTS.reach(point)


def _happen(point: Point, action: Action) -> None:
    if action is Action.BREAK:
        raise FaultAsked(point)
    os.kill(os.getpid(), signal.SIGKILL if action is Action.KILL else signal.SIGSTOP)


def _fault(text: str) -> tuple[Point, tuple[Action, int]]:
    try:
        name, action, *number = text.strip().split(":")
        at = int(number[0]) if number else 1
        return Point(name), (Action(action), at)
    except ValueError:
        known = ", ".join(Point)
        raise BadSetting(
            f"“{text}” is not a fault point.",
            hint=f"{FAULTS} holds point:kill|stop|break[:n]; the points are {known}.",
        ) from None


_FAULTS = Faults.from_environment(os.environ)
