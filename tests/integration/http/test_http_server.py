"""A server as a process of its own: ready, stopped in good order, hurried, and its address taken."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.faults.pipelines import NAMES
from tests.support.engine import Order, items_of, new_batch, ready_files, wait_until
from tests.support.served import API, IdleCluster

from reelyard.bootstrap import build
from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.errors import BadSetting, DataFolderBusy
from reelyard.http.server import running_server
from reelyard.settings import load_settings
from reelyard.storage.datafolder import Holder, holder

ROOT = Path(__file__).parents[3]
SERVE = """
from reelyard.http.server import serve
from reelyard.settings import load_settings
import sys
if __name__ == "__main__":
    serve(load_settings(data=sys.argv[1], engine={"workers": 1, "drain_s": 60}, server={"port": 0}))
"""


@contextmanager
def process(data: Path) -> Iterator[tuple[subprocess.Popen[str], Holder]]:
    """The server, once it is ready."""
    environment = {**os.environ, "REELYARD_PIPELINES": NAMES, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(data)], stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            found = holder(data)
            assert found is not None
            assert found.address in said
            yield server, found
        finally:
            if server.poll() is None:
                server.kill()


def put_back(data: Path, batch_id: str) -> list[tuple[str, int]]:
    """State and retries of the batch's items, as they stand in the folder."""
    container = build(load_settings(data=data), cluster=IdleCluster())
    try:
        return [(item.status, item.retry_count) for item in items_of(container, batch_id)]
    finally:
        container.stop(drain_s=0)


def order_before(data: Path, words: list[str], order: Order) -> str:
    """A batch that waits in the folder for a server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REELYARD_PIPELINES", NAMES)
        container = build(load_settings(data=data), cluster=IdleCluster())
        try:
            files = ready_files(container, LOCAL_OWNER, words)
            return new_batch(container, LOCAL_OWNER, files, order)
        finally:
            container.stop(drain_s=0)


def test_a_server_says_where_it_listens_and_ends_at_sigterm(tmp_path: Path) -> None:
    with process(tmp_path / "data") as (server, found):
        assert httpx.get(f"{found.address}/healthz", trust_env=False).json() == {"status": "ok"}
        assert httpx.get(f"{found.address}{API}/batches", trust_env=False).status_code == 200
        assert (tmp_path / "data" / "holder.json").stat().st_mode & 0o777 == 0o600
        with pytest.raises(DataFolderBusy, match=found.address):
            build(load_settings(data=tmp_path / "data"))

        server.send_signal(signal.SIGTERM)

        assert server.wait(20) == 0
    assert holder(tmp_path / "data") is None


def test_a_stop_lets_the_stage_reach_its_next_part_and_keeps_it(tmp_path: Path) -> None:
    data, journal = tmp_path / "data", tmp_path / "journal"
    settings = {"nap_s": 1.0, "parts": 50, "journal": str(journal)}
    batch_id = order_before(data, ["fine"], Order(settings=settings))
    with process(data) as (server, _):
        wait_until(lambda: journal.exists() and "part-1\tstart" in journal.read_text())

        server.send_signal(signal.SIGTERM)

        assert server.wait(20) == 0
    assert put_back(data, batch_id) == [("pending", 0)]


def test_a_second_signal_hurries_and_counts_no_retry(tmp_path: Path) -> None:
    data, journal = tmp_path / "data", tmp_path / "journal"
    batch_id = order_before(data, ["fine"], Order("nap", settings={"nap_s": 90, "journal": str(journal)}))
    with process(data) as (server, found):
        wait_until(lambda: journal.exists() and "start" in journal.read_text())
        server.send_signal(signal.SIGTERM)
        wait_until(lambda: not answers(found.address))
        assert server.poll() is None

        server.send_signal(signal.SIGTERM)

        assert server.wait(20) == 0
    assert put_back(data, batch_id) == [("pending", 0)]


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_a_port_that_is_taken_is_said_and_the_folder_given_up(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = load_settings(data=tmp_path / "data", server={"port": port})

        with pytest.raises(BadSetting, match=str(port)), running_server(settings, cluster=IdleCluster()):
            pass

    with running_server(settings, cluster=IdleCluster()) as running:
        assert running.address == f"http://127.0.0.1:{port}"


def test_a_server_for_other_machines_is_open_to_this_one_and_to_the_credential_alone(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path / "data", server={"host": "0.0.0.0", "port": 0})
    with running_server(settings, cluster=IdleCluster()) as running:
        port = running.address.rpartition(":")[2]
        away = {"X-Forwarded-For": "192.0.2.1"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}{API}", trust_env=False) as http:
            assert http.get("/batches").status_code == 200
            assert http.get("/batches", headers=away).status_code == 401
            assert (
                http.get(
                    "/batches", headers={**away, "Authorization": f"Bearer {running.credential}"}
                ).status_code
                == 200
            )
            assert http.get("/batches", headers={"Host": f"studio.example:{port}"}).status_code == 403
