"""What can be chosen when films are edited."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, field_validator

from reelyard.pipelines.caption_settings import caption_lines, caption_size, line_length
from reelyard.pipelines.speech import SpeechSettings


class Captions(StrEnum):
    """Where captions go, as often as wanted."""

    SRT = "srt"  # a file beside the film
    VTT = "vtt"
    TXT = "txt"
    EMBEDDED = "embedded"  # a track of the film that a player can switch on
    BURNT = "burnt"  # drawn into the picture


class Timeline(StrEnum):
    """The cut list as other editors read it."""

    EDL = "edl"
    FCPXML = "fcpxml"
    OTIO = "otio"


MOST_KEYWORDS = 100
SIDECARS = (Captions.SRT, Captions.VTT, Captions.TXT)


def _shown(group: str, **more: Any) -> dict[str, Any]:
    return {"group": group, **more}


class VideoSettings(SpeechSettings):
    """The settings of a film's edit."""

    transcribe: bool = Field(
        True,
        title="Transcribe",
        description="Note what is said: for captions, highlights by keywords, and cuts that spare words.",
        json_schema_extra=_shown("Stages"),
    )
    remove_silence: bool = Field(
        False,
        title="Remove silence",
        description="Cut out where nothing is heard.",
        json_schema_extra=_shown("Stages"),
    )
    detect_highlights: bool = Field(
        False,
        title="Detect highlights",
        description="Find the moments that stand out, with reasons.",
        json_schema_extra=_shown("Stages"),
    )
    render: bool = Field(
        True,
        title="Render the film",
        description="Without it only the plan is made: look at the cuts, restore some, and render then.",
        json_schema_extra=_shown("Stages", advanced=True),
    )

    detect: Literal["level", "speech"] = Field(
        "level",
        title="Silence is",
        description="level: quieter than the threshold; speech: where nobody speaks, however loud it is.",
        json_schema_extra=_shown("Silence"),
    )
    silence_threshold: float = Field(
        -40.0,
        ge=-60,
        le=-20,
        title="Threshold",
        description="In dB below full scale, by root mean square over 10 ms. Tools that measure peaks (ffmpeg's "
        "silencedetect) read 10 to 15 dB higher. -60 cuts digital silence only, -40 suits clean recordings, "
        "-30 rooms with noise, -20 cuts quiet speech too.",
        json_schema_extra=_shown("Silence", unit="dB", step=1),
    )
    min_silence_duration: float = Field(
        1.0,
        ge=0.5,
        le=5,
        title="Shortest silence",
        description="Shorter ones stay.",
        json_schema_extra=_shown("Silence", unit="s", step=0.1),
    )
    padding: float = Field(
        0.2,
        ge=0,
        le=2,
        title="Padding before",
        description="Left before what is heard, and after it unless the next says otherwise.",
        json_schema_extra=_shown("Silence", unit="s", step=0.05),
    )
    padding_after: float | None = Field(
        None,
        ge=0,
        le=2,
        title="Padding after",
        description="Left after what is heard; empty: as much as before it.",
        json_schema_extra=_shown("Silence", advanced=True, unit="s", step=0.05),
    )

    highlight_sensitivity: Literal["low", "medium", "high", "max"] = Field(
        "medium",
        title="Sensitivity",
        description="How much must stand out. high and max also look at the pictures, which takes longer.",
        json_schema_extra=_shown("Highlights"),
    )
    keywords: tuple[str, ...] = Field(
        (),
        title="Keywords",
        description="Words or phrases that make a highlight; other forms of a word count too.",
        max_length=MOST_KEYWORDS,
        json_schema_extra=_shown("Highlights"),
    )
    highlight_clips: bool = Field(
        False,
        title="Clips",
        description="Write each highlight as a film of its own, too.",
        json_schema_extra=_shown("Highlights"),
    )

    export_format: Literal["mp4", "mov", "webm"] = Field(
        "mp4",
        title="Format",
        description="MP4 and MOV hold H.264 and AAC, WebM VP9 or AV1 and Opus.",
        json_schema_extra=_shown("Film"),
    )
    export_quality: Literal["720p", "1080p", "4k", "source"] = Field(
        "1080p",
        title="Size",
        description="Larger films are scaled down to it; smaller ones stay as they are.",
        json_schema_extra=_shown("Film"),
    )
    upscale: bool = Field(
        False,
        title="Scale up",
        description="Scale smaller films up to the size, too. It adds no detail.",
        json_schema_extra=_shown("Film", advanced=True),
    )
    webm_codec: Literal["vp9", "av1"] = Field(
        "vp9",
        title="WebM codec",
        description="AV1 makes smaller files and takes longer.",
        json_schema_extra=_shown("Film", advanced=True),
    )
    encoder: Literal["auto", "software"] = Field(
        "auto",
        title="Encoder",
        description="auto takes the graphics card's H.264 encoder where there is one that works.",
        json_schema_extra=_shown("Film", advanced=True),
    )
    loudness: float | None = Field(
        None,
        ge=-36,
        le=-9,
        title="Loudness",
        description="In LUFS, to which the sound is brought (EBU R128): -23 for broadcast, -16 for podcasts, "
        "-14 for video platforms. Empty: left as it is.",
        json_schema_extra=_shown("Film", unit="LUFS"),
    )

    captions: tuple[Captions, ...] = Field(
        (Captions.SRT,),
        title="Captions",
        description="As files, as a track of the film, or drawn into the picture; they follow the cuts.",
        json_schema_extra=_shown("Captions"),
    )
    line_length: int = line_length("Captions")
    caption_lines: int = caption_lines("Captions")
    caption_size: int = caption_size("Captions")
    timelines: tuple[Timeline, ...] = Field(
        (),
        title="Timelines",
        description="The edit for other programs: EDL, Final Cut Pro XML, OpenTimelineIO.",
        json_schema_extra=_shown("Files", advanced=True),
    )

    @field_validator("keywords")
    @classmethod
    def _words(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        kept = tuple(dict.fromkeys(" ".join(value.split()) for value in values if value.strip()))
        if any(len(word) > 100 for word in kept):
            raise ValueError("a keyword can have at most 100 characters")
        return kept

    @property
    def needs_sound(self) -> bool:
        """Whether any stage listens to the sound."""
        return self.transcribe or self.remove_silence or self.detect_highlights

    @property
    def sidecars(self) -> tuple[Captions, ...]:
        """The captions that are files of their own."""
        return tuple(each for each in SIDECARS if each in self.captions)

    @property
    def burns_captions(self) -> bool:
        """Whether captions are drawn into the picture."""
        return Captions.BURNT in self.captions
