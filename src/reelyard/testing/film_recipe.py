"""What a known film shall be like, and the ffmpeg arguments that make it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reelyard.media.ranges import Seconds, TimeRange, exact
from reelyard.testing import film_code

SOUND_CODECS = {
    ".webm": ("libopus", "-b:a", "96k"),
    ".avi": ("pcm_s16le",),  # it has no way to say that an encoder's first samples are not to be heard
    ".mp4": ("aac", "-b:a", "128k"),
    ".mov": ("aac", "-b:a", "128k"),
    ".mkv": ("aac", "-b:a", "128k"),
}
PICTURE_CODECS = {".webm": "vp9", ".avi": "mpeg4", ".mp4": "h264", ".mov": "h264", ".mkv": "h264"}
SUBTITLE_CODECS = {".webm": "webvtt", ".mkv": "srt", ".mp4": "mov_text", ".mov": "mov_text"}
LANGUAGES = ("eng", "deu", "fra")
HOLE = 7  # of so many pictures of a variable rate the 4th and 5th are missing
TURNED = {0: (), 90: ("transpose=cclock",), 180: ("hflip", "vflip"), 270: ("transpose=clock",)}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a film shall be like."""

    seconds: Seconds = 4
    rate: Fraction = Fraction(25)
    size: tuple[int, int] = (160, 90)  # pixels as it is shown; at least 32 x 16
    codec: str | None = None  # h264 hevc vp8 vp9 av1 mpeg4; None: what is usual in the container
    pixel_format: str = "yuv420p"
    gop: int = 25  # pictures from one keyframe to the next, always
    b_frames: int = 2  # of h264, hevc and mpeg4
    open_gop: bool = False  # of h264 and hevc
    grain: int = 0  # noise in the picture, 0 to 100: costs bits as a camera's picture does
    variable: bool = False  # some pictures are missing, the one before stays longer
    rotation: int = 0  # degrees clockwise that a player turns what is stored: 0 90 180 270
    aspect: Fraction = Fraction(1)  # of a pixel
    sounds: int = 1  # tracks, each a sound of its own
    sound_rate: int = 44_100
    channels: int = 1
    sound_codec: str | None = None  # an encoder of ffmpeg's, as pcm_s16le; None: what is usual
    speech: tuple[TimeRange, ...] | None = None  # on the pictures' clock; None: in turn with pauses
    hiss: float = 0  # loudness of the pauses: 0 digital silence, 0.0003 is -70 dB
    sound_late: float = 0  # seconds by which sound begins after the picture; negative: before it
    offset: float = 0  # seconds at which the container's clock begins
    cover: bool = False  # a still picture as second picture stream
    subtitles: bool = False
    chapters: bool = False
    options: tuple[str, ...] = ()  # further arguments for the output

    @property
    def frames(self) -> int:
        """Pictures on the grid of `rate`, those missing of a variable rate counted."""
        return int(exact(self.seconds) * self.rate)

    @property
    def length(self) -> Fraction:
        """Seconds from the first picture to the end of the last."""
        return self.frames / self.rate

    def is_missing(self, frame: int) -> bool:
        return self.variable and frame % HOLE in (3, 4) and frame != self.frames - 1


def arguments(
    recipe: Recipe, suffix: str, pictures: Path, sounds: Sequence[Path], texts: Mapping[str, Path]
) -> tuple[str, ...]:
    """Inputs and options for the output; `pictures` has those of film_code, `sounds` are bare samples."""
    inputs = [
        (("-itsoffset", f"{-recipe.sound_late:.6f}") if recipe.sound_late < 0 else ())
        + ("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{film_code.COLUMNS}x{film_code.ROWS}")
        + ("-framerate", str(recipe.rate), "-i", str(pictures)),
        *(("-f", "s16le", "-ar", str(recipe.sound_rate), "-ac", "1", "-i", str(sound)) for sound in sounds),
    ]
    options = [*_picture_options(recipe, suffix), *_sound_options(recipe, suffix)]
    maps = [f"{index}:{kind}" for index, kind in enumerate(("v", *("a" for _ in sounds)))]
    if recipe.cover:
        maps.append(f"{len(inputs)}:v")
        inputs.append(("-f", "lavfi", "-i", "color=red:s=64x64:d=0.04:r=25"))
        options += ["-c:v:1", "mjpeg", "-pix_fmt:v:1", "yuvj420p", "-disposition:v:1", "attached_pic"]
    if "subtitles" in texts:
        maps.append(f"{len(inputs)}:s")
        inputs.append(("-f", "srt", "-i", str(texts["subtitles"])))
        options += ["-c:s", SUBTITLE_CODECS[suffix]]
    if "chapters" in texts:
        options += ["-map_chapters", str(len(inputs))]
        inputs.append(("-f", "ffmetadata", "-i", str(texts["chapters"])))
    if recipe.offset:
        options += ["-output_ts_offset", f"{recipe.offset:.6f}"]
    mapped = (word for one in maps for word in ("-map", one))
    return (*(word for one in inputs for word in one), *mapped, *options, *recipe.options)


