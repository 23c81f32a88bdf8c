"""A storm: a real server at work on small items while its workers, its children and it itself are killed.

    python -m tests.faults.storm --rounds 100 [--seed 7]

Each round does one thing at random; then every named fault point gets its turn. At the end everything must have
ended by itself: each item once, no finished stage done twice, nothing half-made ever served, every invariant
whole, each restart ready in time. Exits with 1 and a list of what is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import psutil
from tests.faults.pipelines import NAMES, WORK
from tests.faults.server import Server
from tests.faults.watching import Poller, Verdict, judge, left_to_do
from tests.support.engine import Order, new_batch, new_owner, ready_files

from reelyard.bootstrap import build
from reelyard.kit.clock import SystemClock
from reelyard.kit.faults import Point
from reelyard.settings import load_settings
from reelyard.testing.cluster import ManualCluster

PARTS = 2
FROZEN_S = 12.0  # longer than the TTL of a worker
POINTS = tuple(point for point in Point if point not in (Point.UPLOAD_BEFORE_ACK, Point.SEAL_BEFORE_COMMIT))
WEIGHTS = {"worker": 45, "child": 25, "server": 27, "freeze": 3}


@dataclass(frozen=True, slots=True)
class Weather:
    """What a storm is made of."""

    rounds: int = 100
    seed: int = 0
    items: int = 200
    batches: int = 8
    owners: int = 3
    nap_s: float = 0.1
    points: tuple[Point, ...] = POINTS
    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    ready_s: float = 5.0  # a restart must be ready in this time


@dataclass
class Storm:
    """One storm over one folder."""

    weather: Weather
    folder: Path
    done: Counter[str] = field(default_factory=Counter)
    waves: int = 0
    family_gone_s: list[float] = field(default_factory=list)
    frozen: list[threading.Timer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.weather.seed)
        self.data = self.folder / "data"
        self.journal = self.folder / "journal"
        self.spent = self.folder / "spent"
        self.spent.mkdir()
        self.server = Server(self.data, environment={"REELYARD_FAULTS_SPENT": str(self.spent)})
        self.poller = Poller(self.data, PARTS)

    def run(self) -> Verdict:
        """All of it; what is wrong is in the verdict."""
        self.wave()
        self.poller.start()
        try:
            self.server.start()
            for _ in range(self.weather.rounds):
                self.round()
            for point in self.weather.points:
                self.at_point(point)
            self.calm()
        finally:
            for timer in self.frozen:
                timer.join()
            if self.server.alive:
                self.server.kill()
            self.poller.stop()
        self.poller.look()
        verdict = judge(self.data, self.journal, len(WORK.stages))
        verdict.wrong.extend(self.poller.wrong)
        slow = [seconds for seconds in self.server.ready_s if seconds > self.weather.ready_s]
        verdict.wrong.extend(f"a restart took {seconds:.1f} s" for seconds in slow)
        return verdict

    def wave(self) -> None:
        """More to do; the server must be down."""
        self.waves += 1
        settings = load_settings(data=self.data, engine={"max_retries": 100})
        with mock.patch.dict(os.environ, {"REELYARD_PIPELINES": NAMES}):
            container = build(settings, cluster=ManualCluster(0, SystemClock()))
        each = self.weather.items // self.weather.batches
        owners = [new_owner(container, f"owner {n}") for n in range(self.weather.owners)]
        wanted = {"journal": str(self.journal), "parts": PARTS, "nap_s": self.weather.nap_s}
        for n in range(self.weather.batches):
            owner = owners[n % len(owners)]
            files = ready_files(container, owner, [f"text {uuid.uuid4()}" for _ in range(each)])
            new_batch(container, owner, files, Order(settings=wanted, concurrency=1 + n % 4))
        container.upload_store.close()
        container.db.close()
        container.folder.release()

    def round(self) -> None:
        """One blow, after a moment of work."""
        self.more_if_needed()
        time.sleep(self.random.uniform(0.1, 0.6))
        kind = self.random.choices(list(self.weather.weights), list(self.weather.weights.values()))[0]
        if kind == "server":
            self.family_gone_s.append(self.server.kill())
            self.server.start()
        else:
            deadline = time.monotonic() + 10
            while not self.hit(
                kind
            ):  # between two stages there is no child, after a kill no worker for a moment
                if time.monotonic() > deadline:
                    return
                self.more_if_needed()
                time.sleep(0.01)
        self.done[kind] += 1

    def hit(self, kind: str) -> bool:
        there = self.server.tools() if kind == "child" else self.server.worker_processes()
        if not there:
            return False
        victim = self.random.choice(there)
        with contextlib.suppress(psutil.NoSuchProcess):
            if kind == "freeze":
                victim.suspend()
                self.frozen.append(threading.Timer(FROZEN_S, _wake, (victim,)))
                self.frozen[-1].start()
            else:
                victim.send_signal(signal.SIGKILL)
            return True
        return False

    def at_point(self, point: Point) -> None:
        """Whoever comes by the point for the n-th time dies there."""
        self.more_if_needed(force=True)
        faults = {"REELYARD_FAULTS": f"{point}:kill:{self.random.randint(1, 4)}"}
        self.server.kill()
        self.server.start(faults)
        deadline = time.monotonic() + 60
        while not (self.spent / point).exists() and time.monotonic() < deadline and left_to_do(self.data):
            time.sleep(0.02)
        self.done[f"point {point}"] += (self.spent / point).exists()
        time.sleep(0.3)
        if self.server.alive:
            return
        self.server.start()

    def more_if_needed(self, *, force: bool = False) -> None:
        """The storm must not end before its work does."""
        if left_to_do(self.data) > (self.weather.batches // 2 if force else 0):
            return
        self.server.kill()
        self.wave()
        self.server.start()

    def calm(self, patience_s: float = 300.0) -> None:
        """Nobody does anything; everything ends."""
        if not self.server.alive:
            self.server.start()
        deadline = time.monotonic() + patience_s
        while left_to_do(self.data):
            if time.monotonic() > deadline:
                self.poller.wrong.append(f"{left_to_do(self.data)} batches did not end in {patience_s:.0f} s")
                return
            time.sleep(0.1)

    def summary(self, verdict: Verdict) -> str:
        """Counts and figures, a line each."""
        ready = sorted(self.server.ready_s)
        again = sum(
            number - 1 for (_, stage), number in verdict.starts.items() if not stage.startswith("part-")
        )
        lines = [
            f"seed {self.weather.seed}: " + ", ".join(f"{kind} {n}" for kind, n in sorted(self.done.items())),
            f"items: {dict(verdict.items)} in {self.waves * self.weather.batches} batches",
            f"stages begun again after a loss: {again}; attempts lost: {verdict.losses}",
            f"starts: {len(ready)}, ready after {ready[len(ready) // 2]:.2f} s, at most {ready[-1]:.2f} s",
            f"outputs looked at {self.poller.looks} times",
        ]
        if self.family_gone_s:
            lines.append(
                f"workers and children gone {max(self.family_gone_s):.2f} s after the server at most"
            )
        lines += [f"WRONG: {one}" for one in verdict.wrong] or ["nothing is wrong"]
        return "\n".join(lines)


def _wake(victim: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        victim.resume()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--ready", type=float, default=5.0, help="a restart must be ready in so many seconds")
    parser.add_argument("--keep", action="store_true", help="keep the folder, whatever comes of it")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="reelyard-storm-"))
    weather = Weather(rounds=given.rounds, seed=given.seed, items=given.items, ready_s=given.ready)
    storm = Storm(weather, folder)
    verdict = storm.run()
    sys.stdout.write(storm.summary(verdict) + "\n")
    if verdict.wrong or given.keep:
        sys.stdout.write(f"left in {folder}\n")
    else:
        shutil.rmtree(folder)
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
