"""Where a worker does an attempt: prepare a folder, run the stage, store what it made, tell how it ended.

The outcome is stored under the attempt's own prefix before anybody is told: results outlive the messenger.
"""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from reelyard.engine.attempt import LOG, AttemptContext, Bench, Orders
from reelyard.engine.children import Children
from reelyard.engine.messages import OUTCOME, Attempt, Ending, Made, Outcome, Told, Word
from reelyard.errors import (
    BlobMissing,
    Disowned,
    Fault,
    ReelyardError,
    ResourceLimit,
    Retry,
    Skip,
    Yielded,
)
from reelyard.kit.clock import Clock
from reelyard.kit.faults import Point, reach
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.registry import Registry
from reelyard.storage.storage import Storage

log = structlog.get_logger(__name__)

REMEMBERED = 10_000  # ended keys; a key is never used twice, so old ones may be forgotten


@dataclass(frozen=True, slots=True)
class WorkbenchParts:
    """What a workbench stands on."""

    storage: Storage
    registry: Registry
    internal: tuple[Pipeline, ...]  # those that nobody orders: of files themselves, of exports
    scratch: Path
    clock: Clock
    worker: str
    tell: Callable[[Told], None]


class Workbench:
    """Runs attempts, one at a time; `end` and `ask_to_yield` may come from another thread."""

    def __init__(self, parts: WorkbenchParts) -> None:
        self._parts = parts
        self._scratch = parts.scratch
        shutil.rmtree(self._scratch, ignore_errors=True)  # what a killed predecessor left
        self._scratch.mkdir(parents=True)
        self._children = Children(self._scratch)
        self._lock = threading.Lock()
        self._running: dict[str, Orders] = {}
        self._ended: dict[str, None] = {}

    def run(self, attempt: Attempt) -> Outcome:
        """Do the attempt; never raises: errors come back as data."""
        orders = self._admit(attempt.key)
        started = self._parts.clock.now().timestamp()
        if orders is None:
            return self._outcome(attempt, started, Ending.DISOWNED)
        known = self._stored_outcome(attempt)
        if known is not None:
            self._dismiss(attempt.key)
            return known
        self._parts.tell(Told(Word.STARTED, attempt.key, self._parts.worker))
        folder = self._scratch / uuid.uuid4().hex
        try:
            folder.mkdir()
            self._children.begin()
            outcome = self._attempt(attempt, folder, orders, started)
            return self._kept(attempt, self._with_log(attempt, folder, outcome))
        finally:
            self._dismiss(attempt.key)
            shutil.rmtree(folder, ignore_errors=True)

    def end(self, key: str) -> bool:
        """The attempt's token no longer stands: kill what it runs. Returns at once, and whether it had begun."""
        with self._lock:
            self._ended[key] = None
            while len(self._ended) > REMEMBERED:
                self._ended.pop(next(iter(self._ended)))
            orders = self._running.get(key)
        if orders is None:
            return False
        orders.ended.set()
        threading.Thread(target=self._children.end, name=f"end {key}", daemon=True).start()
        return True

    def ask_to_yield(self, key: str) -> None:
        """Stop at the next part, if there is one."""
        with self._lock:
            orders = self._running.get(key)
        if orders is not None:
            orders.yielding.set()

    def close(self) -> None:
        self._children.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _admit(self, key: str) -> Orders | None:
        with self._lock:
            if key in self._ended:
                return None
            orders = self._running[key] = Orders()
            return orders

    def _dismiss(self, key: str) -> None:
        with self._lock:
            self._running.pop(key, None)

    def _attempt(self, attempt: Attempt, folder: Path, orders: Orders, started: float) -> Outcome:
        spent = 0.0
        try:
            context = self._context(attempt, folder, orders)
            try:
                facts, made = self._stage(attempt, context, orders)
            finally:
                spent = context.spent
        except ReelyardError as error:
            return self._outcome(attempt, started, _ending(error), error=error, spent=spent)
        except Exception as error:
            log.exception("stage.broke", key=attempt.key)
            unknown = ReelyardError(
                f"The stage “{attempt.stage}” broke: {type(error).__name__}.",
                hint="The server's log tells more.",
            )
            return self._outcome(attempt, started, Ending.REJECTED, error=unknown, spent=spent)
        return self._outcome(
            attempt,
            started,
            Ending.DONE,
            facts=facts,
            made=made,
            warnings=tuple(context.warnings),
            degraded=bool(facts.get("degraded")),
            spent=spent,
        )

    def _context(self, attempt: Attempt, folder: Path, orders: Orders) -> AttemptContext:
        pipeline = self._pipeline(attempt.pipeline)
        parts = self._parts
        bench = Bench(parts.storage, self._children, parts.tell, parts.clock, parts.worker)
        settings = pipeline.validate(attempt.settings)
        return AttemptContext(attempt, pipeline.stage(attempt.stage), settings, folder, bench, orders)

    def _stage(
        self, attempt: Attempt, context: AttemptContext, orders: Orders
    ) -> tuple[dict[str, Any], tuple[Made, ...]]:
        facts = dict(context.stage.run(context))
        reach(Point.OUTPUT_BEFORE_STORED)
        if orders.ended.is_set():
            raise Disowned
        made = tuple(self._store(attempt, role, path) for role, path in context.made().items())
        return facts, made

    def _pipeline(self, name: str) -> Pipeline:
        ours = next((one for one in self._parts.internal if one.name == name), None)
        return ours or self._parts.registry.get(name)

    def _store(self, attempt: Attempt, role: str, path: Path) -> Made:
        stored = self._parts.storage.put(f"{attempt.prefix}{role}", path)
        return Made(role, stored.key, stored.size, stored.sha256, stored.crc32)

    def _with_log(self, attempt: Attempt, folder: Path, outcome: Outcome) -> Outcome:
        """What the tools of a failed attempt said is kept beside its error."""
        said = folder / LOG
        if outcome.ending not in (Ending.REJECTED, Ending.RETRY) or not said.exists():
            return outcome
        try:
            return replace(outcome, made=(self._store(attempt, f"{attempt.stage}.log", said),))
        except Fault:
            return outcome  # the error itself matters more

    def _kept(self, attempt: Attempt, outcome: Outcome) -> Outcome:
        """Store the outcome; where that fails the attempt failed, for a reason that may pass."""
        reach(Point.AFTER_OUTPUT_BEFORE_OUTCOME)
        try:
            self._parts.storage.put_bytes(attempt.prefix + OUTCOME, json.dumps(outcome.to_json()).encode())
        except Fault as error:
            return self._outcome(attempt, outcome.started_at, Ending.RETRY, error=error, spent=outcome.spent)
        reach(Point.AFTER_OUTCOME_BEFORE_RETURN)
        return outcome

    def _stored_outcome(self, attempt: Attempt) -> Outcome | None:
        try:
            return Outcome.from_json(json.loads(self._parts.storage.read_bytes(attempt.prefix + OUTCOME)))
        except (BlobMissing, ValueError, KeyError):
            return None

    def _outcome(
        self,
        attempt: Attempt,
        started: float,
        ending: Ending,
        *,
        error: ReelyardError | None = None,
        **more: Any,
    ) -> Outcome:
        now = self._parts.clock.now().timestamp()
        if error is not None:
            more |= {"code": error.code, "message": error.message, "hint": error.hint}
        return Outcome(attempt.key, ending, started, now, **more)


def _ending(error: ReelyardError) -> Ending:
    match error:
        case Skip():
            return Ending.SKIPPED
        case Yielded():
            return Ending.YIELDED
        case Disowned():
            return Ending.DISOWNED
        case Retry() | ResourceLimit() | Fault():
            return Ending.RETRY
        case _:
            return Ending.REJECTED
