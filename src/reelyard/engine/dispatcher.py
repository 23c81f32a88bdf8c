"""The dispatcher: one thread that decides what happens next, in ticks.

A tick takes everything that has come in since the last one, writes it down in one transaction together with
the new claims, and only then speaks to the workers. The database is the truth; what is kept here (flights,
accounts, estimates) can be lost at any moment.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from reelyard.core.batches import progress
from reelyard.core.events.live import LiveBoard, Progress
from reelyard.core.runs import repository as runs
from reelyard.core.texts.service import TextService
from reelyard.db.session import Database, Transaction
from reelyard.engine.claims import Claims, Submission
from reelyard.engine.cluster import Cluster, Ended, Message
from reelyard.engine.estimates import Estimates
from reelyard.engine.flights import Flight, Flights, Why
from reelyard.engine.intake import Arrival, Intake
from reelyard.engine.losses import Losses
from reelyard.engine.messages import Ending, Told, Word, lost
from reelyard.engine.outlook import Outlook
from reelyard.engine.recovery import Recovery
from reelyard.engine.watch import Stalls, Watch
from reelyard.errors import DatabaseBusy, StorageFull, StorageUnavailable
from reelyard.kit.clock import Clock
from reelyard.kit.faults import Point, reach

log = structlog.get_logger(__name__)

HEARTBEAT_S = 0.5  # how often it looks around when nothing rings
TICK_PAUSE_S = 0.012  # lets results that come together be written together
PASSING = (DatabaseBusy, StorageFull, StorageUnavailable)
SOME = 0.02  # of a stage done tells how long the rest takes
PATIENCE_S = 0.5  # before trying again when the database or the storage did not answer


@dataclass(frozen=True, slots=True)
class DispatcherParts:
    """What the dispatcher stands on."""

    db: Database
    cluster: Cluster
    clock: Clock
    claims: Claims
    intake: Intake
    watch: Watch
    recovery: Recovery
    losses: Losses
    estimates: Estimates
    texts: TextService
    board: LiveBoard
    stalls: Stalls
    outlook: Outlook


class Dispatcher:
    """Runs until it is stopped. `wake` may be called from any thread."""

    def __init__(self, parts: DispatcherParts) -> None:
        self._parts = parts
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._draining = False
        self._held: list[Message] = []
        self._looked_at = parts.clock.monotonic()
        self._index = True
        self.flights = Flights()
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Recover, bring the workers up, begin."""
        self._parts.recovery.run()
        with self._parts.db.read() as tx:
            self._parts.estimates.load(runs.rates(tx))
            self._parts.stalls.load(tx)
        self._parts.cluster.start(self._hear)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it looks after the work."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """Something changed in the database."""
        self._bell.set()

    def stop(self, drain_s: float, hurry: threading.Event | None = None) -> None:
        """Let running stages reach their next part, then end what is left.

        That takes at most `drain_s` seconds, and less once `hurry` is set.
        """
        self._draining = True
        deadline = self._parts.clock.monotonic() + drain_s
        while (
            len(self.flights) and self._parts.clock.monotonic() < deadline and not (hurry and hurry.is_set())
        ):
            self._ask_all_to_yield()  # again and again: a tick may just have submitted more
            self._bell.set()
            self._stopping.wait(0.02)
        self._stopping.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join()
        self._put_back()
        self._parts.cluster.close()

    def _ask_all_to_yield(self) -> None:
        for flight in self.flights:
            if not flight.yielding:
                self._yield(flight)

    def _put_back(self) -> None:
        """What did not stop in time: back to pending, no retry counted."""
        with self._parts.db.write() as tx:
            for flight in self.flights:
                gone = lost(flight.key, tx.now.timestamp(), "Reelyard was stopped.")
                self._parts.intake.apply(tx, Arrival(flight, gone), draining=True)
                self.flights.pop(flight.key)
            tx.session.flush()
            self._parts.recovery.strand(tx)

    # --- the loop -----------------------------------------------------------------------------------------

    def _hear(self, message: Message) -> None:
        self._inbox.put(message)
        if not isinstance(message, Told) or message.word in (Word.PART, Word.STARTED):
            self._bell.set()
        else:
            self._show(message)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(HEARTBEAT_S)
            self._stopping.wait(TICK_PAUSE_S)
            self._bell.clear()
            try:
                self.tick()
            except PASSING as error:
                log.warning("tick.postponed", reason=str(error))
                self._stopping.wait(PATIENCE_S)
                self._bell.set()
            except Exception:
                log.exception("tick.broke")
                self._one_by_one()
                self._stopping.wait(PATIENCE_S)
                self._bell.set()

    def _one_by_one(self) -> None:
        """A tick broke on a mistake of ours: find the message that it breaks on and go on without it."""
        messages, self._held = self._held, []
        for message in messages:
            try:
                with self._parts.db.write() as tx:
                    ended = self._take_in(tx, [message])
                self._carry_out(ended, [], [])
            except PASSING:
                self._held.append(message)
            except Exception:
                log.exception("message.dropped", message=repr(message)[:500])
                if isinstance(message, Ended):
                    self._give_back(message)

    def _give_back(self, message: Ended) -> None:
        """What came back could not be written: its item goes back to pending, so that it is not lost."""
        flight = self.flights.get(message.key)
        if flight is None:
            return
        try:
            with self._parts.db.write() as tx:
                gone = lost(flight.key, tx.now.timestamp(), "The result could not be written down.")
                self._parts.intake.apply(tx, Arrival(flight, gone))
            self.flights.pop(flight.key)
        except Exception:
            log.exception("flight.stuck", key=flight.key)
            self._held.append(message)  # to be tried again

    def tick(self) -> None:
        """Take in what has come, write it down, claim, and tell the workers."""
        self._held.extend(self._drained())
        messages = self._held = [self._with_outcome(message) for message in self._held]
        passed = self._passed()
        with self._parts.db.write() as tx:
            tx.session.autoflush = (
                False  # flushed where the next query needs it: a tick is many small changes
            )
            ended = self._take_in(tx, messages)
            tx.session.flush()
            self._look_after(tx, passed)
            left = self._without(ended)
            disowned = self._parts.watch.disowned(tx, left)
            behind = self._parts.watch.recalled(tx, left, self._parts.cluster.capacity())
            recalled = [flight for flight in behind if flight not in disowned]
            submissions, again = ([], False) if self._draining else self._claim(tx, left)
            _reach(Point.BEFORE_CLAIM_COMMIT, submissions)
            _reach(Point.BEFORE_RESULT_COMMIT, ended)
        _reach(Point.AFTER_RESULT_COMMIT, ended)
        _reach(Point.AFTER_CLAIM_COMMIT, submissions)
        self._held = []
        self._carry_out(ended, submissions, disowned)
        for flight in recalled:
            self._end(flight, Why.RECALLED)
        if passed and not self._draining:
            self._make_room()
            self._parts.outlook.renew(self.flights, self._parts.cluster.capacity())
        if again:
            self._bell.set()
        if self._index and not self._parts.texts.index_pending(self._parts.db):
            self._index = False

    def _drained(self) -> list[Message]:
        messages: list[Message] = []
        while True:
            try:
                messages.append(self._inbox.get_nowait())
            except queue.Empty:
                return messages

    def _with_outcome(self, message: Message) -> Message:
        """Results outlive the messenger: what a lost worker had stored stands."""
        flight = (
            self.flights.get(message.key) if isinstance(message, Ended) and message.outcome is None else None
        )
        return message if flight is None else Ended(flight.key, self._parts.losses.stored(flight))

    def _passed(self) -> float:
        """Seconds since the last look around, 0 when it was not long ago."""
        now = self._parts.clock.monotonic()
        if now - self._looked_at < HEARTBEAT_S:
            return 0.0
        passed, self._looked_at = now - self._looked_at, now
        return passed

    # --- inside the transaction ---------------------------------------------------------------------------

    def _take_in(self, tx: Transaction, messages: Sequence[Message]) -> list[Arrival]:
        arrivals = [self._arrival(tx, message) for message in messages if isinstance(message, Ended)]
        ended = [arrival for arrival in arrivals if arrival is not None]
        if ended:
            self._parts.intake.load(tx, ended)
        for message in messages:
            if isinstance(message, Told):
                self._note(tx, message)
        done = {arrival.flight.key for arrival in ended if arrival.outcome.ending is not Ending.LOST}
        for arrival in ended:
            if arrival.flight.key not in done:
                self._parts.losses.blame(arrival.flight, self.flights, done)
            self._parts.intake.apply(tx, arrival, draining=self._draining)
            self._learn(tx, arrival)
            self._parts.stalls.progressed(arrival.flight.batch_id)
        return ended

    def _arrival(self, tx: Transaction, message: Ended) -> Arrival | None:
        flight = self.flights.get(message.key)
        if flight is None:
            return None
        outcome = message.outcome
        if outcome is None:
            outcome = lost(message.key, tx.now.timestamp(), "The worker went away while it was at work.")
        return Arrival(flight, outcome)

    def _learn(self, tx: Transaction, arrival: Arrival) -> None:
        """What it really took: for its owner's account and for the next estimate."""
        flight, outcome = arrival.flight, arrival.outcome
        took = max(0.0, outcome.ended_at - outcome.started_at)
        self._parts.claims.correct(flight, took)
        if outcome.ending is Ending.DONE:
            self._parts.estimates.learn(tx, flight, took)

    def _note(self, tx: Transaction, told: Told) -> None:
        flight = self.flights.get(told.key)
        if flight is None:
            return
        flight.at = self._parts.clock.monotonic()
        flight.started = True
        if told.word is Word.PART:
            runs.keep_part(tx, flight.owner_id, flight.subject_id, told.part)
            self._parts.stalls.progressed(flight.batch_id)

    def _look_after(self, tx: Transaction, passed: float) -> None:
        if not passed:
            return
        over = self._parts.stalls.pass_time(passed, self.flights)
        self._parts.watch.time_out(tx, over)
        runs.drop_ownerless(tx)
        self._parts.stalls.keep(tx)

    def _without(self, ended: Sequence[Arrival]) -> Flights:
        """The flights that are still under way once this tick stands."""
        gone = {arrival.flight.key for arrival in ended}
        left = Flights()
        for flight in self.flights:
            if flight.key not in gone:
                left.add(flight)
        return left

    def _claim(self, tx: Transaction, left: Flights) -> tuple[list[Submission], bool]:
        tx.session.flush()
        return self._parts.claims.claim(tx, left, self._parts.cluster.capacity())

    # --- after the commit -----------------------------------------------------------------------------------

    def _carry_out(
        self, ended: Sequence[Arrival], submissions: Sequence[Submission], disowned: Sequence[Flight]
    ) -> None:
        for arrival in ended:
            self.flights.pop(arrival.flight.key)
            self._parts.board.forget(arrival.flight.subject_id)
            self._index = True
        self._parts.losses.forget(self.flights)
        for submission in submissions:
            self.flights.add(submission.flight)
            self._parts.cluster.submit(submission.attempt, submission.flight.worker)
        for flight in disowned:
            self._end(flight, Why.DISOWNED)
        for flight in self._parts.watch.silent(self.flights):
            self._end(flight, Why.SILENT)

    def _make_room(self) -> None:
        if not len(self.flights):
            return
        with self._parts.db.read() as tx:
            owners = {waiting.candidate.owner for waiting in self._parts.claims.waiting(tx, 1).values()}
        flight = self._parts.watch.make_room(owners, self.flights)
        if flight is not None:
            self._yield(flight)

    def _end(self, flight: Flight, why: Why) -> None:
        flight.ending = why
        self._parts.board.forget(flight.subject_id)
        self._parts.cluster.kill(flight.key, flight.worker)

    def _yield(self, flight: Flight) -> None:
        flight.yielding = True
        self._parts.cluster.kill(flight.key, flight.worker, yielding=True)

    def _show(self, told: Told) -> None:
        """Progress goes straight to who watches; it is never written."""
        flight = self.flights.get(told.key)
        if flight is None or flight.ending is not None:
            return
        flight.at = self._parts.clock.monotonic()
        flight.started = True
        flight.fraction = max(flight.fraction, told.fraction)
        batch_id = flight.batch_id or flight.shown_in
        if batch_id is None:  # a file of the library: nobody watches it, but it is not silent
            return
        done = progress.item_progress(flight.shares, flight.index, flight.fraction)
        eta = self._parts.outlook.item_eta(flight.subject_id) if flight.batch_id else _rest_of(flight)
        self._parts.board.show(
            Progress(
                flight.owner_id,
                batch_id,
                flight.subject_id,
                flight.stage,
                done,
                eta,
                told.note,
                told.live,
                kind=flight.subject_kind,
            )
        )


def _rest_of(flight: Flight) -> float | None:
    """Seconds that it still takes if it goes on as it went."""
    return (flight.at - flight.begun) * (1 / flight.fraction - 1) if flight.fraction > SOME else None


def _reach(point: Point, work: Sequence[object]) -> None:
    """A named fault point that only a tick with such work comes by."""
    if work:
        reach(point)
