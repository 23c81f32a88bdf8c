"""The child that looks into a file: `python -m …probe_child DEMUXER MAX_STREAMS MAX_PIXELS SECONDS < file`.

Prints one JSON object; what it means is decided by the parent (`probe.py`). Only a film's first frame is
decoded. All packets are read, since headers lie about lengths and hide that a file is cut.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
import time
from typing import Any

from reelyard.tools.ffmpeg.codecs import FILM, SOUND
from reelyard.tools.ffmpeg.inputs import library_options

FRAMES_TRIED = 100  # before a film counts as one that cannot be decoded


def main(demuxer: str, max_streams: int, max_pixels: int, seconds: float, fd: int = 0) -> dict[str, Any]:
    """What is in the file that is open as `fd`."""
    import av  # noqa: PLC0415 - 50 ms, and only here

    av.logging.set_level(None)
    try:
        container = av.open("fd:", format=demuxer, options=library_options(demuxer, fd))
    except av.error.FFmpegError as problem:
        if isinstance(problem, MemoryError):
            raise
        return {"error": type(problem).__name__, "said": str(problem)}
    with container:
        if len(container.streams) > max_streams:
            return {"too_many_streams": len(container.streams)}
        streams = [_stream(stream) for stream in container.streams]
        _first_frames(container, streams, max_pixels, av)
        return {
            "duration": None if container.duration is None else container.duration / av.time_base,
            "start": None if container.start_time is None else container.start_time / av.time_base,
            "size": container.size,
            "streams": streams,
            "scan": _scan(container, seconds, av),
        }


def _stream(stream: Any) -> dict[str, Any]:
    context = stream.codec_context
    found = {
        "index": stream.index,
        "type": stream.type,
        "codec": context.codec.canonical_name if context is not None else None,
        "allowed": context is not None and context.codec.name in (*SOUND, *FILM),
        "language": stream.language if hasattr(stream, "language") else None,
        "duration": _seconds(stream.duration, stream),
    }
    if stream.type == "audio" and context is not None:
        found.update(rate=context.sample_rate, channels=context.channels, frame=context.frame_size)
    if stream.type == "video" and context is not None:
        aspect = stream.sample_aspect_ratio
        found.update(
            width=context.width,
            height=context.height,
            frame_rate=float(stream.average_rate) if stream.average_rate else None,
            pixel_format=context.pix_fmt,
            aspect=[aspect.numerator, aspect.denominator] if aspect else None,
            cover=bool(stream.disposition.value & 0x400),  # AV_DISPOSITION_ATTACHED_PIC
            rotation=0,
            decodes=True,
        )
    return found


def _first_frames(container: Any, streams: list[dict[str, Any]], max_pixels: int, av: Any) -> None:
    """Decode one frame of each film: it proves that one can, and only it has rotation and true size."""
    for known in streams:
        if known["type"] != "video" or not known["allowed"] or known["cover"]:
            continue
        if not 0 < known["width"] * known["height"] <= max_pixels:
            continue
        frame = _first_frame(container, container.streams[known["index"]], max_pixels, av)
        known["decodes"] = frame is not None
        if frame is not None:
            known.update(rotation=-frame.rotation, width=frame.width, height=frame.height)


def _first_frame(container: Any, stream: Any, max_pixels: int, av: Any) -> Any:
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(max_pixels)}
    try:
        for packet in itertools.islice(container.demux(stream), FRAMES_TRIED):
            with contextlib.suppress(av.error.InvalidDataError):  # what follows may be whole
                for frame in packet.decode():
                    return frame
    except av.error.FFmpegError as problem:
        if isinstance(problem, MemoryError):
            raise
    finally:
        with contextlib.suppress(av.error.FFmpegError):
            container.seek(0)
    return None


def _scan(container: Any, seconds: float, av: Any) -> dict[str, Any]:
    """Read packets to the end, at most `seconds`: what each stream really holds, in seconds."""
    deadline = time.monotonic() + seconds
    spans: dict[int, list[float]] = {}
    counts: dict[int, int] = {}
    position, complete, broken = 0, True, False
    wanted = [stream for stream in container.streams if stream.type in ("audio", "video")]
    try:
        for number, packet in enumerate(container.demux(wanted) if wanted else ()):
            if packet.size and not packet.is_corrupt:
                _note(packet, spans, counts)
                position = max(position, packet.pos or 0)
            broken = broken or packet.is_corrupt
            if not number % 256 and time.monotonic() > deadline:
                complete = False
                break
    except av.error.FFmpegError as problem:
        if isinstance(problem, MemoryError):
            raise
        broken = True
    return {"spans": spans, "packets": counts, "position": position, "complete": complete, "broken": broken}


def _note(packet: Any, spans: dict[int, list[float]], counts: dict[int, int]) -> None:
    index = packet.stream_index
    counts[index] = counts.get(index, 0) + 1
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None or packet.time_base is None:
        return
    begin = float(stamp * packet.time_base)
    end = begin + float((packet.duration or 0) * packet.time_base)
    span = spans.setdefault(index, [begin, end])
    span[0], span[1] = min(span[0], begin), max(span[1], end)


def _seconds(ticks: int | None, stream: Any) -> float | None:
    return None if ticks is None or stream.time_base is None else float(ticks * stream.time_base)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    result = main(arguments[0], int(arguments[1]), int(arguments[2]), float(arguments[3]))
    sys.stdout.write(json.dumps(result))
