"""An export as the subject of a stage: handed out, cancelled, lost, begun anew; and packing that breaks off."""

from __future__ import annotations

import io
import zipfile
from contextlib import closing

import pytest
from tests.support.engine import Order, new_batch, new_owner, ready_files
from tests.support.exports import At, made
from tests.support.manual import Manual, manual
from tests.support.ticking import fresh, only

from reelyard.core.exports import repository
from reelyard.core.exports.models import Export
from reelyard.core.exports.order import ExportOrder
from reelyard.core.exports.packing import layout_of
from reelyard.core.invariants import broken
from reelyard.core.runs import repository as runs
from reelyard.engine.messages import Ending
from reelyard.errors import IllegalTransition, StorageUnavailable
from reelyard.storage.zip_stream import ZipStream

OUTPUTS = [{"out.txt": b"one"}, {"out.txt": b"two"}]
MERGED = ("merged.md",)


def place(it: Manual) -> At:
    it.container.packer.stop()  # the test packs
    return At(it.container, new_owner(it.container))


def order(at: At, batch_id: str, wanted: str = "merged") -> str:
    with at.container.db.write() as tx:
        return at.container.exports.order(tx, at.owner, batch_id, ExportOrder(wanted)).id


def export(it: Manual, export_id: str) -> Export:
    with it.container.db.read() as tx:
        found = tx.session.get_one(Export, export_id)
        tx.session.expunge(found)
        return found


def merging(it: Manual) -> tuple[At, str, str]:
    """A merge that is under way: whose, which batch and which export."""
    at = place(it)
    batch_id = made(at, OUTPUTS, "work")
    export_id = order(at, batch_id)
    it.tick()
    return at, batch_id, export_id


def test_a_merge_gets_its_clips_in_order_and_gives_the_export_its_file(it: Manual) -> None:
    _, _, export_id = merging(it)
    key = only(it)
    attempt = it.cluster.running[key].attempt
    clips = [it.container.storage.read_bytes(blob) for _, blob in sorted(attempt.artifacts.items())]
    under_way = export(it, export_id)

    it.cluster.end(key, it.cluster.work(key, it.container.storage, MERGED, {"duration_s": 7.5}))
    it.tick()

    found = export(it, export_id)
    assert (attempt.subject_kind, attempt.pipeline, attempt.stage) == ("export", "exports", "merge")
    assert clips == [b"one", b"two"]
    assert list(attempt.artifacts) == ["clip-0001", "clip-0002"]
    assert (under_way.status, under_way.note) == ("processing", "Joining 2 files")
    assert (found.status, found.progress, found.media_s) == ("completed", 100.0, 7.5)
    assert found.blob_key is not None
    assert it.container.storage.size(found.blob_key) == found.size
    assert found.expires_at is not None


def test_its_progress_is_shown_to_its_owner(it: Manual) -> None:
    at, batch_id, export_id = merging(it)

    it.clock.advance(10)
    it.cluster.say_progress(only(it), 0.5)

    shown = it.container.board.of_item(export_id)
    assert shown is not None
    assert (shown.owner_id, shown.batch_id, shown.kind) == (at.owner, batch_id, "export")
    assert 45 <= shown.progress <= 55
    assert shown.eta_s == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize("by", ["cancel", "remove", "delete the batch"])
def test_ending_it_kills_what_works_for_it_and_a_late_result_leaves_nothing(it: Manual, by: str) -> None:
    at, batch_id, export_id = merging(it)
    key = only(it)

    with it.container.db.write() as tx:
        match by:
            case "cancel":
                it.container.exports.cancel(tx, at.owner, batch_id, export_id)
            case "remove":
                it.container.exports.remove(tx, at.owner, batch_id, export_id)
            case _:
                it.container.batches.delete(tx, at.owner, batch_id)
    it.tick()
    killed = it.cluster.running[key].killed
    prefix = it.cluster.running[key].attempt.prefix
    it.cluster.end(key, it.cluster.work(key, it.container.storage, MERGED))
    it.tick()
    it.container.housekeeping.once()

    assert killed
    assert export(it, export_id).status == "cancelled"
    assert list(it.container.storage.list(prefix)) == []
    with it.container.db.read() as tx:
        assert repository.entries_of(tx, export_id) == []
        assert [run.status for run in runs.runs_of(tx, export_id)] == ["cancelled"]


def test_what_was_prepared_is_not_used_once_the_batch_stands_otherwise(it: Manual) -> None:
    at = place(it)
    batch_id, wanted = made(at, OUTPUTS, "work"), ExportOrder()
    exports = it.container.exports
    with it.container.db.read() as tx:
        prepared = exports.prepare(tx, at.owner, batch_id, wanted)

    with it.container.db.write() as tx:
        as_it_stood = exports.order(tx, at.owner, batch_id, wanted, prepared)
        it.container.batches.change(tx, at.owner, batch_id, {"name": "renamed"})
    with it.container.db.write() as tx:
        otherwise = exports.order(tx, at.owner, batch_id, wanted, prepared)

    assert as_it_stood.file_name == "a batch.zip"
    assert otherwise.file_name == "renamed.zip"


