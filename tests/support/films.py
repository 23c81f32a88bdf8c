"""A stand-in for the pipeline of films: its settings and phases, and stages that do as the file's name says.

“bad …” is refused, “slow …” naps in every stage, “shaky …” fails twice in passing. Loaded by REELYARD_PIPELINES.
"""

from __future__ import annotations

import shutil
import time

from reelyard.errors import Reject, Retry
from reelyard.kit.processes import Command
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Cost, Facts, Stage
from reelyard.pipelines.video_settings import VideoSettings

NAME = "tests.support.films:FILMS"
NAP_S = 0.15
NAPS = 6


def _work(context: Context) -> Facts:
    if context.name.startswith("bad"):
        raise Reject("The film says so.", code="asked_for", hint="Send another.")
    if context.name.startswith("shaky"):
        raise Retry("The film shakes.", code="asked_for")
    naps = NAPS if context.name.startswith("slow") else 1
    for n in range(naps):
        if naps > 1:
            context.run(Command((shutil.which("sleep") or "/bin/sleep", str(NAP_S))))
        context.progress((n + 1) / naps)
    return {"at": time.time()}


def _render(context: Context) -> Facts:
    facts = _work(context)
    extension = context.settings.export_format
    context.out(f"film.{extension}").write_bytes(context.input.read_bytes())
    return {**facts, "duration_s": context.media.duration_s}


def _wanted(name: str) -> Stage:
    phases = {
        "transcribe": "transcribing",
        "remove_silence": "removing_silence",
        "detect_highlights": "detecting_highlights",
    }
    return Stage(
        name,
        _work,
        reads=(name,),
        phase=phases[name],
        cost=Cost(fixed=0.2),
        enabled=lambda settings: bool(getattr(settings, name)),
    )


FILMS = Pipeline(
    name="video",
    title="Films",
    summary="A stand-in with the phases of the real one.",
    accepts=frozenset({Kind.AUDIO, Kind.VIDEO}),
    settings=VideoSettings,
    stages=(
        _wanted("transcribe"),
        _wanted("remove_silence"),
        _wanted("detect_highlights"),
        Stage(
            "render",
            _render,
            reads=("export_format", "export_quality"),
            makes=("film.mp4", "film.mov", "film.webm"),
            outputs=("film.mp4", "film.mov", "film.webm"),
            phase="exporting",
            cost=Cost(fixed=0.3),
        ),
    ),
    primary=("film-captioned.mp4", "film.mp4", "film.mov", "film.webm"),
)
