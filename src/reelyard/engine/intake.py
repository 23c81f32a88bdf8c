"""What came back from the workers, written down: results, losses, kept parts. One transaction a tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import Failure
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library import repository as library
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import RunStatus, StageRun, SubjectKind
from reelyard.db.session import Transaction
from reelyard.engine.course import Course, locked
from reelyard.engine.exports import ExportCourse
from reelyard.engine.files import FileCourse
from reelyard.engine.flights import Flight, Why
from reelyard.engine.messages import Ending, Outcome

log = structlog.get_logger(__name__)

ONCE_ONLY = frozenset({"resource_limit"})  # tried again once, with fewer neighbours; then it is final
STATUS = {
    Ending.DONE: RunStatus.DONE,
    Ending.SKIPPED: RunStatus.DONE,
    Ending.REJECTED: RunStatus.FAILED,
    Ending.RETRY: RunStatus.FAILED,
    Ending.YIELDED: RunStatus.YIELDED,
    Ending.DISOWNED: RunStatus.CANCELLED,
    Ending.LOST: RunStatus.LOST,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """An attempt that has ended, with what the dispatcher knew of it."""

    flight: Flight
    outcome: Outcome


class Intake:
    """Applies outcomes. A stale one, whose token no longer stands, leaves nothing behind."""

    def __init__(
        self, course: Course, files: FileCourse, exports: ExportCourse, drop: Callable[[str], None]
    ) -> None:
        self._course = course
        self._files = files
        self._exports = exports
        self._drop = drop  # removes what an attempt stored, by its prefix

    def load(self, tx: Transaction, arrivals: Sequence[Arrival]) -> None:
        """Fetch the rows behind all of a tick's arrivals at once, under their locks."""
        flights = [arrival.flight for arrival in arrivals]
        held: list[object] = []  # the session keeps only what somebody holds
        held.extend(
            batches.lock_batches(tx, {flight.batch_id for flight in flights if flight.batch_id is not None})
        )
        held.extend(runs.lock_runs(tx, [flight.run_id for flight in flights]))
        items = batches.lock_items(tx, [f.subject_id for f in flights if f.subject_kind == SubjectKind.ITEM])
        held.extend((*items, *library.load_files(tx, [item.file_id for item in items])))
        tx.notes["held"] = held

    def apply(self, tx: Transaction, arrival: Arrival, *, draining: bool = False) -> None:
        """Write one ending down."""
        flight, outcome = arrival.flight, arrival.outcome
        if outcome.ending is not Ending.LOST:  # what it spent is spent, whether its result counts or not
            runs.settle_spending(tx, flight.run_id, outcome.spent)
        if not runs.end_run(tx, flight.run_id, STATUS[outcome.ending], _times(outcome)):
            self._drop_after(tx, flight)  # it was ended from here before
            return
        run = runs.run(tx, flight.run_id)
        if flight.subject_kind == SubjectKind.FILE:
            blamed = outcome.ending is not Ending.LOST or (flight.started and not draining)
            self._files.ended(tx, run, outcome, counts=blamed)
            return
        if flight.subject_kind == SubjectKind.EXPORT:
            self._export(tx, run, arrival, draining=draining)
            return
        found = locked(tx, flight.subject_id, flight.token)
        if found is None:
            self._stale(tx, flight, run)
            return
        self._item(tx, *found, run, arrival, draining=draining)

    def _export(self, tx: Transaction, run: StageRun, arrival: Arrival, *, draining: bool) -> None:
        flight, outcome = arrival.flight, arrival.outcome
        if outcome.ending is Ending.DISOWNED and flight.ending is Why.SILENT:
            message = "It showed no progress for too long."
            outcome = replace(outcome, ending=Ending.RETRY, code="stage_silent", message=message)
        blamed = outcome.ending is not Ending.LOST or (flight.started and not draining)
        if not self._exports.ended(tx, run, outcome, counts=blamed):
            self._stale(tx, flight, run)

    def _item(
        self, tx: Transaction, batch: Batch, item: Item, run: StageRun, arrival: Arrival, *, draining: bool
    ) -> None:
        flight, outcome = arrival.flight, arrival.outcome
        batch.stalled_s = 0.0
        if outcome.ending in (Ending.REJECTED, Ending.RETRY):
            self._course.keep_log(tx, item, run, outcome)
        match outcome.ending:
            case Ending.DONE | Ending.SKIPPED:
                self._course.done(tx, batch, item, run, outcome)
            case Ending.REJECTED:
                self._course.failed(tx, batch, item, failure_of(outcome))
            case Ending.RETRY:
                self._retry(tx, batch, item, outcome)
            case Ending.YIELDED if not draining:
                file = tx.session.get_one(LibraryFile, item.file_id)
                self._course.requeue(tx, batch, item, file, run.estimate_s)
            case Ending.LOST if flight.started and not draining:
                self._course.lost(tx, batch, item, failure_of(outcome))
            case Ending.DISOWNED if flight.ending is Why.SILENT:
                failure = Failure(
                    "stage_silent", f"The stage “{flight.stage}” showed no progress for too long."
                )
                self._course.try_again(tx, batch, item, failure)
            case _:  # interrupted through no fault of its own
                self._course.put_back(tx, batch, item)

    def _retry(self, tx: Transaction, batch: Batch, item: Item, outcome: Outcome) -> None:
        failure = failure_of(outcome)
        code = outcome.code or ""
        tx.session.flush()  # this run is among those counted
        if code in ONCE_ONLY and runs.failures(tx, item.id, item.generation, code) > 1:
            self._course.failed(tx, batch, item, failure)
        else:
            self._course.try_again(tx, batch, item, failure)

    def _stale(self, tx: Transaction, flight: Flight, run: StageRun) -> None:
        log.info("outcome.stale", key=flight.key)
        run.status = RunStatus.CANCELLED
        self._drop_after(tx, flight)

    def _drop_after(self, tx: Transaction, flight: Flight) -> None:
        tx.after_commit(partial(self._drop, flight.prefix))


def failure_of(outcome: Outcome) -> Failure:
    return Failure(outcome.code or "stage_failed", outcome.message or "The stage failed.", outcome.hint)


def _times(outcome: Outcome) -> dict[str, Any]:
    values: dict[str, Any] = {"error_code": outcome.code, "error_message": outcome.message}
    if outcome.ending is not Ending.LOST:
        values["started_at"] = datetime.fromtimestamp(outcome.started_at, UTC)
        values["ended_at"] = datetime.fromtimestamp(outcome.ended_at, UTC)
    return values
