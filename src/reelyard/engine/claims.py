"""Taking work: who waits, who is next, and the rows that say so. The picking itself is `fairness`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reelyard.core.batches import repository as batches
from reelyard.core.batches.estimate import Size
from reelyard.core.batches.ledger import Ledger
from reelyard.core.batches.lifecycle import ItemEvent, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.exports.models import Export
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import RunStatus, StageRun
from reelyard.db.session import Transaction
from reelyard.engine import fairness
from reelyard.engine.cluster import WorkerInfo
from reelyard.engine.course import Course, Step
from reelyard.engine.estimates import Estimates, kind_of, size_of
from reelyard.engine.exports import ExportCourse
from reelyard.engine.exports import size_of as size_of_export
from reelyard.engine.fairness import Candidate, Deficits, Limits, Running, Slot, Yard
from reelyard.engine.files import FileCourse
from reelyard.engine.flights import Flight, Flights
from reelyard.engine.messages import Attempt
from reelyard.engine.purse import must_wait
from reelyard.pipeline.stage import Pool

AHEAD = 4  # short stages handed to a busy worker; measured: 107 items a second without, 190 with four
SHORT_S = 1.0
HELPED_S = 3.0  # the longest work of the light worker that an idle slot takes over
PER_OWNER = 12  # of what an owner has waiting, so much is looked at in a tick
WORKER_MEMORY_MB = 1_000_000  # memory is not rationed on one machine yet: its limits sit on the children


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate and the rows behind it."""

    candidate: Candidate
    item: Item | None = None
    file: LibraryFile | None = None
    batch: Batch | None = None
    run: StageRun | None = None
    export: Export | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What to hand to a worker once the transaction stands."""

    flight: Flight
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """What claiming stands on."""

    course: Course
    files: FileCourse
    exports: ExportCourse
    ledger: Ledger
    estimates: Estimates
    machine_limit: int | None
    monotonic: Callable[[], float]
    at_once: Callable[[Transaction, Collection[str]], Mapping[str, int]]  # items, by owner who has a limit
    cores: int = 1  # of the machine that the workers are on


class Claims:
    """Chooses and claims. Keeps the accounts of fairness, in memory: a restart begins with clean ones."""

    def __init__(self, parts: ClaimParts) -> None:
        self._parts = parts
        self._deficits: Deficits = {}

    def claim(
        self, tx: Transaction, flights: Flights, workers: Sequence[WorkerInfo]
    ) -> tuple[list[Submission], bool]:
        """Claim what there is room for; and whether another look is worth while at once (something came from the cache)."""
        waiting = self.waiting(tx)
        if not waiting:
            return [], False
        submissions: list[Submission] = []
        share = self._share(waiting, flights, workers)
        busy_keys = flights.cache_keys()
        more = False
        for place in self._places(tx, waiting, flights, workers):
            submission, again = self._take(tx, place[0], place[1], busy_keys)
            more = more or again
            if submission is not None:
                submissions.append(replace(submission, attempt=replace(submission.attempt, cores=share)))
                if submission.flight.cache_key is not None:
                    busy_keys.add(submission.flight.cache_key)
        return submissions, more

    def _share(self, waiting: Mapping[str, Waiting], flights: Flights, workers: Sequence[WorkerInfo]) -> int:
        """How many cores a stage may keep busy: the machine's, shared among those that have or wait for a slot."""
        slots = [worker.address for worker in workers if Pool.CPU in map(Pool, worker.pools)]
        wanted = sum(each.candidate.pool is Pool.CPU for each in waiting.values())
        at_work = sum(len(flights.on(slot)) > 0 for slot in slots)
        return max(1, self._parts.cores // max(1, min(len(slots), at_work + wanted)))

    def correct(self, flight: Flight, took_s: float) -> None:
        """A stage has ended: its owner is charged what it really took."""
        self._deficits = fairness.correct(
            self._deficits, flight.owner_id, Pool(flight.pool), flight.estimate_s, took_s
        )

    # --- who waits ----------------------------------------------------------------------------------------

    def waiting(self, tx: Transaction, per_owner: int = PER_OWNER) -> dict[str, Waiting]:
        """Everything that could begin now, by candidate id."""
        found = [*self._queued(tx), *self._files(tx), *self._exports(tx), *self._items(tx, per_owner)]
        return {each.candidate.id: each for each in found if not self._waits_for_money(tx, each)}

    def _waits_for_money(self, tx: Transaction, waiting: Waiting) -> bool:
        if waiting.item is None or waiting.batch is None or waiting.file is None:
            return False
        return must_wait(tx, self._parts.course, waiting.batch, waiting.item, waiting.file)

    def in_turn(self, waiting: Mapping[str, Waiting]) -> list[str]:
        """The candidates' ids in the order in which they would begin if nothing but slots were short."""
        return [each.id for each in fairness.in_turn((w.candidate for w in waiting.values()), self._deficits)]

    def _queued(self, tx: Transaction) -> Iterable[Waiting]:
        for queued in runs.queued_runs(tx, PER_OWNER):
            run, batch, item = queued.run, queued.batch, queued.item
            candidate = Candidate(
                id=run.id,
                owner=run.owner_id,
                batch=run.batch_id or "",
                pool=Pool(run.pool),
                order=(batch.created_at.timestamp() if batch else 0.0, item.position if item else 0),
                estimated_s=run.estimate_s,
                priority=batch.priority if batch else 5,
                admitted=True,
            )
            yield Waiting(candidate, item, queued.file, batch, run)

    def _files(self, tx: Transaction) -> Iterable[Waiting]:
        for file in runs.files_to_verify(tx, PER_OWNER):
            step = self._parts.files.step(file)
            if step is None:
                continue
            estimate = self._parts.estimates.of_stage("library", step.stage, file)
            candidate = Candidate(
                f"file:{file.id}",
                file.owner_id,
                "",
                step.stage.pool,
                (file.updated_at.timestamp(), 0),
                estimate,
                admitted=True,
            )
            yield Waiting(candidate, file=file)

    def _exports(self, tx: Transaction) -> Iterable[Waiting]:
        course = self._parts.exports
        for export in course.waiting(tx, PER_OWNER):
            candidate = Candidate(
                f"export:{export.id}", export.owner_id, "", course.stage.pool,
                (export.created_at.timestamp(), 0), course.estimate(export), admitted=True,
            )  # fmt: skip
            yield Waiting(candidate, export=export)

    def _items(self, tx: Transaction, per_owner: int) -> Iterable[Waiting]:
        found: dict[str, int] = {}
        for batch in runs.active_batches(tx):
            room = min(batch.concurrency - batch.processing, per_owner - found.get(batch.owner_id, 0))
            claimable = batches.claimable(tx, batch, room) if room > 0 else ()
            found[batch.owner_id] = found.get(batch.owner_id, 0) + len(claimable)
            for item, file in claimable:
                plan = self._parts.course.plan(tx, batch, item).stages
                stage = plan[min(item.stage_index, len(plan) - 1)]
                candidate = Candidate(
                    id=f"item:{item.id}",
                    owner=batch.owner_id,
                    batch=batch.id,
                    pool=stage.pool,
                    order=(batch.created_at.timestamp(), item.position),
                    estimated_s=self._parts.estimates.of_stage(batch.pipeline, stage, file),
                    priority=batch.priority,
                )
                yield Waiting(candidate, item, file, batch)

    # --- who is next --------------------------------------------------------------------------------------

    def _places(
        self, tx: Transaction, waiting: dict[str, Waiting], flights: Flights, workers: Sequence[WorkerInfo]
    ) -> list[tuple[Waiting, str]]:
        """First the idle workers; then, behind short work, more short work; what is idle still helps the light worker."""
        yard = self.yard(tx, waiting.values(), workers)
        idle = [slot for slot in yard.slots if not flights.on(slot.worker)]
        picks = self._pick([w.candidate for w in waiting.values()], replace(yard, slots=tuple(idle)))
        load = {slot.worker: [flight.estimate_s for flight in flights.on(slot.worker)] for slot in yard.slots}
        for pick in picks:
            load[pick.worker].append(pick.candidate.estimated_s)
        yard = replace(yard, running=self._after(yard.running, picks))
        ahead = tuple(
            replace(slot, free=1 + AHEAD - len(load[slot.worker]))
            for slot in yard.slots
            if load[slot.worker] and max(load[slot.worker]) < SHORT_S and len(load[slot.worker]) <= AHEAD
        )
        picks += self._pick(self._short_next(_without(waiting, picks)), replace(yard, slots=ahead))
        still_idle = tuple(slot for slot in idle if slot.pool is Pool.CPU and not load[slot.worker])
        picks += self._pick(self._helped(_without(waiting, picks)), replace(yard, slots=still_idle))
        return [(waiting[pick.candidate.id], pick.worker) for pick in picks]

    def _pick(self, candidates: list[Candidate], yard: Yard) -> list[fairness.Pick]:
        if not candidates or not yard.slots:
            return []
        picks, self._deficits = fairness.pick(candidates, yard, self._deficits)
        return picks

    @staticmethod
    def _helped(left: list[Candidate]) -> list[Candidate]:
        """Work of the light worker that is short enough to be done in a slot that nobody else wants just now."""
        return [
            replace(candidate, pool=Pool.CPU)
            for candidate in left
            if candidate.pool is Pool.LIGHT and candidate.estimated_s < HELPED_S
        ]

    def _short_next(self, left: list[Candidate]) -> list[Candidate]:
        """The short stages whose turn it is before any long one: behind a worker's short work nobody overtakes."""
        found: list[Candidate] = []
        closed: set[Pool] = set()
        for candidate in fairness.in_turn(left, self._deficits):
            if candidate.estimated_s >= SHORT_S:
                closed.add(candidate.pool)
            elif candidate.pool not in closed:
                found.append(candidate)
        return found

    def yard(self, tx: Transaction, waiting: Iterable[Waiting], workers: Sequence[WorkerInfo]) -> Yard:
        """Limits, what runs, and room, as `fairness` sees them."""
        waiting = list(waiting)
        involved = {w.batch.id: w.batch for w in waiting if w.batch is not None}
        per_batch = {batch.id: batch.processing for batch in involved.values()}
        owners: dict[str, int] = {}
        machine = 0
        for owner, number in batches.processing_by_owner(tx):
            owners[owner] = number
            machine += number
        slots = tuple(
            Slot(worker.address, Pool(pool), 1, WORKER_MEMORY_MB)
            for worker in workers
            for pool in worker.pools
        )
        limits = Limits(
            {batch.id: batch.concurrency for batch in involved.values()},
            self._parts.at_once(tx, {w.candidate.owner for w in waiting}),
            self._parts.machine_limit,
        )
        return Yard(Running(per_batch, owners, machine), limits, slots)

    @staticmethod
    def _after(running: Running, picks: Sequence[fairness.Pick]) -> Running:
        per_batch, owners, machine = dict(running.batches), dict(running.owners), running.machine
        for pick in picks:
            if not pick.candidate.admitted:
                per_batch[pick.candidate.batch] = per_batch.get(pick.candidate.batch, 0) + 1
                owners[pick.candidate.owner] = owners.get(pick.candidate.owner, 0) + 1
                machine += 1
        return Running(per_batch, owners, machine)

    # --- taking it ----------------------------------------------------------------------------------------

    def _take(
        self, tx: Transaction, waiting: Waiting, worker: str, busy_keys: set[str]
    ) -> tuple[Submission | None, bool]:
        """Claim one; the second is whether something went on without a worker."""
        estimate = waiting.candidate.estimated_s
        if waiting.export is not None:
            return self._take_export(tx, waiting.export, worker, estimate), False
        if waiting.item is None:
            assert waiting.file is not None  # noqa: S101 - a file's own stage
            return self._take_file(tx, waiting.file, waiting.run, worker, estimate), False
        assert waiting.batch is not None  # noqa: S101 - items are in batches
        assert waiting.file is not None  # noqa: S101 - and have files
        item, file, batch = waiting.item, waiting.file, waiting.batch
        step = self._parts.course.step(tx, batch, item, file)
        equal = step is not None and step.cache_key in busy_keys  # its result is worth waiting for
        if equal or self._waits_for_money(tx, waiting):  # one that was taken a moment ago may hold it
            return None, False
        self._begin(tx, batch, item, step)
        if step is None:
            self._parts.course.complete(tx, batch, item)
            return None, True
        if waiting.run is not None:
            tx.session.delete(waiting.run)
            tx.session.flush()
        if self._parts.course.take_from_cache(tx, batch, item, step):
            return None, True
        return self._submission(tx, waiting, step, worker, estimate), False

    def _begin(self, tx: Transaction, batch: Batch, item: Item, step: Step | None) -> None:
        item.stage = step.stage.name if step is not None else None
        if item.status == ItemStatus.PENDING:
            self._parts.ledger.move_item(tx, batch, item, ItemEvent.CLAIM)
        else:
            item.token += 1

    def _submission(
        self, tx: Transaction, waiting: Waiting, step: Step, worker: str, estimate: float
    ) -> Submission:
        item, file = waiting.item, waiting.file
        assert item is not None  # noqa: S101 - see _take
        assert file is not None  # noqa: S101 - see _take
        assert waiting.batch is not None  # noqa: S101 - see _take
        item_batch = waiting.batch
        run = self._parts.course.new_run(tx, item, step, RunStatus.RUNNING, estimate)
        run.worker, run.started_at = worker, tx.now
        if waiting.run is not None:
            run.queued_at = waiting.run.queued_at
        attempt = self._parts.course.attempt(tx, item, file, run, step)
        plan = self._parts.course.plan(tx, item_batch, item).stages
        flight = self._flight(run, attempt, size_of(file), step.stage.silence_s)
        flight.shares, flight.index = tuple(stage.share for stage in plan), step.index
        return Submission(flight, attempt)

    def _take_file(
        self, tx: Transaction, file: LibraryFile, queued: StageRun | None, worker: str, estimate: float
    ) -> Submission | None:
        step = self._parts.files.step(file)
        if queued is not None:
            tx.session.delete(queued)
            tx.session.flush()
        if step is None:
            return None
        run = self._parts.files.new_run(tx, file, step, RunStatus.RUNNING)
        run.worker, run.started_at, run.estimate_s = worker, tx.now, estimate
        attempt = self._parts.files.attempt(file, run)
        return Submission(self._flight(run, attempt, size_of(file), step.stage.silence_s), attempt)

    def _take_export(self, tx: Transaction, export: Export, worker: str, estimate: float) -> Submission:
        run, attempt = self._parts.exports.begin(tx, export, estimate)
        run.worker, run.started_at = worker, tx.now
        silence_s = self._parts.exports.stage.silence_s
        flight = self._flight(run, attempt, size_of_export(export), silence_s)
        flight.shares, flight.shown_in = (1.0,), export.batch_id
        return Submission(flight, attempt)

    def _flight(self, run: StageRun, attempt: Attempt, size: Size, silence_s: float) -> Flight:
        now = self._parts.monotonic()
        return Flight(
            key=attempt.key, run_id=run.id, subject_kind=attempt.subject_kind, subject_id=attempt.subject_id,
            owner_id=run.owner_id, batch_id=run.batch_id, pipeline=run.pipeline, stage=run.stage, token=run.token,
            worker=run.worker or "", pool=run.pool, estimate_s=run.estimate_s, silence_s=silence_s,
            cache_key=run.cache_key, kind=kind_of(run), size=size, at=now, begun=now,
        )  # fmt: skip


def _without(waiting: dict[str, Waiting], picks: Sequence[fairness.Pick]) -> list[Candidate]:
    taken = {pick.candidate.id for pick in picks}
    return [each.candidate for each in waiting.values() if each.candidate.id not in taken]
