"""The sound of a cut film: decoded, cut to the sample where the pictures are cut, and encoded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reelyard.kit.json import JsonObject, canonical
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.cut_list import CutList
from reelyard.media.info import AudioStream
from reelyard.media.sample_ranges import sample_ranges
from reelyard.tools.cutting.film_index import follow
from reelyard.tools.ffmpeg.inputs import Source

MIB = 1024 * 1024
RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)  # AAC's
USUAL_RATE = 48000
BIT_RATES = {1: 96_000, 2: 160_000}
BITS_A_CHANNEL = 64_000  # beyond two
BITS_A_SAMPLE = 4  # at most: AAC holds 6


def sound_rate(stream: AudioStream) -> int:
    """Samples a second of what is made of a stream: its own where AAC has it."""
    return stream.sample_rate if stream.sample_rate in RATES else USUAL_RATE


def encode_sound(
    source: Source,
    cuts: CutList,
    stream: AudioStream,
    target: Path,
    *,
    run: Runner,
    tell: Callable[[float], None] | None = None,
) -> None:
    """Write the kept sound of one stream to `target` as AAC packets, for `assemble`.

    It lies where its time stamps say, on the file's clock; where there is none, there is silence. Raises what
    `run` raises.
    """
    rate = sound_rate(stream)
    order: dict[str, Any] = {
        "stream": stream.index,
        "rate": rate,
        "bit_rate": bit_rate(stream.channels, rate),
        "ranges": [
            [kept.start, kept.length, kept.fade_in, kept.fade_out] for kept in sample_ranges(cuts, rate)
        ],
    }
    with order_file(target, order) as path:
        argv, env = python_child("reelyard.tools.cutting.sound_child", source.demuxer, str(path), str(target))
        seconds = 120 + (source.info.duration_s or 3600.0) / 2
        may_take = Limits(seconds, int(seconds), memory_bytes=2048 * MIB, file_bytes=8192 * MIB)
        command = Command(argv, (path,), (target,), may_take, stdin=source.path, env=env)
        run(command, on_line=follow(tell))


def bit_rate(channels: int, rate: int) -> int:
    """Bits a second of the encoded sound."""
    wanted = BIT_RATES.get(channels, BITS_A_CHANNEL * channels)
    return min(wanted, BITS_A_SAMPLE * rate * channels)


@contextmanager
def order_file(target: Path, order: JsonObject) -> Iterator[Path]:
    """What a child is told, beside its `target` while it runs: thousands of cuts are too long for an argument."""
    path = target.with_name(f"{target.name}.order")
    path.write_bytes(canonical(order))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
