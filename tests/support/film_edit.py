"""A pipeline with the shape of a film's edit and none of its work: named in REELYARD_PIPELINES by `NAMES`."""

from __future__ import annotations

from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Facts, Stage

NAMES = "tests.support.film_edit:EDIT"


class EditSettings(PipelineSettings):
    padding: float = 0.2
    render: bool = True


def nothing(context: Context) -> Facts:
    """Tests say how each stage ends."""
    raise NotImplementedError


EDIT = Pipeline(
    name="edit",
    title="Edit",
    summary="Decides and renders.",
    accepts=frozenset(Kind),
    settings=EditSettings,
    stages=(
        Stage("silence", nothing, reads=("padding",), makes=("cuts.json",), outputs=("cuts.json",)),
        Stage("highlights", nothing, makes=("moments.json",)),
        Stage(
            "render", nothing, uses=("cuts.json",), makes=("film.mp4",), outputs=("film.mp4",),
            enabled=lambda settings: settings.render,
        ),
    ),
)  # fmt: skip
