"""A real server is told to stop while stages run: it lets them reach their next part, and burns nothing."""

from __future__ import annotations

import signal
import sqlite3
import time
import uuid
from pathlib import Path

import pytest
from tests.faults.server import Server, gone
from tests.faults.watching import judge, left_to_do
from tests.support.engine import Order, journal, new_batch, new_owner, ready_files, wait_until
from tests.support.manual import ENVIRONMENT

from reelyard.bootstrap import build
from reelyard.kit.clock import SystemClock
from reelyard.settings import load_settings
from reelyard.testing.cluster import ManualCluster


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server with eight long items to do; two can run."""
    data = tmp_path / "data"
    monkeypatch.setenv("REELYARD_PIPELINES", ENVIRONMENT["REELYARD_PIPELINES"])
    container = build(load_settings(data=data), cluster=ManualCluster(0, SystemClock()))
    owner = new_owner(container)
    settings = {"journal": str(tmp_path / "journal"), "parts": 12, "nap_s": 0.25}
    new_batch(
        container,
        owner,
        ready_files(container, owner, [f"text {uuid.uuid4()}" for _ in range(4)]),
        Order(settings=settings, concurrency=4),
    )
    container.upload_store.close()
    container.db.close()
    container.folder.release()
    return Server(data)


def parts_begun(server: Server) -> int:
    return sum(stage.startswith("part-") for _, stage, *_ in journal(server.data.parent / "journal"))


def states(server: Server) -> set[tuple[str, int]]:
    database = sqlite3.connect(server.data / "reelyard.db")
    try:
        return set(database.execute("SELECT status, retry_count FROM items").fetchall())
    finally:
        database.close()


@pytest.mark.timeout(240)
def test_a_stop_drains_and_a_later_start_goes_on_from_the_parts(server: Server) -> None:
    server.start()
    wait_until(lambda: parts_begun(server) >= 6, 60)
    family = server.family()

    begun = time.monotonic()
    code = server.stop()
    took = time.monotonic() - begun

    assert code == 0
    assert took <= 30
    assert states(server) <= {("pending", 0), ("completed", 0)}
    assert gone(family) < 5

    server.start()
    wait_until(lambda: left_to_do(server.data) == 0, 120)
    server.stop()
    verdict = judge(server.data, server.data.parent / "journal", 3)
    assert not verdict.wrong
    assert {number for (_, stage), number in verdict.starts.items() if stage.startswith("part-")} == {1}


@pytest.mark.timeout(120)
def test_a_second_signal_ends_it_at_once_in_good_order(server: Server) -> None:
    server.environment["REELYARD_ENGINE__DRAIN_S"] = "60"
    database = sqlite3.connect(server.data / "reelyard.db")
    database.execute("""UPDATE batches SET settings = json_set(settings, '$.nap_s', 40.0)""")
    database.commit()
    database.close()
    server.start()
    wait_until(lambda: parts_begun(server) >= 1, 60)
    assert server.process is not None

    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    begun = time.monotonic()
    code = server.stop()

    assert code == 0
    assert time.monotonic() - begun <= 10
    assert states(server) == {("pending", 0)}
