"""The child that indexes a film: `python -m …film_index_child DEMUXER STREAM TARGET < film`."""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.media.chapters import Chapter
from reelyard.tools.cutting import h264
from reelyard.tools.cutting.film_index import Coding, FilmIndex
from reelyard.tools.cutting.grid import Grid, grid_of, number_of
from reelyard.tools.cutting.opening import Told, only, open_film, origin, packets

CODED = "h264"
MOST_CHAPTERS, LONGEST_TITLE = 1_000, 200


@dataclass
class Packets:
    """What the packets of one film tell, in the file's order."""

    stamps: array[int] = field(default_factory=lambda: array("q"))  # when shown, in ticks
    hidden: set[int] = field(default_factory=set)  # packets that an edit list keeps from being shown
    keys: list[int] = field(default_factory=list)  # packets from which a decoder can begin
    open_groups: int = 0
    unstamped: bool = False
    corrupt: bool = False
    last: int = 0  # ticks that the last one is shown
    sets: set[bytes] = field(default_factory=set)  # parameter sets inside packets


def main(demuxer: str, stream_index: int, target: Path) -> None:
    with open_film(demuxer) as container:
        film = container.streams[stream_index]
        only(container, [film])
        box = _box(film)
        found = _read(container, film, box)
        index = _index(container, film, found, box)
    target.write_text(json.dumps(index.to_json()), "utf-8")


def _box(film: Any) -> h264.Box | None:
    if film.codec_context.codec.canonical_name != CODED:
        return None
    try:
        return h264.Box.read(bytes(film.codec_context.extradata or b""))
    except ValueError:
        return None


def _read(container: Any, film: Any, box: h264.Box | None) -> Packets:
    import av  # noqa: PLC0415 - 50 ms, and only here

    found = Packets()
    told = Told(os.fstat(0).st_size)
    is_h264 = film.codec_context.codec.canonical_name == CODED
    try:
        for number, packet in enumerate(packets(container, film)):
            stamp = packet.pts if packet.pts is not None else packet.dts
            found.unstamped |= packet.pts is None
            found.corrupt |= packet.is_corrupt or packet.has_sidedata("new_extradata")
            found.stamps.append(stamp if stamp is not None else number)
            found.last = packet.duration or found.last
            if packet.is_discard:
                found.hidden.add(number)
            if packet.is_keyframe:
                _key(found, number, packet, box, is_h264=is_h264)
            told.at(packet.pos or 0)
    except av.error.FFmpegError as problem:  # a broken file: what came before counts
        if isinstance(problem, MemoryError):
            raise
        found.corrupt = True
    return found


def _key(found: Packets, number: int, packet: Any, box: h264.Box | None, *, is_h264: bool) -> None:
    """A keyframe of H.264 is a beginning only when it is an IDR picture."""
    if not is_h264 or box is None:
        found.keys.append(number)
        return
    kinds = set()
    for unit in h264.units(bytes(packet), box.length_size):
        kinds.add(h264.kind(unit))
        if h264.kind(unit) in (h264.SPS, h264.PPS):
            found.sets.add(unit)
    if h264.IDR in kinds:
        found.keys.append(number)
    else:
        found.open_groups += 1


def _index(container: Any, film: Any, found: Packets, box: h264.Box | None) -> FilmIndex:
    tick = Fraction(film.time_base)
    shown = sorted(stamp for number, stamp in enumerate(found.stamps) if number not in found.hidden)
    declared = (film.base_rate, film.average_rate, film.guessed_rate)
    rates = [None if rate is None or rate <= 0 else Fraction(rate) for rate in declared]
    grid = grid_of(shown, found.last, tick, rates)
    zero = origin(container)
    first = shown[0] if shown else 0
    step = tick * grid.rate
    numbers = array("i", (number_of(stamp - first, step) for stamp in found.stamps))
    told = _is_told(found, grid, numbers)
    return FilmIndex(
        rate=grid.rate,
        constant=grid.constant,
        frames=grid.frames,
        start=first * tick - zero,
        keyframes=tuple(sorted({numbers[key] for key in found.keys if 0 <= numbers[key] < grid.frames})),
        coding=_coding(film, found, box),
        order=numbers if told else array("i"),
        points=tuple(found.keys) if told else (),
        sound_start=_sound_start(container, zero),
        chapters=tuple(_chapters(container, zero)),
    )


def _chapters(container: Any, zero: Fraction) -> Iterator[Chapter]:
    """What the file names of itself; a few of them, and no long names, whatever it says."""
    for chapter in container.chapters()[:MOST_CHAPTERS]:
        begin, end = (chapter[edge] * Fraction(chapter["time_base"]) - zero for edge in ("start", "end"))
        title = " ".join(str(chapter["metadata"].get("title", "")).split())[:LONGEST_TITLE]
        if max(begin, Fraction(0)) < end:
            yield Chapter(title, max(begin, Fraction(0)), end)


def _is_told(found: Packets, grid: Grid, numbers: array[int]) -> bool:
    """Whether each packet is one frame of its own, and each beginning is before all that follows it."""
    if not grid.constant or found.unstamped:
        return False
    hidden_outside = all(not 0 <= numbers[number] < grid.frames for number in found.hidden)
    once = len(set(numbers)) == len(numbers)
    return hidden_outside and once and _ascending(found.keys, numbers)


def _ascending(keys: list[int], numbers: array[int]) -> bool:
    """Whether all packets before a key are shown before it, and all after it later."""
    least = sys.maxsize
    marks = set(keys)
    for packet in reversed(range(len(numbers))):
        if packet in marks and numbers[packet] > least:
            return False
        least = min(least, numbers[packet])
    most = -sys.maxsize
    for packet, number in enumerate(numbers):
        if packet in marks and number < most:
            return False
        most = max(most, number)
    return True


def _coding(film: Any, found: Packets, box: h264.Box | None) -> Coding:
    context = film.codec_context
    facts: Mapping[str, Any] = {} if box is None else _facts(box, found.sets)
    return Coding(
        codec=context.codec.canonical_name,
        pixel_format=context.pix_fmt or "",
        width=context.width,
        height=context.height,
        open_groups=found.open_groups,
        damaged=found.corrupt or found.unstamped,
        **facts,
    )


def _facts(box: h264.Box, inside: set[bytes]) -> dict[str, Any]:
    sets = {*box.sequences, *box.pictures, *inside}
    try:
        sequences = [h264.sequence_of(unit) for unit in sets if h264.kind(unit) == h264.SPS]
        pictures = [h264.picture_number(unit) for unit in sets if h264.kind(unit) == h264.PPS]
    except ValueError:
        return {}
    if not sequences or not pictures:
        return {}
    numbers = [sequence.number for sequence in sequences]
    return {
        "profile": sequences[0].profile,
        "level": max(sequence.level for sequence in sequences),
        "depth": max(sequence.depth for sequence in sequences),
        "interlaced": any(sequence.interlaced for sequence in sequences),
        "length_size": box.length_size,
        "numbers": tuple(sorted({*numbers, *pictures})),
        "changes": _doubles(numbers) or _doubles(pictures),
    }


def _doubles(numbers: Iterable[int]) -> bool:
    counted = list(numbers)
    return len(set(counted)) < len(counted)


def _sound_start(container: Any, zero: Fraction) -> Fraction | None:
    for stream in container.streams.audio:
        if stream.start_time is not None:
            return Fraction(stream.start_time * stream.time_base) - zero
    return None


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
