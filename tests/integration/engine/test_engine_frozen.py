"""A worker that is frozen longer than its time to live has lost what it held, and cannot bring it back."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import psutil
import pytest
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


@pytest.mark.slow
def test_the_work_of_a_frozen_worker_is_done_elsewhere_and_its_own_result_is_refused(
    yard: Container, tmp_path: Path
) -> None:
    owner = new_owner(yard)
    settings = {"journal": str(tmp_path / "journal"), "parts": 3, "nap_s": 0.5}
    files = ready_files(yard, owner, [f"text {uuid.uuid4()}" for _ in range(2)])
    batch = new_batch(yard, owner, files, Order(settings=settings, concurrency=1))
    wait_until(lambda: any(stage == "part-1" for _, stage, *_ in journal(tmp_path / "journal")))
    (flight,) = [one for one in yard.dispatcher.flights if one.batch_id == batch]
    pid = next(info.pid for info in yard.cluster.capacity() if info.address == flight.worker)
    frozen = psutil.Process(pid)

    frozen.suspend()
    begun = time.monotonic()
    most = 0
    while not ended(yard, batch):
        most = max(most, batch_of(yard, batch).processing)
        assert time.monotonic() - begun < 60, "nobody took over"
        time.sleep(0.05)
    if frozen.is_running():
        frozen.resume()

    first, _ = items_of(yard, batch)
    parts = [run for run in runs_of(yard, first) if run.stage == "parts"]
    assert {one.status for one in items_of(yard, batch)} == {"completed"}
    assert [run.status for run in parts] == ["lost", "done"]
    assert parts[0].token < parts[1].token
    assert parts[1].started_at is not None
    assert most == 1
    wait_until(lambda: len(yard.cluster.capacity()) == 3, 30)
    assert {one.status for one in items_of(yard, batch)} == {"completed"}
