"""From one sample rate to another, by FFmpeg's resampler. In the child only."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from reelyard.tools.voices.engine import Samples


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """The same sound at another rate, to the sample as long as it was."""
    if rate == wanted or not len(samples):
        return samples
    import av  # noqa: PLC0415 - 50 ms, and only here

    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
    resampler = av.AudioResampler(format="s16", layout="mono", rate=wanted)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    sound = np.concatenate([each.to_ndarray().reshape(-1) for each in frames])
    length = -(-len(samples) * wanted // rate)
    return np.pad(sound[:length], (0, max(0, length - len(sound))))
