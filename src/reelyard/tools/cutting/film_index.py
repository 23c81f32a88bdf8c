"""What a film is made of, told from its packets: rate, pictures, keyframes, and whether they can be copied.

No picture is decoded. Frame numbers count the pictures that are shown; the file's clock is 0 where the container
begins, as everywhere.
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from reelyard.errors import Reject
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.chapters import Chapter
from reelyard.media.info import VideoStream
from reelyard.tools.ffmpeg.inputs import Source, film_of

SCHEMA = "reelyard.film-index/1"
MIB = 1024 * 1024
SLOWEST = 5 * MIB  # bytes a second that are read at least


@dataclass(frozen=True, slots=True)
class Coding:
    """How the pictures are coded, as far as joining them with others asks for it."""

    codec: str
    pixel_format: str
    width: int
    height: int
    profile: int = 0  # H.264's profile_idc; 0 when unknown
    level: int = 0
    depth: int = 8  # bits of a sample
    interlaced: bool = False
    length_size: int = 0  # bytes before each unit; 0: the units are not preceded by their length
    numbers: tuple[int, ...] = ()  # ids that its parameter sets take up
    changes: bool = False  # its parameters change on the way
    open_groups: int = 0  # keyframes that are no new beginning: pictures after them refer to those before
    damaged: bool = False  # packets are missing, broken, or without time stamps


@dataclass(frozen=True, slots=True)
class FilmIndex:
    """A film's pictures. A film that is not `constant` has nominal `rate` and is counted as conformed to it."""

    rate: Fraction  # pictures a second
    constant: bool  # every picture lies on the grid, none is missing or double
    frames: int  # pictures shown
    start: Fraction  # seconds on the file's clock at which frame 0 is shown
    keyframes: tuple[int, ...]  # frames from which a decoder can begin, ascending
    coding: Coding
    order: array[int]  # the frame of each packet, in decode order; empty when that cannot be told
    points: tuple[int, ...] = ()  # packets from which a decoder can begin, ascending
    sound_start: Fraction | None = None  # seconds on the file's clock at which the first sound begins
    chapters: tuple[Chapter, ...] = ()  # those that the file names, on its clock

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "rate": str(self.rate),
            "constant": self.constant,
            "frames": self.frames,
            "start": str(self.start),
            "sound_start": None if self.sound_start is None else str(self.sound_start),
            "coding": asdict(self.coding),
            "chapters": [chapter.to_json() for chapter in self.chapters],
            "keyframes": list(self.keyframes),
            "points": list(self.points),
            "order": _packed(self.order),
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises ValueError or KeyError for anything else."""
        data: dict[str, Any] = dict(value)
        if data["schema"] != SCHEMA:
            raise ValueError(f"this is no film index of schema {SCHEMA}")
        coding = Coding(**{**data["coding"], "numbers": tuple(data["coding"]["numbers"])})
        sound = data["sound_start"]
        return cls(
            rate=Fraction(data["rate"]),
            constant=data["constant"],
            frames=data["frames"],
            start=Fraction(data["start"]),
            keyframes=tuple(data["keyframes"]),
            coding=coding,
            order=_unpacked(data["order"]),
            points=tuple(data["points"]),
            sound_start=None if sound is None else Fraction(sound),
            chapters=tuple(Chapter.from_json(chapter) for chapter in data["chapters"]),
        )

    def group_of(self, frame: int) -> int | None:
        """Which of `points` a decoder has to begin at to show `frame`; None when there is none."""
        index = bisect_right(self.points, frame, key=self.order.__getitem__) - 1
        return index if index >= 0 else None

    def group(self, index: int) -> tuple[int, int]:
        """The packets of the group that begins at `points[index]`: the first, and the one after the last."""
        end = self.points[index + 1] if index + 1 < len(self.points) else len(self.order)
        return self.points[index], end


def film_index(
    source: Source, *, run: Runner, target: Path, tell: Callable[[float], None] | None = None
) -> FilmIndex:
    """Read the packets of the film in `source` to the end; the index is also left in `target` as JSON.

    Raises Reject (`no_video`) for a file without a film, or with one that holds no picture, and what `run` raises.
    """
    film = film_of(source.info)
    argv, env = python_child(
        "reelyard.tools.cutting.film_index_child", source.demuxer, str(film.index), str(target)
    )
    seconds = 120 + source.info.size / SLOWEST
    may_take = Limits(wall_s=seconds, cpu_s=int(seconds), memory_bytes=2048 * MIB, file_bytes=256 * MIB)
    command = Command(argv, stdin=source.path, writes=(target,), limits=may_take, env=env)
    run(command, on_line=follow(tell))
    found = FilmIndex.from_json(json.loads(target.read_bytes()))
    if found.frames == 0:
        raise Reject(
            "The film holds no picture that can be shown.",
            code="no_video",
            hint="Check that it plays in a player, and send it again.",
        )
    return found if found.coding.width else replace(found, coding=_sized(found.coding, film))


def follow(tell: Callable[[float], None] | None) -> Callable[[str], None] | None:
    """A listener for `run(on_line=…)` that tells the fraction done, as the children of this room print it."""
    if tell is None:
        return None

    def listen(line: str) -> None:
        name, _, value = line.partition("=")
        if name == "done" and value.strip().isdecimal():
            tell(int(value) / 100)

    return listen


def _sized(coding: Coding, film: VideoStream) -> Coding:
    return replace(coding, width=film.width, height=film.height)


def _packed(order: array[int]) -> str:
    """Frame minus packet: small numbers that repeat, so that hours of film take little room."""
    offsets = array("i", (frame - packet for packet, frame in enumerate(order)))
    if sys.byteorder != "little":
        offsets.byteswap()
    return base64.b64encode(zlib.compress(offsets.tobytes())).decode()


def _unpacked(text: str) -> array[int]:
    offsets = array("i", zlib.decompress(base64.b64decode(text)))
    if sys.byteorder != "little":
        offsets.byteswap()
    return array("i", (packet + offset for packet, offset in enumerate(offsets)))
