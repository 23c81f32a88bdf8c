"""Encoding the heads of a cut film: the few pictures that cannot be copied."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelyard.errors import ToolFailed
from reelyard.kit.json import JsonObject, canonical
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.cutting.film_index import FilmIndex, follow
from reelyard.tools.cutting.plan import PROFILES, Head, free_number
from reelyard.tools.cutting.records import read_header
from reelyard.tools.ffmpeg.inputs import Source, film_of

MIB = 1024 * 1024
PRESET, QUALITY = "veryfast", 20  # x264's; the quality is constant, and hardly told from the source
TIMES_THE_FILM = 2  # bits a second: the heads' most, of the film's average
LEAST_BITS = 0.1  # a pixel: a head begins with a whole picture, whatever the film's pictures need
ENOUGH_S = 20.0  # seconds of film decoded for one child: starting it costs a quarter of a second


@dataclass(frozen=True, slots=True)
class Encoding:
    """How heads are encoded; part of what names a finished piece."""

    preset: str = PRESET
    quality: int = QUALITY

    def to_json(self) -> JsonObject:
        return {"preset": self.preset, "quality": self.quality}


def batches(heads: Sequence[Head], index: FilmIndex) -> Iterator[tuple[Head, ...]]:
    """The heads in order, in groups that are each worth a process of its own."""
    batch: list[Head] = []
    waiting = 0
    for head in heads:
        group = index.group_of(head.start)
        cost = head.end - (head.start if group is None else index.order[index.points[group]])
        if batch and waiting + cost > ENOUGH_S * index.rate:
            yield tuple(batch)
            batch, waiting = [], 0
        batch.append(head)
        waiting += cost
    if batch:
        yield tuple(batch)


def encode_heads(  # noqa: PLR0913 - what it works on, and four choices with defaults
    source: Source,
    index: FilmIndex,
    heads: Sequence[Head],
    target: Path,
    *,
    run: Runner,
    threads: int = 1,
    encoding: Encoding = Encoding(),
    tell: Callable[[float], None] | None = None,
) -> None:
    """Decode these frames and write them to `target`, coded as the film is; each head begins with a keyframe.

    `threads` are those of the decoder; what is written is the same for any number of them.

    Raises ToolFailed when they are not all there (a damaged film), and what `run` raises.
    """
    order = {
        "stream": film_of(source.info).index,
        "rate": str(index.rate),
        "start": str(index.start),
        "heads": [[_keyframe(index, head), head.start, head.end] for head in heads],
        "number": free_number(index),
        "profile": PROFILES[index.coding.profile],
        "level": index.coding.level,
        "threads": threads,
        "most_kbits": most_kbits(source, index),
        **encoding.to_json(),
    }
    argv, env = python_child(
        "reelyard.tools.cutting.heads_child", source.demuxer, canonical(order).decode(), str(target)
    )
    frames = sum(len(head) for head in heads)
    seconds = 120 + 4 * frames * max(1.0, index.coding.width * index.coding.height / 2e6)
    may_take = Limits(wall_s=seconds, cpu_s=int(seconds), memory_bytes=_memory(index), file_bytes=8192 * MIB)
    command = Command(argv, stdin=source.path, writes=(target,), limits=may_take, env=env)
    run(command, on_line=follow(tell))
    if read_header(target).get("heads") != [[head.start, head.end] for head in heads]:
        raise ToolFailed("The pictures round the cuts were not encoded as ordered.")


def most_kbits(source: Source, index: FilmIndex) -> int:
    """Thousand bits a second that heads may take, so that noise is not coded finer than the film has it."""
    own = 8 * source.info.size * float(index.rate) / max(1, index.frames)
    least = LEAST_BITS * index.coding.width * index.coding.height * float(index.rate)
    return math.ceil(max(TIMES_THE_FILM * own, least) / 1000)


def _keyframe(index: FilmIndex, head: Head) -> int:
    group = index.group_of(head.start)
    if group is None:
        raise ToolFailed(f"There is no keyframe before frame {head.start}.")
    return index.order[index.points[group]]


def _memory(index: FilmIndex) -> int:
    """Some sixty pictures wait in decoder and encoder; an HD film has 2 GiB with it, 4K has 4."""
    return 2048 * MIB + 160 * index.coding.width * index.coding.height
