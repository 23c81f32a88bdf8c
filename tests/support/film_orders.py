"""What a probe says of films that nobody has to make, and cut lists for them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.info import AudioStream, Kind, MediaInfo, VideoStream

STREAM = VideoStream(0, "h264", 1920, 1080, 30.0, 60.0, "yuv420p")
SOUND = AudioStream(1, "aac", 48000, 2, 60.0, "eng")


def film(sounds: tuple[AudioStream, ...] = (SOUND,), **changes: Any) -> MediaInfo:
    """A minute of 1080p, or with other properties of its picture."""
    return MediaInfo(
        Kind.VIDEO, "mp4", "video/mp4", 10**7, 60.0, audio=sounds, video=(replace(STREAM, **changes),)
    )


def whole(frames: int, rate: Fraction = Fraction(25), start: Fraction = Fraction(0)) -> CutList:
    return CutList.whole(rate, start, frames)


def alternating(frames: int, length: int = 2) -> CutList:
    """Each second stretch of `length` frames is cut, beginning with the second."""
    spans = tuple(
        Span(
            at,
            min(frames, at + length),
            keep=not number % 2,
            reason=Reason.SOUND if not number % 2 else Reason.SILENCE,
        )
        for number, at in enumerate(range(0, frames, length))
    )
    return CutList(Fraction(25), Fraction(0), frames, spans)
