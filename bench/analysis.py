"""Looking at a film without its pictures: how much faster than it plays its sound is decoded, measured and judged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from bench.films import Shot, talk
from bench.result import Result, tell
from bench.server import folder

from reelyard.kit.processes import runner_in
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts, Stage
from reelyard.pipelines.video import PIPELINE
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.tools.ffmpeg.probe import inspect

LIMIT = 300.0  # times as fast as it plays
HEARING = ("prepare", "listen", "silence")
SETTINGS = {"transcribe": False, "remove_silence": True, "render": False}


def run(*, quick: bool) -> list[Result]:
    """The stages themselves over an hour of speech in a film with a tiny picture."""
    seconds = 600 if quick else 3600
    with folder() as place:
        tell(f"analysis: making a film of {seconds // 60} min")
        film = talk(place, "talk.mp4", seconds, Shot(height=90, piece_s=8))
        took: dict[str, float] = {}
        stages = tuple(_timed(one, took) for one in PIPELINE.stages if one.name in (*HEARING, "index"))
        order = LocalOrder(film, inspect(film, run=runner_in(place)), SETTINGS)
        with LocalFolder(place / "work") as local:
            tell("analysis: listening")
            facts = run_locally(replace(PIPELINE, stages=stages), order, local)
    if not facts["silence"]["cuts"]:
        raise RuntimeError("no silence was found in speech with pauses")
    hearing = sum(took[name] for name in HEARING)
    note = ", ".join(f"{name} {spent:.2f} s" for name, spent in took.items())
    name = f"analysis of {seconds // 60} min of sound"
    return [Result(name, seconds / hearing, "times as fast", LIMIT, at_most=False, note=note)]


def _timed(stage: Stage, took: dict[str, float]) -> Stage:
    work: Callable[[Context], Facts] = stage.run

    def timed(context: Context) -> Facts:
        begun = time.perf_counter()
        facts = work(context)
        took[stage.name] = time.perf_counter() - begun
        return facts

    return replace(stage, run=timed)
