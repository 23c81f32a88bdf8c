"""What people listen to: each chunk's narration as a file, and the whole with chapters and times.

Every chunk is encoded once. Its sound begins and ends in silence and is filled up to whole frames of the
format, so that the whole is made of the very same packets, and redoing one chunk leaves the other files as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.story import Story
from reelyard.media.transcript import Transcript, joined
from reelyard.tools.ffmpeg.progress import follow
from reelyard.tools.narration import spoken
from reelyard.tools.narration.order import RATE, shortened
from reelyard.tools.narration.spoken import Spoken
from reelyard.tools.rendering.languages import iso_639_2

MIB = 1024 * 1024
FRAMES = {"m4a": 1024, "mp3": 576, "wav": 1}  # samples
RECOGNISER = "narration"
TITLE_LETTERS = 60


@dataclass(frozen=True, slots=True)
class SoundOrder:
    """The files of speech in order, and how their sound is wanted."""

    pieces: tuple[Path, ...]
    format: str  # m4a, mp3 or wav
    title: str
    titles: tuple[str, ...]  # of the chapters, one for each piece
    language: str | None = None  # ISO 639-1

    @classmethod
    def of(cls, story: Story, pieces: Sequence[Path], sound_format: str) -> SoundOrder:
        """The order for a story whose chunks were spoken into `pieces`; chapters are called by their first words."""
        titles = tuple(
            shortened(chunk.heading or chunk.paragraphs[0], TITLE_LETTERS) for chunk in story.chunks
        )
        return cls(tuple(pieces), sound_format, story.title, titles, story.language)


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """When what is said, in seconds from the beginning of the whole."""

    transcript: Transcript
    starts: tuple[float, ...]  # of the chunks
    seconds: float
    warnings: tuple[str, ...] = ()

    @property
    def lengths(self) -> tuple[float, ...]:
        """Of the chunks' files."""
        return tuple(round(b - a, 6) for a, b in pairwise((*self.starts, self.seconds)))


def make_soundtrack(
    order: SoundOrder,
    whole: Path,
    chunks: Sequence[Path],
    *,
    run: Runner,
    cores: int = 1,
    tell: Callable[[float], None] | None = None,
) -> Soundtrack:
    """Write `whole` and one file for each piece; `tell` hears how far it is, 0 to 1.

    Raises InvalidInput for a broken piece, and what `run` raises.
    """
    made = [spoken.read(path) for path in order.pieces]
    ends = list(accumulate((_filled_up(one.samples, order.format) for one in made), initial=0))
    plan = whole.with_name(f"{whole.name}.plan.json")
    plan.write_text(json.dumps(plan_of(order, made, whole, chunks, cores)))
    try:
        command = soundtrack_command(plan, order, (whole, *chunks), ends[-1])
        run(command, on_line=follow(ends[-1] / RATE, tell))
    finally:
        plan.unlink()
    return Soundtrack(
        transcript_of(made, ends, order.language),
        tuple(round(end / RATE, 6) for end in ends[:-1]),
        round(ends[-1] / RATE, 6),
        tuple(warning for one in made for warning in one.warnings),
    )


def _filled_up(samples: int, sound_format: str) -> int:
    frame = FRAMES[sound_format]
    return -(-samples // frame) * frame


def plan_of(
    order: SoundOrder, made: Sequence[Spoken], whole: Path, chunks: Sequence[Path], cores: int
) -> dict[str, object]:
    """What the child has to know, as JSON."""
    pieces = [
        {
            "path": str(path),
            "offset": one.offset,
            "samples": one.samples,
            "length": _filled_up(one.samples, order.format),
            "title": title,
            "target": str(target),
        }
        for path, one, title, target in zip(order.pieces, made, order.titles, chunks, strict=True)
    ]
    return {
        "format": order.format,
        "title": order.title,
        "language": iso_639_2(order.language),
        "whole": str(whole),
        "cores": cores,
        "pieces": pieces,
    }


def soundtrack_command(plan: Path, order: SoundOrder, targets: Sequence[Path], samples: int) -> Command:
    """The command of `make_soundtrack`; measured at some hundred times real time a core."""
    argv, env = python_child("reelyard.tools.narration.soundtrack_child", str(plan))
    seconds = samples / RATE
    largest = 2 * samples + 64 * MIB
    return Command(
        argv,
        reads=(plan, *order.pieces),
        writes=tuple(targets),
        limits=Limits(300 + seconds, int(300 + seconds), 2048 * MIB, largest),
        env=env,
    )


def transcript_of(made: Sequence[Spoken], ends: Sequence[int], language: str | None) -> Transcript:
    """The times of all sentences and words from the beginning of the whole."""
    windows = [
        [segment.shifted(begin / RATE) for segment in one.segments]
        for one, begin in zip(made, ends, strict=False)
    ]
    voices = list(dict.fromkeys(one.voice for one in made))
    estimated = ("Times within paragraphs are estimates.",) if any(one.estimated for one in made) else ()
    return Transcript(
        round(ends[-1] / RATE, 3),
        RECOGNISER,
        ", ".join(voices),
        language,
        segments=joined(windows),
        warnings=(*estimated, *(warning for one in made for warning in one.warnings)),
    )
