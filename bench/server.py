"""A real server in a process of its own, over a folder that goes away with it, and how to speak to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reelyard.bootstrap import Container, build
from reelyard.settings import load_settings
from reelyard.storage.datafolder import holder

ROOT = Path(__file__).parents[1]
NAMED = "REELYARD_PIPELINES"
STOP_S = 40.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of server. `pipelines` as in REELYARD_PIPELINES; empty: those that are installed."""

    pipelines: str = ""
    workers: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """A server that is ready."""

    data: Path
    host: str
    port: int
    pid: int
    credential: str
    ready_s: float  # from start to ready

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request on a connection of its own; its JSON. Raises RuntimeError when it is refused."""
        with self.connection() as connection:
            return call(connection, method, path, body)

    @contextmanager
    def connection(self) -> Iterator[http.client.HTTPConnection]:
        """A connection for several requests."""
        with contextlib.closing(http.client.HTTPConnection(self.host, self.port, timeout=60)) as connection:
            yield connection

    def ended(self, batch_id: str, seconds: float, every: float = 0.1) -> dict[str, Any]:
        """Wait until the batch has ended; gives it as it is then."""
        return self.ended_at(f"/api/v1/batches/{batch_id}", seconds, every)

    def ended_at(self, path: str, seconds: float, every: float = 0.1) -> dict[str, Any]:
        """Wait until what is told at `path` has ended; gives it as it is then. Raises TimeoutError."""
        found: dict[str, Any] = {}

        def is_over() -> bool:
            found.update(self.call("GET", path))
            return found["status"] in ("completed", "failed", "cancelled")

        wait_until(is_over, seconds, every, f"the end of {path}")
        return found


def call(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> Any:
    """One request; its JSON. Raises RuntimeError when it is refused."""
    content = None if body is None else json.dumps(body).encode()
    connection.request(method, path, content, {"Content-Type": "application/json"} if content else {})
    answer = connection.getresponse()
    said = answer.read()
    if answer.status >= 400:
        raise RuntimeError(f"{method} {path}: {answer.status} {said[:500]!r}")
    return json.loads(said) if said else None


def wait_until(happened: Callable[[], bool], seconds: float, every: float, what: str) -> None:
    """Poll until it is so. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come in {seconds} s")
        time.sleep(every)


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder."""
    with tempfile.TemporaryDirectory(prefix="reelyard-bench-", ignore_cleanup_errors=True) as place:
        yield Path(place)


@contextmanager
def prepared(data: Path, plan: Plan) -> Iterator[Container]:
    """The container over the data folder before its server starts, for rows that are wanted there."""
    before = os.environ.get(NAMED)
    os.environ[NAMED] = plan.pipelines
    try:
        container = build(load_settings(data=data, engine={"workers": plan.workers}))
        try:
            yield container
        finally:
            container.stop(drain_s=0)
    finally:
        if before is None:
            del os.environ[NAMED]
        else:
            os.environ[NAMED] = before


@contextmanager
def serving(data: Path, plan: Plan = Plan()) -> Iterator[Site]:
    """`reelyard serve` over the data folder, for the length of the block. Raises RuntimeError when it fails."""
    argv = [sys.executable, "-m", "reelyard", "serve", "--port", "0", "--data", str(data)]
    environment = {
        **os.environ,
        **plan.environment,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        NAMED: plan.pipelines,
    }
    data.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [*argv, "--workers", str(plan.workers)],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield _ready(process, data, begun)
    finally:
        _stop(process)


def _ready(process: subprocess.Popen[str], data: Path, begun: float) -> Site:
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        if "http://" in line:
            address = line[line.index("http://") :].split()[0]
            break
    ready_s = time.monotonic() - begun
    if not address:
        said = (data.parent / f"{data.name}.log").read_text("utf-8", "replace")
        raise RuntimeError(f"the server did not start: {said[-2000:]}")
    threading.Thread(target=process.stdout.read, daemon=True).start()
    host, port = address.removeprefix("http://").rstrip("/.").rsplit(":", 1)
    held = holder(data)
    return Site(data, host, int(port), process.pid, held.credential if held else "", ready_s)


def _stop(process: subprocess.Popen[str]) -> None:
    """Twice told: it need not wait for what still runs. What is left of its session is killed."""
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
