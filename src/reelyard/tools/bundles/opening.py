"""Finding out what many files are, in one child instead of one each: a batch has thousands of short ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reelyard.errors import Reject, ResourceLimit, ToolCrash, ToolFailed, ToolTimeout
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.formats import Format
from reelyard.media.info import Kind, MediaInfo
from reelyard.media.sniffing import refusal, sniff, take_sample
from reelyard.tools.bundles.clips import Clip
from reelyard.tools.ffmpeg import limits as bounds
from reelyard.tools.ffmpeg.inputs import demuxer_of
from reelyard.tools.ffmpeg.limits import ProbeLimits
from reelyard.tools.ffmpeg.probe import inspect, parse

MIB = 1024 * 1024
ONE_S = 5.0  # that one file may take at most
NO_SCAN_S = 0.0  # packets are counted when the clips are merged


def open_clips(
    files: Sequence[tuple[Path, str]], *, run: Runner, workdir: Path, limits: ProbeLimits
) -> list[Clip | Reject]:
    """What each file is, by its content: a clip with the title given, or why it is none. Raises what `run` raises.

    As `ffmpeg.probe.inspect`, but lengths are those that the files tell themselves.
    """
    quick = replace(limits, scan_s=NO_SCAN_S)
    known = [_sniffed(path.absolute(), title) for path, title in files]
    media = [(path.absolute(), one) for (path, _), one in zip(files, known, strict=True) if _is_medium(one)]
    try:
        answers = iter(_answers(media, quick, run=run, workdir=workdir) if media else ())
    except (ToolFailed, ToolCrash, ToolTimeout, ResourceLimit):
        return [_alone(path, title, limits, run) for path, title in files]
    return [
        _clip(path, title, one, next(answers) if _is_medium(one) else "", quick)
        for (path, title), one in zip(files, known, strict=True)
    ]


def _sniffed(path: Path, title: str) -> Format | Reject:
    with path.open("rb") as stream:
        sample = take_sample(stream)
    found = sniff(sample, title)
    return found if found is not None else Reject(refusal(sample), code="unsupported_type")


def _is_medium(one: Format | Reject) -> bool:
    return isinstance(one, Format) and one.demuxer is not None


def _answers(
    media: Sequence[tuple[Path, Format | Reject]], limits: ProbeLimits, *, run: Runner, workdir: Path
) -> list[str]:
    asked, answered = workdir / "open.json", workdir / "opened.jsonl"
    wanted = [
        {"path": str(path), "demuxer": demuxer_of(one.name)} for path, one in media if isinstance(one, Format)
    ]
    asked.write_text(json.dumps(wanted))
    argv, env = python_child(
        "reelyard.tools.bundles.opening_child", str(limits.max_streams), str(limits.max_pixels)
    )
    seconds = 30 + ONE_S * len(media)
    may_take = Limits(seconds, int(seconds), 1024 * MIB, 512 * MIB)
    reads = tuple(path for path, _ in media)
    run(Command(argv, reads=reads, stdin=asked, stdout=answered, env=env, limits=may_take))
    lines = answered.read_text().splitlines()
    if len(lines) != len(media):
        raise ToolFailed("The reading of the clips gave no answer for each.")
    return lines


def _clip(path: Path, title: str, one: Format | Reject, answer: str, limits: ProbeLimits) -> Clip | Reject:
    if isinstance(one, Reject):
        return one
    size = path.stat().st_size
    if one.demuxer is None:
        return Clip(path, title, MediaInfo(Kind.DOCUMENT, one.name, one.mime, size))
    try:
        info = parse(json.loads(answer), one, size, limits)
        bounds.check(info, limits)
    except Reject as problem:
        return problem
    return Clip(path, title, info)


def _alone(path: Path, title: str, limits: ProbeLimits, run: Runner) -> Clip | Reject:
    try:
        return Clip(path, title, inspect(path, run=run, name=title, limits=limits))
    except Reject as problem:
        return problem
    except (ToolFailed, ToolCrash, ToolTimeout, ResourceLimit) as problem:
        return Reject(problem.message, hint=problem.hint)
