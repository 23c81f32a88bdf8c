"""Raw sound on disk: 16 kHz, mono, signed 16 bit, little-endian, no header. For the speech child only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from reelyard.tools.speech.windows import HOP, RATE, Levels, Span

Samples = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float32]


def open_pcm(path: Path) -> Samples:
    """The samples of a file, read from disk as they are needed."""
    if path.stat().st_size < 2:  # numpy cannot map nothing
        return np.zeros(0, np.int16)
    return np.memmap(path, dtype="<i2", mode="r")


def floats(samples: Samples) -> Floats:
    """Samples between -1 and 1."""
    return samples.astype(np.float32) / np.float32(32768)


def laid_out(samples: Samples, spans: Sequence[Span]) -> Samples:
    """The spans' samples end to end."""
    parts: list[Samples] = [samples[span.start : span.end] for span in spans]
    return np.concatenate(parts)


def levels_of(samples: Samples) -> Levels:
    """How loud each 10 ms of a span is, as the mean square."""

    def levels(span: Span) -> list[float]:
        count = len(span) // HOP
        blocks = samples[span.start : span.start + count * HOP].reshape(count, HOP).astype(np.float32)
        return cast("list[float]", np.square(blocks).mean(axis=1).tolist())

    return levels


def with_floor(samples: Samples, decibels: float) -> Samples:
    """The samples with noise where they are quieter than `decibels` below their mean; always the same.

    Sound from synthesisers, or with its background taken out, is silent between words as no room is.
    """
    levels = np.asarray(levels_of(samples)(Span(0, len(samples))), np.float32)
    if not len(levels):
        return samples
    missing = float(levels.mean()) * 10 ** (decibels / 10) - float(np.percentile(levels, 5))
    if missing <= 0:
        return samples
    noise = np.random.default_rng(0).normal(0, np.sqrt(missing), len(samples))
    louder = np.clip(samples + noise, -32768, 32767)
    return cast("Samples", louder.astype(np.int16))


def at_level(samples: Samples, decibels: float) -> Samples:
    """The samples at a mean level in dB below full scale, loudest ones clipped; silence stays silence."""
    sound = samples.astype(np.float32)
    mean = float(np.sqrt(np.square(sound).mean())) if len(sound) else 0.0
    if mean < 1.0:
        return samples
    gain = np.float32(32768 * 10 ** (decibels / 20) / mean)
    louder: Floats = np.clip(sound * gain, -32768, 32767)
    return louder.astype(np.int16)


def seconds(samples: Samples) -> float:
    return len(samples) / RATE
