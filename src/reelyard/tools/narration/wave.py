"""WAV files with cue points: the Microsoft and IBM specification of 1991, which has `cue ` and `LIST adtl`."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from reelyard.tools.voices.engine import Samples


def write_wave(
    target: Path, parts: Iterator[Samples], length: int, rate: int, cues: Sequence[tuple[int, str]] = ()
) -> None:
    """One channel of 16 bits, `length` samples in all; a cue is a sample and its label."""
    behind = _cues(cues) if cues else b""
    with target.open("wb") as file:
        size = 4 + 24 + 8 + 2 * length + len(behind)
        file.write(b"RIFF" + struct.pack("<I", size) + b"WAVE")
        file.write(_chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)))
        file.write(b"data" + struct.pack("<I", 2 * length))
        for part in parts:
            file.write(part.astype("<i2", copy=False).tobytes())
        file.write(behind)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _cues(cues: Sequence[tuple[int, str]]) -> bytes:
    points = b"".join(
        struct.pack("<II4sIII", number, at, b"data", 0, 0, at) for number, (at, _) in enumerate(cues, 1)
    )
    labels = b"".join(
        _chunk(b"labl", struct.pack("<I", number) + label.encode() + b"\0")
        for number, (_, label) in enumerate(cues, 1)
    )
    return _chunk(b"cue ", struct.pack("<I", len(cues)) + points) + _chunk(b"LIST", b"adtl" + labels)
