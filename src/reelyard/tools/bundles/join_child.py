"""The child that joins clips by copying their packets: `python -m …join_child < order`, as `join.py` writes it."""

from __future__ import annotations

import heapq
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from reelyard.tools.bundles.look_child import opened, streams_of, texts_of
from reelyard.tools.bundles.parameter_sets import sets_in, sets_of, with_sets

TOLERANCE = 0.6  # of a packet of sound: beyond it there is a hole in the clip, or too much
OFTEN = 4096  # packets between two reports
MILLISECOND = Fraction(1, 1000)
NO_TEXT = b"\0\0"  # a caption of no letters
BRANDS = {"mp4": {"movflags": "+faststart"}, "mov": {"movflags": "+faststart"}}


def main(order: dict[str, Any]) -> None:
    """Write the file that was ordered."""
    import av  # noqa: PLC0415 - 50 ms, and only here

    av.logging.set_level(None)
    with av.open(
        f"file:{order['target']}", "w", format=order["format"], options=BRANDS.get(order["format"], {})
    ) as whole:
        row = _Joint(av, whole, order)
        whole.set_chapters([_chapter(number, reel) for number, reel in enumerate(order["reels"], 1)])
        for number, reel in enumerate(order["reels"]):
            row.add(reel)
            sys.stdout.write(f"done={(number + 1) / len(order['reels']):.4f}\n")
            sys.stdout.flush()
        row.end()


def _chapter(number: int, reel: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "start": reel["begin_ms"],
        "end": reel["end_ms"],
        "time_base": MILLISECOND,
        "metadata": {"title": reel["title"] or f"Part {number}"},
    }


class _Joint:
    """The file as it grows."""

    def __init__(self, av: Any, whole: Any, order: dict[str, Any]) -> None:
        self._av = av
        makers: dict[str, Any] = {"film": _Film, "sound": _Sound}
        self._takers = {kind: maker(av, whole, order) for kind, maker in makers.items() if order[kind]}
        if order["texts"] is not None:
            self._takers["texts"] = _Texts(av, whole, order)

    def add(self, reel: dict[str, Any]) -> None:
        """Copy one clip."""
        takers = self._takers
        for taker in takers.values():
            taker.begin(reel)
        for number, (kind, packet) in enumerate(_packets(self._av, reel), 1):
            taker = takers.get(kind)
            if taker is not None:
                taker.take(packet)
            if not number % OFTEN:
                sys.stdout.write("working\n")
                sys.stdout.flush()

    def end(self) -> None:
        """Give the last clip its silence."""
        if "sound" in self._takers:
            self._takers["sound"].end()


