"""A small picture of a file: a moment of the film, the cover of a recording, or the shape of its sound."""

from __future__ import annotations

from pathlib import Path

from reelyard.errors import Reject, ToolFailed
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.media.info import Kind, MediaInfo, VideoStream
from reelyard.tools.ffmpeg.decode import first_sound
from reelyard.tools.ffmpeg.inputs import QUIET, Source, input_options

WIDTH, HEIGHT = 320, 180  # pixels; a film's height follows from its width
TALLEST = 640
MOMENT = 0.1  # of the length: beyond logos and black, before the end of a file that was cut off
HEARD_S = 3600.0  # of a recording's sound that is drawn
INK, PAPER = "0x4a5a6a", "0xf4f5f7"
MIB = 1024 * 1024
MAY_TAKE = Limits(wall_s=120, cpu_s=120, memory_bytes=3072 * MIB, file_bytes=4 * MIB)


def thumbnail(source: Source, target: Path, *, ffmpeg: str, run: Runner) -> None:
    """Write a JPEG 320 pixels wide to `target`.

    Raises Reject when the file has neither a picture nor sound that can be read, and what `run` raises.
    """
    failure: ToolFailed | None = None
    for command in thumbnail_commands(source, target, ffmpeg=ffmpeg):
        try:
            run(command)
        except ToolFailed as problem:
            failure = problem
            continue
        if target.exists() and target.stat().st_size > 0:
            return
    raise Reject("No picture could be made of the file.", hint="Check that it plays.") from failure


def thumbnail_commands(source: Source, target: Path, *, ffmpeg: str) -> tuple[Command, ...]:
    """What to try, in order, until one has written `target`."""
    return tuple(
        Command(
            (ffmpeg, *QUIET, *arguments, *_jpeg(target)), stdin=source.path, writes=(target,), limits=MAY_TAKE
        )
        for arguments in _attempts(source)
    )


def _attempts(source: Source) -> list[tuple[str, ...]]:
    info, opened = source.info, input_options(source.demuxer)
    picture = _picture(info)
    found: list[tuple[str, ...]] = []
    if picture is not None:
        shown = ("-map", f"0:{picture.index}", "-vf", SCALE)
        if not picture.is_cover and info.duration_s:
            found.append(("-ss", f"{info.duration_s * MOMENT:.3f}", *opened, *shown))
        found.append((*opened, *shown))
    if info.audio:
        found.append(("-t", f"{HEARD_S:.0f}", *opened, "-filter_complex", _waveform(info)))
    return found


def _picture(info: MediaInfo) -> VideoStream | None:
    """The film itself, else the cover; of a recording any picture counts as its cover."""
    if info.kind is Kind.VIDEO and info.film is not None:
        return info.film
    return next(iter(info.video), None)


# `dar` is the shape in which it is shown: pixels need not be square. Even numbers suit every codec.
SCALE = (
    f"scale=w={WIDTH}:h='min({TALLEST},max(2,trunc({WIDTH}/dar/2)*2))':out_range=pc,setsar=1,format=yuvj420p"
)


def _waveform(info: MediaInfo) -> str:
    return (
        f"color=c={PAPER}:s={WIDTH}x{HEIGHT}:d=1[paper];"
        f"[0:{first_sound(info).index}]aformat=channel_layouts=mono,"
        f"showwavespic=s={WIDTH}x{HEIGHT}:colors={INK}:scale=sqrt[ink];"
        "[paper][ink]overlay=format=auto,format=yuvj420p"
    )


def _jpeg(target: Path) -> tuple[str, ...]:
    return (
        *("-frames:v", "1", "-map_metadata", "-1", "-c:v", "mjpeg", "-q:v", "4", "-bitexact"),
        *("-f", "image2", "-update", "1", "-y", f"file:{target}"),
    )
