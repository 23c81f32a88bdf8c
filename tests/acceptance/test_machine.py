"""Whatever is asked, whatever ends however, whenever it crashes: the invariants hold after every step."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.faults.pipelines import WORK
from tests.support.engine import new_owner, ready_files
from tests.support.manual import ENVIRONMENT, Manual, manual, settings_for

from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.service import BatchOrder
from reelyard.core.invariants import broken
from reelyard.core.library.models import Upload, UploadStatus
from reelyard.core.library.service import NewFile
from reelyard.core.library.uploads import original_key
from reelyard.core.runs.models import Artifact
from reelyard.db.session import Transaction
from reelyard.engine.claims import AHEAD
from reelyard.engine.messages import Ending, Outcome
from reelyard.errors import Refused
from reelyard.media.info import AudioStream, Kind, MediaInfo
from reelyard.testing.clock import ManualClock

PICK = st.integers(0, 10_000)
ENDINGS = st.sampled_from([Ending.REJECTED, Ending.RETRY, Ending.SKIPPED])
STAGES = {stage.name: stage for stage in WORK.stages}


class Yard(RuleBasedStateMachine):
    """Two owners, batches of the pipeline “work”, two slots and a light worker."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="reelyard-machine-"))
        self.environment = mock.patch.dict(os.environ, ENVIRONMENT)
        self.environment.start()
        numbers = itertools.count(1)  # the same ids in the same order, or no failure could be repeated
        self.ids = mock.patch("uuid.uuid4", side_effect=(uuid.UUID(int=n) for n in numbers))
        self.ids.start()
        self.logs = structlog.get_config()
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[lambda *_: ""])
        self.clock = ManualClock()
        self.settings = settings_for(self.folder / "data")
        self.it: Manual = manual(self.settings, self.clock)
        self.owners = [new_owner(self.it.container, name) for name in ("one", "other")]
        self.batches: list[tuple[str, str]] = []  # owner and id
        self.submitted: set[str] = set()
        self.late: list[Outcome] = []
        for pick, width in enumerate((2, 3)):
            self.order(pick, 3, width, on_request=False, start=True)
        self.it.tick()

    def teardown(self) -> None:
        if not hasattr(self, "it"):
            return
        try:
            self._everything_ends()
        finally:
            self.it.crash()
            self.ids.stop()
            self.environment.stop()
            structlog.configure(**self.logs)
            shutil.rmtree(self.folder)

    # --- what owners do --------------------------------------------------------------------------------

    @rule(
        pick=PICK,
        files=st.integers(0, 3),
        width=st.integers(1, 3),
        on_request=st.booleans(),
        start=st.booleans(),
    )
    def order(self, pick: int, files: int, width: int, on_request: bool, start: bool) -> None:
        owner = self.owners[pick % 2]
        ids = ready_files(self.it.container, owner, [f"text {uuid.uuid4()}" for _ in range(files)])
        with self.it.container.db.write() as tx:
            wanted = BatchOrder("a batch", "work", concurrency=width, on_request=on_request)
            batch = self.it.container.batches.create(tx, owner, wanted)
            self.it.container.batches.add_files(tx, owner, batch.id, ids)
        self.batches.append((owner, batch.id))
        if start:
            self._asked(lambda tx: self.it.container.commands.start(tx, owner, batch.id))

    @precondition(lambda self: self.batches)
    @rule(pick=PICK, arrives=st.booleans(), known=st.booleans())
    def add(self, pick: int, arrives: bool, known: bool) -> None:
        """A file that is still to be verified, or one whose content is known."""
        owner, batch_id = self._batch(pick)
        content = b"known" if known else uuid.uuid4().hex.encode()

        def announce(tx: Transaction) -> None:
            container = self.it.container
            file, upload = container.library.announce(tx, owner, NewFile("a file", len(content), batch_id))
            container.batches.add_files(tx, owner, batch_id, [file.id])
            if arrives:
                stored = container.storage.put_bytes(original_key(file), content)
                upload.status, upload.sealed_at = UploadStatus.SEALED, tx.now
                container.library.received(tx, file, stored.key, stored.size)

        self._asked(announce)

    @precondition(lambda self: self.batches)
    @rule(pick=PICK, what=st.sampled_from(["abort", "expire"]))
    def give_up_an_upload(self, pick: int, what: str) -> None:
        with self.it.container.db.read() as tx:
            found = list(tx.session.query(Upload).where(Upload.status == UploadStatus.OPEN))
        if what == "expire":
            self.clock.advance(25 * 3600)
            self.it.container.uploads.expire()
        elif found:
            upload = found[pick % len(found)]
            self.it.container.uploads.abort(upload.owner_id, upload.id)

    @precondition(lambda self: self.batches)
    @rule(pick=PICK, what=st.sampled_from(["start", "pause", "resume", "resume", "start", "retry"]))
    def command(self, pick: int, what: str) -> None:
        owner, batch_id = self._batch(pick)
        self._asked(lambda tx: getattr(self.it.container.commands, what)(tx, owner, batch_id))

    @precondition(lambda self: self.batches)
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        owner, batch_id = self._batch(pick)
        self._asked(lambda tx: self.it.container.commands.cancel(tx, owner, batch_id))

    @precondition(lambda self: self.batches)
    @rule(pick=PICK, width=st.integers(1, 3))
    def change(self, pick: int, width: int) -> None:
        owner, batch_id = self._batch(pick)
        self._asked(lambda tx: self.it.container.batches.change(tx, owner, batch_id, {"concurrency": width}))

    @precondition(lambda self: self.batches)
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        owner, batch_id = self._batch(pick)
        if self._asked(lambda tx: self.it.container.batches.delete(tx, owner, batch_id)):
            self.batches.remove((owner, batch_id))

    @precondition(lambda self: self.batches)
    @rule(
        pick=PICK,
        which=PICK,
        what=st.sampled_from(["retry", "redo", "redo other", "remove", "request", "first"]),
    )
    def command_item(self, pick: int, which: int, what: str) -> None:
        owner, batch_id = self._batch(pick)
        items = self._items(batch_id)
        if not items:
            return
        item = items[which % len(items)]
        commands, batches = self.it.container.commands, self.it.container.batches
        doing: dict[str, Callable[[Transaction], Any]] = {
            "retry": lambda tx: commands.retry(tx, owner, batch_id, [item.id]),
            "redo": lambda tx: commands.redo(tx, owner, batch_id, item.id),
            "redo other": lambda tx: commands.redo(tx, owner, batch_id, item.id, {"style": f"s{which}"}),
            "remove": lambda tx: batches.remove_items(tx, owner, batch_id, [item.id]),
            "request": lambda tx: commands.request(tx, owner, batch_id, [item.id]),
            "first": lambda tx: batches.reorder(tx, owner, batch_id, [item.id]),
        }
        self._asked(doing[what])

    # --- what workers do -------------------------------------------------------------------------------

    @rule(times=st.integers(1, 3))
    def tick(self, times: int) -> None:
        self.it.tick(times)

    @precondition(lambda self: self.it.cluster.running)
    @rule(pick=PICK, what=st.sampled_from(["started", "part", "progress"]))
    def tell(self, pick: int, what: str) -> None:
        key = self._running(pick)
        if what == "started":
            self.it.cluster.say_started(key)
        elif what == "part":
            self.it.cluster.say_part(key, f"parts/{key}/{pick}")
        else:
            self.it.cluster.say_progress(key, pick / 10_000)
        self.it.tick(pick % 2)

    @precondition(lambda self: self.it.cluster.running)
    @rule(pick=PICK, degraded=st.sampled_from([False, False, True]), ticks=st.integers(0, 2))
    def finish(self, pick: int, degraded: bool, ticks: int) -> None:
        self._finish(self._running(pick), degraded=degraded)
        self.it.tick(ticks)

    @precondition(lambda self: self.it.cluster.running)
    @rule(pick=PICK)
    def finish_all(self, pick: int) -> None:
        for key in list(self.it.cluster.running):
            self._finish(key)
        self.it.tick()

    @precondition(lambda self: self.it.cluster.running)
    @rule(
        pick=PICK, ending=st.sampled_from([Ending.REJECTED, Ending.RETRY, Ending.SKIPPED]), full=st.booleans()
    )
    def fail(self, pick: int, ending: Ending, full: bool) -> None:
        key = self._running(pick)
        code = "resource_limit" if full else "asked_for"
        more = {} if ending is Ending.SKIPPED else {"code": code, "message": "It did not work."}
        if ending is Ending.SKIPPED and key.split(":")[1] in (*STAGES, "verify"):
            return  # a stage whose output others need does not skip
        self.it.cluster.end(key, self.it.cluster.outcome(key, ending, **more))
        self.it.tick(pick % 2)

    @precondition(lambda self: any(one.killed or one.yielding for one in self.it.cluster.running.values()))
    @rule()
    def obey(self) -> None:
        for key, one in list(self.it.cluster.running.items()):
            if one.killed or one.yielding:
                ending = Ending.DISOWNED if one.killed else Ending.YIELDED
                self.it.cluster.end(key, self.it.cluster.outcome(key, ending))

    @precondition(lambda self: self.it.cluster.running)
    @rule(pick=PICK, after_outcome=st.booleans(), zombie=st.booleans())
    def lose_a_worker(self, pick: int, after_outcome: bool, zombie: bool) -> None:
        """It dies before or after its outcome was stored; a frozen one tells its result much later."""
        key = self._running(pick)
        worker = self.it.cluster.running[key].worker
        self.it.cluster.say_started(key)
        if after_outcome or zombie:
            outcome = self._outcome(key)
            if zombie:
                self.late.append(outcome)
        self.it.cluster.lose(worker)
        self.it.tick(pick % 2)

    @precondition(lambda self: self.late)
    @rule()
    def a_frozen_worker_wakes(self) -> None:
        from reelyard.engine.cluster import Ended

        outcome = self.late.pop()
        self.it.cluster._tell(Ended(outcome.key, outcome))

    # --- what the machine does -------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.6, 6.0, 70.0, 400.0, 7 * 3600.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.it.tick()

    @rule(seconds=st.sampled_from([-86400, -3600, 3600, 86400]))
    def the_clock_is_set(self, seconds: int) -> None:
        self.clock.jump(seconds)

    @rule(stored=st.booleans())
    def crash(self, stored: bool) -> None:
        """The control plane dies, and its workers with it; some had just stored their outcomes."""
        if stored:
            for key in list(self.it.cluster.running):
                self._outcome(key)
        self.it.crash()
        self._again()

    @rule()
    def stop(self) -> None:
        self.it.container.stop(drain_s=0.0)
        self._again()

    # --- what always holds -----------------------------------------------------------------------------

    @invariant()
    def invariants_hold(self) -> None:
        if hasattr(self, "it"):
            found = broken(self.it.container.db, self.it.container.storage)
            assert not found, "\n".join(map(str, found))

    @invariant()
    def no_attempt_is_submitted_twice(self) -> None:
        if hasattr(self, "it"):
            fresh = self.it.cluster.history
            assert len(set(fresh)) == len(fresh)
            assert not self.submitted & set(fresh)

    @invariant()
    def no_worker_is_given_more_than_it_may_have(self) -> None:
        if hasattr(self, "it"):
            given = Counter(one.worker for one in self.it.cluster.running.values())
            assert max(given.values(), default=0) <= 1 + AHEAD

    # --- helpers ---------------------------------------------------------------------------------------

    def _batch(self, pick: int) -> tuple[str, str]:
        return self.batches[pick % len(self.batches)]

    def _items(self, batch_id: str) -> list[Item]:
        with self.it.container.db.read() as tx:
            return list(repository.items_of(tx, tx.session.get_one(Batch, batch_id)))

    def _running(self, pick: int) -> str:
        return sorted(self.it.cluster.running)[pick % len(self.it.cluster.running)]

    def _asked(self, doing: Callable[[Transaction], Any]) -> bool:
        """Ask; what is refused changes nothing."""
        try:
            with self.it.container.db.write() as tx:
                doing(tx)
        except Refused:
            return False
        return True

    def _outcome(self, key: str) -> Outcome:
        attempt = self.it.cluster.running[key].attempt
        if attempt.stage in STAGES:
            return self.it.cluster.work(key, self.it.container.storage, STAGES[attempt.stage].makes)
        facts: dict[str, Any] = {}
        if attempt.stage == "verify":
            size = self.it.container.storage.size(attempt.input_key)
            sound = AudioStream(0, "flac", 16_000, 1, 2.0)
            info = MediaInfo(Kind.AUDIO, "flac", "audio/flac", size, 2.0, audio=(sound,))
            facts = {"sha256": "0" * 64, "crc32": 0, "size": size, "info": info.to_json()}
        return self.it.cluster.work(key, self.it.container.storage, (), facts)

    def _finish(self, key: str, *, degraded: bool = False) -> None:
        from dataclasses import replace

        self.it.cluster.end(key, replace(self._outcome(key), degraded=degraded))

    def _again(self) -> None:
        self.submitted |= set(self.it.cluster.history)
        self.it = manual(self.settings, self.clock)

    def _everything_ends(self) -> None:
        """A batch at work ends, or waits for its owner, without anybody doing anything."""
        for _ in range(60):
            self.clock.advance(1_000)
            self.it.tick()
            self.invariants_hold()
            for key, one in list(self.it.cluster.running.items()):
                if one.killed:
                    self.it.cluster.end(key, self.it.cluster.outcome(key, Ending.DISOWNED))
                else:
                    self._finish(key)
            if not self.it.cluster.running and not self._at_work():
                break
        assert not self._at_work(), "a batch never ends"
        self._what_is_served_is_whole()

    def _at_work(self) -> list[str]:
        """Batches at work that nothing from outside is missing for."""
        with self.it.container.db.read() as tx:
            query = tx.session.query(Batch).where(Batch.status == "processing", Batch.deleted_at.is_(None))
            return [batch.id for batch in query if not self._waits_for_files(tx, batch)]

    def _waits_for_files(self, tx: Transaction, batch: Batch) -> bool:
        return repository.missing_sources(tx, batch) > 0

    def _what_is_served_is_whole(self) -> None:
        with self.it.container.db.read() as tx:
            for item in tx.session.query(Item).where(Item.status == "completed"):
                query = tx.session.query(Artifact).where(
                    Artifact.subject_id == item.id, Artifact.generation == item.served_generation
                )
                assert [one.role for one in query if one.is_output] == ["out.txt"]


TestYard = Yard.TestCase
TestYard.pytestmark = pytest.mark.timeout(400)  # type: ignore[attr-defined]  # pytest reads it
TestYard.settings = settings(
    max_examples=int(os.environ.get("REELYARD_MACHINE_EXAMPLES", "20")),
    stateful_step_count=40,
    deadline=None,
    derandomize="REELYARD_MACHINE_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
