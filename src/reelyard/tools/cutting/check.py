"""The check after each rendering: a film is handed over only when it was played to its end and is as planned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.errors import FilmNotRight
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.formats import FORMATS
from reelyard.media.sniffing import sniff, take_sample
from reelyard.tools.captions.cues import Cue
from reelyard.tools.ffmpeg.inputs import demuxer_of

MIB = 1024 * 1024
MEMORY = 3072 * MIB  # pictures in 4K, several of them at once in each core's hands
LEAST_S = 120.0  # by the clock, for any film; slower than a tenth of its own pace none is decoded
SLOWEST = 10
TICK_S = 0.001  # the coarsest clock of a container
REPEATED = "Last message repeated"
TOLD = 3  # of each sort of finding, then they are counted


@dataclass(frozen=True, slots=True)
class Expected:
    """What was planned."""

    frames: int
    rate: Fraction  # pictures a second
    sound_tracks: int
    container: str  # a name of media.formats.FORMATS: mp4, mov, webm, mkv
    size: tuple[int, int] | None = None  # pixels as stored; None: as it may be
    copied: tuple[tuple[int, int], ...] = ()  # places in the film, copied as they were, in order

    @property
    def duration(self) -> Fraction:
        return self.frames / self.rate


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found; times in seconds, 0 where the file begins."""

    frames: int
    begin_s: float  # when the first picture is shown
    end_s: float  # when the last one ends
    sounds: tuple[tuple[float, float], ...]  # of each track, when it begins and ends
    findings: tuple[str, ...] = field(default=())  # what is wrong, in sentences; none: the film is right

    @property
    def is_right(self) -> bool:
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        return {
            "right": self.is_right,
            "frames": self.frames,
            "begin_s": self.begin_s,
            "end_s": self.end_s,
            "sounds": [list(one) for one in self.sounds],
            "findings": list(self.findings),
        }


def check_film(film: Path, expected: Expected, *, run: Runner, cores: int = 1) -> Checked:
    """Play the film to its end in a confined child and compare it with the plan.

    Raises what `run` raises: that the check itself could not be made says nothing about the film.
    """
    with film.open("rb") as stream:
        found = sniff(take_sample(stream))
    if found is None or found.name != expected.container:
        what = "no film" if found is None else f"a {found.name.upper()} file"
        return Checked(0, 0.0, 0.0, (), (f"It is {what}, not {expected.container.upper()}.",))
    finished = run(check_command(film, expected, cores))
    return judged(json.loads(finished.stdout), finished.stderr.splitlines(), expected)


def check_command(film: Path, expected: Expected, cores: int = 1) -> Command:
    """The command whose standard output and standard error `judged` takes."""
    copied = ",".join(f"{begin}-{end}" for begin, end in expected.copied)
    demuxer = demuxer_of(FORMATS[expected.container].name)
    arguments = (demuxer, str(expected.rate), str(max(1, cores)), copied)
    argv, env = python_child("reelyard.tools.cutting.check_child", *arguments)
    wall = LEAST_S + SLOWEST * float(expected.duration)
    return Command(argv, stdin=film, env=env, limits=Limits(wall, int(wall) * max(1, cores), MEMORY, MIB))


def demand(checked: Checked, captions: Sequence[str] = ()) -> None:
    """Raise FilmNotRight, which is final, when the check or `captions_inside` found anything."""
    findings = (*checked.findings, *captions)
    if findings:
        more = f" ({len(findings) - TOLD} more.)" if len(findings) > TOLD else ""
        raise FilmNotRight(
            f"The film that was made is not right: {' '.join(findings[:TOLD])}{more}",
            hint="It is not handed over. Try another format or quality; your own file is as it was.",
            findings=list(findings),
        )


def captions_inside(cues: Iterable[Cue], duration: Fraction | float) -> tuple[str, ...]:
    """What is wrong with the times of captions for a film of `duration` seconds, as sentences."""
    found, before = [], 0.0
    for number, cue in enumerate(cues, 1):
        if cue.end <= cue.start:
            found.append(f"Caption {number} ends at {cue.end:.3f} s, when it has not begun.")
        elif cue.start < -TICK_S or cue.end > float(duration) + TICK_S:
            found.append(
                f"Caption {number} is shown from {cue.start:.3f} to {cue.end:.3f} s, "
                f"the film lasts {float(duration):.3f} s."
            )
        elif cue.start < before - TICK_S:
            found.append(f"Caption {number} begins at {cue.start:.3f} s, before the one before it ends.")
        before = max(before, cue.end)
    return tuple(found)


