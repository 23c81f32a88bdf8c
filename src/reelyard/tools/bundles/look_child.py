"""The child that reads the packets of clips: `python -m …look_child < [{path, demuxer}, …] > answers`.

Prints one JSON array; what it means is decided by the parent (`traits.py`). Nothing is decoded.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

from reelyard.tools.bundles.parameter_sets import length_size, sets_in
from reelyard.tools.bundles.traits import WITH_SETS
from reelyard.tools.ffmpeg.inputs import library_options

TEXTS = ("mov_text", "webvtt")


def main(wanted: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What is in each file; an `error` instead where one cannot be read."""
    import av  # noqa: PLC0415 - 50 ms, and only here

    av.logging.set_level(None)
    return [_look(av, one["path"], one["demuxer"]) for one in wanted]


def opened(av: Any, path: str, demuxer: str) -> Any:
    """A clip, opened as this format and nothing else; it can name no other file."""
    return av.open(f"file:{path}", format=demuxer, options=library_options(demuxer, None))


def streams_of(container: Any) -> tuple[Any, Any]:
    """The film and the sound that are joined: the first of each that is no cover; None where there is none."""
    films = [
        s for s in container.streams.video if not s.disposition.value & 0x400
    ]  # AV_DISPOSITION_ATTACHED_PIC
    return next(iter(films), None), next(iter(container.streams.audio), None)


def texts_of(container: Any) -> Any:
    """The captions that are joined: the first; None where there are none."""
    found = (s for s in container.streams.subtitles if s.codec_context is not None)
    return next((s for s in found if s.codec_context.name in TEXTS), None)


def _look(av: Any, path: str, demuxer: str) -> dict[str, Any]:
    try:
        container = opened(av, path, demuxer)
    except (av.error.FFmpegError, ValueError) as problem:
        return {"error": type(problem).__name__}
    with container:
        film, sound = streams_of(container)
        pictures, sounds = _Film(film), _Sound(sound)
        broken = False
        streams = [stream for stream in (film, sound) if stream is not None]
        try:
            for packet in container.demux(streams) if streams else ():
                if packet.size:
                    (pictures if packet.stream is film else sounds).take(packet)
        except av.error.FFmpegError:
            broken = True
        texts = texts_of(container)
        start = Fraction(container.start_time or 0, av.time_base)
        return {
            "film": pictures.told(),
            "sound": sounds.told(),
            "texts": texts.codec_context.name if texts is not None else "",
            "start": str(start),
            "broken": broken,
        }


