"""How work ends on real workers: well, badly, or with its worker; each item exactly once."""

from __future__ import annotations

import os
import signal
import uuid
from collections import Counter
from pathlib import Path

from tests.support.engine import (
    Order,
    batch_of,
    ended,
    items_of,
    journal,
    new_batch,
    new_owner,
    ready_files,
    runs_of,
    wait_until,
)

from reelyard.bootstrap import Container
from reelyard.core.runs import repository as runs


def starts(path: Path) -> Counter[tuple[str, str]]:
    """How often each stage of each file was begun."""
    return Counter((name, stage) for name, stage, what, _, _ in journal(path) if what == "start")


def worker_of(yard: Container, batch: str) -> int:
    """The process that has an attempt of the batch under way."""
    for flight in yard.dispatcher.flights:
        if flight.batch_id == batch and flight.started:
            return next((info.pid for info in yard.cluster.capacity() if info.address == flight.worker), 0)
    return 0


def order(tmp_path: Path, **settings: object) -> Order:
    return Order(settings={"journal": str(tmp_path / "journal"), **settings})


def test_every_stage_of_every_item_runs_once_and_its_output_is_there(yard: Container, tmp_path: Path) -> None:
    owner = new_owner(yard)
    texts = [f"hello {uuid.uuid4()}" for _ in range(4)]
    batch = new_batch(yard, owner, ready_files(yard, owner, texts), order(tmp_path))

    wait_until(lambda: ended(yard, batch))

    assert set(starts(tmp_path / "journal").values()) == {1}
    for item, text in zip(items_of(yard, batch), texts, strict=True):
        with yard.db.read() as tx:
            made = runs.newest(runs.artifacts_of(tx, item.id, item.generation))["out.txt"]
        assert yard.storage.read_bytes(made.blob_key).decode().startswith(f"plain\npart 0 of {text}")
        assert (item.status, item.progress, item.retry_count) == ("completed", 100.0, 0)


def test_an_item_that_kills_its_worker_every_time_fails_at_the_fourth_crash_and_hurts_no_other(
    yard: Container, tmp_path: Path
) -> None:
    owner = new_owner(yard)
    files = ready_files(yard, owner, ["poison", *(f"well {uuid.uuid4()}" for _ in range(5))])
    batch = new_batch(yard, owner, files, order(tmp_path))

    wait_until(lambda: ended(yard, batch), 60)

    poison, *others = items_of(yard, batch)
    assert (poison.status, poison.error_code, poison.retry_count) == ("failed", "worker_crash", 3)
    assert [run.status for run in runs_of(yard, poison)][-1] == "lost"
    assert max(starts(tmp_path / "journal").values()) == 4
    assert {(item.status, item.retry_count) for item in others} == {("completed", 0)}
    assert batch_of(yard, batch).status == "completed"


def test_a_tool_that_crashes_by_itself_is_tried_once_more_and_then_fails_its_item(
    yard: Container, tmp_path: Path
) -> None:
    owner = new_owner(yard)
    batch = new_batch(yard, owner, ready_files(yard, owner, ["crash"]), order(tmp_path))

    wait_until(lambda: ended(yard, batch))

    (item,) = items_of(yard, batch)
    assert (item.status, item.error_code, item.retry_count) == ("failed", "tool_crash", 0)


def test_bad_input_and_mistakes_of_ours_fail_at_once_with_a_sentence(yard: Container, tmp_path: Path) -> None:
    owner = new_owner(yard)
    batch = new_batch(yard, owner, ready_files(yard, owner, ["reject", "broken"]), order(tmp_path))

    wait_until(lambda: ended(yard, batch))

    rejected, broke = items_of(yard, batch)
    assert (rejected.error_code, rejected.error_message) == ("asked_for", "The file says so.")
    assert broke.error_message == "The stage “prepare” broke: RuntimeError."
    assert batch_of(yard, batch).status == "failed"


def test_a_passing_fault_is_tried_again_until_the_retries_are_spent(yard: Container, tmp_path: Path) -> None:
    owner = new_owner(yard)
    batch = new_batch(yard, owner, ready_files(yard, owner, ["retry"]), order(tmp_path))

    wait_until(lambda: ended(yard, batch))

    (item,) = items_of(yard, batch)
    assert (item.status, item.error_code, item.retry_count) == ("failed", "asked_for", 3)
    assert sum(starts(tmp_path / "journal").values()) == 4


def test_a_worker_killed_in_the_middle_repeats_neither_finished_stages_nor_kept_parts(
    yard: Container, tmp_path: Path
) -> None:
    owner = new_owner(yard)
    files = ready_files(yard, owner, [f"text {uuid.uuid4()}"])
    batch = new_batch(yard, owner, files, order(tmp_path, parts=4, nap_s=0.3))
    wait_until(lambda: any(stage == "part-2" for _, stage in starts(tmp_path / "journal")))

    os.kill(worker_of(yard, batch), signal.SIGKILL)
    wait_until(lambda: ended(yard, batch))

    (item,) = items_of(yard, batch)
    begun = {stage: number for (_, stage), number in starts(tmp_path / "journal").items()}
    assert (item.status, item.retry_count) == ("completed", 1)
    assert begun["prepare"] == begun["part-0"] == begun["part-3"] == begun["write"] == 1
    assert begun["part-2"] == begun["parts"] == 2


def test_a_child_killed_from_outside_is_run_once_more_and_its_worker_lives(
    yard: Container, tmp_path: Path
) -> None:
    import psutil

    owner = new_owner(yard)
    files = ready_files(yard, owner, [f"text {uuid.uuid4()}"])
    batch = new_batch(yard, owner, files, Order("nap", {"journal": str(tmp_path / "journal"), "nap_s": 0.8}))
    wait_until(lambda: worker_of(yard, batch) != 0)
    worker = psutil.Process(worker_of(yard, batch))
    wait_until(lambda: any(child.name() == "sleep" for child in worker.children(recursive=True)))

    next(child for child in worker.children(recursive=True) if child.name() == "sleep").kill()
    wait_until(lambda: ended(yard, batch))

    (item,) = items_of(yard, batch)
    assert (item.status, item.retry_count) == ("completed", 0)
    assert worker.is_running()


def test_a_file_whose_content_is_gone_fails_its_item_with_the_reason(yard: Container, tmp_path: Path) -> None:
    owner = new_owner(yard)
    files = ready_files(yard, owner, [f"text {uuid.uuid4()}", f"text {uuid.uuid4()}"])
    yard.storage.delete(f"originals/{owner}/{files[0]}")
    batch = new_batch(yard, owner, files, order(tmp_path))

    wait_until(lambda: ended(yard, batch))

    gone, other = items_of(yard, batch)
    assert (gone.status, gone.error_code) == ("failed", "blob_missing")
    assert other.status == "completed"
