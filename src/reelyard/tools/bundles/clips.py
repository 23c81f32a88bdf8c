"""What is merged, and what came of it: the values that callers see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reelyard.kit.json import JsonObject
from reelyard.media.info import MediaInfo

Tell = Callable[[float], None]  # hears the fraction done, 0 to 1


@dataclass(frozen=True, slots=True)
class Clip:
    """One film or sound of a bundle, in its order. `title` is its user's: it names a chapter, never a path."""

    path: Path
    title: str
    info: MediaInfo


@dataclass(frozen=True, slots=True)
class Merged:
    """What was written."""

    duration_s: float  # counted in the file, not added up
    warnings: tuple[str, ...] = ()
    conformed: tuple[str, ...] = ()  # titles of the clips of which picture or sound was encoded anew


class Part(Protocol):
    """A finished piece of a long work, kept over an interruption: `Context.part`."""

    def __call__(self, key: JsonObject, make: Callable[[Path], None]) -> Path:
        """The path of the piece; `make` writes it unless one with an equal key was kept."""
        ...
