"""When batches will end and how fast they go: renewed every few seconds for those at work, shown and not kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reelyard.core.batches import progress
from reelyard.core.batches import repository as batches
from reelyard.core.batches.estimate import Estimate, Kind
from reelyard.core.batches.lifecycle import BatchStatus, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.progress import Capacity, ItemLeft, StageLeft, Throughput
from reelyard.core.events.live import BatchOutlook, LiveBoard
from reelyard.core.library.models import LibraryFile
from reelyard.db.session import Database, Transaction
from reelyard.engine.cluster import WorkerInfo
from reelyard.engine.course import Course
from reelyard.engine.estimates import Estimates, size_of, tools_text
from reelyard.engine.flights import Flight, Flights
from reelyard.pipeline.stage import Pool, Stage

EVERY_S = 2.0
SHARE = 30  # of the dispatcher's time at most a thirtieth goes into this
MOST_ITEMS = 300  # of a batch are played through; a longer one is scaled up from them


@dataclass(slots=True)
class _Pace:
    """How a batch has gone since this process looks at it."""

    active_s: float = 0.0
    throughput: Throughput = field(default_factory=Throughput)
    bytes_done: int | None = None


class Outlook:
    """Belongs to the dispatcher's thread."""

    def __init__(
        self,
        db: Database,
        board: LiveBoard,
        course: Course,
        estimates: Estimates,
        monotonic: Callable[[], float],
        at_once: Callable[[Transaction, Collection[str]], Mapping[str, int]],
    ) -> None:
        self._db = db
        self._board = board
        self._course = course
        self._estimates = estimates
        self._monotonic = monotonic
        self._at_once = at_once  # items, by owner who has a limit
        self._next = 0.0
        self._last = monotonic()
        self._paces: dict[str, _Pace] = {}
        self._items: dict[str, float] = {}

    def item_eta(self, item_id: str) -> float | None:
        """Seconds until the item ends; None is unknown."""
        return self._items.get(item_id)

    def renew(self, flights: Flights, workers: Sequence[WorkerInfo]) -> None:
        """Look again at every batch that is at work, unless it was just done."""
        now = self._monotonic()
        if now < self._next:
            return
        passed, self._last = now - self._last, now
        slots: dict[str, int] = {}
        for worker in workers:
            for pool in worker.pools:
                slots[pool] = slots.get(pool, 0) + 1
        by_batch: dict[str, list[Flight]] = {}
        for flight in flights:
            if flight.batch_id is not None:
                by_batch.setdefault(flight.batch_id, []).append(flight)
        self._items = {}
        with self._db.read() as tx:
            for batch_id, flying in by_batch.items():
                self._one(tx, batch_id, flying, passed, _left_by_others(slots, by_batch, batch_id))
        now = self._monotonic()
        self._next = now + max(EVERY_S, SHARE * (now - self._last))  # a long look is taken less often
        for gone in self._paces.keys() - by_batch.keys():
            self._board.forget_batch(gone)
            del self._paces[gone]

    def _one(
        self, tx: Transaction, batch_id: str, flying: list[Flight], passed: float, slots: dict[str, int]
    ) -> None:
        batch = tx.session.get(Batch, batch_id)
        if batch is None:
            return
        pace = self._paces.setdefault(batch_id, _Pace())
        pace.active_s += passed
        if pace.bytes_done is not None and batch.bytes_done > pace.bytes_done:
            pace.throughput = pace.throughput.after(pace.active_s, batch.bytes_done - pace.bytes_done)
        pace.bytes_done = batch.bytes_done
        mbps = pace.throughput.mb_per_s(pace.active_s)
        if batch.status != BatchStatus.PROCESSING:
            self._board.look(batch.owner_id, batch_id, BatchOutlook(None, None, mbps))
            return
        left = self._left(tx, batch, {flight.subject_id: flight for flight in flying})
        found = progress.eta(left, Capacity(self._concurrency(tx, batch), slots))
        self._items.update(found.items)
        scale = self._scale(batch, len(left))
        seconds = found.seconds * scale if found.seconds is not None else None
        spread = found.spread_s * scale if found.spread_s is not None else None
        self._board.look(batch.owner_id, batch_id, BatchOutlook(seconds, spread, mbps))

    def _concurrency(self, tx: Transaction, batch: Batch) -> int:
        """What was asked for, or what its owner may have if that is less."""
        most = self._at_once(tx, (batch.owner_id,)).get(batch.owner_id, batch.concurrency)
        return min(batch.concurrency, most)

    @staticmethod
    def _scale(batch: Batch, looked_at: int) -> float:
        live = batch.total - batch.completed - batch.failed - batch.cancelled
        return max(1.0, live / looked_at) if looked_at else 1.0

    def _left(self, tx: Transaction, batch: Batch, flying: dict[str, Flight]) -> list[ItemLeft]:
        to_come = batches.to_come(tx, batch, MOST_ITEMS)
        return [self._item(batch, item, file, flying.get(item.id), tx) for item, file in to_come]

    def _item(
        self, batch: Batch, item: Item, file: LibraryFile, flight: Flight | None, tx: Transaction
    ) -> ItemLeft:
        plan = self._course.plan(tx, batch, item)
        pipeline = plan.pipeline
        stages = []
        for number, stage in enumerate(plan.stages[item.stage_index :]):
            if number == 0 and flight is not None:
                stages.append(StageLeft(flight.pool, self._estimates.rest_of(flight)))
            else:
                tools = stage.tools(plan.settings, self._course.inventory(pipeline.name))
                stages.append(
                    StageLeft(self._pool(stage), self._whole(pipeline.name, stage, tools_text(tools), file))
                )
        wait = (item.not_before - tx.now).total_seconds() if item.not_before is not None else 0.0
        at_work = item.status == ItemStatus.PROCESSING
        return ItemLeft(item.id, tuple(stages), at_work, flight is not None, max(0.0, wait))

    @staticmethod
    def _pool(stage: Stage) -> str:
        return stage.pool if stage.pool is not Pool.GPU else Pool.CPU

    def _whole(self, pipeline: str, stage: Stage, tools: str, file: LibraryFile) -> Estimate | None:
        return self._estimates.known(Kind(pipeline, stage.name, tools), size_of(file))


def _left_by_others(
    slots: dict[str, int], by_batch: dict[str, list[Flight]], batch_id: str
) -> dict[str, int]:
    """The slots that other batches do not hold; each batch has at least those that it holds itself."""
    left = dict(slots)
    for other, flying in by_batch.items():
        if other != batch_id:
            for pool in {(flight.worker, flight.pool) for flight in flying}:
                left[pool[1]] = left.get(pool[1], 0) - 1
    return {pool: max(1, number) for pool, number in left.items()}
