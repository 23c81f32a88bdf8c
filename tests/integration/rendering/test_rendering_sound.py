"""The sound of films rendered by the real tools: exact to the sample, and as loud as ordered."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.numbered import (
    FFMPEG,
    KEPT,
    NUMBERED,
    NUMBERS,
    RATE,
    X264,
    numbered,
    order_of,
    rendered,
    samples_in,
)

from reelyard.testing.media import MediaMaker
from reelyard.tools.rendering.loudness import measure
from reelyard.tools.rendering.order import Bench
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.soundtrack import Track
from reelyard.tools.rendering.target import Wishes


def test_the_sound_is_cut_to_the_sample(make: MediaMaker, bench: Bench) -> None:
    """Where no fade is, each sample is that of the original at the picture's time."""
    noise = f"aevalsrc='0.5*(2*random(0)-1)|0.5*(2*random(1)-1)':s=48000:d={80 / RATE}"
    picture = f"nullsrc=s=160x90:r={RATE}:d={80 / RATE},{NUMBERED},format=yuv420p"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", noise)
    path = make.encode(make.folder / "film.mov", *inputs, *X264, "-c:a", "pcm_s16le")
    order = order_of(path, bench.run)

    render(order, bench.folder / "film.mp4", bench)

    found = np.fromfile(bench.folder / "track-1.pcm", "<i2").reshape(-1, 2)
    original = samples_in(path, bench.run)
    assert len(found) == len(NUMBERS) * 1920
    at = 0
    for start, end in KEPT:
        length, fade = (end - start) * 1920, 240
        inner = slice(at + fade, at + length - fade)
        assert np.array_equal(found[inner], original[start * 1920 + fade : end * 1920 - fade])
        edges = np.abs(found[[at, at + length - 1]].astype(int))
        assert edges.max() < 100
        at += length


def test_sound_is_brought_to_the_loudness_ordered(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", "-af", "volume=0.2")

    made, _ = rendered(order_of(path, bench.run, Wishes(loudness=-16.0)), bench)

    raw = bench.folder / "check.pcm"
    samples_in(made.path, bench.run).astype("<i2").tofile(raw)
    found = measure(Track(raw, 48000, 1), 2.0, FFMPEG, run=bench.run)
    assert found.integrated == pytest.approx(-16.0, abs=0.5)
    assert found.peak <= -0.9
