"""What a file may ask of us at most, and the sentences for those that ask more."""

from __future__ import annotations

from dataclasses import dataclass

from reelyard.errors import Reject
from reelyard.media.info import AudioStream, MediaInfo, VideoStream


@dataclass(frozen=True, slots=True)
class ProbeLimits:
    """Bounds on what a probe may find."""

    max_duration_s: float = 12 * 3600.0
    max_streams: int = 64
    max_pixels: int = 50_000_000  # of one picture
    max_frame_rate: float = 1000.0  # frames a second
    min_sample_rate: int = 4_000  # Hz
    max_sample_rate: int = 384_000
    max_channels: int = 64
    scan_s: float = 10.0  # how long packets are counted; longer files are estimated
    wall_s: float = 30.0


def check(info: MediaInfo, limits: ProbeLimits) -> None:
    """Raise Reject with code `limits` when `info` is beyond them."""
    if info.duration_s is not None and info.duration_s > limits.max_duration_s:
        raise too_long(info.duration_s, limits.max_duration_s)
    if len(info.audio) + len(info.video) > limits.max_streams:
        raise too_many_streams(len(info.audio) + len(info.video), limits.max_streams)
    for sound in info.audio:
        _check_sound(sound, limits)
    for film in info.video:
        _check_film(film, limits)


def _check_sound(sound: AudioStream, limits: ProbeLimits) -> None:
    if not limits.min_sample_rate <= sound.sample_rate <= limits.max_sample_rate:
        raise _beyond(
            f"The sound has {sound.sample_rate} samples a second",
            f"{limits.min_sample_rate} to {limits.max_sample_rate} are taken",
            "Convert it to 48,000 first.",
        )
    if sound.channels > limits.max_channels:
        raise _beyond(
            f"The sound has {sound.channels} channels",
            f"at most {limits.max_channels} are taken",
            "Mix it down first.",
        )


def _check_film(film: VideoStream, limits: ProbeLimits) -> None:
    if film.width * film.height > limits.max_pixels:
        raise _beyond(
            f"The picture has {film.width} by {film.height} pixels",
            f"at most {limits.max_pixels // 1_000_000} megapixels are taken",
            "Scale it down first.",
        )
    if film.frame_rate is not None and film.frame_rate > limits.max_frame_rate:
        raise _beyond(
            f"The film has {film.frame_rate:.0f} pictures a second",
            f"at most {limits.max_frame_rate:.0f} are taken",
            "Convert it to 60 or fewer first.",
        )


def too_long(seconds: float, most: float) -> Reject:
    """The refusal of a file that lasts too long."""
    return _beyond(
        f"The file lasts {_hours(seconds)}",
        f"at most {_hours(most)} are taken",
        "Split it into shorter files.",
    )


def too_many_streams(found: int, most: int) -> Reject:
    """The refusal of a file with too many streams."""
    return _beyond(
        f"The file has {found} streams", f"at most {most} are taken", "Keep those that you need only."
    )


def _beyond(found: str, allowed: str, hint: str) -> Reject:
    return Reject(f"{found}; {allowed}.", code="limits", hint=hint)


def _hours(seconds: float) -> str:
    if seconds >= 3600 * 24 * 366:
        return "more than a year"
    if seconds < 120:
        return f"{seconds:g} s"
    return f"{seconds / 3600:.1f} h" if seconds >= 7200 else f"{seconds / 60:.0f} min"
