"""Bringing sound to a loudness by EBU R128: measured first, then one gain for the whole.

A gain that does not change leaves quiet and loud passages apart as they were. Only where it would drive peaks
over the limit does a limiter hold those few milliseconds back.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass

from reelyard.errors import ToolFailed
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.tools.ffmpeg.progress import TO_STDOUT
from reelyard.tools.rendering.soundtrack import Track
from reelyard.tools.rendering.telling import Tell, part_of, steadily

MIB = 1024 * 1024
PEAK_DB = -1.0  # true peak that no sound passes
LIMITED_DB = -1.5  # the limiter looks at samples, between which the true peak may lie
MOST_GAIN_DB = 30.0  # beyond that it would be noise that is lifted
ANSWER = re.compile(r"\{[^{}]*\"input_i\"[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Measured:
    integrated: float  # LUFS; minus infinity for silence
    peak: float  # dB true peak


def measure(track: Track, seconds: float, ffmpeg: str, *, run: Runner, tell: Tell | None = None) -> Measured:
    """How loud a track of so many seconds is as a whole; raises ToolFailed and what `run` raises."""
    listen = steadily(seconds, part_of(tell, 0, 1))
    return parse(run(measure_command(track, seconds, ffmpeg), on_line=listen).stderr)


def measure_command(track: Track, seconds: float, ffmpeg: str) -> Command:
    argv = (
        *(ffmpeg, "-nostdin", "-hide_banner", "-nostats", "-v", "info", *TO_STDOUT, *track.as_input()),
        *("-af", "loudnorm=print_format=json", "-f", "null", "-"),
    )
    may_take = Limits(300 + seconds, int(300 + seconds), 1024 * MIB, MIB)
    return Command(argv, reads=(track.path,), limits=may_take)


def parse(said: str) -> Measured:
    """What loudnorm's report says; raises ToolFailed when there is none."""
    found = ANSWER.findall(said)
    if not found:
        raise ToolFailed("The loudness could not be measured.", stderr=said)
    values = json.loads(found[-1])
    return Measured(float(values["input_i"]), float(values["input_tp"]))


def loudness_filter(found: Measured, wanted: float) -> str | None:
    """The filter that brings it to `wanted` LUFS; None for silence, and where it is there already."""
    if not math.isfinite(found.integrated):
        return None
    gain = min(wanted - found.integrated, MOST_GAIN_DB)
    if abs(gain) < 0.05:
        return None
    raised = f"volume={gain:.2f}dB:precision=double"
    if gain + found.peak <= PEAK_DB:
        return raised
    most = 10 ** (LIMITED_DB / 20)
    return f"{raised},alimiter=limit={most:.4f}:attack=5:release=50:level=0:latency=1"
