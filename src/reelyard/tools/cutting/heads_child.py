"""The child that encodes heads: `python -m …heads_child DEMUXER ORDER TARGET < film`, ORDER as JSON of `heads.py`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.tools.cutting import h264
from reelyard.tools.cutting.opening import Told, only, open_film, origin, packets
from reelyard.tools.cutting.records import Record, Records

BEFORE_S = 2  # seconds by which seeking aims too early: decode order is not the order of showing


class Film:
    """The source, read from any keyframe on."""

    def __init__(self, container: Any, order: dict[str, Any]) -> None:
        self.stream = container.streams[order["stream"]]
        self.rate = Fraction(order["rate"])
        self._container = container
        self._zero = origin(container) + Fraction(order["start"])
        self._keyframe: int | None = None  # that it was begun at
        self._next = 0  # the first frame that was not given yet
        self._decoded: Iterator[Any] = iter(())
        self._wanted = 0  # frames before it are decoded only where others need them
        only(container, [self.stream])
        self.stream.codec_context.thread_count = order["threads"]
        self.stream.codec_context.thread_type = "AUTO"

    def frames(self, keyframe: int, start: int, end: int) -> Iterator[Any]:
        """Frames `start` up to `end`, in order, decoded from `keyframe` on; goes on where it stands if it can."""
        self._wanted = start
        if keyframe != self._keyframe or start < self._next:
            self.stream.codec_context.flush_buffers()
            self._keyframe, self._decoded = keyframe, self._all(keyframe)
        self._next = start
        for frame in self._decoded:
            if frame.pts is None or self._number(frame.pts) < self._next:
                continue
            if self._number(frame.pts) > self._next:
                sys.exit(f"frame {self._next} of the film cannot be decoded")
            self._next += 1
            yield frame
            if self._next == end:
                return
        sys.exit(f"the film ends at frame {self._next}")

    def _all(self, keyframe: int) -> Iterator[Any]:
        decoder = self.stream.codec_context
        for packet in self._from(keyframe):
            if packet is None or self._is_needed(packet):
                yield from decoder.decode(packet)

    def _is_needed(self, packet: Any) -> bool:
        """Not so a picture that is not wanted itself, and that no other refers to: half of the work of decoding."""
        if packet.pts is None or self._number(packet.pts) >= self._wanted:
            return True
        parts = [unit for unit in h264.units(bytes(packet)) if h264.kind(unit) in h264.PICTURE]
        return not parts or any(map(h264.is_reference, parts))

    def _number(self, stamp: int) -> int:
        number: int = round((stamp * self.stream.time_base - self._zero) * self.rate)
        return number

    def _from(self, keyframe: int) -> Iterator[Any]:
        """The packets from that keyframe on, then None to let the decoder give what it holds."""
        begin = self._zero + keyframe / self.rate
        for early in (begin - BEFORE_S, Fraction(0)):
            self._container.seek(max(0, int(early / self.stream.time_base)), stream=self.stream)
            reached = False
            for packet in packets(self._container, self.stream):
                number = self._number(packet.pts) if packet.pts is not None else -sys.maxsize
                if not reached and packet.is_keyframe and number > keyframe:
                    break  # the seek went too far
                reached = reached or (packet.is_keyframe and number == keyframe)
                if reached:
                    yield packet
            if reached:
                yield None
                return


def main(demuxer: str, order: dict[str, Any], target: Path) -> None:
    import av  # noqa: PLC0415 - 50 ms, and only here

    told = Told(sum(end - start for _, start, end in order["heads"]))
    with open_film(demuxer) as container:
        film = Film(container, order)
        encoder = _encoder(film, order, av)
        sets = [unit for unit in h264.annexb_units(bytes(encoder.extradata)) if h264.kind(unit) in (7, 8)]
        header = {
            "heads": [[start, end] for _, start, end in order["heads"]],
            "sequences": [unit.hex() for unit in sets if h264.kind(unit) == h264.SPS],
            "pictures": [unit.hex() for unit in sets if h264.kind(unit) == h264.PPS],
        }
        with Records(target, header) as records:
            done = 0
            for keyframe, start, end in order["heads"]:
                fresh = encoder if not done else _encoder(film, order, av)
                for record in _encoded(fresh, film.frames(keyframe, start, end), end - start):
                    records.write(record)
                    done += 1
                    told.at(done)


def _encoder(film: Film, order: dict[str, Any], av: Any) -> Any:
    """An encoder for pictures like the film's; each head has a fresh one, so that it begins with a keyframe."""
    source = film.stream.codec_context
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = source.width, source.height
    encoder.pix_fmt = source.pix_fmt
    encoder.time_base, encoder.framerate = 1 / film.rate, film.rate
    # One: under a bound of its bits x264 gives other bytes each time when it has more, and heads are done side by side.
    encoder.thread_count = 1
    for name in ("color_range", "color_primaries", "color_trc", "colorspace"):
        setattr(encoder, name, getattr(source, name))
    if source.sample_aspect_ratio:
        encoder.sample_aspect_ratio = source.sample_aspect_ratio
    encoder.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER: parameter sets apart
    number, level, most = order["number"], order["level"], order["most_kbits"]
    bits = f"vbv-maxrate={most}:vbv-bufsize={2 * most}"
    encoder.options = {
        "preset": order["preset"],
        "crf": str(order["quality"]),
        "profile": order["profile"],
        "x264-params": f"sps-id={number}:bframes=0:level={level}:{bits}:log-level=none",
    }
    encoder.open()
    return encoder


def _encoded(encoder: Any, frames: Iterator[Any], count: int) -> Iterator[Record]:
    """The records of one head; a head of which a picture is missing ends the child."""
    written = 0
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base, frame.pict_type = number, encoder.time_base, 0
        for packet in encoder.encode(frame):
            yield _record(packet)
            written += 1
    for packet in encoder.encode(None):
        yield _record(packet)
        written += 1
    if written != count:
        sys.exit(f"{written} of {count} pictures were encoded")


def _record(packet: Any) -> Record:
    """Slices only, each after its length in four bytes; what describes them goes into the film's own box."""
    slices = [unit for unit in h264.annexb_units(bytes(packet)) if h264.kind(unit) in h264.PICTURE]
    data = b"".join(len(unit).to_bytes(4, "big") + unit for unit in slices)
    return Record(data, packet.pts, key=packet.is_keyframe)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]), Path(sys.argv[3]))