def test_what_has_ended_cannot_be_cancelled(it: Manual) -> None:
    at, batch_id, export_id = merging(it)
    it.cluster.end(only(it), it.cluster.work(only(it), it.container.storage, MERGED))
    it.tick()

    with pytest.raises(IllegalTransition), it.container.db.write() as tx:
        it.container.exports.cancel(tx, at.owner, batch_id, export_id)


def test_a_lost_worker_is_replaced_and_four_end_it(it: Manual) -> None:
    _, _, export_id = merging(it)
    tokens = []

    for _ in range(4):
        key = only(it)
        tokens.append(it.cluster.running[key].attempt.token)
        it.cluster.say_started(key)
        it.cluster.lose(it.cluster.running[key].worker)
        it.tick(2)

    found = export(it, export_id)
    assert tokens == sorted(set(tokens))
    assert (found.status, found.error_code) == ("failed", "worker_crash")
    assert it.cluster.running == {}


def test_what_the_stage_refuses_fails_with_its_reason(it: Manual) -> None:
    _, _, export_id = merging(it)
    key = only(it)

    refused = it.cluster.outcome(
        key, Ending.REJECTED, code="tool_failed", message="It does not fit.", hint="Try."
    )
    it.cluster.end(key, refused)
    it.tick()

    found = export(it, export_id)
    assert (found.status, found.error_code, found.error_message) == (
        "failed",
        "tool_failed",
        "It does not fit.",
    )


def test_pausing_and_slots_are_shared_with_items(it: Manual) -> None:
    at, _, _ = merging(it)
    other = new_owner(it.container)
    new_batch(it.container, other, ready_files(it.container, other, fresh(3)), Order(concurrency=3))

    it.tick()

    kinds = sorted(one.attempt.subject_kind for one in it.cluster.running.values() if one.worker != "light")
    assert "export" in kinds
    assert "item" in kinds
    assert at.owner != other


@pytest.mark.parametrize("left_its_outcome", [True, False])
def test_after_a_crash_its_outcome_is_taken_or_it_is_begun_anew(it: Manual, left_its_outcome: bool) -> None:
    at, _, export_id = merging(it)
    key = only(it)
    first = it.cluster.running[key].attempt.token
    if left_its_outcome:
        it.cluster.work(key, it.container.storage, MERGED)
    settings, clock = at.container.settings, it.clock

    it.crash()
    again = manual(settings, clock)
    it.container, it.cluster = again.container, again.cluster  # what the fixture looks after
    it.tick()

    if left_its_outcome:
        assert export(it, export_id).status == "completed"
        assert it.cluster.running == {}
        return
    assert it.cluster.running[only(it)].attempt.token > first
    assert export(it, export_id).retry_count == 0
    it.cluster.end(only(it), it.cluster.work(only(it), it.container.storage, MERGED))
    it.tick()
    assert export(it, export_id).status == "completed"


def content(it: Manual, export_id: str) -> bytes:
    with it.container.db.read() as tx:
        entries = repository.entries_of(tx, export_id)
        found = tx.session.get_one(Export, export_id)
        layout = layout_of(entries, found)
    with closing(ZipStream(layout, [entry.blob_key for entry in entries], it.container.storage)) as stream:
        return b"".join(iter(lambda: stream.read(1 << 20), b""))


@pytest.mark.parametrize("wanted", ["zip", "playlist"])
def test_packing_that_breaks_off_before_its_end_is_done_again_after_a_restart(
    it: Manual, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    at = place(it)
    export_id = order(at, made(at, OUTPUTS, "work"), wanted)

    class Gone(BaseException):
        pass

    def crash(_: object) -> None:
        raise Gone

    with monkeypatch.context() as patch:
        patch.setattr("reelyard.core.exports.packing.reach", crash)
        with pytest.raises(Gone):
            it.container.packing.pack_all()
    between = export(it, export_id).status
    it.container.packing.pack_all()

    assert between == "processing"
    assert export(it, export_id).status == "completed"
    if wanted == "zip":
        names = zipfile.ZipFile(io.BytesIO(content(it, export_id))).namelist()
        assert names[-1] == "manifest.json"
        assert len(names) == 3


def test_an_export_that_is_cancelled_while_it_is_packed_leaves_nothing(
    it: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = place(it)
    batch_id = made(at, OUTPUTS, "work")
    export_id = order(at, batch_id, "zip")

    def cancel(_: object) -> None:
        with it.container.db.write() as tx:
            it.container.exports.cancel(tx, at.owner, batch_id, export_id)

    monkeypatch.setattr("reelyard.core.exports.packing.reach", cancel)
    it.container.packing.pack_all()

    assert export(it, export_id).status == "cancelled"
    assert list(it.container.storage.list("exports/")) == []


def test_a_storage_that_is_away_for_a_while_only_delays_it(
    it: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = place(it)
    export_id = order(at, made(at, OUTPUTS, "work"), "zip")
    with monkeypatch.context() as patch:

        def away(*_: object) -> None:
            raise StorageUnavailable("The storage does not answer.")

        patch.setattr(it.container.storage, "put_bytes", away)
        it.container.packing.pack_all()
    waiting = export(it, export_id)

    it.container.packing.pack_all()

    assert (waiting.status, waiting.retry_count) == ("processing", 1)
    assert export(it, export_id).status == "completed"
    assert broken(it.container.db, it.container.storage) == []
