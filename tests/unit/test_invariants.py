"""Each invariant is broken by hand, and named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.pipelines import WORK
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files
from tests.support.manual import ENVIRONMENT, Manual, manual, settings_for

from reelyard.core.invariants import broken, rules
from reelyard.engine.messages import Ending
from reelyard.testing.clock import ManualClock

DAMAGE = [  # invariant, what breaks it; :done, :works, :failed, :batch are ids
    ("I1", "UPDATE batches SET completed = completed + 1 WHERE id = :batch"),
    ("I1", "UPDATE items SET position = 7 WHERE id = :done"),
    ("I2", "UPDATE batches SET concurrency = 1 WHERE id = :batch"),
    (
        "I2",
        "UPDATE stage_runs SET status = 'queued', token = -99 WHERE subject_id = :works AND status = 'done'",
    ),
    ("I3", "UPDATE batches SET status = 'completed' WHERE id = :batch"),
    (
        "I4",
        """UPDATE events SET data = json_set(data, '$.batch.status', 'completed')
           WHERE kind = 'batch.started' AND batch_id = :batch""",
    ),
    (
        "I4",
        """UPDATE events SET data = json_set(data, '$.item.status', 'failed')
           WHERE kind = 'item.started' AND item_id = :done""",
    ),
    ("I5", "UPDATE items SET served_generation = NULL WHERE id = :done"),
    ("I5", "UPDATE artifacts SET generation = 7 WHERE subject_id = :done AND role = 'pieces'"),
    ("I5", "UPDATE stage_runs SET status = 'lost' WHERE subject_id = :done AND stage = 'write'"),
    ("I5", "UPDATE artifacts SET sha256 = 'other' WHERE subject_id = :done AND role = 'out.txt'"),
    ("I5", "UPDATE artifacts SET blob_key = 'work/nowhere' WHERE subject_id = :done AND role = 'out.txt'"),
    (
        "I6",
        """UPDATE events SET data = json_set(data, '$.batch.status', 'paused')
           WHERE kind = 'item.started' AND item_id = :done""",
    ),
    ("I7", "UPDATE stage_runs SET stage = 'parts' WHERE subject_id = :done AND stage = 'prepare'"),
    (
        "I8",
        """UPDATE events SET kind = 'item.retrying', data = json_set(data, '$.item.retry_count', 4)
           WHERE kind = 'item.started' AND item_id = :done""",
    ),
    ("I9", "UPDATE items SET status = 'cancelled' WHERE batch_id = :batch"),
    (
        "I10",
        "UPDATE stage_runs SET stage = 'prepare', status = 'lost' WHERE subject_id = :done AND stage = 'write'",
    ),
    ("I11", "UPDATE items SET progress = 100 WHERE id = :works"),
    ("I11", "UPDATE items SET progress = -1 WHERE id = :works"),
    (
        "I11",
        """UPDATE events SET data = json_set(data, '$.item.progress', 99.5)
           WHERE kind = 'item.started' AND item_id = :done""",
    ),
    ("I12", "DELETE FROM events WHERE batch_id = :batch AND seq = 3"),
    ("I12", "UPDATE owners SET event_seq = event_seq + 1"),
    ("I12", "UPDATE items SET error_message = 'another' WHERE id = :failed"),
    ("I14", "UPDATE items SET token = 0 WHERE id = :done"),
    (
        "I17",
        """INSERT INTO exports (id, owner_id, batch_id, format, options, digest, status, progress, note, items, files,
           media_s, input_bytes, file_name, token, retry_count, created_at, updated_at)
           SELECT 'x', owner_id, id, 'zip', '{}', 'd', 'completed', 100, '', 1, 1, 0, 0, 'a.zip', 0, 0, '2026-01-01',
           '2026-01-01' FROM batches WHERE id = :batch""",
    ),
    ("I15", "UPDATE stage_runs SET status = 'lost' WHERE subject_id = :works AND status = 'running'"),
]


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Manual, dict[str, str]]]:
    """A batch with one item completed, one failed, two at work; and the ids of what stands in it."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    clock = ManualClock()
    it = manual(settings_for(tmp_path / "data"), clock, slots=4)
    owner = new_owner(it.container)
    files = ready_files(it.container, owner, ["a", "b", "c", "d"])
    batch = new_batch(it.container, owner, files, Order(concurrency=4))
    done, failed, works, _ = items_of(it.container, batch)
    it.tick()
    finish(it, works.id, 1)
    finish(it, done.id, 3)
    end(it, failed.id)
    names = {"batch": batch, "done": done.id, "failed": failed.id, "works": works.id}

    yield it, names

    it.crash()


def key_of(it: Manual, item: str) -> str:
    return next(key for key in it.cluster.running if key.startswith(item))


def finish(it: Manual, item: str, stages: int) -> None:
    for _ in range(stages):
        key = key_of(it, item)
        stage = it.cluster.running[key].attempt.stage
        it.cluster.end(key, it.cluster.work(key, it.container.storage, WORK.stage(stage).makes))
        it.tick()


def end(it: Manual, item: str) -> None:
    key = key_of(it, item)
    it.cluster.end(key, it.cluster.outcome(key, Ending.REJECTED, code="no", message="It cannot be read."))
    it.tick()


def test_nothing_is_broken_while_work_goes_on(yard: tuple[Manual, dict[str, str]]) -> None:
    it, _ = yard

    assert broken(it.container.db, it.container.storage) == []


@pytest.mark.parametrize(("name", "damage"), DAMAGE)
def test_what_is_broken_by_hand_is_named(yard: tuple[Manual, dict[str, str]], name: str, damage: str) -> None:
    it, ids = yard

    with it.container.db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        changed = connection.exec_driver_sql(damage, {k: v for k, v in ids.items() if f":{k}" in damage})
        assert changed.rowcount

    assert name in {violation.id for violation in broken(it.container.db, it.container.storage)}


def test_what_nobody_names_any_more_is_found_after_an_hour(yard: tuple[Manual, dict[str, str]]) -> None:
    it, _ = yard
    it.container.storage.put_bytes("work/owner/item/9-write/out.txt", b"left")
    it.clock.jump(365 * 86_400)  # far from the files' own times

    found = broken(it.container.db, it.container.storage)

    assert [(violation.id, violation.rows[0][0]) for violation in found] == [
        ("I16", "work/owner/item/9-write/out.txt")
    ]
    assert "I16" in str(found[0])


def test_every_query_is_tried_by_hand() -> None:
    tried = {name for name, _ in DAMAGE}

    assert {rule.id for rule in rules()} <= tried
