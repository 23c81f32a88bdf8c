"""Encoding a clip's picture or sound anew, in the shape of the whole; commands for ffmpeg, made by pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reelyard.kit.processes import Command, Limits
from reelyard.tools.bundles.clips import Clip
from reelyard.tools.bundles.shapes import FilmShape, SoundShape, seen_size
from reelyard.tools.bundles.traits import Traits
from reelyard.tools.ffmpeg.inputs import QUIET, demuxer_of, film_of, input_options
from reelyard.tools.ffmpeg.progress import TO_STDOUT
from reelyard.tools.ffmpeg.threads import ENCODER_THREADS

MIB = 1024 * 1024
X264_PROFILES = {
    "Baseline": "baseline", "Constrained Baseline": "baseline", "Main": "main", "High": "high", "High 10": "high10",
}  # fmt: skip
ENCODERS: dict[str, tuple[str, ...]] = {
    "h264": ("libx264", "-preset", "veryfast", "-crf", "20"),
    "hevc": (
        "libx265",
        "-preset",
        "veryfast",
        "-crf",
        "23",
        "-x265-params",
        "log-level=error",
        "-tag:v",
        "hvc1",
    ),
    "vp8": ("libvpx", "-deadline", "realtime", "-cpu-used", "4", "-crf", "10", "-b:v", "8M"),
    "vp9": (
        "libvpx-vp9",
        "-deadline",
        "realtime",
        "-cpu-used",
        "6",
        "-row-mt",
        "1",
        "-crf",
        "31",
        "-b:v",
        "0",
    ),
    "av1": ("libsvtav1", "-preset", "9", "-crf", "32"),
}
SOUND_ENCODERS = {"aac": ("aac", 80_000), "opus": ("libopus", 64_000)}  # name, bits a second of each channel
UNTURNED = {0: (), 90: ("transpose=cclock",), 180: ("hflip", "vflip"), 270: ("transpose=clock",)}
MUXERS = {".mp4": "mp4", ".mov": "mov", ".webm": "webm", ".m4a": "mp4"}
SILENCE_S = "0.5"


@dataclass(frozen=True, slots=True)
class Encoding:
    """One clip and how it is read."""

    clip: Clip
    traits: Traits
    ffmpeg: str
    suffix: str  # of the format to write; a piece may be called anything


def film_command(one: Encoding, shape: FilmShape, target: Path) -> Command:
    """Write the clip's picture, without sound, to `target` in this shape."""
    index = film_of(one.clip.info).index
    base = shape.time_base
    scale = (
        ("-video_track_timescale", str(base.denominator))
        if base.numerator == 1 and target.suffix != ".webm"
        else ()
    )
    profile = X264_PROFILES.get(shape.profile or "") if shape.codec == "h264" else None
    argv = (
        *(one.ffmpeg, *QUIET, *TO_STDOUT, *input_options(demuxer_of(one.clip.info.format))),
        *("-map", f"0:{index}", "-map_metadata", "-1", "-map_chapters", "-1", "-an", "-sn", "-dn"),
        *("-vf", film_filter(shape), "-fps_mode", "passthrough", "-c:v", *ENCODERS[shape.codec]),
        *(("-profile:v", profile) if profile else ()),
        *("-frames:v", str(pictures_of(one.traits, shape))),
        *("-g", str(max(1, round(2 * shape.rate))), "-threads", str(ENCODER_THREADS), *scale),
        *("-f", MUXERS[one.suffix], "-y", f"file:{target}"),
    )
    return Command(argv, stdin=one.clip.path, writes=(target,), limits=_limits(one, 40, 4096))


def pictures_of(traits: Traits, shape: FilmShape) -> int:
    """How many pictures the clip has at the shape's rate; the filter that changes the rate may add one at the end."""
    return max(1, round(traits.film.duration * shape.rate)) if traits.film is not None else 1


def film_filter(shape: FilmShape) -> str:
    """Letter- or pillarboxed into the shape: the whole picture is seen, none of it stretched."""
    wide, tall = seen_size(shape.width, shape.height, shape.aspect, shape.rotation)
    across, down = shape.aspect
    steps = (
        *("setpts=PTS-STARTPTS", f"fps={shape.rate}"),
        *("scale=w='max(2,trunc(iw*sar/2)*2)':h=ih", "setsar=1"),
        f"scale={wide}:{tall}:force_original_aspect_ratio=decrease:force_divisible_by=2",
        f"pad={wide}:{tall}:(ow-iw)/2:(oh-ih)/2",
        *UNTURNED[shape.rotation],
        f"scale={shape.width}:{shape.height}",
        f"setsar={across}/{down}",
        f"format={shape.pixel_format}",
    )
    return ",".join(steps)


def sound_command(one: Encoding, shape: SoundShape, target: Path) -> Command:
    """Write the clip's sound to `target` in this shape: from its first picture on, and as long as the picture."""
    index = one.clip.info.audio[0].index
    encoder, bits = SOUND_ENCODERS[shape.codec]
    argv = (
        *(one.ffmpeg, *QUIET, *TO_STDOUT, *input_options(demuxer_of(one.clip.info.format))),
        *("-map", f"0:{index}", "-map_metadata", "-1", "-map_chapters", "-1", "-vn", "-sn", "-dn"),
        *("-af", sound_filter(one.traits, shape), "-c:a", encoder, "-b:a", str(bits * shape.channels)),
        *("-f", MUXERS[one.suffix], "-y", f"file:{target}"),
    )
    return Command(argv, stdin=one.clip.path, writes=(target,), limits=_limits(one, 2, 2048))


def sound_filter(traits: Traits, shape: SoundShape) -> str:
    """Holes filled, so that times stay those of the file; in time with the picture where there is one."""
    steps = [
        f"aresample={shape.sample_rate}:async=1:first_pts=0",
        f"aformat=channel_layouts={shape.layout}",
    ]
    if traits.film is not None:
        late = max(Fraction(0), traits.film.first_s - traits.start)
        length = _decimal(traits.film.duration)
        steps += [f"atrim=start={_decimal(late)}:duration={length}", "asetpts=PTS-STARTPTS"]
    return ",".join(steps)


def silence_command(shape: SoundShape, target: Path, *, ffmpeg: str) -> Command:
    """Write half a second of silence, of which a packet is taken where a clip has no sound."""
    encoder, bits = SOUND_ENCODERS[shape.codec]
    source = f"anullsrc=r={shape.sample_rate}:cl={shape.layout}"
    argv = (
        *(ffmpeg, *QUIET, "-f", "lavfi", "-i", source, "-t", SILENCE_S),
        *("-c:a", encoder, "-b:a", str(bits * shape.channels)),
        *("-f", MUXERS[target.suffix], "-y", f"file:{target}"),
    )
    return Command(argv, writes=(target,), limits=Limits(60, 60, 1024 * MIB, 8 * MIB))


def _decimal(seconds: Fraction) -> str:
    return f"{float(seconds):.6f}"


def _limits(one: Encoding, slowest: float, memory_mb: int) -> Limits:
    """`slowest`: seconds of work that a second of the clip may take at most."""
    seconds = 300 + slowest * (one.clip.info.duration_s or 3600)
    return Limits(seconds, int(seconds * ENCODER_THREADS), memory_mb * MIB, None)
