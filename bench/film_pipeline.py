"""The pipeline of films with two additions: progress tells when it was made, and faults are made where they are wanted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from reelyard.errors import Reject
from reelyard.kit.json import JsonObject
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts, Stage
from reelyard.pipelines.video import PIPELINE

NAME = "bench.film_pipeline:FILMS"
FAULTS = "REELYARD_BENCH_FAULTS"  # a folder in which it is noted which films have failed once
FAULTY = "faulty"  # films whose names begin so fail at their first attempt


class _Stamped:
    """A context whose progress carries the time."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def progress(self, fraction: float, note: str = "", *, live: JsonObject | None = None) -> None:
        self._context.progress(fraction, note, live={**(live or {}), "at": time.time()})


def _of(stage: Stage) -> Stage:
    work: Callable[[Any], Facts] = stage.run

    def run(context: Context) -> Facts:
        _fail_once(context)
        return work(_Stamped(context))

    return replace(stage, run=run)


def _fail_once(context: Context) -> None:
    if not context.name.startswith(FAULTY):
        return
    noted = Path(os.environ[FAULTS]) / context.name
    if not noted.exists():
        noted.touch()
        raise Reject("The benchmark asked for it.", code="asked_for", hint="Try it again.")


FILMS = replace(PIPELINE, stages=tuple(map(_of, PIPELINE.stages)))
