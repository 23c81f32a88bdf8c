"""Commands of a few lines of Python, with limits that a test can reach."""

from __future__ import annotations

import sys
from pathlib import Path

from reelyard.kit.processes import Command, Limits

MIB = 1024 * 1024
QUICK = Limits(wall_s=20, cpu_s=20, memory_bytes=512 * MIB, file_bytes=64 * MIB)


def python(
    code: str,
    *arguments: str,
    limits: Limits = QUICK,
    reads: tuple[Path, ...] = (),
    network: bool = False,
) -> Command:
    argv = (sys.executable, "-I", "-S", "-c", code, *arguments)
    return Command(argv, limits=limits, reads=reads, network=network)
