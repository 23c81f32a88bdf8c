"""What can be told from a level curve."""

from __future__ import annotations

import io
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.testing.broken import wav_header
from reelyard.tools.sound.levels import Levels
from reelyard.tools.sound.levels_child import FLOOR_DB, main

LOUD, QUIET = -12, -70


def levels(*runs: tuple[int, int]) -> Levels:
    """Levels of which each run is (dB, steps of 10 ms)."""
    return Levels.from_bytes(b"".join(struct.pack("b", db) * steps for db, steps in runs))


def measured(data: bytes) -> Levels:
    out = io.BytesIO()
    main(io.BytesIO(data), out)
    return Levels.from_bytes(out.getvalue())


def spans(found: Levels, threshold: float, shortest: float) -> list[tuple[float, float]]:
    return [(float(span.start), float(span.end)) for span in found.silences(threshold, shortest)]


def test_silences_are_those_that_last() -> None:
    found = levels((QUIET, 30), (LOUD, 50), (QUIET, 20), (LOUD, 10), (QUIET, 100))

    assert spans(found, -40, 0.3) == [(0.0, 0.3), (1.1, 2.1)]
    assert spans(found, -40, 5.0) == []
    assert spans(found, -80, 0.1) == []


@given(st.lists(st.tuples(st.integers(-96, 0), st.integers(1, 50)), max_size=20), st.integers(-96, 0))
def test_silences_are_quiet_and_what_is_between_is_not(runs: list[tuple[int, int]], threshold: int) -> None:
    found = levels(*runs)
    quiet = set()

    for span in found.silences(threshold, 0.01):
        quiet |= set(range(int(span.start * 100), int(span.end * 100)))

    assert all((level < threshold) == (step in quiet) for step, level in enumerate(found.db))


def test_the_curve_keeps_every_peak() -> None:
    found = levels((QUIET, 4999), (LOUD, 1), (QUIET, 5000))

    curve = found.curve(100)

    assert len(curve) == 100
    assert curve.count(LOUD) == 1
    assert found.to_json(10)["duration_s"] == 100.0


def test_the_quietest_place_is_inside_the_pause() -> None:
    found = levels((LOUD, 100), (QUIET, 20), (LOUD, 100), (QUIET - 10, 5), (LOUD, 100))

    assert 1.0 < found.quietest(0.0, 3.0) < 1.2
    assert found.quietest(0.5, 0.52) == pytest.approx(0.51)


def test_a_sine_lies_three_decibels_below_its_peak() -> None:
    wave = [round(16384 * math.sin(2 * math.pi * 400 * n / 16000)) for n in range(16000)]

    assert set(measured(struct.pack("<16000h", *wave)).db) == {-9}


def test_silence_lies_at_the_floor_and_no_sound_gives_no_levels() -> None:
    assert list(measured(bytes(640)).db) == [FLOOR_DB, FLOOR_DB]
    assert list(measured(bytes(100)).db) == [FLOOR_DB]
    assert list(measured(b"").db) == []


def test_a_wav_header_is_not_heard() -> None:
    assert list(measured(wav_header(16000, 1, bytes(3200))).db) == [FLOOR_DB] * 10
