"""The child that cuts sound: `python -m …sound_child DEMUXER ORDER-FILE TARGET < film`, the order by `sound.py`."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.media.sample_ranges import SampleRange
from reelyard.tools.cutting.opening import Told, only, open_film, origin, packets
from reelyard.tools.cutting.records import Record, Records
from reelyard.tools.sound.cutter import Cutter

LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 8: "7.1"}
# Stamps are rounded, and blocks follow each other; what is further off than this is a hole, or was put there.
HOLE_S = Fraction(3, 100)


def main(demuxer: str, order: dict[str, Any], target: Path) -> None:
    import av  # noqa: PLC0415 - 50 ms, and only here
    import numpy  # noqa: ICN001, PLC0415 - the same

    ranges = [SampleRange(*kept) for kept in order["ranges"]]
    told = Told(ranges[-1].start + ranges[-1].length if ranges else 1)
    with open_film(demuxer) as container:
        stream = container.streams[order["stream"]]
        only(container, [stream])
        layout = LAYOUTS.get(stream.codec_context.channels, "stereo")
        encoder = _encoder(order, layout, av)
        cutter = Cutter(ranges, encoder.channels, "float32", numpy)
        header = {
            "rate": encoder.sample_rate,
            "layout": layout,
            "bit_rate": order["bit_rate"],
            "extradata": bytes(encoder.extradata).hex(),
        }
        with Records(target, header) as records:
            encoding = _Encoding(encoder, records, av, numpy)
            for place, block in _blocks(container, stream, encoder, av):
                for part in cutter.feed(place, block):
                    encoding.take(part)
                told.at(max(place, 0))
                if cutter.finished:
                    break
            for part in cutter.finish():
                encoding.take(part)
            encoding.finish()


def _encoder(order: dict[str, Any], layout: str, av: Any) -> Any:
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = order["rate"], layout, "fltp"
    encoder.bit_rate = order["bit_rate"]
    encoder.time_base = Fraction(1, order["rate"])
    encoder.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER
    encoder.open()
    return encoder


def _blocks(container: Any, stream: Any, encoder: Any, av: Any) -> Iterator[tuple[int, Any]]:
    """The sound in order: where each block begins, in samples on the file's clock, and its samples."""
    zero = origin(container)
    rate = encoder.sample_rate
    expected: int | None = None
    for frame in _converted(_frames(container, stream, av), encoder, av):
        place = expected
        if frame.pts is not None:
            stamped = round((frame.pts * frame.time_base - zero) * rate)
            if expected is None or abs(stamped - expected) > HOLE_S * rate:
                place = stamped
        block = frame.to_ndarray()
        expected = (place or 0) + block.shape[1]
        yield place or 0, block


def _frames(container: Any, stream: Any, av: Any) -> Iterator[Any]:
    """All that can be decoded; what is damaged is left out, and its stamps leave a hole."""
    reading = packets(container, stream)
    packet: Any = True
    while packet is not None:
        try:
            packet = next(reading, None)
        except av.error.FFmpegError as problem:  # a broken file ends here
            if isinstance(problem, MemoryError):
                raise
            packet = None
        with contextlib.suppress(av.error.InvalidDataError, av.error.EOFError):
            yield from stream.codec_context.decode(packet)


def _converted(frames: Iterator[Any], encoder: Any, av: Any) -> Iterator[Any]:
    """The frames as the encoder takes them; a stream may change its form on the way."""
    form: Any = None
    resampler: Any = None
    for frame in frames:
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if now != form:
            if resampler is not None:
                yield from resampler.resample(None)
            resampler = av.AudioResampler("fltp", encoder.layout, encoder.sample_rate)
            form = now
        yield from resampler.resample(frame)
    if resampler is not None:
        yield from resampler.resample(None)


class _Encoding:
    """Samples in, records out: the encoder takes whole frames only."""

    def __init__(self, encoder: Any, records: Records, av: Any, numbers: Any) -> None:
        self._encoder, self._records, self._av, self._np = encoder, records, av, numbers
        self._rest: list[Any] = []
        self._waiting = 0
        self._stamp = 0

    def take(self, samples: Any) -> None:
        self._rest.append(samples)
        self._waiting += samples.shape[1]
        size = self._encoder.frame_size
        if self._waiting < size:
            return
        joined = self._np.concatenate(self._rest, axis=1)
        whole = self._waiting // size * size
        for at in range(0, whole, size):
            self._encode(joined[:, at : at + size])
        self._rest = [joined[:, whole:]]
        self._waiting -= whole

    def finish(self) -> None:
        if self._waiting:
            self._encode(self._np.concatenate(self._rest, axis=1))
        self._write(self._encoder.encode(None))

    def _encode(self, samples: Any) -> None:
        frame = self._av.AudioFrame.from_ndarray(
            self._np.ascontiguousarray(samples, self._np.float32), format="fltp", layout=self._encoder.layout
        )
        frame.sample_rate, frame.pts, frame.time_base = (
            self._encoder.sample_rate,
            self._stamp,
            self._encoder.time_base,
        )
        self._stamp += samples.shape[1]
        self._write(self._encoder.encode(frame))

    def _write(self, coded: list[Any]) -> None:
        for packet in coded:
            self._records.write(Record(bytes(packet), packet.pts, packet.duration))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(Path(sys.argv[2]).read_bytes()), Path(sys.argv[3]))
