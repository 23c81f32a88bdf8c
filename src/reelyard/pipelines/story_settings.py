"""What can be chosen when texts are told as stories."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from reelyard.pipeline.pipeline import PipelineSettings
from reelyard.pipelines.caption_settings import caption_lines, caption_size, line_length

MOST_PROMPT = 2_000  # characters


class StoryCaptions(StrEnum):
    """Where captions go, as often as wanted."""

    SRT = "srt"  # a file beside the film
    VTT = "vtt"
    BURNT = "burnt"  # drawn into the picture


def _shown(group: str, **more: Any) -> dict[str, Any]:
    return {"group": group, **more}


class StorySettings(PipelineSettings):
    """The settings of a story."""

    audio: bool = Field(
        True, title="Narration", description="Read the text aloud.", json_schema_extra=_shown("Parts")
    )
    images: bool = Field(
        True,
        title="Pictures",
        description="Make a picture for each chunk.",
        json_schema_extra=_shown("Parts"),
    )
    film: bool = Field(
        True,
        title="Film",
        description="Put narration and pictures together; it needs both.",
        json_schema_extra=_shown("Parts"),
    )

    words_per_chunk: int = Field(
        80,
        ge=20,
        le=2_000,
        title="Words per chunk",
        description="About so many; chunks end where sentences end. Each has its own narration and picture.",
        json_schema_extra=_shown("Text"),
    )
    language: str = Field(
        "auto",
        title="Language",
        description="Of the text: a code such as en or de, or auto to detect it.",
        pattern=r"^(auto|[a-z]{2,3})$",
        json_schema_extra=_shown("Text"),
    )
    rewrite: bool = Field(
        False,
        title="Rewrite",
        description="Let a text server tell the text anew before it is read; needs one configured.",
        json_schema_extra=_shown("Text", needs="text_server"),
    )
    rewrite_prompt: str = Field(
        "",
        max_length=MOST_PROMPT,
        title="How to rewrite",
        description="What to change: for whom, in which manner.",
        json_schema_extra=_shown("Text", advanced=True, lines=3),
    )
    rewrite_length: Literal["same", "shorter", "longer"] = Field(
        "same",
        title="Rewritten length",
        description="Compared with the text as it is.",
        json_schema_extra=_shown("Text", advanced=True),
    )

    voice: str = Field(
        "auto",
        max_length=200,
        title="Voice",
        description="The name of a voice; auto takes the best one here for the text's language.",
        json_schema_extra=_shown("Narration", choices_from="voices"),
    )
    rate: float = Field(
        1.0,
        ge=0.5,
        le=2.0,
        title="Pace",
        description="1 is the voice's own pace, 2 twice as fast.",
        json_schema_extra=_shown("Narration", step=0.05),
    )
    pitch: float = Field(
        0.0,
        ge=-12,
        le=12,
        title="Pitch",
        description="Higher or lower than the voice's own, where it can.",
        json_schema_extra=_shown("Narration", advanced=True, unit="semitones", step=1),
    )
    paragraph_pause: float = Field(
        0.6,
        ge=0,
        le=5,
        title="Pause between paragraphs",
        description="Silence after each paragraph.",
        json_schema_extra=_shown("Narration", unit="s", step=0.1),
    )
    audio_prompt: str = Field(
        "",
        max_length=MOST_PROMPT,
        title="How to speak",
        description="For voices that take instructions (speech servers); others ignore it and say so.",
        json_schema_extra=_shown("Narration", advanced=True, lines=3),
    )
    audio_format: Literal["m4a", "mp3", "wav"] = Field(
        "m4a",
        title="Format",
        description="Of the narration, per chunk and whole.",
        json_schema_extra=_shown("Narration"),
    )
    loudness: float = Field(
        -18.0,
        ge=-36,
        le=-9,
        title="Loudness",
        description="Of the whole narration (EBU R128): -18 for audio books, -16 for podcasts, -14 for video platforms.",
        json_schema_extra=_shown("Narration", advanced=True, unit="LUFS", step=1),
    )

    image_style: Literal["watercolour", "paper-cut", "pencil", "night"] = Field(
        "watercolour",
        title="Style",
        description="Of all pictures of the story.",
        json_schema_extra=_shown("Pictures"),
    )
    image_prompt: str = Field(
        "",
        max_length=MOST_PROMPT,
        title="In every picture",
        description="Said of each picture besides the chunk's own words: place, time, mood, people.",
        json_schema_extra=_shown("Pictures", lines=3),
    )
    image_shape: Literal["16:9", "9:16", "1:1"] = Field(
        "16:9", title="Shape", description="Of pictures and film.", json_schema_extra=_shown("Pictures")
    )
    image_maker: Literal["auto", "drawn", "server"] = Field(
        "auto",
        title="Maker",
        description="drawn needs nothing; server asks the configured image server; auto takes it where there is one.",
        json_schema_extra=_shown("Pictures"),
    )
    image_failure: Literal["draw", "leave_out"] = Field(
        "draw",
        title="When the server fails",
        description="draw: that chunk gets a drawn picture; leave_out: it has none. Either is said in the result.",
        json_schema_extra=_shown("Pictures", advanced=True),
    )
    seed: int | None = Field(
        None,
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="Another number draws other pictures; empty: chosen by the text, so always the same.",
        json_schema_extra=_shown("Pictures", advanced=True),
    )

    movement: Literal["still", "gentle"] = Field(
        "gentle",
        title="Movement",
        description="gentle moves slowly over each picture; still is made several times as fast.",
        json_schema_extra=_shown("Film"),
    )
    crossfade: float = Field(
        0.6,
        ge=0,
        le=3,
        title="Cross-fade",
        description="From one picture to the next; 0 cuts.",
        json_schema_extra=_shown("Film", unit="s", step=0.1),
    )
    film_quality: Literal["720p", "1080p"] = Field(
        "1080p", title="Size", description="Of the film's shorter side.", json_schema_extra=_shown("Film")
    )
    captions: tuple[StoryCaptions, ...] = Field(
        (StoryCaptions.SRT, StoryCaptions.VTT),
        title="Captions",
        description="As files, or drawn into the picture.",
        json_schema_extra=_shown("Captions"),
    )
    line_length: int = line_length("Captions")
    caption_lines: int = caption_lines("Captions")
    caption_size: int = caption_size("Captions")
    spending_limit: float | None = Field(
        None,
        ge=0,
        title="Spending limit",
        description="What text, speech and image servers may cost for the whole batch, in the currency of the "
        "configured prices; when it is reached nothing more is asked of them.",
        json_schema_extra=_shown("Servers", advanced=True),
    )

    @property
    def makes_film(self) -> bool:
        """Whether there will be a film: it needs narration and pictures."""
        return self.film and self.audio and self.images

    @property
    def burns_captions(self) -> bool:
        return StoryCaptions.BURNT in self.captions
