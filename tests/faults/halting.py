"""Pipelines, real in every stage, that stop in the middle of one when a test asks: by REELYARD_PIPELINES.

A file named after a stage in the folder REELYARD_HALTS says where: “run 2” at its second tool, “ask 1” at the
first word of a model, “out 1” at its first output. The tool is then started and stopped (SIGSTOP) at once: in
the middle of the stage for as long as the test likes, with a real child to be killed. Each order is used once.
Every stage and every part writes a line into the journal of that folder.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.pipelines import note_in

from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import Command, Finished, Service
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Facts, Stage
from reelyard.pipelines import story, video

FILMS_NAMED, STORIES_NAMED = "tests.faults.halting:FILMS", "tests.faults.halting:STORIES"
FOLDER = "REELYARD_HALTS"
JOURNAL = "journal"
STOP = "kill -STOP $$; "


def halted(order: Path, *, at: str) -> None:
    """Ask for a stop in the stage that `order` is named after."""
    aside = order.with_suffix(".new")
    aside.write_text(at)
    aside.rename(order)


class _Halting:
    """A stage's context that stops where it is told to; all else is the context's own."""

    def __init__(self, context: Context, stage: str, folder: Path) -> None:
        self._context = context
        self._stage = stage
        self._folder = folder
        self._passed: dict[str, int] = {}
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def run(self, command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        if self._due("run"):
            argv = ("/bin/sh", "-c", STOP + 'exec "$@"', "sh", *command.argv)
            command = replace(command, argv=argv)
        return self._context.run(command, on_line=on_line)

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        def heard(event: JsonObject) -> None:
            self._stop_if_due("ask")
            if on_event is not None:
                on_event(event)

        answer = self._context.ask(service, request, timeout_s=timeout_s, on_event=heard)
        self._stop_if_due("ask")  # it had nothing to say before its answer
        return answer

    def out(self, role: str) -> Path:
        self._stop_if_due("out")
        return self._context.out(role)

    def part(self, key: JsonObject, make: Callable[[Path], None]) -> Path:
        def noted(path: Path) -> None:
            make(path)
            self.note(f"part {digest({'key': key})[:16]}")

        return self._context.part(key, noted)

    def note(self, what: str) -> None:
        """A line in the journal."""
        note_in(self._folder / JOURNAL, self._context.name, self._stage, what)

    def _stop_if_due(self, where: str) -> None:
        if self._due(where):
            self._context.run(Command(("/bin/sh", "-c", STOP)))

    def _due(self, where: str) -> bool:
        order = self._folder / self._stage
        with self._lock:
            self._passed[where] = self._passed.get(where, 0) + 1
            with contextlib.suppress(FileNotFoundError):
                if order.read_text() == f"{where} {self._passed[where]}":
                    order.rename(order.with_suffix(f".{time.time_ns()}"))
                    return True
        return False


def _run(stage: Stage, context: Context) -> Facts:
    folder = os.environ.get(FOLDER)
    if folder is None:
        return stage.run(context)
    halting = _Halting(context, stage.name, Path(folder))
    halting.note("start")
    facts = stage.run(halting)
    halting.note("end")
    return facts


def _halting(pipeline: Pipeline) -> Pipeline:
    stages = tuple(replace(stage, run=partial(_run, stage)) for stage in pipeline.stages)
    return replace(pipeline, stages=stages)


FILMS = _halting(video.PIPELINE)
STORIES = _halting(story.PIPELINE)
