"""What is known of a media file after it was probed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from reelyard.kit.json import JsonObject


class Kind(StrEnum):
    """What a file is to a pipeline."""

    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class AudioStream:
    index: int
    codec: str
    sample_rate: int  # Hz
    channels: int
    duration_s: float | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class VideoStream:
    index: int
    codec: str
    width: int  # pixels as stored, before rotation and aspect
    height: int
    frame_rate: float | None = None  # average frames a second; None when unknown
    duration_s: float | None = None
    pixel_format: str | None = None
    rotation: int = 0  # degrees clockwise that a player turns the picture: 0, 90, 180, 270
    sample_aspect: tuple[int, int] = (1, 1)
    is_cover: bool = False  # a still picture attached to sound, not a film


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """One file as it was found: its type by content, its length, its streams."""

    kind: Kind
    format: str  # a name of media.formats.FORMATS
    mime: str
    size: int  # bytes
    duration_s: float | None = None  # seconds; None for documents
    start_s: float = 0.0  # where the container's clock begins
    audio: tuple[AudioStream, ...] = ()
    video: tuple[VideoStream, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    words: int | None = None  # of documents only

    @property
    def film(self) -> VideoStream | None:
        """The film itself: the first stream of pictures that is no cover."""
        return next((stream for stream in self.video if not stream.is_cover), None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        data: dict[str, Any] = dict(value)
        data["kind"] = Kind(data["kind"])
        data["audio"] = tuple(AudioStream(**stream) for stream in data.get("audio", ()))
        data["video"] = tuple(
            VideoStream(**{**stream, "sample_aspect": tuple(stream.get("sample_aspect", (1, 1)))})
            for stream in data.get("video", ())
        )
        data["warnings"] = tuple(data.get("warnings", ()))
        return cls(**data)
