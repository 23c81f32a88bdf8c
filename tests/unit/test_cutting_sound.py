"""The samples that a cut list keeps: in step with the pictures, faded at joins."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.support.cut_lists import films_and_cuts

from reelyard.media.cut_list import CutList
from reelyard.media.sample_ranges import SampleRange, sample_ranges
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.sound import bit_rate
from reelyard.tools.sound.cutter import Cutter

NTSC = Fraction(30000, 1001)


@given(films_and_cuts(), st.sampled_from([Fraction(25), NTSC]), st.sampled_from([44100, 48000, 22050]))
def test_sound_never_drifts_from_the_pictures(
    case: tuple[FilmIndex, CutList], rate: Fraction, samples: int
) -> None:
    cuts = replace(case[1], rate=rate, start=Fraction(1, 7))

    ranges = list(sample_ranges(cuts, samples))

    frames = length = 0
    for kept, found in zip(cuts.kept, ranges, strict=True):
        frames += len(kept)
        length += found.length
        assert abs(length - frames / rate * samples) <= 1 / 2
        assert abs(found.start - (cuts.start + kept.start / rate) * samples) <= 1 / 2
        assert (found.fade_in == 0) == (kept.start == 0)
        assert (found.fade_out == 0) == (kept.end == cuts.frames)


@given(st.lists(st.integers(1, 40), max_size=20), st.integers(-20, 60))
def test_blocks_of_any_size_give_the_same_samples(sizes: list[int], place: int) -> None:
    ranges = [SampleRange(10, 30), SampleRange(60, 25), SampleRange(200, 10)]
    sound = np.arange(1, sum(sizes) + 1, dtype=np.float32)[np.newaxis]
    cutter, at, got = Cutter(ranges, 1, "float32", np), 0, []

    for size in sizes:
        got += list(cutter.feed(place + at, sound[:, at : at + size]))
        at += size
    got += list(cutter.finish())

    long = np.zeros(2000, np.float32)
    long[500 + place : 500 + place + at] = sound[0]
    wanted = np.concatenate([long[500 + kept.start : 500 + kept.start + kept.length] for kept in ranges])
    assert np.array_equal(np.concatenate(got, axis=1)[0], wanted)
    assert cutter.finished


def test_joins_are_faded() -> None:
    cutter = Cutter([SampleRange(0, 100, fade_in=10, fade_out=10)], 2, "float32", np)

    got = np.concatenate(list(cutter.feed(0, np.ones((2, 300), np.float32))), axis=1)

    assert got[0, 0] == got[1, 99] == 0
    assert np.all(got[:, 10:90] == 1)
    assert np.all(np.diff(got[0, :10]) > 0)


def test_a_join_after_a_long_stretch_is_faded_too() -> None:
    hour = 3600 * 48_000 + 7
    cutter = Cutter([SampleRange(0, hour, fade_out=240)], 1, "float32", np)
    for _ in cutter.feed(hour - 1000 - (1 << 20), np.ones((1, 1 << 20), np.float32)):
        pass

    got = np.concatenate(list(cutter.feed(hour - 1000, np.ones((1, 1000), np.float32))), axis=1)[0]

    assert got[-1] == 0
    assert np.all(got[:760] == 1)
    assert np.all(np.diff(got[760:]) < 0)


def test_the_bit_rate_follows_channels_and_samples() -> None:
    assert bit_rate(1, 48000) == 96_000
    assert bit_rate(2, 48000) == 160_000
    assert bit_rate(6, 48000) == 384_000
    assert bit_rate(1, 8000) == 32_000
