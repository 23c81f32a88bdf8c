"""The child that measures loudness: `python -m …levels_child < samples > levels`.

Takes what `ffmpeg.decode` writes, with or without a WAV header; gives one signed byte for every 10 ms.
"""

from __future__ import annotations

import sys
from typing import Any, BinaryIO

FLOOR_DB = -96  # digital silence, and anything below the smallest sample
HOP = 160  # samples of 10 ms
HEAD = 4096  # a WAV header is shorter
BLOCK = HOP * 6000  # a minute at a time


def main(samples: BinaryIO, levels: BinaryIO) -> None:
    """Read samples to their end and write the root mean square of each 10 ms in dB below full scale."""
    import numpy as np  # noqa: PLC0415 - 100 ms, and only here

    rest = _after_header(samples)
    while data := samples.read(2 * BLOCK - len(rest)):
        block = rest + data
        whole = len(block) // (2 * HOP) * 2 * HOP
        levels.write(_measured(np, block[:whole]))
        rest = block[whole:]
    if len(rest) >= 2:
        levels.write(_measured(np, rest.ljust(2 * HOP, b"\0")))


def _after_header(stream: BinaryIO) -> bytes:
    """Skip a WAV header; what was read beyond it, or of samples without one, is given back."""
    head = stream.read(HEAD)
    if head[:4] != b"RIFF":
        return head
    at = 12
    while at + 8 <= len(head) and head[at : at + 4] != b"data":
        at += 8 + int.from_bytes(head[at + 4 : at + 8], "little")
    return head[at + 8 :]


def _measured(np: Any, data: bytes) -> bytes:
    sound = np.frombuffer(data, "<i2").reshape(-1, HOP).astype(np.float32) / 32768
    power = np.square(sound).mean(axis=1)
    decibels = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))
    return bytes(np.rint(decibels).astype(np.int8).tobytes())


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
