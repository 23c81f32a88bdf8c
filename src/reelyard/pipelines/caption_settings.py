"""How captions are broken into lines: the settings that all pipelines with captions have, and what they mean."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from reelyard.pipeline.context import Context
from reelyard.tools.captions import CueStyle

CAPTION_STYLE = ("line_length", "caption_lines")  # what a stage that writes captions reads


def line_length(group: str) -> Any:
    """The field `line_length`, shown in this group of the form."""
    return Field(
        42,
        ge=16,
        le=80,
        title="Caption line",
        description="Characters in a line of captions.",
        json_schema_extra={"group": group, "advanced": True},
    )


def caption_lines(group: str) -> Any:
    """The field `caption_lines`, shown in this group of the form."""
    return Field(
        2,
        ge=1,
        le=3,
        title="Caption lines",
        description="Lines shown at a time.",
        json_schema_extra={"group": group, "advanced": True},
    )


def caption_size(group: str) -> Any:
    """The field `caption_size`, shown in this group of the form."""
    return Field(
        5,
        ge=3,
        le=12,
        title="Burnt-in size",
        description="Height of a line drawn into the picture, in percent of it.",
        json_schema_extra={"group": group, "advanced": True, "unit": "%"},
    )


def caption_style(context: Context) -> CueStyle:
    """What the settings ask for."""
    return CueStyle(line_length=context.settings.line_length, lines=context.settings.caption_lines)
