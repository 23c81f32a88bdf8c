"""Pipelines on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from reelyard.http.v1.schemas.common import Told


class StageTold(Told):
    """One step of a pipeline."""

    name: str
    pool: str = Field(description="Which slots it needs: cpu, gpu, or light for short things.")
    outputs: list[str] = Field(
        description="The files that it may hand over, by role; an asterisk stands for a number."
    )


class PipelineTold(Told):
    """One way to work on files."""

    name: str
    title: str
    summary: str
    accepts: list[str] = Field(description="Kinds of files: audio, video, document.")
    settings_schema: dict[str, Any] = Field(
        description="JSON Schema of its settings, with titles and groups for forms."
    )
    defaults: dict[str, Any]
    stages: list[StageTold]
    inventory: dict[str, Any] = Field(description="What the workers have for it; empty until one has joined.")


class PipelinesTold(Told):
    """All pipelines of this installation."""

    data: list[PipelineTold]
