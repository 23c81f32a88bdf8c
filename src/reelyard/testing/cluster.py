"""A cluster without workers: it keeps what was submitted, and a test says how each attempt ends.

It answers as the real one does, and at the worst moments too: an ending may come after the attempt was
disowned, or while its worker was told to die.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reelyard.engine.cluster import Ended, Message, WorkerInfo, WorkersChanged
from reelyard.engine.messages import OUTCOME, Attempt, Ending, Made, Outcome, Told, Word
from reelyard.kit.clock import Clock
from reelyard.storage.storage import Storage


@dataclass(slots=True)
class Submitted:
    """An attempt that a worker has."""

    attempt: Attempt
    worker: str
    at: float  # seconds since the epoch
    started: bool = False
    killed: bool = False
    yielding: bool = False


@dataclass(slots=True)
class ManualCluster:
    """`engine.cluster.Cluster` with `slots` workers and a light one, all in this process."""

    slots: int
    clock: Clock
    inventory: Mapping[str, Any] = field(default_factory=dict)
    running: dict[str, Submitted] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)  # every key that was ever submitted, in order
    _tell: Callable[[Message], None] = lambda _message: None

    # --- the six verbs ---------------------------------------------------------------------------------

    def start(self, tell: Callable[[Message], None]) -> None:
        self._tell = tell
        tell(WorkersChanged())

    def submit(self, attempt: Attempt, worker: str) -> None:
        self.history.append(attempt.key)
        self.running[attempt.key] = Submitted(attempt, worker, self.clock.now().timestamp())

    def kill(self, key: str, worker: str, *, yielding: bool = False) -> None:
        del worker
        submitted = self.running.get(key)
        if submitted is not None:
            submitted.yielding |= yielding
            submitted.killed |= not yielding

    def adopt(self, attempt: Attempt, worker: str) -> None:
        self.submit(attempt, worker)

    def capacity(self) -> tuple[WorkerInfo, ...]:
        slots = (
            WorkerInfo(f"slot-{n}", f"slot-{n}", ("cpu",), 0, self.inventory)
            for n in range(1, self.slots + 1)
        )
        return (WorkerInfo("light", "light", ("light",), 0, self.inventory), *slots)

    def close(self) -> None:
        self._tell = lambda _message: None
        self.running.clear()

    # --- what a test says ------------------------------------------------------------------------------

    def say_started(self, key: str) -> None:
        """The worker begins with the attempt."""
        submitted = self.running[key]
        submitted.started = True
        self._tell(Told(Word.STARTED, key, submitted.worker))

    def say_part(self, key: str, blob_key: str) -> None:
        """A part was kept."""
        self._tell(Told(Word.PART, key, self.running[key].worker, part=blob_key))

    def say_progress(self, key: str, fraction: float) -> None:
        self._tell(Told(Word.PROGRESS, key, self.running[key].worker, fraction))

    def end(self, key: str, outcome: Outcome) -> None:
        """The attempt ends so; the control plane hears of it."""
        del self.running[key]
        self._tell(Ended(key, outcome))

    def lose(self, worker: str) -> list[str]:
        """A worker dies with all that it has; returns the keys."""
        keys = [key for key, submitted in self.running.items() if submitted.worker == worker]
        for key in keys:
            del self.running[key]
            self._tell(Ended(key, None))
        return keys

    def outcome(self, key: str, ending: Ending, **more: Any) -> Outcome:
        """An outcome of now, of work that began when it was submitted."""
        return Outcome(key, ending, self.running[key].at, self.clock.now().timestamp(), **more)

    def work(
        self, key: str, storage: Storage, makes: tuple[str, ...], facts: Mapping[str, Any] | None = None
    ) -> Outcome:
        """Do as a worker does at the end: store artifacts, then the outcome; nobody is told yet."""
        attempt = self.running[key].attempt
        made = []
        for role in makes:
            stored = storage.put_bytes(attempt.prefix + role, f"{role} by {key}".encode())
            made.append(Made(role, stored.key, stored.size, stored.sha256, stored.crc32))
        outcome = replace(self.outcome(key, Ending.DONE, facts=dict(facts or {})), made=tuple(made))
        storage.put_bytes(attempt.prefix + OUTCOME, json.dumps(outcome.to_json()).encode())
        return outcome
