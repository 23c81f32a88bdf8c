"""The yard as it is shown: what each slot did in the last minutes, and who is next, and why the others wait.

Read from the stage runs, from the claims and from the workers; decides nothing. Who asks sees the names of his own
items only: of others', that a slot was busy, and with which stage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reelyard.core.batches import repository as batches
from reelyard.core.batches.lifecycle import BatchStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import StageRun
from reelyard.db.session import Transaction
from reelyard.engine.claims import Claims, Waiting
from reelyard.engine.cluster import Cluster, WorkerInfo
from reelyard.engine.fairness import Candidate, Yard
from reelyard.engine.reasons import Delay, why
from reelyard.pipeline.stage import Pool

SHOWN = timedelta(minutes=10)
HEAD = 10


@dataclass(frozen=True, slots=True)
class Span:
    """One stage on one slot. `subject_id`, `batch_id` and `name` are None for another owner's."""

    pipeline: str
    stage: str
    status: str
    subject_kind: str
    subject_id: str | None
    batch_id: str | None
    name: str | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One worker's slot; `present` is False once the worker is gone."""

    worker: str
    pools: tuple[str, ...]
    present: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """An item that waits, and the reason as the end of a sentence that begins with its name."""

    item_id: str
    batch_id: str
    batch_name: str
    name: str
    position: int
    reason: str
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class YardView:
    """All of it; `waiting` counts what could begin now, of every owner."""

    since: datetime
    now: datetime
    lanes: tuple[Lane, ...]
    head: tuple[Next, ...]
    running: int
    waiting: int


def yard_view(tx: Transaction, claims: Claims, cluster: Cluster, owner_id: str) -> YardView:
    """What the owner may see of the yard at this moment."""
    workers = cluster.capacity()
    since = tx.now - SHOWN
    recent = runs.recent_runs(tx, since)
    waiting = claims.waiting(tx)
    return YardView(
        since,
        tx.now,
        _lanes(tx, owner_id, recent, workers),
        _Head(tx, claims, waiting, workers).of(owner_id),
        sum(run.ended_at is None for run in recent),
        len(waiting),
    )


def _lanes(
    tx: Transaction, owner_id: str, recent: Sequence[StageRun], workers: Sequence[WorkerInfo]
) -> tuple[Lane, ...]:
    names = runs.names_of(tx, owner_id, {run.subject_id for run in recent if run.owner_id == owner_id})
    spans: dict[str, list[Span]] = {worker.address: [] for worker in workers}
    for run in recent:
        if run.worker is not None and run.started_at is not None:
            spans.setdefault(run.worker, []).append(_span(run, run.started_at, names))
    known = {worker.address: worker for worker in workers}
    lanes = [
        Lane(
            known[address].name if address in known else "gone",
            known[address].pools if address in known else (),
            address in known,
            tuple(found),
        )
        for address, found in spans.items()
    ]
    return tuple(sorted(lanes, key=lambda lane: (not lane.present, lane.worker)))


def _span(run: StageRun, started_at: datetime, names: Mapping[str, str]) -> Span:
    mine = run.subject_id in names
    return Span(
        run.pipeline,
        run.stage,
        run.status,
        run.subject_kind,
        run.subject_id if mine else None,
        run.batch_id if mine else None,
        names.get(run.subject_id),
        started_at,
        run.ended_at,
    )


class _Head:
    """Who is next of one owner's, and why not yet."""

    def __init__(
        self, tx: Transaction, claims: Claims, waiting: Mapping[str, Waiting], workers: Sequence[WorkerInfo]
    ) -> None:
        self._tx = tx
        self._waiting = waiting
        self._turn = {candidate: place for place, candidate in enumerate(claims.in_turn(waiting))}
        self._yard = claims.yard(tx, waiting.values(), workers)

    def of(self, owner_id: str) -> tuple[Next, ...]:
        """Later stages of items at work first, then items that wait for their first."""
        queued = [
            (each.batch, each.item, each.file, each.candidate)
            for each in self._waiting.values()
            if each.candidate.owner == owner_id and each.candidate.admitted
        ]
        found = [
            _next(batch, item, file, self._why(batch, candidate, Delay(ahead=self._turn[candidate.id])))
            for batch, item, file, candidate in queued
            if batch is not None and item is not None and file is not None
        ]
        for place, (batch, item, file) in enumerate(batches.head_of_queue(self._tx, owner_id, HEAD)):
            found.append(_next(batch, item, file, self._of_pending(batch, item, place)))
        return tuple(found[:HEAD])

    def _of_pending(self, batch: Batch, item: Item, place: int) -> str:
        paused = batch.status == BatchStatus.PAUSED
        if not paused and not item.source_ready:
            return "its file is being received or checked"
        if not paused and not item.requested:
            return "waits to be asked for"
        known = self._waiting.get(f"item:{item.id}")
        candidate = known.candidate if known is not None else _candidate(batch, item)
        due = item.not_before if item.not_before is not None and item.not_before > self._tx.now else None
        ahead = self._turn.get(candidate.id, len(self._turn) + place)
        return self._why(batch, candidate, Delay(paused, due, ahead))

    def _why(self, batch: Batch | None, candidate: Candidate, delay: Delay) -> str:
        return why(candidate, self._with_limit(batch) if batch is not None else self._yard, delay)

    def _with_limit(self, batch: Batch) -> Yard:
        """A batch that is at its limit has no candidates, so that the claims do not speak of it."""
        yard = self._yard
        limits = replace(yard.limits, batches={**yard.limits.batches, batch.id: batch.concurrency})
        running = replace(yard.running, batches={**yard.running.batches, batch.id: batch.processing})
        return replace(yard, limits=limits, running=running)


def _candidate(batch: Batch, item: Item) -> Candidate:
    """What stands for an item that cannot begin yet; its pool does not matter to the reason."""
    order = (batch.created_at.timestamp(), item.position)
    return Candidate(f"item:{item.id}", batch.owner_id, batch.id, Pool.CPU, order, 0.0, batch.priority)


def _next(batch: Batch, item: Item, file: LibraryFile, reason: str) -> Next:
    return Next(item.id, batch.id, batch.name, file.name, item.position, reason, item.not_before)
