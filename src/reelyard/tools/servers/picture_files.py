"""Pictures from strangers: told by their first bytes, measured by their heads, fitted by ffmpeg in a limited child."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from reelyard.errors import ServerRefused, ToolFailed
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import QUIET

MIB = 1024 * 1024
MOST_PIXELS = 50_000_000
QUALITY = "2"  # of ffmpeg's JPEG: nothing is seen of the compression
START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
MAY_TAKE = Limits(wall_s=60, cpu_s=60, memory_bytes=2048 * MIB, file_bytes=64 * MIB)


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A picture's format as ffmpeg calls it, and its size in pixels."""

    demuxer: str
    decoder: str
    width: int
    height: int


def picture_format(data: bytes) -> PictureFormat:
    """What a file's beginning says it is; raises ValueError with a noun for what is not taken."""
    try:
        if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR":
            found = PictureFormat("png_pipe", "png", *struct.unpack(">II", data[16:24]))
        elif data[:3] == b"\xff\xd8\xff":
            found = PictureFormat("jpeg_pipe", "mjpeg", *_jpeg_size(data))
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            found = PictureFormat("webp_pipe", "webp", *_webp_size(data))
        else:
            raise ValueError("something that is no PNG, JPEG or WebP")
    except (struct.error, IndexError):
        raise ValueError("a picture that is cut off") from None
    if not found.width or not found.height:
        raise ValueError("a picture without any size")
    if found.width * found.height > MOST_PIXELS:
        raise ValueError(f"a picture of {found.width}x{found.height} pixels, more than 50 million")
    return found


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """ITU-T T.81, B.2.2: the first frame header after the markers before it."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("a JPEG that is broken")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in WITHOUT_LENGTH:
            at += 2
        elif marker in START_OF_FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))


def _webp_size(data: bytes) -> tuple[int, int]:
    """RFC 9649, 2.5 to 2.7. One that moves is refused: its size may change with each picture."""
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        if data[20] & 0x02:
            raise ValueError("a WebP that moves")
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    raise ValueError("a WebP that is broken")


def fit_picture(source: Path, target: Path, size: tuple[int, int], *, run: Runner) -> None:
    """Write `source` as a JPEG of `size` pixels: enlarged or reduced until it covers that, and cut about its middle.

    Raises ServerRefused when it cannot be read, and what `run` raises.
    """
    with source.open("rb") as stream:
        head = stream.read(MIB)
    try:
        run(fit_command(source, picture_format(head), target, size))
    except (ValueError, ToolFailed) as problem:
        raise ServerRefused(f"The picture that the image server sent cannot be read: {problem}") from None
    if not target.exists() or not target.stat().st_size:
        raise ServerRefused("The picture that the image server sent cannot be read.")


def fit_command(source: Path, found: PictureFormat, target: Path, size: tuple[int, int]) -> Command:
    width, height = size
    cover = f"scale={width}:{height}:force_original_aspect_ratio=increase:flags=lanczos,crop={width}:{height}"
    # What shines through becomes white, as on paper.
    look = f"format=rgba,split[a][b];[a]drawbox=c=white:t=fill:replace=1[c];[c][b]overlay=format=rgb,{cover},setsar=1"
    argv = (
        *(ffmpeg(), *QUIET, "-protocol_whitelist", "fd", "-codec_whitelist", found.decoder),
        *("-max_pixels", str(MOST_PIXELS), "-f", found.demuxer, "-fd", "0", "-i", "fd:"),
        *("-filter_complex", look, "-frames:v", "1", "-map_metadata", "-1", "-pix_fmt", "yuvj420p"),
        *(
            "-c:v",
            "mjpeg",
            "-q:v",
            QUALITY,
            "-threads",
            "1",
            "-f",
            "image2",
            "-update",
            "1",
            "-y",
            f"file:{target}",
        ),
    )
    return Command(argv, reads=(source,), writes=(target,), limits=MAY_TAKE, stdin=source)
