"""Joining clips that fit: the order for the child that copies their packets into one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.bundles.clips import Tell
from reelyard.tools.bundles.conform import MUXERS
from reelyard.tools.bundles.look import Wanted
from reelyard.tools.bundles.timing import Place, Sounding, origin_of, places, starts_of
from reelyard.tools.bundles.titles import one_line
from reelyard.tools.bundles.traits import WITH_SETS, FilmTraits, SoundTraits

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reel:
    """One clip in the shape of the whole: where its picture and its sound are, and what they are like."""

    title: str
    film: tuple[Wanted, FilmTraits] | None
    sound: tuple[Wanted, SoundTraits] | None
    sound_zero: Fraction  # seconds on the sound's own clock at which the clip begins
    duration: Fraction
    texts: tuple[Wanted, Fraction] | None = None  # captions, and when the clip begins on their clock

    @property
    def sounding(self) -> Sounding | None:
        """When its sound is, from the clip's beginning."""
        if self.sound is None:
            return None
        traits = self.sound[1]
        return Sounding(traits.start - self.sound_zero, traits.end - self.sound_zero)


@dataclass(frozen=True, slots=True)
class Models:
    """Whose headers the whole gets: the films' and the sounds'; and a file with packets of silence."""

    film: int | None
    sound: int | None
    silence: Wanted | None
    step: Fraction = Fraction(0)  # seconds of a packet of sound


def join(
    reels: Sequence[Reel], models: Models, target: Path, *, run: Runner, workdir: Path, tell: Tell
) -> None:
    """Copy the reels' packets into `target`, a chapter for each. Raises what `run` raises."""
    asked = workdir / "join.json"
    asked.write_text(json.dumps(order(reels, models, target)))
    run(_command(reels, models, asked, target), on_line=lambda line: _listen(line, tell))


def order(reels: Sequence[Reel], models: Models, target: Path) -> dict[str, Any]:
    """What the child is asked to do, as JSON."""
    starts = starts_of([reel.duration for reel in reels])
    sounds = [reel.sounding for reel in reels]
    placed = places(starts, sounds, models.step) if models.sound is not None else [None] * len(reels)
    base = _base(reels, models)
    early = _most_delay(reels, base)
    told = [
        _reel(reel, (start, end), place, base, early)
        for reel, start, end, place in zip(reels, starts, starts[1:], placed, strict=False)
    ]
    return {
        "target": str(target),
        "format": MUXERS[target.suffix],
        "film": _film(reels, models, base),
        "sound": _sound(reels, models, sounds, starts[-1]),
        "texts": next((number for number, reel in enumerate(reels) if reel.texts is not None), None),
        "reels": told,
    }


def _base(reels: Sequence[Reel], models: Models) -> Fraction:
    film = reels[models.film].film if models.film is not None else None
    return film[1].time_base if film is not None else Fraction(1, 1000)


def _most_delay(reels: Sequence[Reel], base: Fraction) -> int:
    """Ticks that decoding begins before showing, for all clips: else the times to decode would run back at a join."""
    delays = [reel.film[1].delay * reel.film[1].time_base for reel in reels if reel.film is not None]
    return -(-max(delays, default=Fraction(0)) // base)


def _film(reels: Sequence[Reel], models: Models, base: Fraction) -> dict[str, Any] | None:
    if models.film is None:
        return None
    films = [reel.film[1] for reel in reels if reel.film is not None]
    codec = films[0].codec
    differ = len({film.extradata for film in films}) > 1 or any(film.has_own_sets for film in films)
    return {
        "model": models.film,
        "base": str(base),
        "codec": codec,
        "own_sets": differ and codec in WITH_SETS,
    }


def _sound(
    reels: Sequence[Reel], models: Models, sounds: Sequence[Sounding | None], end: Fraction
) -> dict[str, Any] | None:
    if models.sound is None or models.silence is None:
        return None
    model = reels[models.sound].sound
    rate = model[1].sample_rate if model is not None else 48_000
    origin = origin_of(sounds, models.step)
    return {
        "model": models.sound,
        "rate": rate,
        "step": round(models.step * rate),
        "origin": round(origin * rate),
        "slots": max(0, round((end - origin) / models.step)),
        "silence": _file(models.silence),
    }


def _reel(
    reel: Reel, span: tuple[Fraction, Fraction], place: Place | None, base: Fraction, early: int
) -> dict[str, Any]:
    start, end = span
    film = reel.film[1] if reel.film is not None else None
    delay = round(film.delay * film.time_base / base) if film is not None else 0
    return {
        "title": one_line(reel.title),
        "begin_ms": round(start * 1000),
        "end_ms": round(end * 1000),
        "film": _file(reel.film[0]) if reel.film is not None else None,
        "sound": _file(reel.sound[0]) if reel.sound is not None and place is not None else None,
        "texts": _file(reel.texts[0]) if reel.texts is not None else None,
        "texts_zero": str(reel.texts[1]) if reel.texts is not None else "0",
        "at": round(start / base),
        "start": film.start if film is not None else 0,
        "early": early - delay,
        "place": _place(place, reel.sound_zero),
        "extradata": film.extradata if film is not None else "",
    }


def _place(place: Place | None, zero: Fraction) -> dict[str, Any] | None:
    return (
        None
        if place is None
        else {"slot": place.slot, "limit": place.limit, "first": str(place.first + zero)}
    )


def _file(wanted: Wanted) -> dict[str, str]:
    return {"path": str(wanted.path), "demuxer": wanted.demuxer}


def _files(reels: Sequence[Reel], models: Models) -> list[Wanted]:
    sources = (source for reel in reels for source in (reel.film, reel.sound, reel.texts))
    found = [source[0] for source in sources if source is not None]
    return [*found, *([models.silence] if models.silence is not None else [])]


def _command(reels: Sequence[Reel], models: Models, asked: Path, target: Path) -> Command:
    files = _files(reels, models)
    argv, env = python_child("reelyard.tools.bundles.join_child")
    seconds = (
        120 + len(reels) + sum(file.size for file in files) / (5 * MIB)
    )  # read, written, moved by faststart
    reads = tuple(dict.fromkeys(file.path for file in files))
    limits = Limits(seconds, int(seconds), 2048 * MIB, None)
    return Command(argv, reads=reads, writes=(target,), stdin=asked, env=env, limits=limits)


def _listen(line: str, tell: Tell) -> None:
    name, _, value = line.partition("=")
    if name == "done":
        tell(float(value))
