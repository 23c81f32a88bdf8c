"""What happens at once: a worker that is killed, a batch that is cancelled, a batch that is paused."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from bench.listening import Heard, listening
from bench.pipelines import NAMES
from bench.result import Result, percentile, tell
from bench.rows import batch_of, empty_files, recordings
from bench.server import Plan, Site, folder, prepared, serving, wait_until
from bench.speech import made_speech

from reelyard.core.batches.service import BatchOrder

LIMIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Began:
    """A line of the journal that stages write."""

    item: str
    at: float
    pid: int


def run(*, quick: bool) -> list[Result]:
    """All three."""
    return [worker(quick=quick), cancel(quick=quick), *pause(quick=quick)]


# --- kill -9 of a worker ----------------------------------------------------------------------------------


def worker(*, quick: bool) -> Result:
    """From the kill of a worker until its item's stage begins again."""
    rounds = 4 if quick else 20
    plan, took = Plan(NAMES), []
    with folder() as place:
        journal = place / "journal"
        journal.touch()
        with prepared(place / "data", plan) as container:
            order = BatchOrder(
                "killed", "sleeper", settings={"journal": str(journal), "seconds": 300}, concurrency=2
            )
            batch_id = batch_of(container, empty_files(container, rounds), order)
        with serving(place / "data", plan) as site:
            site.call("POST", f"/api/v1/batches/{batch_id}/start")
            for number in range(rounds):
                tell(f"kills: worker {number + 1} of {rounds}")
                took.append(_killed(journal, number))
            site.ended(batch_id, 30)
    note = f"p50 {percentile(took, 0.5):.2f} s, the worst of {rounds}"
    return Result("kill -9 of a worker → runs again", max(took), "s", LIMIT_S, note=note)


def _killed(journal: Path, number: int) -> float:
    """Kill the worker of the next item that has run once; seconds until it runs again."""
    item = f"file-{number}.wav"
    wait_until(lambda: bool(_of(journal, item)), 20, 0.01, f"the start of {item}")
    time.sleep(0.3)  # it is at work, and says so
    begun = time.time()
    os.kill(_of(journal, item)[-1].pid, signal.SIGKILL)
    wait_until(lambda: len(_of(journal, item)) > 1, 30, 0.005, f"the second start of {item}")
    return _of(journal, item)[1].at - begun


def _of(journal: Path, item: str) -> list[Began]:
    return [began for began in _read(journal) if began.item == item]


def _read(journal: Path) -> list[Began]:
    lines = (line.split("\t") for line in journal.read_text().splitlines())
    return [Began(item, float(at), int(pid)) for item, at, pid in lines]


# --- cancel -----------------------------------------------------------------------------------------------


def cancel(*, quick: bool) -> Result:
    """From the request until no process of the batch is left, while both workers recognise speech."""
    rounds = 3 if quick else 20
    chance, took = random.Random(1), []
    with folder() as place:
        tell("kills: making speech")
        voices = [made_speech(place, f"voice-{n}.wav", 75, seed=n) for n in range(2)]
        with prepared(place / "data", Plan()) as container:
            files = recordings(container, voices)
        with serving(place / "data") as site:
            for number in range(rounds):
                tell(f"kills: cancel {number + 1} of {rounds}")
                took.append(_cancelled(site, files, chance.uniform(0.2, 1.2)))
    note = f"p50 {percentile(took, 0.5):.2f} s of {rounds}"
    return Result("cancel → all processes gone, p99", percentile(took, 0.99), "s", LIMIT_S, note=note)


def _cancelled(site: Site, files: Sequence[str], after_s: float) -> float:
    order = {"name": "cancelled", "settings": {"recogniser": "pocketsphinx"}, "concurrency": 2}
    batch = site.call(
        "POST", "/api/v1/batches", {**order, "pipeline": "transcription", "file_ids": files, "start": True}
    )

    def both_recognise() -> bool:
        items = site.call("GET", f"/api/v1/batches/{batch['id']}/items")["data"]
        return all(item["stage"] == "transcribe" for item in items) and len(_stage_processes(site)) >= len(
            files
        )

    wait_until(both_recognise, 60, 0.1, "recognition on both workers")
    time.sleep(after_s)
    running = _stage_processes(site)
    if len(running) < len(files):
        raise RuntimeError("recognition ended before it was cancelled")
    begun = time.monotonic()
    site.call("POST", f"/api/v1/batches/{batch['id']}/cancel")
    wait_until(lambda: not any(map(_lives, running)), 30, 0.005, "the end of all processes")
    return time.monotonic() - begun


def _stage_processes(site: Site) -> list[psutil.Process]:
    """What stages have started: all below the server but the workers themselves."""
    return [
        one
        for one in psutil.Process(site.pid).children(recursive=True)
        if _lives(one) and not _is_worker(one)
    ]


def _is_worker(process: psutil.Process) -> bool:
    try:
        return any("multiprocessing" in part for part in process.cmdline())
    except psutil.Error:
        return False


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


# --- pause ------------------------------------------------------------------------------------------------


def pause(*, quick: bool) -> list[Result]:
    """Items that start after a pause was answered, by the log of events; and stages that workers begin then."""
    rounds = 5 if quick else 40
    plan = Plan(NAMES)
    answered: list[tuple[float, float]] = []
    with folder() as place:
        journal = place / "journal"
        journal.touch()
        with prepared(place / "data", plan) as container:
            order = BatchOrder(
                "paused", "noop", settings={"journal": str(journal), "seconds": 0.02}, concurrency=10
            )
            batch_id = batch_of(container, empty_files(container, 100 * rounds), order)
        tell(f"kills: {rounds} pauses")
        with serving(place / "data", plan) as site, listening(site, batch_id) as listener:
            chance = random.Random(1)
            path = f"/api/v1/batches/{batch_id}"
            site.call("POST", f"{path}/start")
            for _ in range(rounds):
                time.sleep(chance.uniform(0.1, 0.5))
                site.call("POST", f"{path}/pause")
                paused = time.time()
                time.sleep(0.5)
                answered.append((paused, time.time()))
                site.call("POST", f"{path}/resume")
            site.call("POST", f"{path}/cancel")
            wait_until(lambda: any(one.name == "batch.ended" for one in listener.heard), 20, 0.05, "the end")
        began = [each.at for each in _read(journal)]
    started, pauses = _started_while_paused(listener.events())
    if pauses != rounds:
        raise RuntimeError(f"{pauses} pauses were told of {rounds}")
    late = sum(a < at < b for a, b in answered for at in began)
    note = f"{rounds} rounds; stages of items begun before, that workers took up after it: {late}"
    return [Result("items started after a pause's answer", started, "items", 0, note=note)]


def _started_while_paused(events: Sequence[Heard]) -> tuple[int, int]:
    """How many items started between a pause and the next resume, and how many pauses there were."""
    paused, started, pauses = False, 0, 0
    for event in events:
        if event.name in ("batch.paused", "batch.resumed", "batch.ended"):
            paused = event.name == "batch.paused"
            pauses += paused
        elif event.name == "item.started":
            started += paused
    return started, pauses
