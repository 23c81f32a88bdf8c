"""Loudness by EBU R128, against the values that the standard gives."""

from __future__ import annotations

import numpy as np
import pytest

from reelyard.tools.narration.loudness import integrated, levelled, true_peaks
from reelyard.tools.voices.engine import Samples

RATE = 24_000


def tone(seconds: float, decibels: float, hertz: float = 997.0) -> Samples:
    """A sine whose peak is so far below full scale."""
    time = np.arange(round(seconds * RATE)) / RATE
    return np.rint(32767 * 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.int16)


@pytest.mark.parametrize("decibels", [-3.0, -20.0, -33.0])
@pytest.mark.parametrize("seconds", [0.5, 3.0, 20.0])
def test_a_tone_of_one_kilohertz_is_three_units_below_its_peak(decibels: float, seconds: float) -> None:
    assert integrated(tone(seconds, decibels), RATE) == pytest.approx(decibels - 3.01, abs=0.1)


def test_high_tones_count_more_and_low_ones_less() -> None:
    # ITU-R BS.1770-5, figures 2 and 4: about +4 dB at 6 kHz, about -6 dB at 40 Hz
    middle = integrated(tone(3, -20), RATE) or 0
    assert (integrated(tone(3, -20, 6_000), RATE) or 0) - middle == pytest.approx(3.3, abs=0.7)
    assert (integrated(tone(3, -20, 40), RATE) or 0) - middle == pytest.approx(-6.0, abs=1.0)


def test_pauses_and_quiet_passages_do_not_make_it_quieter() -> None:
    plain = integrated(tone(4, -20), RATE)

    with_pauses = np.concatenate([tone(2, -20), silence(6), tone(2, -20)])
    with_whisper = np.concatenate([tone(4, -20), tone(4, -45)])

    assert integrated(with_pauses, RATE) == pytest.approx(plain, abs=0.6)
    assert integrated(with_whisper, RATE) == pytest.approx(plain, abs=0.4)


def test_silence_has_no_loudness_and_stays_silence() -> None:
    assert integrated(silence(3), RATE) is None
    assert integrated(silence(0), RATE) is None
    found = levelled(silence(3), RATE, -18)
    assert found.measured is None
    assert not found.samples.any()


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.39, 0.41, 2.0])
def test_a_sound_shorter_than_a_block_is_brought_to_its_loudness_too(seconds: float) -> None:
    found = levelled(tone(seconds, -35), RATE, -23)

    assert found.gain_db == pytest.approx(15.0, abs=1.2)
    assert not found.limited


def test_the_gain_is_one_for_all_where_no_peak_is_in_the_way() -> None:
    sound = np.concatenate([tone(2, -30), tone(2, -40)])

    found = levelled(sound, RATE, -23)

    exact = sound.astype(np.float64) * 10 ** (found.gain_db / 20)
    assert np.abs(found.samples - exact).max() < 20  # the gain is told to a hundredth
    assert integrated(found.samples, RATE) == pytest.approx(-23, abs=0.1)


def test_peaks_are_held_back_and_the_loudness_is_reached_all_the_same() -> None:
    spiky = tone(6, -30).astype(np.int32)
    spiky[:: RATE // 4] = 20_000
    spiky = np.clip(spiky, -32768, 32767)

    found = levelled(spiky.astype(np.int16), RATE, -20)

    assert found.limited
    assert integrated(found.samples, RATE) == pytest.approx(-20, abs=0.5)
    sound = (found.samples / 32768).astype(np.float32)
    assert true_peaks(sound, np.arange(len(sound))).max() <= 10 ** (-0.9 / 20)


def test_a_true_peak_between_samples_is_seen() -> None:
    # a quarter of the rate, sampled at 45 degrees: every sample is 3 dB below the wave's peak
    time = np.arange(4_800)
    wave = np.sin(np.pi / 2 * time + np.pi / 4).astype(np.float32)

    found = true_peaks(wave, np.arange(100, 4_700))

    assert found.max() == pytest.approx(1.0, abs=0.03)


def test_a_whisper_is_not_lifted_without_end() -> None:
    assert levelled(tone(3, -65), RATE, -18).gain_db == 30.0
