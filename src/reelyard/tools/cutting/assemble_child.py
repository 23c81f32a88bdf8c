"""The child that puts a film together: `python -m …assemble_child DEMUXER ORDER-FILE TARGET < film`.

The order is that of `assemble.py`. Nothing is held but the packets at hand: pieces, sound and source are read in
step, each once, from beginning to end.
"""

from __future__ import annotations

import heapq
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

from reelyard.tools.cutting import h264
from reelyard.tools.cutting.assemble import MICROSECONDS
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.opening import Told, only, open_film, packets
from reelyard.tools.cutting.plan import Copy, Head, SmartPlan
from reelyard.tools.cutting.records import Record, read_header, read_records


@dataclass(frozen=True, slots=True)
class Coded:
    """One packet of the film to be."""

    stream: Any
    tick: Fraction  # seconds
    data: bytes
    pts: int
    dts: int
    duration: int
    key: bool

    @property
    def time(self) -> float:
        """When it is decoded, in seconds; exact enough to say which packet comes before which."""
        return self.dts * float(self.tick)


def main(demuxer: str, order: dict[str, Any], target: Path) -> None:
    import av  # noqa: PLC0415 - 50 ms, and only here

    index, plan = FilmIndex.from_json(order["index"]), SmartPlan.from_json(order["plan"])
    told = Told(plan.frames)
    options = {"movflags": "+faststart"}
    with (
        open_film(demuxer) as source,
        av.open(str(target), "w", format=order["container"], container_options=options) as out,
    ):
        film = source.streams[order["stream"]]
        only(source, [film])
        picture = _picture_stream(out, film, order["heads"], plan)
        sounds = [_sound_stream(out, track) for track in order["sound"]]
        _describe(out, order)
        heads = chain.from_iterable(read_records(Path(path)) for path in order["heads"])
        pictures = _pictures(picture, index, plan, _Source(source, film), heads)
        for done, coded in enumerate(heapq.merge(pictures, *sounds, key=lambda coded: coded.time)):
            out.mux(_packet(coded, av))
            if coded.stream is picture and not done % 16:
                told.at(coded.dts)
        if next(heads, None) is not None:
            sys.exit("there are more pictures than the plan asks for")


# --- streams ------------------------------------------------------------------------------------------


def _picture_stream(out: Any, film: Any, heads: list[str], plan: SmartPlan) -> Any:
    """As the source's, so that colours, rotation and shape of pixels stay; its box takes in the heads' sets."""
    stream = out.add_stream_from_template(film)
    stream.time_base = stream.codec_context.time_base = 1 / plan.rate
    headers = [read_header(Path(path)) for path in heads]
    if headers:
        sets = {(tuple(header["sequences"]), tuple(header["pictures"])) for header in headers}
        if len(sets) > 1:
            sys.exit("the pieces of the film were encoded in different ways")
        sequences, pictures = sets.pop()
        box = h264.Box.read(bytes(film.codec_context.extradata))
        joined = box.joined(tuple(map(bytes.fromhex, sequences)), tuple(map(bytes.fromhex, pictures)))
        stream.codec_context.extradata = bytes(joined)
    if film.language:
        stream.metadata["language"] = film.language
    return stream


def _sound_stream(out: Any, track: dict[str, Any]) -> Iterator[Coded]:
    """Adds the stream at once, and gives its packets later."""
    path = Path(track["path"])
    header = read_header(path)
    stream = out.add_stream("aac", rate=header["rate"], layout=header["layout"])
    stream.bit_rate = header["bit_rate"]
    stream.time_base = tick = Fraction(1, header["rate"])
    if track["language"]:
        stream.metadata["language"] = track["language"]
    return (
        Coded(stream, tick, record.data, record.stamp, record.stamp, record.duration, key=True)
        for record in read_records(path)
    )


def _describe(out: Any, order: dict[str, Any]) -> None:
    if order["title"]:
        out.metadata["title"] = order["title"]
    if order["chapters"]:
        tick = Fraction(1, MICROSECONDS)
        out.set_chapters(
            [
                {
                    "id": number,
                    "start": chapter["start"],
                    "end": chapter["end"],
                    "time_base": tick,
                    "metadata": {"title": chapter["title"]},
                }
                for number, chapter in enumerate(order["chapters"], 1)
            ]
        )


# --- pictures -----------------------------------------------------------------------------------------


class _Source:
    """The packets of the source, each asked for by its number, ascending."""

    def __init__(self, container: Any, film: Any) -> None:
        self._reading = enumerate(packets(container, film))

    def packets(self, first: int, last: int) -> Iterator[Any]:
        wanted = first
        while wanted < last:
            number, packet = next(self._reading, (None, None))
            if number is None:
                sys.exit(f"packet {wanted} of the film is missing")
            if number == wanted:
                wanted += 1
                yield packet


def _pictures(
    stream: Any, index: FilmIndex, plan: SmartPlan, source: _Source, heads: Iterator[Record]
) -> Iterator[Coded]:
    """All pictures in decode order, stamped by their place: dts counts packets, pts the pictures shown."""
    tick = 1 / plan.rate
    delay = _delay(index, plan.pieces)
    begin = 0  # pictures of the pieces before
    for piece in plan.pieces:
        taken = _taken(piece, index, source, heads)
        for place, (offset, data, key) in enumerate(taken):
            yield Coded(stream, tick, data, begin + offset, begin + place - delay, 1, key)
        begin += len(piece)


def _taken(
    piece: Head | Copy, index: FilmIndex, source: _Source, heads: Iterator[Record]
) -> Iterator[tuple[int, bytes, bool]]:
    """The packets of a piece: the picture's place in it, its data, and whether it is a keyframe."""
    if isinstance(piece, Copy):
        for number, packet in enumerate(source.packets(piece.first, piece.last), piece.first):
            yield index.order[number] - piece.start, bytes(packet), packet.is_keyframe
        return
    for place in range(len(piece)):
        record = next(heads, None)
        if record is None or record.stamp != place:
            sys.exit(f"the pictures from frame {piece.start} on are not those that were ordered")
        yield place, record.data, record.key


def _delay(index: FilmIndex, pieces: Iterable[Head | Copy]) -> int:
    """How many pictures decoding has to be ahead of showing, so that none is shown before it is decoded."""
    late = (
        number - piece.first - (index.order[number] - piece.start)
        for piece in pieces
        if isinstance(piece, Copy)
        for number in range(piece.first, piece.last)
    )
    return max(late, default=0)


def _packet(coded: Coded, av: Any) -> Any:
    packet = av.Packet(coded.data)
    packet.stream, packet.time_base = coded.stream, coded.tick
    packet.pts, packet.dts, packet.duration = coded.pts, coded.dts, coded.duration
    packet.is_keyframe = coded.key
    return packet


if __name__ == "__main__":
    main(sys.argv[1], json.loads(Path(sys.argv[2]).read_bytes()), Path(sys.argv[3]))
