"""Small pictures and narrations, films made of them, and what these films show."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import Command, Finished, runner_in
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.slideshow import FilmOrder, Made, Movement, Slide, make_film

FFMPEG = ffmpeg()
SIZE = (320, 180)
RED, GREEN, BLUE, WHITE, BLACK = (
    (200, 40, 40), (40, 180, 60), (50, 60, 200), (230, 230, 230), (20, 20, 20),
)  # fmt: skip
NEAR = 14  # of a colour that was coded twice


def jpeg(path: Path, image: Any) -> Path:
    """Write an array of colours as a JPEG."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image, np.uint8), format="rgb24")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"qmin": "1", "qmax": "2"}
    coded = encoder.encode(frame.reformat(format="yuvj420p", dst_color_range="JPEG"))
    path.write_bytes(b"".join(bytes(packet) for packet in (*coded, *encoder.encode(None))))
    return path


def plain(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = SIZE) -> Path:
    """A picture of one colour in the middle, its edge shaded."""
    width, height = size
    shade = np.linspace(0.6, 1, width)[None, :, None]
    image = np.ones((height, width, 1)) * shade * np.array(colour)
    image[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = colour
    return jpeg(path, image)


def narration(path: Path, seconds: float) -> Path:
    """A tone that lasts so long, in the format of the file's name, as narrations are."""
    source = f"sine=frequency=330:sample_rate=24000:duration={seconds}"
    coded = {".m4a": ("-c:a", "aac"), ".mp3": ("-c:a", "libmp3lame"), ".wav": ()}[path.suffix]
    argv = [FFMPEG, "-v", "error", "-f", "lavfi", "-i", source, *coded, "-y", str(path)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return path


@dataclass
class Yard:
    """A folder in which films are made; parts stay from one to the next."""

    folder: Path
    ran: list[str] = field(default_factory=list)  # the tools that were run
    told: list[float] = field(default_factory=list)

    def slides(
        self, times: Sequence[float], colours: Sequence[tuple[int, int, int]], size: tuple[int, int] = SIZE
    ) -> tuple[Slide, ...]:
        """Slides that change at `times`, the last of which is the film's end."""
        spans = pairwise(times)
        return tuple(
            Slide(plain(self.folder / f"slide-{number}.jpg", colour, size), *span, seed=number)
            for number, (span, colour) in enumerate(zip(spans, colours, strict=True))
        )

    def order(self, slides: tuple[Slide, ...], suffix: str = ".m4a", **more: Any) -> FilmOrder:
        sound = narration(self.folder / f"narration{suffix}", slides[-1].end_s)
        still = FilmOrder(slides, sound, SIZE, Movement.STILL, crossfade_s=0.0)
        return replace(still, **more)

    def make(self, order: FilmOrder, name: str = "story.mp4", *, cores: int = 2) -> tuple[Path, Made]:
        out = self.folder / name
        made = make_film(
            order, out, ffmpeg=FFMPEG, run=self.run, part=self.part, tell=self.told.append, cores=cores,
            workdir=self.folder,
        )  # fmt: skip
        return out, made

    def run(self, command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        self.ran.append(command.tool)
        return runner_in(self.folder)(command, on_line=on_line)

    def part(self, key: JsonObject, make: Callable[[Path], None]) -> Path:
        kept = self.folder / f"part-{digest(key)}"
        if not kept.exists():
            making = kept.with_suffix(".making")
            make(making)
            making.replace(kept)
        return kept


def frames(film: Path) -> list[Any]:
    """Every picture as colours, in the order of showing."""
    with av.open(str(film)) as opened:
        return [
            frame.reformat(format="rgb24", src_colorspace="ITU709", src_color_range="MPEG").to_ndarray()
            for frame in opened.decode(video=0)
        ]


def middle(frame: Any) -> tuple[int, ...]:
    """The colour in the middle of a picture."""
    height, width = frame.shape[:2]
    part = frame[2 * height // 5 : height // 2, 2 * width // 5 : 3 * width // 5]
    return tuple(int(value) for value in part.mean(axis=(0, 1)))


def named(frame: Any, colours: Sequence[tuple[int, int, int]]) -> int | None:
    """Which of the colours a picture shows in its middle; None: none of them."""
    seen = np.array(middle(frame))
    found = [number for number, colour in enumerate(colours) if np.abs(seen - colour).max() <= NEAR]
    return found[0] if found else None


def complaints(film: Path) -> str:
    """What ffmpeg says when it plays the film to its end."""
    argv = [FFMPEG, "-v", "warning", "-nostdin", "-i", str(film), "-f", "null", "-"]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stderr
