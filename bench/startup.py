"""What it costs before any work: time until it is ready, memory while it waits, time to say what it can do."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

import psutil
from bench.result import Result, tell
from bench.server import ROOT, folder, serving

READY_LIMIT_S = 4.0
MEMORY_LIMIT_MB = 400.0
HELP_LIMIT_S = 0.4
SETTLED_S = 3.0


def run(*, quick: bool) -> list[Result]:
    """`reelyard serve` with two workers over an empty folder, and `reelyard --help`."""
    ready, memory = [], []
    for number in range(1 if quick else 3):
        tell(f"startup: start {number + 1}")
        with folder() as place, serving(place / "data") as site:
            ready.append(site.ready_s)
            time.sleep(SETTLED_S)
            memory.append(memory_mb(site.pid))
    helped = [_help() for _ in range(3 if quick else 9)]
    return [
        Result("reelyard serve, start to ready", median(ready), "s", READY_LIMIT_S, note=f"of {len(ready)}"),
        Result("memory of all processes, idle", max(memory), "MB", MEMORY_LIMIT_MB, note="PSS, 2 workers"),
        Result("reelyard --help", median(helped), "s", HELP_LIMIT_S, note=f"of {len(helped)}"),
    ]


def memory_mb(pid: int) -> float:
    """Megabytes that a process and all below it hold, what they share counted once."""
    top = psutil.Process(pid)
    return sum(float(one.memory_full_info().pss) for one in (top, *top.children(recursive=True))) / 1e6


def _help() -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "reelyard", "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begun