class _Film:
    """Counts the packets of a film."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._stamps: list[int] = []
        self._first_dts: int | None = None
        self._last: tuple[int, int] = (0, 0)  # the latest picture, and how long it is shown
        self._whole = True
        self._has_sets = False
        codec = stream.codec_context.name if stream is not None else ""
        self._sets = codec if codec in WITH_SETS else ""

    def take(self, packet: Any) -> None:
        stamp, decoded = packet.pts, packet.dts
        if stamp is None or decoded is None or packet.is_discard or packet.is_corrupt:
            self._whole = False
            if stamp is None:
                return
        if not self._stamps:
            self._first_dts = decoded
            self._whole = self._whole and packet.is_keyframe
        if packet.is_keyframe and self._sets and not self._has_sets:
            self._has_sets = bool(sets_in(bytes(packet), self._sets))
        self._stamps.append(stamp)
        self._last = max(self._last, (stamp, packet.duration or 0))

    def told(self) -> dict[str, Any] | None:
        if self._stream is None or not self._stamps:
            return None
        self._stamps.sort()
        stream, context = self._stream, self._stream.codec_context
        rate, steady = self._rate()
        start = self._stamps[0]
        end = self._last[0] + (self._last[1] or round(1 / (rate * stream.time_base)))
        duration = len(self._stamps) / rate if steady else (end - start) * stream.time_base
        aspect = stream.sample_aspect_ratio
        extra = bytes(context.extradata or b"")
        first = self._first_dts if self._first_dts is not None else start
        return {
            "codec": context.codec.canonical_name,
            "profile": context.profile,
            "width": context.width,
            "height": context.height,
            "aspect": [aspect.numerator, aspect.denominator] if aspect else [1, 1],
            "pixel_format": context.pix_fmt or "",
            "colours": [int(value) for value in _colours(context)],
            "rate": str(rate),
            "is_steady": steady,
            "time_base": str(stream.time_base),
            "frames": len(self._stamps),
            "start": start,
            "delay": start - first,
            "duration": str(duration),
            "whole": self._whole and first <= start and self._is_in_units(extra),
            "has_own_sets": self._has_sets,
            "extradata": extra.hex(),
        }

    def _is_in_units(self, extradata: bytes) -> bool:
        """Whether pictures and parameter sets are held as MP4 and Matroska do, each with a length of four bytes."""
        return not self._sets or length_size(extradata, self._sets) == 4

    def _rate(self) -> tuple[Fraction, bool]:
        """Pictures a second, and whether they come evenly: each within a tick of where it belongs."""
        base, stamps = self._stream.time_base, self._stamps
        span = (stamps[-1] - stamps[0]) * base
        mean = (len(stamps) - 1) / span if span else Fraction(self._stream.average_rate or 25)
        offered = (self._stream.average_rate, self._stream.base_rate, self._stream.guessed_rate)
        for rate in dict.fromkeys((*offered, mean)):
            if rate and _is_steady(stamps, base, rate):
                return Fraction(rate), True
        return Fraction(mean).limit_denominator(1001), False


def _is_steady(stamps: list[int], base: Fraction, rate: Fraction) -> bool:
    ticks, pictures = base.numerator * rate.numerator, base.denominator * rate.denominator
    first = stamps[0]
    return all(abs((stamp - first) * ticks - n * pictures) <= ticks for n, stamp in enumerate(stamps))


def _colours(context: Any) -> tuple[Any, ...]:
    return context.color_range, context.colorspace, context.color_primaries, context.color_trc


class _Sound:
    """Counts the packets of a sound."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._first: int | None = None
        self._end = 0
        self._packets = 0
        self._lengths: dict[int, int] = {}

    def take(self, packet: Any) -> None:
        if packet.pts is None:
            return
        if self._first is None:
            self._first = packet.pts
        self._packets += 1
        length = packet.duration or 0
        self._lengths[length] = self._lengths.get(length, 0) + 1
        self._end = max(self._end, packet.pts + length)

    def told(self) -> dict[str, Any] | None:
        if self._stream is None or self._first is None or not self._stream.codec_context.sample_rate:
            return None
        context, base = self._stream.codec_context, self._stream.time_base
        return {
            "codec": context.codec.canonical_name,
            "profile": context.profile,
            "sample_rate": context.sample_rate,
            "channels": context.channels,
            "layout": context.layout.name,
            "step": self._step(base * context.sample_rate),
            "start": str(self._first * base),
            "end": str(self._end * base),
            "extradata": bytes(context.extradata or b"").hex(),
        }

    def _step(self, samples_a_tick: Fraction) -> int | None:
        """Samples of a packet, when all but the last (and what rounding hides) have as many."""
        usual = max(self._lengths, key=lambda length: self._lengths[length])
        tolerance = 0 if samples_a_tick <= 1 else 1
        others = sum(n for length, n in self._lengths.items() if abs(length - usual) > tolerance)
        frame = self._stream.codec_context.frame_size
        if others > 1 or usual <= 0:
            return None
        return (
            int(frame)
            if frame and abs(usual * samples_a_tick - frame) <= samples_a_tick
            else round(usual * samples_a_tick)
        )


if __name__ == "__main__":
    json.dump(main(json.load(sys.stdin)), sys.stdout)
