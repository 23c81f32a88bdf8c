"""Sound as numbers, and speech found in it block by block."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reelyard.testing.media import MediaMaker
from reelyard.tools.speech.detection import find_speech
from reelyard.tools.speech.sound import Samples, at_level, levels_of, open_pcm, with_floor
from reelyard.tools.speech.windows import RATE, Span


def tone(level: float, seconds: float = 1.0) -> Samples:
    at = np.arange(int(seconds * RATE))
    return (level * np.sin(at / 5)).astype(np.int16)


def decibels(samples: Samples) -> float:
    return float(10 * np.log10(np.square(samples.astype(np.float64)).mean() / 32768**2))


def test_an_empty_file_is_no_sound(tmp_path: Path) -> None:
    (tmp_path / "empty.pcm").touch()

    assert len(open_pcm(tmp_path / "empty.pcm")) == 0


@pytest.mark.parametrize("level", [30.0, 3000.0, 30000.0])
def test_loud_and_soft_voices_come_to_one_level(level: float) -> None:
    assert decibels(at_level(tone(level), -20.0)) == pytest.approx(-20.0, abs=0.3)


def test_silence_stays_silence() -> None:
    silence = np.zeros(RATE, np.int16)

    assert not at_level(silence, -20.0).any()
    assert not with_floor(silence, -30.0).any()
    assert len(with_floor(silence[:10], -30.0)) == 10


def test_digital_silence_between_words_is_filled_and_a_room_is_left_alone() -> None:
    gated = np.concatenate([tone(3000), np.zeros(RATE, np.int16)])
    room = np.concatenate([tone(3000), tone(1000)])

    filled = with_floor(gated, -30.0)

    assert decibels(filled[RATE:]) == pytest.approx(decibels(gated) - 30, abs=1.0)
    assert np.array_equal(filled, with_floor(gated, -30.0))
    assert np.array_equal(with_floor(room, -30.0), room)


def test_levels_are_taken_every_ten_milliseconds() -> None:
    levels = levels_of(np.concatenate([np.zeros(RATE, np.int16), tone(1000)]))(Span(0, 2 * RATE))

    assert len(levels) == 200
    assert max(levels[:100]) == 0
    assert min(levels[100:]) > 0


def test_speech_over_the_border_of_two_blocks_is_one_span(tmp_path: Path) -> None:
    spoken = MediaMaker(tmp_path).speech("spoken.wav", "The old man looked at the boats on the river.")
    samples = np.frombuffer(spoken.read_bytes()[44:], np.int16)
    whole = find_speech(samples, lambda _: None)
    done: list[int] = []

    in_blocks = find_speech(samples, done.append, block_size=len(samples) // 2)

    assert len(in_blocks) == len(whole) == 1
    assert abs(in_blocks[0].start - whole[0].start) < RATE // 4
    assert abs(in_blocks[0].end - whole[0].end) < RATE // 4
    assert done[-1] == len(samples)
