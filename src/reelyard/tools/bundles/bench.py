"""Getting clips ready to be joined: those that differ are encoded anew, each a part that is kept; the rest is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from reelyard.errors import Reject, ResourceLimit, ToolCrash, ToolFailed, ToolTimeout
from reelyard.kit.json import Json, JsonObject
from reelyard.kit.processes import Command, Runner
from reelyard.tools.bundles import conform
from reelyard.tools.bundles.clips import Clip, Part, Tell
from reelyard.tools.bundles.join import Reel
from reelyard.tools.bundles.look import Wanted, look, wanted_of
from reelyard.tools.bundles.shapes import FilmShape, SoundShape
from reelyard.tools.bundles.titles import one_line
from reelyard.tools.bundles.traits import COPIED_TEXTS, SoundTraits, Traits
from reelyard.tools.ffmpeg.progress import follow

UNUSABLE = (Reject, ToolFailed, ToolCrash, ToolTimeout, ResourceLimit)
DEMUXERS = {".mp4": "mov", ".mov": "mov", ".m4a": "mov", ".webm": "matroska"}


@dataclass(frozen=True, slots=True)
class Tools:
    """What the work is done with."""

    ffmpeg: str
    run: Runner
    workdir: Path  # for what is needed on the way; the caller empties it
    part: Part | None = None
    tell: Tell = lambda _fraction: None


@dataclass(frozen=True, slots=True)
class Taken:
    """A clip that can be read, by its number in the whole order."""

    number: int
    clip: Clip
    traits: Traits


@dataclass(slots=True)
class Notes:
    """What its user should know of a bundle."""

    warnings: list[str] = field(default_factory=list)
    conformed: list[str] = field(default_factory=list)

    def left_out(self, clip: Clip, why: str) -> None:
        self.warnings.append(f"“{one_line(clip.title)}” is left out: {why}")


@dataclass(frozen=True, slots=True)
class Bench:
    """Where clips are made to fit a shape; `suffix` is that of the whole."""

    tools: Tools
    suffix: str
    film: FilmShape | None
    sound: SoundShape | None
    notes: Notes

    def reels(self, taken: Sequence[Taken], tell: Tell) -> list[Reel]:
        """The clips in the shape of the whole; one that cannot be encoded is left out, with a warning."""
        work = [one for one in taken if self._is_odd(one)]
        total = sum(_seconds(one) for one in work) or 1.0
        done, ready = 0.0, []
        for one in taken:
            share = _seconds(one) / total if self._is_odd(one) else 0.0
            try:
                reel = self._reel(one, _within(tell, done, share))
            except UNUSABLE as problem:
                self.notes.left_out(one.clip, problem.message)
            else:
                ready.append(reel)
            done += share
        return ready

    def silence(self) -> Wanted | None:
        """A file of silence in the shape's sound; None when the whole has no sound."""
        if self.sound is None:
            return None
        target = self.tools.workdir / f"silence{self._sound_suffix}"
        self.tools.run(conform.silence_command(self.sound, target, ffmpeg=self.tools.ffmpeg))
        return Wanted(target, DEMUXERS[target.suffix])

    @property
    def _sound_suffix(self) -> str:
        return ".webm" if self.suffix == ".webm" else ".m4a"

    def _is_odd(self, one: Taken) -> bool:
        return self._film_is_odd(one) or self._sound_is_odd(one)

    def _film_is_odd(self, one: Taken) -> bool:
        film = one.traits.film
        return self.film is not None and not (film and film.fits(self.suffix) and film.key == self.film.key)

    def _sound_is_odd(self, one: Taken) -> bool:
        sound = one.traits.sound
        if self.sound is None or sound is None:
            return False
        return not (sound.fits(self.suffix) and sound.key == self.sound.key)

    def _reel(self, one: Taken, tell: Tell) -> Reel:
        own, traits = wanted_of(one.clip), one.traits
        film = (own, traits.film) if self.film is not None and traits.film is not None else None
        sound = (own, traits.sound) if self.sound is not None and traits.sound is not None else None
        zero = traits.film.first_s if traits.film is not None and self.film is not None else traits.start
        if self.film is not None and self._film_is_odd(one):
            made, found = self._made_film(one, self.film, tell)
            if found.film is None:
                raise ToolFailed("Its picture could not be brought into the shape of the others.")
            film = (made, found.film)
        if self.sound is not None and self._sound_is_odd(one):
            made, found = self._made_sound(one, self.sound, tell)
            sound, zero = _fitting(made, found, self._sound_suffix), Fraction(0)
        if self._is_odd(one):
            self.notes.conformed.append(one.clip.title)
        duration = film[1].duration if film is not None else _length(sound[1].end - zero if sound else 0)
        return Reel(one.clip.title, film, sound, zero, duration, self._texts(one, own))

    def _texts(self, one: Taken, own: Wanted) -> tuple[Wanted, Fraction] | None:
        """Captions in the clip, where the whole can hold such ones."""
        film = one.traits.film
        fits = one.traits.texts != "" and one.traits.texts == COPIED_TEXTS.get(self.suffix)
        return (own, film.first_s) if film is not None and self.film is not None and fits else None

    def _made_film(self, one: Taken, shape: FilmShape, tell: Tell) -> tuple[Wanted, Traits]:
        key = _key(one, "film", repr(shape))
        encoding = self._of(one, self.suffix)
        path = self._made(key, lambda target: conform.film_command(encoding, shape, target), tell)
        return self._looked(path, shape.rotation)

    def _made_sound(self, one: Taken, shape: SoundShape, tell: Tell) -> tuple[Wanted, Traits]:
        key = _key(one, "sound", repr(shape))
        encoding = self._of(one, self._sound_suffix)
        path = self._made(key, lambda target: conform.sound_command(encoding, shape, target), tell)
        return self._looked(path, 0)

    def _of(self, one: Taken, suffix: str) -> conform.Encoding:
        return conform.Encoding(one.clip, one.traits, self.tools.ffmpeg, suffix)

    def _made(self, key: JsonObject, command: Callable[[Path], Command], tell: Tell) -> Path:
        """A finished piece, kept where the caller keeps pieces."""
        seconds = float(str(key["seconds"]))

        def make(target: Path) -> None:
            self.tools.run(command(target), on_line=follow(seconds, tell))

        if self.tools.part is not None:
            return self.tools.part(key, make)
        target = self.tools.workdir / f"{key['what']}-{key['clip']}"
        make(target)
        return target

    def _looked(self, path: Path, rotation: int) -> tuple[Wanted, Traits]:
        suffix = ".webm" if self.suffix == ".webm" else ".mp4"
        wanted = Wanted(path, DEMUXERS[suffix], rotation, path.stat().st_size)
        return wanted, look([wanted], run=self.tools.run, workdir=self.tools.workdir)[0]


def _fitting(made: Wanted, found: Traits, suffix: str) -> tuple[Wanted, SoundTraits] | None:
    """Sound as it was encoded; None when there is none in it. Raises ToolFailed."""
    if found.sound is not None and not found.sound.fits(suffix):
        raise ToolFailed("Its sound could not be brought into the shape of the others.")
    return None if found.sound is None else (made, found.sound)


def _key(one: Taken, what: str, shape: str) -> JsonObject:
    """All that a piece depends on: which clip, and what becomes of it."""
    info = one.clip.info
    clip: dict[str, Json] = {
        "clip": one.number,
        "size": info.size,
        "seconds": _seconds(one),
        "format": info.format,
    }
    return {"what": what, **clip, "shape": shape}


def _seconds(one: Taken) -> float:
    return one.clip.info.duration_s or 1.0


def _length(seconds: Fraction | int) -> Fraction:
    return max(Fraction(0), Fraction(seconds))


def _within(tell: Tell, begin: float, share: float) -> Tell:
    return lambda fraction: tell(begin + fraction * share)
