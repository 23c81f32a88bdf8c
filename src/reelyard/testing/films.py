"""Films of which everything is known: each picture shows its number, each moment of the sound is like no other.

So of any film made from one, it can be told which picture is shown and which moment is heard, to the frame and to
hundredths of a millisecond: see `film_truth`. A film of a few seconds takes well below a second to make.
"""

from __future__ import annotations

import wave
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.ranges import Seconds, TimeRange, between, exact
from reelyard.testing import film_code, film_sound
from reelyard.testing.film_reading import first_picture_at, read_sound
from reelyard.testing.film_recipe import Recipe, arguments, turning
from reelyard.testing.film_sound import Signal
from reelyard.testing.media import MediaMaker

__all__ = ["KnownFilm", "Recipe", "known_film", "spoken_film"]

PAUSED, SPOKEN = Fraction(3, 5), Fraction(7, 10)  # seconds, in turn, where no ranges are given
SPEECH_FLOOR = 0.01  # of full scale: what is louder at its begin and end belongs to a sentence


@dataclass(frozen=True, slots=True)
class KnownFilm:
    """A film that was made, and the truth about it. Times are seconds on the file's clock, 0 where it begins."""

    path: Path
    recipe: Recipe
    start: Fraction  # when picture 0 is shown
    signals: tuple[Signal, ...]  # of each sound track, on the pictures' clock: 0 where picture 0 is shown
    spoken: tuple[TimeRange, ...]  # on the pictures' clock

    @property
    def rate(self) -> Fraction:
        """Pictures a second; of a film of variable rate, the rate on whose grid they lie."""
        return self.recipe.rate

    @property
    def frames(self) -> int:
        return self.recipe.frames

    @property
    def speech(self) -> tuple[TimeRange, ...]:
        """When the first track is heard."""
        return tuple(one.shifted(self.start) for one in self.spoken)

    @property
    def silences(self) -> tuple[TimeRange, ...]:
        """When it is not, from the first picture to the end of the last."""
        whole = TimeRange(self.start, self.start + self.frames / self.rate)
        return between(self.speech, whole)

    def shown(self, frame: int) -> int:
        """The number that is seen at `frame` of the cut list's grid: the last one there was, if its own is missing."""
        while self.recipe.is_missing(frame):
            frame -= 1
        return frame

    def cuts(self, *kept: tuple[int, int]) -> CutList:
        """The cut list that keeps these frames, each from the first up to but not including the second."""
        at, spans = 0, []
        for first, end in kept:
            if first > at:
                spans.append(Span(at, first, keep=False, reason=Reason.SILENCE))
            spans.append(Span(first, end, keep=True, reason=Reason.SOUND))
            at = end
        if at < self.frames:
            spans.append(Span(at, self.frames, keep=False, reason=Reason.SILENCE))
        return CutList(self.rate, self.start, self.frames, tuple(spans))


def known_film(maker: MediaMaker, name: str = "known.mp4", recipe: Recipe | None = None) -> KnownFilm:
    """Make a film; the name's extension chooses the container (.mp4 .mov .mkv .webm .avi)."""
    recipe = recipe if recipe is not None else Recipe()
    spoken = recipe.speech if recipe.speech is not None else _in_turn(recipe.length)
    there = TimeRange(exact(max(0.0, recipe.sound_late)), recipe.length)
    spoken = tuple(one for one in (each.clipped(there) for each in spoken) if one is not None)
    begin = min(0.0, recipe.sound_late)
    signals = tuple(
        film_sound.voice_like(spoken, begin, float(recipe.length), seed, recipe.hiss)
        for seed in range(recipe.sounds)
    )
    return _made(maker, name, recipe, signals, spoken)


