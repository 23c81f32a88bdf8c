"""The course of an item: what its user wrote survives a redo, what nobody needs goes, a limit is met only twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from tests.faults.pipelines import WORK
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files, runs_of
from tests.support.manual import Manual, held

from reelyard.core.batches.models import Item
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Artifact, CacheBlob, CacheEntry, StageRun
from reelyard.db.session import Transaction
from reelyard.engine.messages import Ending


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Manual]:
    with held(tmp_path / "data") as found:
        yield found


def one_item(it: Manual) -> tuple[str, str]:
    owner = new_owner(it.container)
    batch = new_batch(it.container, owner, ready_files(it.container, owner, [str(uuid.uuid4())]), Order())
    it.tick()
    return owner, batch


def item(it: Manual, batch: str) -> Item:
    return items_of(it.container, batch)[0]


def finish_all(it: Manual) -> list[str]:
    """Let whatever is handed out succeed until nothing is; the stages that really ran."""
    ran = []
    while it.cluster.running:
        (key,) = it.cluster.running
        stage = it.cluster.running[key].attempt.stage
        ran.append(stage)
        it.cluster.end(key, it.cluster.work(key, it.container.storage, WORK.stage(stage).makes))
        it.tick(2)
    return ran


def artifacts(it: Manual, item_id: str, generation: int) -> list[Artifact]:
    with it.container.db.read() as tx:
        return list(runs.artifacts_of(tx, item_id, generation))


def keys_of(tx: Transaction, stage: str) -> list[str | None]:
    return list(tx.session.scalars(select(StageRun.cache_key).where(StageRun.stage == stage)))


def revise(it: Manual, owner: str, made: Artifact, text: bytes) -> None:
    stored = it.container.storage.put_bytes(f"revisions/{owner}/{made.subject_id}/{uuid.uuid4()}", text)
    with it.container.db.write() as tx:
        tx.session.add(
            Artifact(
                id=str(uuid.uuid4()), owner_id=owner, subject_kind=made.subject_kind, subject_id=made.subject_id,
                generation=made.generation, run_id=None, stage=made.stage, role=made.role, is_output=False,
                revision=made.revision + 1, blob_key=stored.key, size=stored.size, sha256=stored.sha256,
                crc32=stored.crc32, created_at=tx.now,
            )
        )  # fmt: skip


def test_a_redo_in_another_style_starts_from_what_the_user_corrected(it: Manual) -> None:
    owner, batch = one_item(it)
    finish_all(it)
    done = item(it, batch)
    (pieces,) = [one for one in artifacts(it, done.id, 1) if one.role == "pieces"]
    revise(it, owner, pieces, b"corrected")

    with it.container.db.write() as tx:
        it.container.commands.redo(tx, owner, batch, done.id, {"style": "fancy"})
    it.tick(2)
    (key,) = it.cluster.running
    given = it.cluster.running[key].attempt.artifacts["pieces"]
    ran = finish_all(it)

    assert ran == ["write"]
    assert it.container.storage.read_bytes(given) == b"corrected"
    kept = [(one.role, one.revision) for one in artifacts(it, done.id, 2)]
    assert ("pieces", 1) in kept


def test_what_was_only_needed_on_the_way_goes_with_the_completion(it: Manual) -> None:
    _, batch = one_item(it)

    finish_all(it)

    assert {one.role for one in artifacts(it, item(it, batch).id, 1)} == {"pieces", "out.txt"}


def test_the_cache_forgets_what_nothing_living_was_made_with(it: Manual) -> None:
    owner, batch = one_item(it)
    finish_all(it)
    with it.container.db.write() as tx:
        it.container.batches.delete(tx, owner, batch)

    with it.container.db.write() as tx:
        soon = runs.forget_cache(tx, tx.now - timedelta(hours=1))
    it.clock.advance(2 * 3600)
    with it.container.db.write() as tx:
        later = runs.forget_cache(tx, tx.now - timedelta(hours=1))
        left = tx.session.execute(select(func.count()).select_from(CacheEntry)).scalar_one()

    assert (soon, later, left) == (0, len(WORK.stages), 0)


def test_the_cache_keeps_what_a_living_batch_was_made_with(it: Manual) -> None:
    one_item(it)
    finish_all(it)

    it.clock.advance(2 * 3600)
    with it.container.db.write() as tx:
        forgotten = runs.forget_cache(tx, tx.now - timedelta(hours=1))

    assert forgotten == 1  # the one of `prepare`, whose file nobody needs any more


def test_a_redo_long_after_needs_nothing_of_what_was_let_go(it: Manual) -> None:
    owner, batch = one_item(it)
    finish_all(it)
    it.clock.advance(2 * 3600)
    with it.container.db.write() as tx:
        runs.forget_cache(tx, tx.now - timedelta(hours=1))
        again = runs.forget_cache(tx, tx.now - timedelta(hours=1))

    with it.container.db.write() as tx:
        it.container.commands.redo(tx, owner, batch, item(it, batch).id, {"style": "fancy"})
    it.tick(2)

    assert again == 0
    assert finish_all(it) == ["write"]
    assert item(it, batch).status == "completed"


def test_a_redo_makes_what_was_let_go_where_a_later_stage_wants_it(it: Manual) -> None:
    owner, batch = one_item(it)
    finish_all(it)
    it.clock.advance(2 * 3600)
    with it.container.db.write() as tx:
        runs.forget_cache(tx, tx.now - timedelta(hours=1))
        tx.session.execute(delete(CacheEntry).where(CacheEntry.key.in_(keys_of(tx, "parts"))))

    with it.container.db.write() as tx:
        it.container.commands.redo(tx, owner, batch, item(it, batch).id, {"style": "fancy"})
    it.tick(2)

    assert finish_all(it) == ["prepare", "parts", "write"]
    with it.container.db.read() as tx:
        hollow = select(func.count()).select_from(CacheBlob).where(CacheBlob.blob_key == "")
        assert tx.session.execute(hollow).scalar_one() == 0


def test_running_into_a_limit_is_tried_once_more_and_then_final(it: Manual) -> None:
    _, batch = one_item(it)

    for _ in range(2):
        (key,) = it.cluster.running
        it.cluster.say_started(key)
        it.cluster.end(key, it.cluster.outcome(key, Ending.RETRY, code="resource_limit", message="too much"))
        it.tick()
        it.clock.advance(3600)
        it.tick()

    failed = item(it, batch)
    assert (failed.status, failed.error_code, failed.retry_count) == ("failed", "resource_limit", 1)
    assert len(runs_of(it.container, failed)) == 2
