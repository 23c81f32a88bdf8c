"""The sound of a film: its pieces, fades and loudness."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.support.film_orders import alternating, whole

from reelyard.errors import ToolFailed
from reelyard.media.sample_ranges import SampleRange, sample_ranges
from reelyard.tools.rendering.loudness import Measured, loudness_filter, parse
from reelyard.tools.sound.cutter import Cutter


def test_pieces_add_up_to_the_picture_however_many_there_are() -> None:
    cuts = replace(alternating(10_001, 1), rate=Fraction(30000, 1001))

    pieces = list(sample_ranges(cuts, 44_100))

    assert len(pieces) == 5001
    assert sum(piece.length for piece in pieces) == round(cuts.duration * 44_100)
    assert all(abs(piece.length - 44_100 * 1001 / 30000) < 1 for piece in pieces)


def test_only_joins_are_faded() -> None:
    cuts = alternating(6, 2)

    first, last = sample_ranges(cuts, 48_000)
    (only,) = sample_ranges(whole(50, start=Fraction(1, 2)), 48_000)

    assert (first.fade_in, first.fade_out, last.fade_in, last.fade_out) == (0, 240, 240, 0)
    assert only == SampleRange(24_000, 96_000)


def cut(
    pieces: tuple[SampleRange, ...], samples: np.ndarray[Any, Any], block: int
) -> tuple[np.ndarray[Any, Any], int]:
    cutter = Cutter(pieces, 2, "<i2", np)
    parts = [
        part
        for begin in range(0, len(samples), block)
        for part in cutter.feed(begin, samples[begin : begin + block].T)
    ]
    silence = list(cutter.finish())
    return np.concatenate([*parts, *silence], axis=1).T, sum(part.shape[1] for part in silence)


@pytest.mark.parametrize("block", [1, 7, 100, 5000])
def test_the_cutter_gives_the_same_however_the_sound_arrives(block: int) -> None:
    samples = np.arange(4000, dtype="<i2").reshape(-1, 2) + 1
    pieces = (SampleRange(10, 40), SampleRange(50, 30), SampleRange(300, 200, 20, 30), SampleRange(900, 100))

    found, missing = cut(pieces, samples, block)

    assert missing == 0
    assert np.array_equal(found[:70], samples[10:80])
    assert np.array_equal(found[90:240], samples[320:470])
    assert np.array_equal(found[270:], samples[900:1000])
    rising = found[70:90, 0] / samples[300:320, 0]
    assert rising[0] < 0.06
    assert (np.diff(rising) > 0).all()


def test_what_the_sound_is_too_short_for_is_silence() -> None:
    samples = np.full((100, 2), 5, dtype="<i2")

    found, missing = cut((SampleRange(-20, 40), SampleRange(90, 50), SampleRange(200, 10)), samples, 30)

    assert missing == 50
    assert found[:, 0].tolist() == [0] * 20 + [5] * 20 + [5] * 10 + [0] * 50


def test_the_loudness_is_one_gain_and_a_limiter_only_where_peaks_need_it() -> None:
    assert loudness_filter(Measured(-20.0, -12.0), -16.0) == "volume=4.00dB:precision=double"
    limited = loudness_filter(Measured(-20.0, -3.0), -16.0)
    assert limited is not None
    assert "alimiter" in limited
    assert loudness_filter(Measured(-16.02, -3.0), -16.0) is None
    assert loudness_filter(Measured(float("-inf"), float("-inf")), -16.0) is None
    assert loudness_filter(Measured(-69.0, -60.0), -16.0) == "volume=30.00dB:precision=double"


def test_the_loudness_is_read_from_the_last_report() -> None:
    said = 'x\n{\n"input_i" : "-23.10",\n"input_tp" : "-4.50"\n}\n'

    assert parse(said) == Measured(-23.1, -4.5)
    with pytest.raises(ToolFailed):
        parse("nothing")