def spoken_film(
    maker: MediaMaker,
    sentences: Iterable[str],
    name: str = "spoken.mp4",
    *,
    pause_s: Seconds = 1,
    recipe: Recipe | None = None,
) -> KnownFilm:
    """Numbered pictures over which sentences are spoken, with a pause of `pause_s` before each and at the end.

    The recipe's seconds follow from what is said; its `speech` and `sounds` do not count.
    """
    pause, at = exact(pause_s), exact(pause_s)
    pieces, spoken = [], []
    for number, sentence in enumerate(sentences):
        voice = _spoken(maker, f"{Path(name).stem}.{number}.wav", sentence)
        length = Fraction(len(voice), film_sound.RATE)
        pieces.append((float(at), voice))
        spoken.append(TimeRange(at, at + length))
        at += length + pause
    recipe = replace(recipe if recipe is not None else Recipe(), seconds=at, sounds=1)
    signal = film_sound.placed(tuple(pieces), float(recipe.length))
    return _made(maker, name, recipe, (signal,), tuple(spoken))


def _made(
    maker: MediaMaker, name: str, recipe: Recipe, signals: tuple[Signal, ...], spoken: tuple[TimeRange, ...]
) -> KnownFilm:
    target = maker.folder / name
    pictures = maker.folder / f"{name}.pictures"
    with pictures.open("wb") as stream:
        stream.writelines(film_code.drawn(number) for number in range(recipe.frames))
    sounds = [maker.folder / f"{name}.sound{index}" for index in range(len(signals))]
    for path, signal in zip(sounds, signals, strict=True):
        sampled = signal.at(recipe.sound_rate)
        path.write_bytes(film_sound.as_16_bit(sampled.between(recipe.sound_late, float(recipe.length))))
    texts = _texts(maker.folder, name, recipe)
    made_of = (pictures, *sounds, *texts.values())
    maker.encode(target, *arguments(recipe, target.suffix, pictures, sounds, texts), reads=made_of)
    if recipe.rotation:
        upright = target.rename(maker.folder / f"upright.{name}")
        maker.encode(target, *turning(recipe, upright), reads=(upright,))
        upright.unlink()
    for path in made_of:
        path.unlink()
    start = first_picture_at(target)
    if recipe.sound_late:
        signals = tuple(_as_stored(target, start, *one) for one in enumerate(signals))
    return KnownFilm(target, recipe, start, signals, spoken)


def _as_stored(film: Path, start: Fraction, track: int, signal: Signal) -> Signal:
    """The signal where the file has it: time stamps in whole milliseconds move a sound that does not begin at 0."""
    sound = read_sound(film, track)
    place = film_sound.place_of(signal.at(sound.rate).samples, sound.samples[: len(sound.samples) * 4 // 5])
    if place is None:
        return signal
    meant = signal.origin + place / sound.rate
    return replace(signal, origin=signal.origin + sound.origin - float(start) - meant)


def _texts(folder: Path, name: str, recipe: Recipe) -> dict[str, Path]:
    wanted = {}
    if recipe.subtitles:
        wanted["subtitles"] = "1\n00:00:00,200 --> 00:00:01,000\nA line of text\n"
    if recipe.chapters:
        half = int(recipe.length * 500)
        parts = ((0, half, "First"), (half, 2 * half, "Second"))
        wanted["chapters"] = ";FFMETADATA1\n" + "".join(
            f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={begin}\nEND={end}\ntitle={title}\n"
            for begin, end, title in parts
        )
    found = {}
    for kind, text in wanted.items():
        found[kind] = folder / f"{name}.{kind}"
        found[kind].write_text(text)
    return found


def _in_turn(length: Fraction) -> tuple[TimeRange, ...]:
    """A pause, speech, a pause, speech … to the end."""
    found, at = [], PAUSED
    while at < length:
        found.append(TimeRange(at, min(at + SPOKEN, length)))
        at += SPOKEN + PAUSED
    return tuple(found)


def _spoken(maker: MediaMaker, name: str, sentence: str) -> Any:
    """What is heard of a sentence, without the silence around it."""
    import numpy as np  # noqa: PLC0415 - only where sound is made

    path = maker.speech(name, sentence)
    with wave.open(str(path)) as file:
        voice = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
    path.unlink()
    loud = np.flatnonzero(np.abs(voice) > SPEECH_FLOOR)
    return voice[loud[0] : loud[-1] + 1]
