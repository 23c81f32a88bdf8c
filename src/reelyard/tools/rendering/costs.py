"""What a rendering is expected to take, and the most that it may; pure.

Measured in processor seconds on one machine, so good for comparing ways with each other.
"""

from __future__ import annotations

from reelyard.kit.processes import Limits
from reelyard.media.info import MediaInfo
from reelyard.tools.ffmpeg.inputs import film_of
from reelyard.tools.rendering.target import Target

MIB = 1024 * 1024
USUAL_RATE = 30.0  # pictures a second
# Processor seconds for a second of film at 30 pictures a second: fixed, and a megapixel of the picture.
ENCODING = {"libx264": (0.10, 0.27), "libvpx-vp9": (0.10, 0.34), "libsvtav1": (0.10, 0.20)}
ON_A_CARD = (0.05, 0.08)
DECODING = 0.10  # a megapixel of the source, the filters' first steps included
TONE_MAPPING = 0.45  # a megapixel of the target
SOUND = 0.02  # a track
FULL_HD = 1920 * 1088
ULTRA_HD = 4096 * 2176
ROOM = 8  # times what is expected, before a rendering is ended: other machines are slower, films harder
LEAST_S = 300.0
THREAD = 64 * MIB
PICTURES_HELD = 8  # by a thread


def predicted_cost(target: Target, seconds: float, info: MediaInfo) -> float:
    """Processor seconds of a full rendering that keeps `seconds` of the film; all of it is decoded."""
    stream = film_of(info)
    pace = (stream.frame_rate or USUAL_RATE) / USUAL_RATE
    fixed, by_pixels = ENCODING.get(target.encoder, ON_A_CARD)
    encoding = seconds * (fixed + by_pixels * target.pixels / 1e6) * pace
    whole = max(seconds, info.duration_s or 0.0)
    decoding = whole * DECODING * stream.width * stream.height / 1e6 * pace
    return encoding + decoding + SOUND * len(info.audio) * whole


def limits_of(
    target: Target, seconds: float, info: MediaInfo, cores: int = 2, *, hdr: bool = False
) -> Limits:
    """The most a rendering on so many cores may take: by what it is predicted to, its pixels and its length."""
    stream = film_of(info)
    mapping = seconds * TONE_MAPPING * target.pixels / 1e6 if hdr else 0.0
    most = LEAST_S + ROOM * (predicted_cost(target, seconds, info) + mapping)
    pixels = max(target.pixels, stream.width * stream.height)
    # A quarter of what the pictures take raw is more than any film that was ever encoded well.
    raw = target.pixels * 1.5 * (stream.frame_rate or USUAL_RATE)
    return Limits(
        wall_s=2 * most,  # there may be others at work
        cpu_s=int(most),
        memory_bytes=memory_of(target.encoder, pixels, cores),
        file_bytes=256 * MIB + int(seconds * raw / 4),
    )


def memory_of(encoder: str, pixels: int, cores: int = 2) -> int | None:
    """Address space in bytes; None on a graphics card, whose driver maps more than there is.

    Measured on two cores: 0.5 GB at 1080p and 1.7 GB at 4K resident, AV1 the most. Each further thread holds
    pictures of its own.
    """
    if encoder not in ENCODING:
        return None
    further = max(0, cores - 2) * (THREAD + PICTURES_HELD * pixels * 3 // 2)
    if pixels <= FULL_HD:
        return 2048 * MIB + further
    return 3072 * MIB * max(pixels, ULTRA_HD) // ULTRA_HD + further
