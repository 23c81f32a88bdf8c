"""Pipelines that cost nothing themselves, so that what is measured is the engine's: named in REELYARD_PIPELINES."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from reelyard.kit.processes import Command
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Cost, Facts, Stage

NAMES = ",".join(f"bench.pipelines:{name}" for name in ("NOOP", "TICKER", "SLEEPER"))
AGAIN_S = 1.5  # work of less than a second would be handed out ahead of time


class JournalSettings(PipelineSettings):
    """Where a stage notes that it began: `item name, time, process id` in a line. Empty: nowhere."""

    journal: str = ""
    seconds: float = 0.0


def _note(context: Context) -> None:
    if context.settings.journal:
        with Path(context.settings.journal).open("ab", buffering=0) as journal:
            journal.write(f"{context.name}\t{time.time():.6f}\t{os.getpid()}\n".encode())


def noop(context: Context) -> Facts:
    """Nothing, for as long as the settings say."""
    _note(context)
    if context.settings.seconds:
        time.sleep(context.settings.seconds)
    return {}


def tick(context: Context) -> Facts:
    """Tell the time again and again."""
    begun, seconds = time.monotonic(), context.settings.seconds
    while (passed := time.monotonic() - begun) < seconds:
        context.progress(passed / seconds, live={"at": time.time()})
        time.sleep(0.02)
    return {}


def sleep(context: Context) -> Facts:
    """Wait for a child: for long on the first attempt, for a moment on the next."""
    _note(context)
    journal = Path(context.settings.journal).read_text().splitlines()
    first = sum(line.split("\t")[0] == context.name for line in journal) == 1
    seconds = context.settings.seconds if first else AGAIN_S
    context.run(Command((shutil.which("sleep") or "/bin/sleep", str(seconds))))
    return {}


def _pipeline(name: str, stage: Stage) -> Pipeline:
    return Pipeline(name, name.capitalize(), "For benchmarks.", frozenset(Kind), JournalSettings, (stage,))


NOOP = _pipeline("noop", Stage("noop", noop, cost=Cost(fixed=0.001)))
TICKER = _pipeline("ticker", Stage("ticker", tick, cost=Cost(fixed=20)))
SLEEPER = _pipeline("sleeper", Stage("sleeper", sleep, cost=Cost(fixed=30)))
