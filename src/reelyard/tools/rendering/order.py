"""What the rooms of rendering hand each other: an order, the bench it is worked on, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reelyard.kit.processes import Runner
from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.rendering.picture import Captioned
from reelyard.tools.rendering.target import Target


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of a film."""

    source: Source
    cuts: CutList
    target: Target
    chapters: tuple[Chapter, ...] = ()  # film time
    captions: Captioned | None = None  # drawn into the picture


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and with what the work is done."""

    ffmpeg: str
    run: Runner
    folder: Path  # for what is needed on the way; the caller empties it
    cores: int = 2


@dataclass(frozen=True, slots=True)
class Rendered:
    path: Path
    encoder: str  # that really made it; "copy" when nothing was encoded
    warnings: tuple[str, ...] = ()
