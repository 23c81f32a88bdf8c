"""After a start: what an earlier control plane left under way. Outcomes first, then back to the queue.

On one machine the workers died with their control plane, so nothing is left to adopt: an attempt has either
left its outcome in storage, and that is applied, or it is done again under a new token, no retry counted.
"""

from __future__ import annotations

from contextlib import suppress

import structlog

from reelyard.core.batches import repository as batches
from reelyard.core.batches.estimate import Size
from reelyard.core.batches.ledger import Ledger, begin_anew
from reelyard.core.batches.lifecycle import ItemEvent
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import StageRun
from reelyard.db.session import Database, Transaction
from reelyard.engine.course import Course
from reelyard.engine.estimates import kind_of
from reelyard.engine.flights import Flight
from reelyard.engine.intake import Arrival, Intake
from reelyard.engine.losses import Losses
from reelyard.engine.messages import lost
from reelyard.errors import InvalidInput

log = structlog.get_logger(__name__)


class Recovery:
    """Puts the database in order before the first tick."""

    def __init__(self, db: Database, losses: Losses, intake: Intake, ledger: Ledger, course: Course) -> None:
        self._db = db
        self._losses = losses
        self._intake = intake
        self._ledger = ledger
        self._course = course

    def run(self) -> tuple[int, int]:
        """Apply stored outcomes, put the rest back; returns how many of each."""
        applied = back = 0
        with self._db.read() as tx:
            left = [_flight(run) for run in runs.running_runs(tx)]
        for flight in left:
            outcome = self._losses.stored(flight)
            with self._db.write() as tx:
                if outcome is None:
                    gone = lost(flight.key, tx.now.timestamp(), "The control plane was restarted.")
                    self._intake.apply(tx, Arrival(flight, gone))
                    back += 1
                else:
                    self._intake.apply(tx, Arrival(flight, outcome))
                    applied += 1
        with self._db.write() as tx:
            self.strand(tx)
            self._replan(tx)
        if left:
            log.info("engine.recovered", applied=applied, put_back=back)
        return applied, back

    def strand(self, tx: Transaction) -> None:
        """Between two control planes no item is at work: one that waits for a slot goes back to pending too."""
        runs.drop_queued_items(tx)
        self._stranded(tx)

    def _stranded(self, tx: Transaction) -> None:
        """Items at work with nothing that works for them: put back, so that nobody waits for ever."""
        for item in batches.stranded(tx):
            batch = batches.engine_batch(tx, item.batch_id)
            self._ledger.move_item(tx, batch, item, ItemEvent.DRAIN)

    def _replan(self, tx: Transaction) -> None:
        """Items whose pipeline has other stages since an upgrade begin anew; equal work comes from the cache."""
        tx.session.flush()
        for item in batches.begun(tx):
            batch = batches.engine_batch(tx, item.batch_id)
            with suppress(InvalidInput):  # of a pipeline that is not installed just now
                if not self._course.fits(tx, batch, item):
                    begin_anew(item)
                    log.info("engine.replanned", item=item.id)


def _flight(run: StageRun) -> Flight:
    """The flight as it would have been; `started` is False, since a restart of the control plane counts for nobody."""
    return Flight(
        key=f"{run.subject_id}:{run.stage}:{run.token}", run_id=run.id, subject_kind=run.subject_kind,
        subject_id=run.subject_id, owner_id=run.owner_id, batch_id=run.batch_id, pipeline=run.pipeline, stage=run.stage,
        token=run.token, worker=run.worker or "", pool=run.pool, estimate_s=run.estimate_s, silence_s=0.0,
        cache_key=run.cache_key, kind=kind_of(run), size=Size(None),
    )  # fmt: skip
