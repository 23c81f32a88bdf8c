"""Numbers as pictures, and sound of which every moment is known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from reelyard.media.ranges import TimeRange
from reelyard.testing import film_code, film_sound
from reelyard.testing.film_recipe import Recipe


def picture(number: int, width: int = 160, height: int = 90) -> np.ndarray:
    blocks = np.frombuffer(film_code.drawn(number), np.uint8).reshape(film_code.ROWS, film_code.COLUMNS)
    rows = np.arange(height) * film_code.ROWS // height
    columns = np.arange(width) * film_code.COLUMNS // width
    return blocks[rows][:, columns].astype(np.float32)


def test_every_number_is_read_as_it_was_drawn() -> None:
    assert [film_code.read(picture(number)) for number in range(0, film_code.MOST, 97)] == list(
        range(0, film_code.MOST, 97)
    )


def test_a_number_is_read_at_another_size_within_black_bars_with_captions_and_in_noise() -> None:
    shown = picture(1234, 40, 24)
    shown[18:] = 255
    barred = np.full((60, 80), 16, np.float32)
    barred[18:42, 20:60] = shown
    noisy = barred + np.random.default_rng(1).normal(0, 8, barred.shape)

    assert film_code.read(np.clip(barred, 0, 255)) == 1234
    assert film_code.read(np.where(barred > 16, noisy, 16)) == 1234


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_picture_shows_no_number(turns: int) -> None:
    read = [film_code.read(np.rot90(picture(number), turns)) for number in range(200)]

    assert read.count(None) >= 195


def test_a_blend_of_two_pictures_shows_neither() -> None:
    blends = [(picture(number) + picture(number + 1)) / 2 for number in range(100)]

    assert all(film_code.read(blend) is None for blend in blends)


def test_an_empty_picture_shows_no_number() -> None:
    assert film_code.read(np.full((90, 160), 128.0)) is None
    assert film_code.read(np.zeros((90, 160))) is None


def test_a_number_beyond_the_code_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot show 16384"):
        film_code.drawn(film_code.MOST)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_moment_is_found_again_at_any_rate(rate: int) -> None:
    spoken = (TimeRange.of(0, 2),)
    sound = film_sound.voice_like(spoken, 0.0, 2.0, seed=0).at(rate)

    piece = sound.between(1.25, 1.5)

    place = film_sound.place_of(sound.samples, piece)
    assert place is not None
    assert place / rate == pytest.approx(1.25, abs=1e-4)


def test_another_track_or_silence_is_not_taken_for_it() -> None:
    spoken = (TimeRange.of(0, 1),)
    one, other = (film_sound.voice_like(spoken, 0.0, 2.0, seed).at(16_000) for seed in (0, 1))

    assert film_sound.place_of(one.samples, other.between(0.2, 0.6)) is None
    assert film_sound.place_of(one.samples, one.between(1.2, 1.6)) is None


def test_sound_is_heard_in_its_ranges_only() -> None:
    sound = film_sound.voice_like((TimeRange.of("0.5", "0.8"),), 0.0, 1.0, seed=3).at(16_000)

    assert np.abs(sound.between(0, 0.499)).max() < 1e-6
    assert np.abs(sound.between(0.801, 1)).max() < 1e-6
    assert np.sqrt(np.square(sound.between(0.51, 0.79)).mean()) == pytest.approx(0.1, rel=0.2)


def test_what_lies_outside_the_samples_is_silent() -> None:
    sound = film_sound.voice_like((TimeRange.of(0, 1),), 0.0, 1.0, seed=3).at(16_000)

    around = sound.between(-1, 2)

    assert len(around) == 48_000
    assert not around[:16_000].any()
    assert not around[32_000:].any()
    assert around[16_000:32_000].any()


def test_a_recipe_counts_pictures_exactly() -> None:
    assert Recipe(seconds=10, rate=Fraction(30000, 1001)).frames == 299
    assert Recipe(seconds="1001/100", rate=Fraction(24000, 1001)).frames == 240
    assert [frame for frame in range(14) if Recipe(variable=True).is_missing(frame)] == [3, 4, 10, 11]
