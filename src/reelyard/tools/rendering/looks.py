"""What a film's picture says of its colours, which decides how they are carried over."""

from __future__ import annotations

import json
from dataclasses import dataclass

from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.ffmpeg.inputs import Source, film_of

MIB = 1024 * 1024
HDR_TRANSFERS = (16, 18)  # PQ (SMPTE 2084) and HLG (ARIB STD-B67), by the numbers of ISO/IEC 23001-8
HDR_WARNING = "The film was made for HDR screens; its colours were brought into the range of ordinary ones."


@dataclass(frozen=True, slots=True)
class Looks:
    """Facts of the first picture that the probe does not tell."""

    transfer: int = 2  # by the numbers of ISO/IEC 23001-8; 2: not said

    @property
    def hdr(self) -> bool:
        return self.transfer in HDR_TRANSFERS


def look(source: Source, *, run: Runner) -> Looks:
    """Look at the film's first picture; raises Reject (`no_video`) and what `run` raises."""
    answer = json.loads(run(look_command(source)).stdout)
    return Looks(transfer=int(answer.get("transfer", 2)))


def look_command(source: Source) -> Command:
    index = film_of(source.info).index
    argv, env = python_child("reelyard.tools.rendering.looks_child", source.demuxer, str(index))
    return Command(argv, stdin=source.path, env=env, limits=Limits(60, 60, 3072 * MIB, MIB))
