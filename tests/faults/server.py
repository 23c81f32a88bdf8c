"""A real server in a process of its own, to be killed: `reelyard serve` over a data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from tests.faults.pipelines import NAMES

from reelyard.storage.datafolder import holder

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "from reelyard.cli import main; main()"


@dataclass(slots=True)
class Server:
    """Starts, finds and kills; never two at a time over one folder."""

    data: Path
    workers: int = 2
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    ready_s: list[float] = field(default_factory=list)  # how long each start took

    def start(self, faults: dict[str, str] | None = None, *, patience_s: float = 60.0) -> bool:
        """Start and wait until it is ready; False when it died before."""
        begun = time.monotonic()
        path = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
        environment = {
            **os.environ, "PYTHONPATH": path, "REELYARD_PIPELINES": NAMES, **self.environment, **(faults or {}),
        }  # fmt: skip
        argv = (sys.executable, "-c", COMMAND, "serve", "--port", "0", "--data", str(self.data))
        with (self.data.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                (*argv, "--workers", str(self.workers)), env=environment, stdout=log, stderr=log
            )
        while self.process.poll() is None:
            known = holder(self.data)
            if known is not None and known.pid == self.process.pid:
                self.ready_s.append(time.monotonic() - begun)
                return True
            if time.monotonic() > begun + patience_s:
                raise TimeoutError(f"the server was not ready after {patience_s} s; see {log.name}")
            time.sleep(0.01)
        return False

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> float:
        """SIGKILL; returns after how many seconds all that it had started was gone."""
        assert self.process is not None
        family = self.family()
        self.process.kill()
        self.process.wait()
        return gone(family)

    def stop(self, patience_s: float = 60.0) -> int:
        """SIGTERM, and wait; returns the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience_s)

    def family(self) -> list[psutil.Process]:
        """Every process that it started, and theirs."""
        assert self.process is not None
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def worker_processes(self) -> list[psutil.Process]:
        """The workers, which are forked off one process; each has a thread for one stage."""
        found: list[psutil.Process] = []
        for child in self.family():
            try:
                if "forkserver" in _command(child) and "forkserver" in _command(child.parent()):
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found

    def tools(self) -> list[psutil.Process]:
        """What the workers' stages run."""
        found: list[psutil.Process] = []
        for worker in self.worker_processes():
            try:
                found += worker.children(recursive=True)
            except psutil.NoSuchProcess:
                continue
        return found


def _command(process: psutil.Process | None) -> str:
    try:
        return "" if process is None else " ".join(process.cmdline())
    except psutil.Error:
        return ""


def gone(processes: list[psutil.Process], patience_s: float = 30.0) -> float:
    """Wait until none of them runs; returns how long that took."""
    begun = time.monotonic()
    _, left = psutil.wait_procs(processes, timeout=patience_s)
    left = [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    if left:
        raise TimeoutError(f"after {patience_s} s there still run {left}")
    return time.monotonic() - begun
