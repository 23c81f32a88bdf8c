"""What the dispatcher looks after besides results: tokens that no longer stand, silence, time-outs, fairness in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import Failure, Ledger
from reelyard.core.batches.lifecycle import BatchStatus
from reelyard.core.exports import repository as exports
from reelyard.core.library import repository as library
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import RunStatus, SubjectKind
from reelyard.db.session import Transaction
from reelyard.engine.cluster import WorkerInfo
from reelyard.engine.flights import Flight, Flights

KEEP_EVERY_S = 30.0
SLOW_S = 3.0  # what runs for so long was not short
ROOM_AFTER_S = 5.0  # an owner with nothing at work waits so long before another's stage is asked to make room


@dataclass(slots=True)
class Stalls:
    """How long each batch has held a slot without an item ended or a part kept; pauses and waiting do not count."""

    timeout_s: float
    _since: dict[str, float] = field(default_factory=dict)
    _kept: dict[str, float] = field(default_factory=dict)

    def progressed(self, batch_id: str | None) -> None:
        if batch_id is not None:
            self._since[batch_id] = 0.0

    def pass_time(self, seconds: float, flights: Iterable[Flight]) -> list[str]:
        """Count `seconds` for every batch that holds a slot; returns those over the limit."""
        holding = {flight.batch_id for flight in flights if flight.batch_id is not None and flight.started}
        for batch_id in holding:
            self._since[batch_id] = self._since.get(batch_id, 0.0) + seconds
        over = [batch_id for batch_id in holding if self._since[batch_id] >= self.timeout_s]
        for batch_id in over:
            del self._since[batch_id]
        return over

    def keep(self, tx: Transaction) -> None:
        """Write it down now and then, so that a restart does not begin to count anew."""
        for batch_id, seconds in self._since.items():
            if abs(seconds - self._kept.get(batch_id, 0.0)) >= KEEP_EVERY_S:
                batches.keep_stalled(tx, batch_id, seconds)
                self._kept[batch_id] = seconds

    def load(self, tx: Transaction) -> None:
        """Take up what was written down."""
        self._since = dict(batches.stalled(tx))
        self._kept = dict(self._since)


class Watch:
    """Finds what must be ended or moved. Decides; the dispatcher carries out."""

    def __init__(self, ledger: Ledger, monotonic: Callable[[], float]) -> None:
        self._ledger = ledger
        self._monotonic = monotonic
        self._waiting_since: dict[str, float] = {}

    def disowned(self, tx: Transaction, flights: Flights) -> list[Flight]:
        """Flights whose token no longer stands: cancelled, timed out, removed."""
        found = []
        for flight, stands in self._standing(tx, [flight for flight in flights if flight.ending is None]):
            if not stands:
                found.append(flight)
                runs.end_run(tx, flight.run_id, RunStatus.CANCELLED, {})
        return found

    def _standing(self, tx: Transaction, flights: Sequence[Flight]) -> list[tuple[Flight, bool]]:
        items = [flight.subject_id for flight in flights if flight.subject_kind == SubjectKind.ITEM]
        files = [flight.subject_id for flight in flights if flight.subject_kind == SubjectKind.FILE]
        exported = [flight.subject_id for flight in flights if flight.subject_kind == SubjectKind.EXPORT]
        tokens: dict[str, int] = {}
        if items:
            tokens.update(batches.tokens_at_work(tx, items))
        if files:
            tokens.update(library.tokens_of_files(tx, files))
        if exported:
            tokens.update(exports.tokens_of_exports(tx, exported))
        return [(flight, tokens.get(flight.subject_id) == flight.token) for flight in flights]

    def recalled(self, tx: Transaction, flights: Flights, workers: Sequence[WorkerInfo]) -> list[Flight]:
        """What was handed out ahead and should not begin there: its batch is paused, or a slot elsewhere is idle.

        The second happens when work that was thought short turns out long.
        """
        unbegun = [one for one in flights if one.ending is None and flights.is_behind(one)]
        if not unbegun:
            return []
        paused = batches.paused(tx, {flight.batch_id for flight in unbegun if flight.batch_id is not None})
        idle = any("cpu" in worker.pools and not flights.on(worker.address) for worker in workers)
        now = self._monotonic()
        slow = (
            {flight.worker for flight in flights if flight.started and now - flight.begun > SLOW_S}
            if idle
            else set()
        )
        return [flight for flight in unbegun if flight.batch_id in paused or flight.worker in slow]

    def silent(self, flights: Flights) -> list[Flight]:
        """Started flights that have shown nothing for longer than their stage may."""
        now = self._monotonic()
        return [f for f in flights if f.started and f.ending is None and now - f.at > f.silence_s]

    def time_out(self, tx: Transaction, batch_ids: Sequence[str]) -> None:
        """Fail what is left of batches that made no progress for too long, and settle them."""
        failure = Failure(
            "timed_out",
            "The batch made no progress for too long and was ended.",
            "Retry the items that failed.",
        )
        for batch_id in batch_ids:
            batch = batches.engine_batch(tx, batch_id)
            if BatchStatus(batch.status) in (BatchStatus.PROCESSING, BatchStatus.PAUSED):
                self._ledger.fail_rest(tx, batch, failure)
                runs.drop_queued(tx, batch.id)
                self._ledger.settle(tx, batch)

    def make_room(self, waiting_owners: set[str], flights: Flights) -> Flight | None:
        """A stage to ask to yield, so that an owner with nothing at work is not kept waiting by long ones."""
        at_work = flights.owners()
        now = self._monotonic()
        starved = {owner for owner in waiting_owners if owner not in at_work}
        self._waiting_since = {owner: self._waiting_since.get(owner, now) for owner in starved}
        if not any(now - since >= ROOM_AFTER_S for since in self._waiting_since.values()):
            return None
        by_owner: dict[str, list[Flight]] = {}
        for flight in flights:
            if flight.yielding or flight.ending is not None:
                return None  # one at a time
            by_owner.setdefault(flight.owner_id, []).append(flight)
        longest = max(by_owner.values(), key=len, default=[])
        return min(longest, key=lambda flight: flight.begun, default=None)
