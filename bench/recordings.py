"""What the engine adds to recognition: a batch on two workers beside two plain loops over the same recordings."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from bench.plain_loop import Recording, write_list
from bench.result import Result, tell
from bench.rows import batch_of, recordings
from bench.server import ROOT, Plan, folder, prepared, serving
from bench.speech import made_speech

from reelyard.core.batches.service import BatchOrder
from reelyard.kit.processes import runner_in
from reelyard.tools.ffmpeg.probe import inspect

LIMIT = 1.05  # of the plain loops' time
SETTINGS = {"recogniser": "pocketsphinx", "language": "en"}
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of processors: on a busy machine the second tells more."""

    clock_s: float
    processor_s: float


def run(*, quick: bool) -> list[Result]:
    """Medians of several repeats, in alternate order; loading the recogniser counts on both sides."""
    count, repeats = (4, 1) if quick else (10, 3)
    seconds = [10.0 + 4 * (n % 2) for n in range(count)] if quick else [20.0 + 4 * n for n in range(count)]
    ours: list[Took] = []
    plain: list[Took] = []
    with folder() as place:
        tell(f"recordings: making {sum(seconds):.0f} s of speech")
        paths = [made_speech(place, f"speech-{n}.wav", length, seed=n) for n, length in enumerate(seconds)]
        for number in range(repeats):
            turns = [
                lambda n=number: plain.append(_plain(place, paths, n)),
                lambda n=number: ours.append(_ours(place, paths, n)),
            ]
            for turn in turns if number % 2 == 0 else reversed(turns):
                tell(f"recordings: repeat {number + 1} of {repeats}")
                turn()
    took, beside = median(one.clock_s for one in ours), median(one.clock_s for one in plain)
    busy = [median(one.processor_s for one in side) for side in (ours, plain)]
    note = f"{count} recordings, {sum(seconds):.0f} s of speech; processor time {busy[0]:.1f} s beside {busy[1]:.1f} s"
    return [Result("a batch on 2 workers / 2 plain loops", took, "s", LIMIT, peer=beside, note=note)]


def _ours(place: Path, paths: Sequence[Path], number: int) -> Took:
    """From start to end of a batch on a server that has not yet loaded its recogniser."""
    data = place / f"data-{number}"
    with prepared(data, Plan(workers=WORKERS)) as container:
        order = BatchOrder("speech", "transcription", settings=SETTINGS, concurrency=4)
        batch_id = batch_of(container, recordings(container, paths), order)
    with serving(data, Plan(workers=WORKERS)) as site:
        time.sleep(1.0)
        before = processor_s(site.pid)
        site.call("POST", f"/api/v1/batches/{batch_id}/start")
        batch = site.ended(batch_id, 3600, every=0.5)
        busy = processor_s(site.pid) - before
    if batch["counts"]["completed"] != len(paths):
        raise RuntimeError(f"the batch ended as {batch['counts']}")
    took = datetime.fromisoformat(batch["completed_at"]) - datetime.fromisoformat(batch["started_at"])
    return Took(took.total_seconds(), busy)


def processor_s(pid: int) -> float:
    """Processor time of a process and all below it, also of those that have ended."""
    top = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:4]) for one in (top, *top.children(recursive=True)))


def _plain(place: Path, paths: Sequence[Path], number: int) -> Took:
    """Two processes, each with every other recording."""
    lists: list[list[Recording]] = [[] for _ in range(WORKERS)]
    for index, path in enumerate(paths):
        info: dict[str, Any] = asdict(inspect(path, run=runner_in(place)))
        lists[index % WORKERS].append(Recording(str(path), info))
    files = [write_list(place / f"list-{number}-{n}.json", some) for n, some in enumerate(lists)]
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    loops = [
        subprocess.Popen([sys.executable, "-m", "bench.plain_loop", str(file)], cwd=ROOT) for file in files
    ]
    codes = [loop.wait() for loop in loops]
    if any(codes):
        raise RuntimeError(f"a plain loop failed: {codes}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.monotonic() - begun, busy)
