"""What a film is to become, and whether that asks for its picture or sound to be encoded anew; pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from reelyard.media.info import AudioStream, MediaInfo, VideoStream
from reelyard.tools.ffmpeg.inputs import film_of

SHORTER_SIDE = {"720p": 720, "1080p": 1080, "4k": 2160}  # pixels; "source" has none
SMALLEST = 16  # pixels: what every encoder takes
PIXEL_FORMAT = "yuv420p"  # 8 bit, 4:2:0: the only one that every player shows
PLAYED_FORMATS = (PIXEL_FORMAT, "yuvj420p")
CD_RATES = (11_025, 22_050, 44_100, 88_200, 176_400)  # Hz: kept in their family
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}  # any other number of channels becomes stereo


class Container(StrEnum):
    MP4 = "mp4"
    MOV = "mov"
    WEBM = "webm"


class Codec(StrEnum):
    H264 = "h264"
    VP9 = "vp9"
    AV1 = "av1"


class SoundCodec(StrEnum):
    AAC = "aac"
    OPUS = "opus"


CODEC_NAMES = {
    "h264": "H.264",
    "hevc": "HEVC",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "mpeg4": "MPEG-4",
    "aac": "AAC",
    "opus": "Opus",
    "mp3": "MP3",
    "vorbis": "Vorbis",
    "flac": "FLAC",
}
SOFTWARE = {Codec.H264: "libx264", Codec.VP9: "libvpx-vp9", Codec.AV1: "libsvtav1"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was ordered, by the names of the settings."""

    container: str = "mp4"  # mp4, mov, webm
    quality: str = "1080p"  # 720p, 1080p, 4k, source
    upscale: bool = False
    webm_codec: str = "vp9"  # vp9, av1
    encoder: str = "auto"  # auto, software
    loudness: float | None = None  # LUFS
    burnt: bool = False  # captions drawn into the picture


@dataclass(frozen=True, slots=True)
class Target:
    """A film as it is to be."""

    container: Container
    codec: Codec
    encoder: str  # by FFmpeg's name
    sound_codec: SoundCodec
    width: int  # pixels as shown, even; what encoding gives, a copy keeps the size it has
    height: int
    resized: bool  # whether the size ordered is another than the film's
    loudness: float | None = None  # LUFS
    burnt: bool = False

    @property
    def suffix(self) -> str:
        return f".{self.container.value}"

    @property
    def pixels(self) -> int:
        return self.width * self.height


def shown_size(stream: VideoStream) -> tuple[Fraction, Fraction]:
    """Width and height as a player shows them: pixels made square by their width, then turned."""
    width = stream.width * Fraction(*stream.sample_aspect)
    height = Fraction(stream.height)
    return (height, width) if stream.rotation % 180 else (width, height)


def target_of(info: MediaInfo, wishes: Wishes, available: Collection[str] = ()) -> Target:
    """What `info` becomes; `available` are the hardware encoders that work (`available_encoders`), best first.

    Raises Reject (`no_video`).
    """
    width, height = shown_size(film_of(info))
    scale = _scale(min(width, height), wishes)
    container = Container(wishes.container)
    codec = Codec(wishes.webm_codec) if container is Container.WEBM else Codec.H264
    hardware = next(iter(available), None) if wishes.encoder == "auto" and codec is Codec.H264 else None
    return Target(
        container=container,
        codec=codec,
        encoder=hardware or SOFTWARE[codec],
        sound_codec=SoundCodec.OPUS if container is Container.WEBM else SoundCodec.AAC,
        width=_even(width * scale),
        height=_even(height * scale),
        resized=scale != 1,
        loudness=wishes.loudness,
        burnt=wishes.burnt,
    )


def needs_encoding(info: MediaInfo, target: Target) -> tuple[str, ...]:
    """Why the picture has to be encoded anew, a sentence each; empty when it can be copied.

    Neither rotation nor pixels that are not square are a reason: a copy keeps both as they are.
    """
    stream = film_of(info)
    reasons = []
    if stream.codec != target.codec:
        reasons.append(
            f"{target.container.value.upper()} is to hold {_name(target.codec)}, the film is {_name(stream.codec)}."
        )
    if target.resized:
        width, height = (round(side) for side in shown_size(stream))
        reasons.append(f"The size changes from {width} x {height} to {target.width} x {target.height}.")
    if stream.pixel_format is not None and stream.pixel_format not in PLAYED_FORMATS:
        reasons.append(f"Many players do not show the pixel format {stream.pixel_format}.")
    if target.burnt:
        reasons.append("Captions are drawn into the picture.")
    return tuple(reasons)


def needs_sound_encoding(info: MediaInfo, target: Target) -> tuple[str, ...]:
    """Why the sound of an uncut film has to be encoded anew; empty when it can be copied. Cut sound always is."""
    reasons = [
        f"{target.container.value.upper()} is to hold {_name(target.sound_codec)}, the sound is {_name(codec)}."
        for codec in dict.fromkeys(stream.codec for stream in info.audio)
        if codec != target.sound_codec
    ]
    if target.loudness is not None and info.audio:
        reasons.append(f"The sound is brought to {target.loudness:g} LUFS.")
    return tuple(reasons)


def sample_rate_of(stream: AudioStream, target: Target) -> int:
    """Samples a second of the sound as it is encoded: those that every player takes."""
    if target.sound_codec is SoundCodec.OPUS:
        return 48_000
    return 44_100 if stream.sample_rate in CD_RATES else 48_000


def channels_of(stream: AudioStream) -> int:
    return stream.channels if stream.channels in LAYOUTS else 2


def _scale(shorter: Fraction, wishes: Wishes) -> Fraction:
    most = SHORTER_SIDE.get(wishes.quality)
    if most is None or (shorter <= most and not wishes.upscale):
        return Fraction(1)
    return most / shorter


def _even(side: Fraction) -> int:
    """The nearest even number, of two as near the smaller one."""
    return max(SMALLEST, 2 * ceil(side / 2 - Fraction(1, 2)))


def _name(codec: str) -> str:
    return CODEC_NAMES.get(codec, codec)
