"""Pipelines whose stages behave as a test asks, by the first word of the file: loaded by REELYARD_PIPELINES.

Every stage writes "name stage start|end time" to an append-only journal of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from reelyard.errors import Reject, Retry
from reelyard.kit.processes import Command
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Cost, Facts, Pool, Stage

NAMES = "tests.faults.pipelines:WORK,tests.faults.pipelines:NOOP,tests.faults.pipelines:NAP"


class WorkSettings(PipelineSettings):
    """How the stages behave; a file's first word may ask for more."""

    journal: str = ""
    parts: int = 2
    nap_s: float = 0.0
    style: str = "plain"


def note(context: Context, stage: str, what: str) -> None:
    """One line in the journal that the settings name, if any."""
    if context.settings.journal:
        note_in(Path(context.settings.journal), context.name, stage, what)


def note_in(journal: Path, name: str, stage: str, what: str) -> None:
    """One line in that journal, written whole."""
    line = f"{name}\t{stage}\t{what}\t{time.time():.6f}\t{os.getpid()}\n"
    with journal.open("ab", buffering=0) as stream:
        stream.write(line.encode())


def nap(context: Context, seconds: float) -> None:
    """A child that does nothing for so long."""
    if seconds > 0:
        context.run(Command((shutil.which("sleep") or "/bin/sleep", str(seconds))))


def words(context: Context) -> list[str]:
    return [*context.input.read_text("utf-8").split(), ""]


def misbehave(context: Context) -> None:
    match words(context)[0]:
        case "poison":
            os.kill(os.getpid(), signal.SIGKILL)
        case "reject":
            raise Reject("The file says so.", code="asked_for")
        case "retry":
            raise Retry("The file says so.", code="asked_for")
        case "crash":
            context.run(Command((sys.executable, "-I", "-S", "-c", "import os; os.abort()")))
        case "broken":
            raise RuntimeError("a mistake of ours")


def prepare(context: Context) -> Facts:
    note(context, "prepare", "start")
    misbehave(context)
    context.out("prepared").write_bytes(context.input.read_bytes())
    note(context, "prepare", "end")
    return {"size": context.input.stat().st_size}


def parts(context: Context) -> Facts:
    note(context, "parts", "start")
    text = []
    for number in range(context.settings.parts):
        text.append(context.part({"number": number}, partial(_part, context, number)).read_text())
        context.progress((number + 1) / context.settings.parts)
    context.out("pieces").write_text("".join(text))
    note(context, "parts", "end")
    return {"parts": context.settings.parts}


def _part(context: Context, number: int, path: Path) -> None:
    note(context, f"part-{number}", "start")
    nap(context, context.settings.nap_s)
    path.write_text(f"part {number} of {context.artifact('prepared').read_text()}\n")


def write(context: Context) -> Facts:
    note(context, "write", "start")
    text = context.artifact("pieces").read_text()
    context.out("out.txt").write_text(f"{context.settings.style}\n{text}")
    note(context, "write", "end")
    return {}


def one_nap(context: Context) -> Facts:
    note(context, "nap", "start")
    nap(context, context.settings.nap_s)
    note(context, "nap", "end")
    return {}


WORK = Pipeline(
    name="work",
    title="Work",
    summary="Three stages, the second in parts.",
    accepts=frozenset(Kind),
    settings=WorkSettings,
    stages=(
        Stage("prepare", prepare, makes=("prepared",), transient=("prepared",), cost=Cost(fixed=0.05)),
        Stage(
            "parts", parts, reads=("parts",), uses=("prepared",), makes=("pieces",), cost=Cost(fixed=2.0),
            share=3.0,
        ),
        Stage(
            "write", write, reads=("style",), uses=("pieces",), makes=("out.txt",), outputs=("out.txt",),
            cost=Cost(fixed=0.05),
        ),
    ),
    primary=("out.txt", "film.mp4"),
    noun="text",
)  # fmt: skip

WORK_UPGRADED = replace(
    WORK, stages=(Stage("greet", one_nap, pool=Pool.LIGHT, cost=Cost(fixed=0.05)), *WORK.stages)
)
UPGRADED = "tests.faults.pipelines:WORK_UPGRADED"

NOOP = Pipeline(
    name="noop",
    title="Nothing",
    summary="One stage that does nothing.",
    accepts=frozenset(Kind),
    settings=WorkSettings,
    stages=(Stage("nap", one_nap, cost=Cost(fixed=0.02)),),
)

NAP = Pipeline(
    name="nap",
    title="Nap",
    summary="One long stage that only waits for a child.",
    accepts=frozenset(Kind),
    settings=WorkSettings,
    stages=(Stage("nap", one_nap, reads=("nap_s",), pool=Pool.CPU, cost=Cost(fixed=30.0)),),
)
