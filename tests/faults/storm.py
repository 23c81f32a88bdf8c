"""A storm: a real server at work on small items, films and stories while its workers, its children and it itself are killed.

    python -m tests.faults.storm --rounds 100 [--seed 7]

Meanwhile batches are exported, downloaded through the breaks, and some exports cancelled.
Each round does one thing at random; then every named fault point gets its turn. At the end everything must have
ended by itself: each item once, no finished stage done twice, nothing half-made ever served, every invariant
whole, every story and every export whole to the byte, each restart ready in time. Exits with 1 and a list of what is wrong.
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
from tests.faults import filming, storytelling
from tests.faults.clerk import Clerk, exports_under_way
from tests.faults.pipelines import NAMES, WORK
from tests.faults.server import Server
from tests.faults.watching import Poller, Verdict, judge, left_to_do, told_otherwise
from tests.support.engine import Order, new_batch, new_owner, ready_files

from reelyard.bootstrap import Container, build
from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.core.library.models import UploadStatus
from reelyard.core.library.service import NewFile
from reelyard.core.library.uploads import original_key
from reelyard.kit.clock import SystemClock
from reelyard.kit.faults import Point
from reelyard.settings import load_settings
from reelyard.testing.cluster import ManualCluster
from reelyard.testing.media import MediaMaker

PARTS = 2
PIPELINES = f"{NAMES},reelyard.pipelines.video:PIPELINE,reelyard.pipelines.story:PIPELINE"
EDIT = {
    "transcribe": False, "remove_silence": True, "min_silence_duration": 0.5, "detect_highlights": True,
    "captions": [], "timelines": ["edl"],
}  # fmt: skip
SPARED_S = 5.0
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
    films: int = 5  # of one more batch
    stories: int = 2  # of another one
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
    spared: dict[int, float] = field(default_factory=dict)  # workers, and until when
    frozen: list[threading.Timer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.weather.seed)
        self.data = self.folder / "data"
        self.journal = self.folder / "journal"
        self.spent = self.folder / "spent"
        self.spent.mkdir()
        self.server = Server(
            self.data, environment={"REELYARD_FAULTS_SPENT": str(self.spent), "REELYARD_PIPELINES": PIPELINES}
        )
        self.poller = Poller(self.data, PARTS)
        self.clerk = Clerk(self.data, self.weather.seed)
        self.film = silent_in_between(self.folder)
        self.told = storytelling.undisturbed(self.folder / "undisturbed") if self.weather.stories else {}

    def run(self) -> Verdict:
        """All of it; what is wrong is in the verdict."""
        self.wave()
        self.poller.start()
        try:
            self.server.start()
            self.clerk.start()
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
            self.clerk.stop()
        self.poller.look()
        verdict = judge(self.data, self.journal, len(WORK.stages))
        verdict.wrong.extend(told_otherwise(self.data, self.told))
        verdict.wrong.extend([*self.poller.wrong, *self.clerk.wrong])
        slow = [seconds for seconds in self.server.ready_s if seconds > self.weather.ready_s]
        verdict.wrong.extend(f"a restart took {seconds:.1f} s" for seconds in slow)
        return verdict

    def wave(self) -> None:
        """More to do; the server must be down."""
        self.waves += 1
        settings = load_settings(data=self.data, engine={"max_retries": 100})
        with mock.patch.dict(os.environ, {"REELYARD_PIPELINES": PIPELINES}):
            container = build(settings, cluster=ManualCluster(0, SystemClock()))
        each = self.weather.items // self.weather.batches
        owners = [new_owner(container, f"owner {n}") for n in range(self.weather.owners)]
        wanted = {"journal": str(self.journal), "parts": PARTS, "nap_s": self.weather.nap_s}
        for n in range(self.weather.batches):
            owner = owners[n % len(owners)] if n else LOCAL_OWNER  # whose batches are exported
            files = ready_files(container, owner, [f"text {uuid.uuid4()}" for _ in range(each)])
            new_batch(container, owner, files, Order(settings=wanted, concurrency=1 + n % 4))
        if self.weather.films:
            films = [
                received(container, "film.mp4", filming.salted(self.film)) for _ in range(self.weather.films)
            ]
            new_batch(container, LOCAL_OWNER, films, Order("video", EDIT))
        if self.weather.stories:
            craft = storytelling.CRAFT
            texts = [
                received(container, craft.file, craft.salted(storytelling.TALE))
                for _ in range(self.weather.stories)
            ]
            new_batch(container, LOCAL_OWNER, texts, Order(craft.pipeline, storytelling.TOLD))
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
        there = self.tools() if kind == "child" else self.server.worker_processes()
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

    def tools(self) -> list[psutil.Process]:
        """Children that may be killed: a tool that dies twice running fails its item, and rightly so.

        What such a child runs itself is part of it.
        """
        now, workers = time.monotonic(), {worker.pid for worker in self.server.worker_processes()}
        for tool in self.server.tools():
            with contextlib.suppress(psutil.NoSuchProcess):
                if tool.ppid() in workers and self.spared.get(tool.ppid(), 0.0) < now:
                    self.spared[tool.ppid()] = now + SPARED_S
                    return [tool]
        return []

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
        self.clerk.stop()
        while exports_under_way(self.data) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.clerk.audit()

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
            "exports: " + ", ".join(f"{what} {number}" for what, number in sorted(self.clerk.done.items())),
            f"outputs looked at {self.poller.looks} times",
        ]
        if self.family_gone_s:
            lines.append(
                f"workers and children gone {max(self.family_gone_s):.2f} s after the server at most"
            )
        lines += [f"WRONG: {one}" for one in verdict.wrong] or ["nothing is wrong"]
        return "\n".join(lines)


def received(container: Container, name: str, content: bytes) -> str:
    """A file that was received; the server has still to verify it."""
    with container.db.write() as tx:
        file, upload = container.library.announce(tx, LOCAL_OWNER, NewFile(name, len(content)))
        stored = container.storage.put_bytes(original_key(file), content)
        upload.status, upload.sealed_at = UploadStatus.SEALED, tx.now
        container.library.received(tx, file, stored.key, stored.size)
        return file.id


def silent_in_between(folder: Path) -> bytes:
    """A film of two seconds with a tone, silence and a tone."""
    maker = MediaMaker(folder)
    sound = "aevalsrc='0.5*sin(2*PI*440*t)*(lt(t,0.6)+gt(t,1.5))':s=16000:d=2.1"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=2")
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    return maker.encode(
        folder / "film.mp4", *picture, "-f", "lavfi", "-i", sound, *codecs, "-shortest"
    ).read_bytes()


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
