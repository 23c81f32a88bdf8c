"""What the merged film is to be like: as most of the clips are, by their length; pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reelyard.tools.bundles.clips import Clip
from reelyard.tools.bundles.traits import FilmTraits, SoundTraits, Traits

STANDARD_RATES = tuple(
    Fraction(rate) for rate in ("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60")
)
FILM_OF = {".mp4": "h264", ".mov": "h264", ".webm": "vp9"}  # what is made where nothing can be copied
SOUND_OF = {".mp4": "aac", ".mov": "aac", ".m4a": "aac", ".webm": "opus"}
EXTENSIONS = {"mp4": ".mp4", "mov": ".mov", "webm": ".webm"}


@dataclass(frozen=True, slots=True)
class FilmShape:
    """The picture of the whole."""

    codec: str
    profile: str | None
    width: int  # as stored
    height: int
    aspect: tuple[int, int]
    pixel_format: str
    rotation: int
    rate: Fraction
    time_base: Fraction
    key: tuple[object, ...] | None  # of those clips that need no change; None: all do


@dataclass(frozen=True, slots=True)
class SoundShape:
    """The sound of the whole."""

    codec: str
    sample_rate: int
    channels: int
    layout: str
    key: tuple[object, ...] | None


def film_extension(clips: Sequence[Clip]) -> str:
    """The ending that a merged film should have: ".mp4", ".mov" or ".webm", as most of the clips by their length."""
    found = majority((clip.info.format, Fraction(clip.info.duration_s or 0)) for clip in clips)
    return EXTENSIONS.get(str(found), ".mp4")


def majority(weighed: Iterable[tuple[Hashable, Fraction]]) -> Hashable | None:
    """The one with the most weight, the earlier of equals; None of none."""
    weights: dict[Hashable, Fraction] = {}
    for one, weight in weighed:
        weights[one] = weights.get(one, Fraction(0)) + weight
    return max(weights, key=lambda one: weights[one], default=None)


def film_shape(traits: Sequence[Traits], suffix: str) -> FilmShape:
    """What the picture is to be like; `traits` has at least one film."""
    films = [one.film for one in traits if one.film is not None]
    fitting = [film for film in films if film.fits(suffix)]
    key = majority((film.key, film.duration) for film in fitting)
    if key is not None:
        model = next(film for film in fitting if film.key == key)
        return _shape_of(model, model.codec, model.key)
    size = majority(((film.width, film.height, film.aspect, film.rotation), film.duration) for film in films)
    model = next(film for film in films if (film.width, film.height, film.aspect, film.rotation) == size)
    return _made(model, suffix)


def _shape_of(model: FilmTraits, codec: str, key: tuple[object, ...] | None) -> FilmShape:
    rate = model.rate if model.is_steady else _standard(model.rate)
    return FilmShape(
        codec, model.profile, model.width, model.height, model.aspect, model.pixel_format, model.rotation,
        rate, model.time_base, key,
    )  # fmt: skip


def _made(model: FilmTraits, suffix: str) -> FilmShape:
    """As the model is seen: upright, with square pixels, even in size."""
    wide, tall = seen_size(model.width, model.height, model.aspect, model.rotation)
    rate = model.rate if model.is_steady and model.rate <= 120 else _standard(model.rate)
    base = 1 / (rate * 512) if rate.denominator == 1 else Fraction(1, rate.numerator)
    return FilmShape(FILM_OF[suffix], None, wide, tall, (1, 1), "yuv420p", 0, rate, base, None)


def seen_size(width: int, height: int, aspect: tuple[int, int], rotation: int) -> tuple[int, int]:
    """Width and height in square pixels as a player shows it, even."""
    wide, tall = even(Fraction(width * aspect[0], aspect[1])), even(Fraction(height))
    return (tall, wide) if rotation in (90, 270) else (wide, tall)


def even(size: Fraction) -> int:
    """The nearest even number, 2 at least."""
    return max(2, round(size / 2) * 2)


def _standard(rate: Fraction) -> Fraction:
    return min(STANDARD_RATES, key=lambda one: abs(one - rate))


def sound_shape(traits: Sequence[Traits], suffix: str) -> SoundShape | None:
    """What the sound is to be like; None when no clip has any."""
    sounds = [one.sound for one in traits if one.sound is not None]
    if not sounds:
        return None
    fitting = [sound for sound in sounds if sound.fits(suffix)]
    key = majority((sound.key, sound.end - sound.start) for sound in fitting)
    if key is not None:
        model = next(sound for sound in fitting if sound.key == key)
        return SoundShape(model.codec, model.sample_rate, model.channels, model.layout, model.key)
    return _made_sound(sounds, suffix)


def _made_sound(sounds: Sequence[SoundTraits], suffix: str) -> SoundShape:
    channels = majority((min(sound.channels, 2), sound.end - sound.start) for sound in sounds)
    layout = "mono" if channels == 1 else "stereo"
    rates = [sound.sample_rate for sound in sounds]
    rate = 44_100 if suffix != ".webm" and all(one == 44_100 for one in rates) else 48_000
    return SoundShape(SOUND_OF[suffix], rate, 1 if channels == 1 else 2, layout, None)
