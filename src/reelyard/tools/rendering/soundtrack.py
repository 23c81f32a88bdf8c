"""The sound of every track, decoded, cut to the sample and written raw: what encoding then starts from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.cut_list import CutList
from reelyard.media.info import AudioStream
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.progress import follow
from reelyard.tools.rendering.target import LAYOUTS, Target, channels_of, sample_rate_of

MIB = 1024 * 1024
DAMAGED = "Parts of the sound are damaged and may be missing."


@dataclass(frozen=True, slots=True)
class Track:
    """One track of raw sound: 16-bit samples, little-endian, channels interleaved."""

    path: Path
    sample_rate: int
    channels: int
    language: str | None = None

    @property
    def layout(self) -> str:
        return LAYOUTS[self.channels]

    def as_input(self) -> tuple[str, ...]:
        """The arguments by which ffmpeg reads it."""
        described = ("-f", "s16le", "-ar", str(self.sample_rate), "-ch_layout", self.layout)
        return (*described, "-i", f"file:{self.path}")


@dataclass(frozen=True, slots=True)
class CutSound:
    tracks: tuple[Track, ...]
    warnings: tuple[str, ...] = ()


def tracks_of(source: Source, target: Target, folder: Path) -> tuple[Track, ...]:
    """The tracks as `cut_sound` writes them into `folder`, in the file's order."""
    return tuple(_track(stream, target, folder) for stream in source.info.audio)


def cut_sound(
    source: Source,
    cuts: CutList,
    tracks: tuple[Track, ...],
    *,
    run: Runner,
    tell: Callable[[float], None] | None = None,
) -> CutSound:
    """Write `tracks`, each exactly as long as the cut picture; what is missing at an end is silence.

    Raises Reject (`invalid_media`) when the sound cannot be decoded at all, and what `run` raises.
    """
    if not tracks:
        return CutSound(())
    plan = tracks[0].path.with_suffix(".plan.json")
    plan.write_text(json.dumps(plan_of(source, cuts, tracks)))
    finished = run(cut_command(source, plan, cuts, tracks), on_line=follow(source.info.duration_s, tell))
    answer = json.loads(finished.stdout.strip().splitlines()[-1])
    return CutSound(tracks, (DAMAGED,) if answer["errors"] else ())


def plan_of(source: Source, cuts: CutList, tracks: tuple[Track, ...]) -> dict[str, object]:
    """What the child has to know, as JSON."""
    return {
        "demuxer": source.demuxer,
        "cuts": cuts.to_json(),
        "tracks": [
            {
                "stream": stream.index,
                "rate": track.sample_rate,
                "layout": track.layout,
                "channels": track.channels,
                "path": str(track.path),
            }
            for stream, track in zip(source.info.audio, tracks, strict=True)
        ],
    }


def cut_command(source: Source, plan: Path, cuts: CutList, tracks: tuple[Track, ...]) -> Command:
    """The command of `cut_sound`; measured at some hundred times real time a track."""
    argv, env = python_child("reelyard.tools.rendering.soundtrack_child", str(plan))
    seconds = (source.info.duration_s or 0) * len(tracks)
    largest = max(track.sample_rate * track.channels * 2 for track in tracks)
    may_take = Limits(
        wall_s=300 + seconds,
        cpu_s=int(300 + seconds),
        memory_bytes=2048 * MIB,
        file_bytes=int(largest * float(cuts.duration)) + MIB,
    )
    writes = tuple(track.path for track in tracks)
    return Command(argv, stdin=source.path, reads=(plan,), writes=writes, env=env, limits=may_take)


def _track(stream: AudioStream, target: Target, folder: Path) -> Track:
    path = folder / f"track-{stream.index}.pcm"
    return Track(path, sample_rate_of(stream, target), channels_of(stream), stream.language)
