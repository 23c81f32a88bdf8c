"""A stand-in for the pipeline of films that takes as long as it is told by REELYARD_ENDURANCE_S.

Films whose number is even tell how far they are every second, the others every quarter of their time: between
those a stream has nothing to tell.
"""

from __future__ import annotations

import os
import shutil
import time

from reelyard.kit.processes import Command
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Cost, Facts, Stage
from reelyard.pipelines.video_settings import VideoSettings

NAME = "tests.endurance.films:FILMS"
SECONDS = "REELYARD_ENDURANCE_S"
QUIET_PARTS = 4
BEAT_S = 1.0


def _work(context: Context) -> Facts:
    seconds = float(os.environ[SECONDS])
    number = int(context.name.split()[-1].partition(".")[0])
    nap_s = seconds / QUIET_PARTS if number % 2 else BEAT_S
    begun = time.monotonic()
    while (lasted := time.monotonic() - begun) < seconds:
        context.progress(lasted / seconds)
        context.run(Command((shutil.which("sleep") or "/bin/sleep", str(min(nap_s, seconds - lasted)))))
    context.out("film.mp4").write_bytes(context.input.read_bytes())
    return {}


FILMS = Pipeline(
    name="video",
    title="Films",
    summary="A stand-in that takes its time.",
    accepts=frozenset({Kind.VIDEO}),
    settings=VideoSettings,
    stages=(
        Stage(
            "render",
            _work,
            makes=("film.mp4",),
            outputs=("film.mp4",),
            phase="exporting",
            cost=Cost(fixed=60),
        ),
    ),
    primary=("film.mp4",),
)