def _packets(av: Any, reel: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The packets of a clip's film, sound and texts, from one or several files, about as they follow one another."""
    kinds: dict[str, list[str]] = {}
    for kind in ("film", "sound", "texts"):
        if reel[kind]:
            kinds.setdefault(reel[kind]["path"], []).append(kind)
    files = [_of(av, reel[of[0]], of) for of in kinds.values()]
    yield from (
        files[0] if len(files) == 1 else heapq.merge(*files, key=lambda one: one[1].dts * one[1].time_base)
    )


def _of(av: Any, file: dict[str, str], kinds: list[str]) -> Iterator[tuple[str, Any]]:
    with opened(av, file["path"], file["demuxer"]) as container:
        found = dict(zip(("film", "sound"), streams_of(container), strict=True)) | {
            "texts": texts_of(container)
        }
        of = {found[kind].index: kind for kind in kinds if found[kind] is not None}
        try:
            for packet in container.demux([container.streams[index] for index in of]):
                if packet.size and packet.pts is not None and packet.dts is not None:
                    yield of[packet.stream_index], packet
        except av.error.FFmpegError:
            return  # damage at the end: what was read before it was counted, and is proved afterwards


def _like(av: Any, whole: Any, model: Any) -> Any:
    """A stream of the whole with this one's header."""
    try:
        stream = whole.add_stream_from_template(model)
    except av.codec.codec.UnknownCodecError:  # it can be decoded only, which copying does not mind
        stream = whole.add_stream_from_template(model, opaque=True)
    if model.language:
        stream.metadata["language"] = model.language
    stream.disposition = model.disposition  # whether captions are shown unasked
    return stream


class _Film:
    """The film as it grows: every picture at its exact time."""

    def __init__(self, av: Any, whole: Any, order: dict[str, Any]) -> None:
        told = order["film"]
        self._av, self._whole = av, whole
        self._base = Fraction(told["base"])
        self._codec, self._own_sets = told["codec"], told["own_sets"]
        with opened(av, **order["reels"][told["model"]]["film"]) as model:
            self._stream = _like(av, whole, streams_of(model)[0])
        self._stream.time_base = self._base
        if self._own_sets and self._codec == "hevc":
            self._stream.codec_context.codec_tag = "hev1"  # says that parameter sets stand among the pictures
        self._last: int | None = None
        self._ratio: Fraction | None = None  # of a clip's ticks to ours; known with its first packet
        self._at = self._start = self._early = 0
        self._header = self._among = b""

    def begin(self, reel: dict[str, Any]) -> None:
        self._ratio = None
        self._at, self._start, self._early = int(reel["at"]), int(reel["start"]), int(reel["early"])
        self._header = sets_of(bytes.fromhex(reel["extradata"]), self._codec) if self._own_sets else b""
        self._among = b""

    def take(self, packet: Any) -> None:
        if self._ratio is None:
            self._ratio = packet.time_base / self._base
        pts, dts = self._moved(packet.pts), self._moved(packet.dts) - self._early
        if self._last is not None and dts <= self._last:
            dts = self._last + 1
        self._last = dts
        length = round((packet.duration or 0) * self._ratio) if self._ratio != 1 else packet.duration
        if self._own_sets and packet.is_keyframe:
            packet = self._with_sets(packet)
        packet.pts, packet.dts, packet.duration = max(pts, dts), dts, length
        packet.time_base = self._base
        packet.stream = self._stream
        self._whole.mux_one(packet)

    def _moved(self, stamp: int) -> int:
        away = stamp - self._start
        return self._at + (away if self._ratio == 1 else round(away * (self._ratio or 1)))

    def _with_sets(self, packet: Any) -> Any:
        """The picture with all that a decoder has to know to begin at it, or come to it from another clip."""
        data = bytes(packet)
        among = sets_in(data, self._codec)
        if among:
            self._among = among
            return packet
        fresh = self._av.Packet(with_sets(data, self._header + self._among, self._codec))
        fresh.is_keyframe = True
        return fresh


class _Sound:
    """The sound as it grows: a row of packets without a hole."""

    def __init__(self, av: Any, whole: Any, order: dict[str, Any]) -> None:
        told = order["sound"]
        self._av, self._whole = av, whole
        self._rate, self._step, self._origin = told["rate"], told["step"], told["origin"]
        self._slots = told["slots"]  # in all
        with opened(av, **order["reels"][told["model"]]["sound"]) as model:
            self._stream = _like(av, whole, streams_of(model)[1])
        self._base = Fraction(1, self._rate)
        self._stream.time_base = self._base
        self._silence = _silence(av, told["silence"])
        self._next = 0
        self._place: dict[str, Any] | None = None
        self._first = self._scale = 0.0
        self._limit = 0

    def begin(self, reel: dict[str, Any]) -> None:
        self._place = reel["place"] if reel["sound"] else None
        if self._place is not None:
            self._first = float(Fraction(self._place["first"]) * self._rate / self._step)
            self._scale = 0.0  # known with the clip's first packet
            self._limit = min(self._place["limit"], self._slots)
            self._fill(self._place["slot"])

    def take(self, packet: Any) -> None:
        if self._place is None:
            return
        if not self._scale:
            self._scale = float(packet.time_base * self._rate / self._step)
        slot = self._place["slot"] + packet.pts * self._scale - self._first
        if slot > self._next + TOLERANCE:
            self._fill(min(round(slot), self._limit))
        if slot >= self._next - TOLERANCE and self._next < self._limit:
            self._write(bytes(packet))

    def end(self) -> None:
        self._fill(self._slots)

    def _fill(self, slot: int) -> None:
        while self._next < slot:
            self._write(self._silence)

    def _write(self, data: bytes) -> None:
        packet = self._av.Packet(data)  # without what the old one said of samples to leave out
        packet.pts = packet.dts = self._origin + self._next * self._step
        packet.duration, packet.time_base, packet.is_keyframe = self._step, self._base, True
        packet.stream = self._stream
        self._whole.mux_one(packet)
        self._next += 1


class _Texts:
    """The captions as they grow."""

    def __init__(self, av: Any, whole: Any, order: dict[str, Any]) -> None:
        self._av, self._whole = av, whole
        with opened(av, **order["reels"][order["texts"]]["texts"]) as model:
            stream = texts_of(model)
            self._fills = stream.codec_context.name == "mov_text"  # whose captions follow without a gap
            self._stream = _like(av, whole, stream)
        self._stream.time_base = MILLISECOND
        self._at = Fraction(0)
        self._limit = self._end = 0

    def begin(self, reel: dict[str, Any]) -> None:
        self._at = Fraction(reel["begin_ms"], 1000) - Fraction(reel["texts_zero"])
        self._limit = reel["end_ms"]

    def take(self, packet: Any) -> None:
        start = max(self._end, round((packet.pts * packet.time_base + self._at) * 1000))
        end = round(((packet.pts + (packet.duration or 0)) * packet.time_base + self._at) * 1000)
        end = min(end, self._limit)
        if end <= start:
            return
        if start > self._end and self._fills:
            self._write(self._av.Packet(NO_TEXT), self._end, start)
        self._write(packet, start, end)

    def _write(self, packet: Any, start: int, end: int) -> None:
        packet.pts = packet.dts = start
        packet.duration, packet.time_base, packet.stream = end - start, MILLISECOND, self._stream
        packet.is_keyframe = True
        self._whole.mux_one(packet)
        self._end = end


def _silence(av: Any, file: dict[str, str]) -> bytes:
    """A packet from the middle of a silence."""
    with opened(av, **file) as container:
        packets = [bytes(packet) for packet in container.demux(streams_of(container)[1]) if packet.size]
    return packets[len(packets) // 2]


if __name__ == "__main__":
    main(json.load(sys.stdin))
