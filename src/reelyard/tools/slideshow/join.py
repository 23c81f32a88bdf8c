"""Putting a narrated film together from its pieces and its sound: packets are copied, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.cutting.film_index import follow
from reelyard.tools.cutting.sound import order_file
from reelyard.tools.rendering.languages import iso_639_2
from reelyard.tools.slideshow.order import RATE, FilmOrder, Tell
from reelyard.tools.slideshow.timeline import Timeline, frame_of

MIB = 1024 * 1024
SLOWEST = 4 * MIB  # bytes a second: read once, written once and shifted once
FRAMES_A_SECOND = 2000  # at least
LONGEST_TITLE = 200  # characters


@dataclass(frozen=True, slots=True)
class Ready:
    """What is put together."""

    pieces: Sequence[Path]  # in the film's order
    sound: Path  # AAC in MP4


def join(
    order: FilmOrder, timeline: Timeline, ready: Ready, target: Path, *, run: Runner, tell: Tell
) -> None:
    """Write the film to `target`, its table of contents first. Raises what `run` raises."""
    asked: dict[str, Any] = {
        "size": list(order.size),
        "moving": order.moving,
        "frames": timeline.frames,
        "pieces": [str(path) for path in ready.pieces],
        "sound": str(ready.sound),
        "chapters": list(chapters(order, timeline)),
        "title": one_line(order.title or ""),
        "language": iso_639_2(order.language),
    }
    size = sum(path.stat().st_size for path in (*ready.pieces, ready.sound))
    with order_file(target, asked) as path:
        argv, env = python_child("reelyard.tools.slideshow.join_child", str(path), str(target))
        seconds = 120 + 3 * size / SLOWEST + timeline.frames / FRAMES_A_SECOND
        limits = Limits(seconds, int(seconds), 2048 * MIB, 2 * size + 64 * MIB + 64 * timeline.frames)
        run(
            Command(argv, (path, *ready.pieces, ready.sound), (target,), limits, env=env),
            on_line=follow(tell),
        )


def chapters(order: FilmOrder, timeline: Timeline) -> Iterator[dict[str, Any]]:
    """A chapter from each slide that has a title on, in frames; one without a title goes on with that before."""
    named = [
        (0 if number == 0 else min(timeline.frames, frame_of(slide.start_s)), one_line(slide.title))
        for number, slide in enumerate(order.slides)
        if slide.title and number not in timeline.left_out
    ]
    for (begin, title), (end, _) in pairwise((*named, (timeline.frames, ""))):
        yield {"start": begin, "end": end, "title": title, "rate": RATE}


def one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_TITLE]
