"""The level curve: loudness every 10 ms, and what can be told from it.

A level is the root mean square in dB below full scale. ffmpeg's silencedetect compares peaks instead, which
lie 10 to 15 dB higher for speech: a threshold for one is none for the other.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.ranges import TimeRange

STEPS_PER_SECOND = 100
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Levels:
    """The loudness of a sound, in dB below full scale: 0 is the loudest, -96 silence; one for each 10 ms."""

    db: array[int]

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(array("b", data))

    @property
    def duration_s(self) -> float:
        return len(self.db) / STEPS_PER_SECOND

    def curve(self, points: int = 2000) -> list[int]:
        """At most `points` values for a drawing, each the loudest of its span, so that no peak is lost."""
        if len(self.db) <= points:
            return list(self.db)
        edges = [len(self.db) * index // points for index in range(points + 1)]
        return [max(self.db[begin:end]) for begin, end in pairwise(edges)]

    def to_json(self, points: int = 2000) -> dict[str, Any]:
        """The curve as artifact: duration in seconds, and dB evenly spaced over it."""
        return {"duration_s": self.duration_s, "db": self.curve(points)}

    def silences(self, threshold_db: float, shortest_s: float) -> Iterator[TimeRange]:
        """Where it stays below `threshold_db` for at least `shortest_s` seconds, in order."""
        least = max(1, math.ceil(shortest_s * STEPS_PER_SECOND))
        begin: int | None = None
        for step, level in enumerate((*self.db, 0)):
            if level < threshold_db and step < len(self.db):
                begin = step if begin is None else begin
                continue
            if begin is not None and step - begin >= least:
                yield TimeRange.of(f"{begin}/{STEPS_PER_SECOND}", f"{step}/{STEPS_PER_SECOND}")
            begin = None

    def quietest(self, begin_s: float, end_s: float, width_s: float = 0.1) -> float:
        """The middle, in seconds, of the quietest `width_s` between two times: the best place to cut."""
        width = max(1, round(width_s * STEPS_PER_SECOND))
        first = max(0, round(begin_s * STEPS_PER_SECOND))
        last = min(len(self.db), round(end_s * STEPS_PER_SECOND)) - width
        if last <= first:
            return (begin_s + end_s) / 2
        # The loudest moment decides: a pause with a click in it is a bad place.
        best = min(range(first, last + 1), key=lambda step: max(self.db[step : step + width]))
        return (best + width / 2) / STEPS_PER_SECOND


def measure(samples: Path, target: Path, *, run: Runner) -> Levels:
    """Measure decoded sound (as `ffmpeg.decode` writes it); `target` gets a byte for each 10 ms.

    Raises what `run` raises.
    """
    run(levels_command(samples, target))
    return Levels.from_bytes(target.read_bytes())


def levels_command(samples: Path, target: Path) -> Command:
    """The command of `measure`; measured at some thousand times real time."""
    argv, env = python_child("reelyard.tools.sound.levels_child")
    return Command(argv, stdin=samples, stdout=target, env=env, limits=Limits(120, 120, 1024 * MIB, 64 * MIB))
