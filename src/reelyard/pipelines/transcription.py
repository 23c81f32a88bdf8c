"""Transcription: sound or film in; text with times, captions and JSON out."""

from __future__ import annotations

import json

from pydantic import Field

from reelyard.media.info import Kind
from reelyard.media.transcript import Transcript
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Facts, Pool, Stage
from reelyard.pipelines.caption_settings import CAPTION_STYLE, caption_lines, caption_style, line_length
from reelyard.pipelines.speech import SPEECH_STAGES, SpeechSettings, check_speech, speech_inventory
from reelyard.tools.captions import CaptionFormat, write
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
    line_length: int = line_length("Files")
    caption_lines: int = caption_lines("Files")


def export(context: Context) -> Facts:
    """The files of the formats that were ordered, from the newest revision of the transcript."""
    transcript = Transcript.from_json(json.loads(context.artifact("transcript.json").read_bytes()))
    style = caption_style(context)
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
            reads=("formats", *CAPTION_STYLE),
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