def judged(answer: Mapping[str, Any], said: Sequence[str], expected: Expected) -> Checked:
    """What the child's answer, and what decoders said beside it, mean."""
    if "error" in answer:
        return Checked(0, 0.0, 0.0, (), (f"It cannot be opened: {answer['error']}.",))
    picture, sounds = answer["picture"], answer["sounds"]
    findings = (
        *_damage(answer, said),
        *_pictures(picture, expected),
        *_tracks(answer, expected),
        *_together(answer, expected),
    )
    heard = tuple((one["begin"] or 0.0, one["end"]) for one in sounds)
    return Checked(picture["frames"], picture["begin"], picture["end"], heard, findings)


def _damage(answer: Mapping[str, Any], said: Sequence[str]) -> Iterator[str]:
    picture = answer["picture"]
    lines = (line.strip() for line in said if line.strip() and REPEATED not in line)
    complaints = list(dict.fromkeys(line.partition("] ")[2] or line for line in lines))
    if complaints:
        yield f"It does not decode without error: {_some(complaints)}."
    if answer["broken_count"]:
        yield f"It cannot be decoded {_some(answer['broken'], answer['broken_count'])}."
    if picture["damaged"]:
        yield f"{picture['damaged']} of its pictures are damaged."
    if picture["decoded"] != picture["in_full"]:
        yield f"Of {picture['in_full']} pictures only {picture['decoded']} can be decoded."


def _pictures(picture: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    if picture["frames"] != expected.frames:
        yield f"It has {picture['frames']} pictures instead of {expected.frames}."
    if picture["unstamped"]:
        yield f"{picture['unstamped']} of its pictures have no time."
    if picture["twice"]:
        yield f"{picture['twice']} of its pictures have the time of another."
    if picture["off_grid_count"]:
        place, at = picture["off_grid"][0]
        due = float(place / expected.rate)
        yield (
            f"{picture['off_grid_count']} of its pictures are not where they belong: "
            f"picture {place} is shown at {at:.4f} s instead of {due:.4f} s."
        )
    if expected.size is not None and tuple(picture["size"]) != expected.size:
        yield f"It is {_by(picture['size'])} pixels instead of {_by(expected.size)}."


def _tracks(answer: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    if answer["films"] != 1:
        yield f"It has {answer['films']} films in it instead of one."
    if len(answer["sounds"]) != expected.sound_tracks:
        yield f"It has {len(answer['sounds'])} sound tracks instead of {expected.sound_tracks}."
    for number, sound in enumerate(answer["sounds"], 1):
        if sound["begin"] is None:
            yield f"Nothing is heard of sound track {number}."
        for at, length in sound["holes"][:1]:
            what = f"a hole of {length:.3f} s" if length > 0 else f"an overlap of {-length:.3f} s"
            yield f"Sound track {number} has {what} at {at:.3f} s{_further(sound['holes_count'] - 1)}"


def _together(answer: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    """Picture and sound begin and end together, to one picture, or to the packet in which sound is coded."""
    picture, duration = answer["picture"], float(expected.duration)
    frame = float(1 / expected.rate)
    # A coder's last packet is filled up with silence; not every container can say where it ends.
    slack = [max(frame, one["frame_s"]) + TICK_S for one in answer["sounds"]]
    if abs(picture["end"] - picture["begin"] - duration) > frame + TICK_S:
        yield f"Its pictures last {picture['end'] - picture['begin']:.3f} s instead of {duration:.3f} s."
    said = answer["duration"]
    if said is not None and abs(said - duration) > max(slack, default=frame + TICK_S):
        yield f"It says that it lasts {said:.3f} s instead of {duration:.3f} s."
    for number, (sound, most) in enumerate(zip(answer["sounds"], slack, strict=True), 1):
        for what in ("begin", "end"):
            if sound["begin"] is not None and abs(sound[what] - picture[what]) > most:
                yield f"Sound track {number} {what}s at {sound[what]:.3f} s, the picture at {picture[what]:.3f} s."


def _some(things: Sequence[str], count: int | None = None) -> str:
    more = (len(things) if count is None else count) - TOLD
    return "; ".join(one.rstrip(".") for one in things[:TOLD]) + (f"; and {more} more" if more > 0 else "")


def _further(count: int) -> str:
    return f", and {count} more." if count > 0 else "."


def _by(size: Sequence[int]) -> str:
    return f"{size[0]} x {size[1]}"
