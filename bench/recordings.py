"""What the engine adds to recognition: a batch on two workers beside two plain loops over the same recordings."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

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


def run(*, quick: bool) -> list[Result]:
    """Medians of several repeats, in alternate order; loading the recogniser counts on both sides."""
    count, repeats = (4, 1) if quick else (10, 3)
    seconds = [10.0 + 4 * (n % 2) for n in range(count)] if quick else [20.0 + 4 * n for n in range(count)]
    ours, plain = [], []
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
    note = f"{count} recordings, {sum(seconds):.0f} s of speech, medians of {repeats}"
    return [
        Result(
            "a batch on 2 workers / 2 plain loops", median(ours), "s", LIMIT, peer=median(plain), note=note
        )
    ]


def _ours(place: Path, paths: Sequence[Path], number: int) -> float:
    """From start to end of a batch on a server that has not yet loaded its recogniser."""
    data = place / f"data-{number}"
    with prepared(data, Plan(workers=WORKERS)) as container:
        order = BatchOrder("speech", "transcription", settings=SETTINGS, concurrency=4)
        batch_id = batch_of(container, recordings(container, paths), order)
    with serving(data, Plan(workers=WORKERS)) as site:
        time.sleep(1.0)
        site.call("POST", f"/api/v1/batches/{batch_id}/start")
        batch = site.ended(batch_id, 3600, every=0.5)
    if batch["counts"]["completed"] != len(paths):
        raise RuntimeError(f"the batch ended as {batch['counts']}")
    took = datetime.fromisoformat(batch["completed_at"]) - datetime.fromisoformat(batch["started_at"])
    return took.total_seconds()


def _plain(place: Path, paths: Sequence[Path], number: int) -> float:
    """Two processes, each with every other recording."""
    lists: list[list[Recording]] = [[] for _ in range(WORKERS)]
    for index, path in enumerate(paths):
        info: dict[str, Any] = asdict(inspect(path, run=runner_in(place)))
        lists[index % WORKERS].append(Recording(str(path), info))
    files = [write_list(place / f"list-{number}-{n}.json", some) for n, some in enumerate(lists)]
    begun = time.monotonic()
    loops = [
        subprocess.Popen([sys.executable, "-m", "bench.plain_loop", str(file)], cwd=ROOT) for file in files
    ]
    codes = [loop.wait() for loop in loops]
    if any(codes):
        raise RuntimeError(f"a plain loop failed: {codes}")
    return time.monotonic() - begun
