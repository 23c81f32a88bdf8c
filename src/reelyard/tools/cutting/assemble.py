"""Putting a film together from what was copied, what was encoded anew, and its sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.chapters import Chapter
from reelyard.tools.cutting.film_index import FilmIndex, follow
from reelyard.tools.cutting.plan import SmartPlan
from reelyard.tools.cutting.sound import order_file
from reelyard.tools.ffmpeg.inputs import Source, film_of

MIB = 1024 * 1024
SLOWEST = 4 * MIB  # bytes a second: the file is read once, written once and shifted once
CONTAINERS = {".mp4": "mp4", ".mov": "mov"}
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Track:
    """Sound that `encode_sound` wrote."""

    path: Path
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a film is put together from."""

    plan: SmartPlan
    heads: Sequence[Path] = ()  # the files of `encode_heads`, in the order of the film
    sound: Sequence[Track] = ()
    chapters: Sequence[Chapter] = field(default=())
    title: str | None = None  # as players show it


def assemble(
    source: Source,
    index: FilmIndex,
    pieces: Pieces,
    target: Path,
    *,
    run: Runner,
    tell: Callable[[float], None] | None = None,
) -> None:
    """Write the film to `target`, an MP4 or MOV by its name, its table of contents first so that it streams.

    Rotation, the shape of its pixels and colours are the source's. Raises ToolFailed when the pieces do not make
    up the plan, Reject for another container, and what `run` raises.
    """
    container = CONTAINERS.get(target.suffix)
    if container is None:
        raise Reject(f"A film cut by copying is MP4 or MOV, not {target.suffix}.", code="unsupported_type")
    film = film_of(source.info)
    order: dict[str, Any] = {
        "stream": film.index,
        "container": container,
        "plan": pieces.plan.to_json(),
        "index": index.to_json(),
        "heads": [str(path) for path in pieces.heads],
        "sound": [{"path": str(track.path), "language": track.language} for track in pieces.sound],
        "chapters": [_ticks(chapter) for chapter in pieces.chapters],
        "title": pieces.title,
    }
    size = source.info.size + sum(path.stat().st_size for path in (*pieces.heads, *_paths(pieces)))
    with order_file(target, order) as path:
        argv, env = python_child(
            "reelyard.tools.cutting.assemble_child", source.demuxer, str(path), str(target)
        )
        seconds = 120 + 3 * size / SLOWEST
        may_take = Limits(seconds, int(seconds), memory_bytes=2048 * MIB, file_bytes=2 * size + 64 * MIB)
        reads = (path, *pieces.heads, *_paths(pieces))
        run(Command(argv, reads, (target,), may_take, stdin=source.path, env=env), on_line=follow(tell))


def _paths(pieces: Pieces) -> tuple[Path, ...]:
    return tuple(track.path for track in pieces.sound)


def _ticks(chapter: Chapter) -> dict[str, Any]:
    start, end = (round(time * MICROSECONDS) for time in (chapter.start, chapter.end))
    return {"title": chapter.title, "start": start, "end": end}
