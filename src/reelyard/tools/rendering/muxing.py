"""Putting a film together: its tracks, their languages, its chapters, its time stamps; pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reelyard.tools.rendering.encoders import sound_options
from reelyard.tools.rendering.languages import letters_for
from reelyard.tools.rendering.soundtrack import Track
from reelyard.tools.rendering.target import Container, Target


@dataclass(frozen=True, slots=True)
class Parts:
    """What a film is put together from besides its picture."""

    tracks: tuple[Track, ...] = ()
    levels: tuple[str | None, ...] = ()  # a filter for each track, or None
    chapters: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        return (*(track.path for track in self.tracks), *((self.chapters,) if self.chapters else ()))


def further_inputs(parts: Parts) -> tuple[str, ...]:
    """Inputs 1 to n: the tracks; and n + 1: the chapters."""
    sounds = [argument for track in parts.tracks for argument in track.as_input()]
    return (*sounds, *(("-f", "ffmetadata", "-i", f"file:{parts.chapters}") if parts.chapters else ()))


def sound_arguments(target: Target, parts: Parts) -> tuple[str, ...]:
    """The tracks as they are mapped, levelled, encoded and named."""
    maps = [argument for number in range(len(parts.tracks)) for argument in ("-map", f"{number + 1}:a")]
    filters = [
        argument
        for number, level in enumerate(parts.levels)
        if level is not None
        for argument in (f"-filter:a:{number}", f"{level},aresample={parts.tracks[number].sample_rate}")
    ]
    return (
        *maps,
        *filters,
        *sound_options(target, tuple(track.channels for track in parts.tracks)),
        *languages(tuple(track.language for track in parts.tracks), target),
    )


def texts(parts: Parts, *, whole: bool = False) -> tuple[str, ...]:
    """Of what the source says of itself nothing is kept, which may be where it was made; but our chapters.

    A `whole` film keeps the chapters that it had, unless there are others.
    """
    chapters = str(len(parts.tracks) + 1) if parts.chapters else "0" if whole else "-1"
    return ("-map_metadata:g", "-1", "-map_metadata:s", "-1", "-map_chapters", chapters)


def languages(tracks: tuple[str | None, ...], target: Target) -> tuple[str, ...]:
    """The language of each track of sound, where it is known."""
    return tuple(
        argument
        for number, language in enumerate(tracks)
        if (letters := letters_for(language, target.container)) is not None
        for argument in (f"-metadata:s:a:{number}", f"language={letters}")
    )


def time_scale(target: Target, rate: Fraction) -> tuple[str, ...]:
    """Time stamps in which a frame is a whole number; WebM has milliseconds only."""
    if target.container is Container.WEBM:
        return ()
    scale = rate.numerator
    while scale < 10_000:
        scale *= 2
    return ("-video_track_timescale", str(scale)) if scale < 2**31 else ()
