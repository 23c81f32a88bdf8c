"""Reading the traits of many clips in one child; where one of them breaks it, one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reelyard.errors import Reject, ResourceLimit, ToolCrash, ToolFailed, ToolTimeout
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.bundles.clips import Clip
from reelyard.tools.bundles.traits import Traits
from reelyard.tools.ffmpeg.inputs import demuxer_of

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to read."""

    path: Path
    demuxer: str
    rotation: int = 0
    size: int = 0  # bytes


def wanted_of(clip: Clip) -> Wanted:
    """How a clip is read; raises Reject for one that is neither sound nor film."""
    info = clip.info
    rotation = info.film.rotation if info.film is not None else 0
    return Wanted(clip.path.absolute(), demuxer_of(info.format), rotation, info.size)


def look(files: Sequence[Wanted], *, run: Runner, workdir: Path) -> list[Traits]:
    """The traits of each file, in order; those that cannot be read have a `problem`. Raises what `run` raises."""
    try:
        return _look(files, run, workdir)
    except (ToolFailed, ToolCrash, ToolTimeout, ResourceLimit) as problem:
        if len(files) == 1:
            return [Traits.from_json({"error": problem.message})]
        return [traits for file in files for traits in look([file], run=run, workdir=workdir)]


def _look(files: Sequence[Wanted], run: Runner, workdir: Path) -> list[Traits]:
    asked, answered = workdir / "look.json", workdir / "looked.json"
    asked.write_text(json.dumps([{"path": str(file.path), "demuxer": file.demuxer} for file in files]))
    run(_command(files, asked, answered))
    answers = json.loads(answered.read_bytes())
    if not isinstance(answers, list) or len(answers) != len(files):
        raise ToolFailed("The reading of the clips gave no answer for each.")
    return [Traits.from_json(answer, file.rotation) for answer, file in zip(answers, files, strict=True)]


def _command(files: Sequence[Wanted], asked: Path, answered: Path) -> Command:
    argv, env = python_child("reelyard.tools.bundles.look_child")
    seconds = 60 + len(files) + sum(file.size for file in files) / (10 * MIB)  # of a slow disk
    limits = Limits(seconds, int(seconds), 2048 * MIB, 512 * MIB)
    reads = tuple(file.path for file in files)
    return Command(argv, reads=reads, stdin=asked, stdout=answered, env=env, limits=limits)


def check_known(clip: Clip) -> str:
    """Why a clip cannot even be opened; empty when it can."""
    try:
        demuxer_of(clip.info.format)
    except Reject as problem:
        return problem.message
    return ""
