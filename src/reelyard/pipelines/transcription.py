"""Transcription: sound or film in; text with times, captions and JSON out."""

from __future__ import annotations

import json

from pydantic import Field

from reelyard.media.info import Kind
from reelyard.media.transcript import Transcript
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Facts, Pool, Stage
from reelyard.pipelines.speech import SPEECH_STAGES, SpeechSettings, check_speech, speech_inventory
from reelyard.tools.captions import CaptionFormat, CueStyle, write
from reelyard.tools.speech.assembly import summary


class TranscriptionSettings(SpeechSettings):
    """The settings of a transcription."""

    formats: tuple[CaptionFormat, ...] = Field(
        tuple(CaptionFormat),
        title="Formats",
        description="Plain text, SubRip or WebVTT captions. JSON with all details is always made.",
        min_length=1,
        json_schema_extra={"group": "Files"},
    )
    line_length: int = Field(
        42,
        ge=16,
        le=80,
        title="Caption line",
        description="Characters in a line of captions.",
        json_schema_extra={"group": "Files", "advanced": True},
    )
    caption_lines: int = Field(
        2,
        ge=1,
        le=3,
        title="Caption lines",
        description="Lines shown at a time.",
        json_schema_extra={"group": "Files", "advanced": True},
    )


def export(context: Context) -> Facts:
    """The files of the formats that were ordered, from the newest revision of the transcript."""
    transcript = Transcript.from_json(json.loads(context.artifact("transcript.json").read_bytes()))
    style = CueStyle(line_length=context.settings.line_length, lines=context.settings.caption_lines)
    for form in context.settings.formats:
        if form is not CaptionFormat.JSON:
            context.out(f"transcript.{form}").write_text(write(transcript, form, style), "utf-8")
    return {
        **summary(transcript),
        "formats": sorted({"json", *(form.value for form in context.settings.formats)}),
    }


FILES = ("transcript.txt", "transcript.srt", "transcript.vtt")

PIPELINE = Pipeline(
    name="transcription",
    title="Transcription",
    summary="Text with times, captions and confidence from sound and film.",
    accepts=frozenset({Kind.AUDIO, Kind.VIDEO}),
    settings=TranscriptionSettings,
    stages=(
        *SPEECH_STAGES,
        Stage(
            "write",
            export,
            reads=("formats", "line_length", "caption_lines"),
            uses=("transcript.json",),
            makes=FILES,
            outputs=FILES,
            pool=Pool.LIGHT,
            memory_mb=64,
            share=0.2,
        ),
    ),
    check=check_speech,
    inventory=speech_inventory,
    primary=("transcript.txt", "transcript.json"),
    noun="recording",
)
