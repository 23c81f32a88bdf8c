"""What a narrated film is made of, as values: pictures with their times, narration, captions, settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from reelyard.kit.json import JsonObject
from reelyard.tools.captions import Cue
from reelyard.tools.rendering.captions import Lettering

RATE: Final = 25  # pictures a second
SHAPES: Final = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}
SHORTER_SIDE: Final = {"720p": 720, "1080p": 1080}  # pixels

Tell = Callable[[float], None]


class Part(Protocol):
    """Whoever keeps finished pieces: a stage's `context.part`."""

    def __call__(self, key: JsonObject, make: Callable[[Path], None]) -> Path:
        """The piece of that key: `make` writes it unless one with an equal key was kept."""
        ...


class Movement(StrEnum):
    STILL = "still"
    GENTLE = "gentle"


@dataclass(frozen=True, slots=True)
class Slide:
    """A picture and when it is shown; times in seconds from the film's beginning."""

    picture: Path  # a JPEG of the film's shape, at a path of ours
    start_s: float
    end_s: float
    title: str | None = None  # of its chapter; without one the chapter before goes on
    seed: int = 0  # of its movement


@dataclass(frozen=True, slots=True)
class FilmOrder:
    """A film to be made. Slides follow one another from 0 on without a gap, to the end of the narration."""

    slides: tuple[Slide, ...]
    sound: Path  # .m4a (AAC, copied), .mp3 or .wav (encoded), at a path of ours
    size: tuple[int, int]  # pixels, even: `film_size`
    movement: Movement = Movement.GENTLE
    crossfade_s: float = 0.6  # its middle is the change; at most half of the shorter of two slides
    cues: tuple[Cue, ...] = ()  # drawn into the picture
    lettering: Lettering = field(default_factory=Lettering)
    title: str | None = None
    language: str | None = None

    @property
    def moving(self) -> bool:
        return self.movement is not Movement.STILL


@dataclass(frozen=True, slots=True)
class Made:
    """A film that was made, and checked."""

    duration_s: float
    frames: int
    encoded_share: float  # of its pictures; the others are told by two or three of their neighbours
    warnings: tuple[str, ...] = ()


def film_size(shape: str, quality: str) -> tuple[int, int]:
    """Width and height in pixels of a shape of `SHAPES`, its shorter side by `SHORTER_SIDE`."""
    width, height = SHAPES[shape]
    side = SHORTER_SIDE[quality]
    return (_even(side * width, min(width, height)), _even(side * height, min(width, height)))


def _even(pixels: int, by: int) -> int:
    return 2 * round(pixels / by / 2)