def turning(recipe: Recipe, film: Path) -> tuple[str, ...]:
    """Arguments that copy a film and tell players to turn it."""
    return ("-display_rotation:v:0", str(-recipe.rotation), "-i", str(film), "-map", "0", "-c", "copy")


def _picture_options(recipe: Recipe, suffix: str) -> tuple[str, ...]:
    codec = recipe.codec if recipe.codec is not None else PICTURE_CODECS[suffix]
    tag = ("-tag:v:0", "hvc1") if codec == "hevc" and suffix in (".mp4", ".mov") else ()
    timing = ("-fps_mode:v:0", "vfr" if recipe.variable else "passthrough")
    return ("-filter:v:0", _filter(recipe), *_encoder(recipe, codec, suffix), *tag, *timing)


def _filter(recipe: Recipe) -> str:
    width, height = recipe.size
    steps = [f"scale={width}:{height}:flags=neighbor", *TURNED[recipe.rotation]]
    if recipe.variable:
        kept = f"not(between(mod(n\\,{HOLE})\\,3\\,4))+eq(n\\,{recipe.frames - 1})"
        steps.append(f"select={kept}")
    if recipe.grain:
        steps.append(f"noise=alls={recipe.grain}:allf=t:all_seed=1")
    steps += [
        f"format={recipe.pixel_format}",
        f"setsar={recipe.aspect.numerator}/{recipe.aspect.denominator}",
    ]
    return ",".join(steps)


def _encoder(recipe: Recipe, codec: str, suffix: str) -> tuple[str, ...]:
    gop, between = recipe.gop, 0 if suffix == ".avi" else recipe.b_frames
    opened = int(recipe.open_gop)
    every = ("-g:v:0", str(gop))
    match codec:
        case "h264":
            fixed = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={between}:open-gop={opened}"
            return ("-c:v:0", "libx264", "-preset", "veryfast", "-crf", "23", "-x264-params", fixed)
        case "hevc":
            fixed = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={between}:open-gop={opened}:log-level=error"
            return ("-c:v:0", "libx265", "-preset", "ultrafast", "-crf", "23", "-x265-params", fixed)
        case "mpeg4":
            return ("-c:v:0", "mpeg4", "-q:v:0", "4", *every, "-bf:v:0", str(between))
        case "vp8" | "vp9":
            name = "libvpx" if codec == "vp8" else "libvpx-vp9"
            speed = ("-deadline", "realtime", "-cpu-used", "8", "-b:v:0", "600k")
            return ("-c:v:0", name, *speed, *every, "-keyint_min", str(gop))
        case "av1":
            return ("-c:v:0", "libsvtav1", "-preset", "12", "-crf", "25", *every)
    raise ValueError(f"no recipe for a film in {codec}")


def _sound_options(recipe: Recipe, suffix: str) -> tuple[str, ...]:
    if not recipe.sounds:
        return ()
    usual = SOUND_CODECS[suffix]
    codec = usual if recipe.sound_codec is None else (recipe.sound_codec,)
    rate = 48_000 if codec[0] == "libopus" else recipe.sound_rate
    languages = (
        word
        for index in range(recipe.sounds)
        for word in (f"-metadata:s:a:{index}", f"language={LANGUAGES[index % len(LANGUAGES)]}")
    )
    late = ("-filter:a", f"asetpts=PTS+{recipe.sound_late:.6f}/TB") if recipe.sound_late > 0 else ()
    return ("-c:a", *codec, *late, "-ar", str(rate), "-ac", str(recipe.channels), *languages)
