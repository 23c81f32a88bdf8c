"""Sound of which every moment is known: noise as wide as a voice, on and off at known times, or real speech.

No stretch of the noise is like another, so that a recording of it tells where it was taken from, to hundredths of a
millisecond. It stays below 3.5 kHz: above, encoders put in noise of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reelyard.media.ranges import TimeRange

RATE = 16_000  # Hz in which it is held
BAND = (150.0, 3500.0)  # Hz
LOUDNESS = 0.1  # root mean square, of a full scale of 1
EDGE_S = 0.005  # over which it comes and goes, within its range
LIKE = 0.5  # correlation from which on two sounds are the same
QUIET = 1e-6  # mean power below which there is nothing to compare
GRAIN = 160  # samples: with whole numbers of these any usual rate gets a whole number of samples


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A sound without end: what is not in `samples` is silence. Times are seconds from the film's first picture."""

    samples: Any  # float32 at RATE
    origin: float  # the time of the first sample

    def at(self, rate: int) -> Sampled:
        """The same at another `rate`, a multiple of 100 Hz; not delayed, as the spectrum is cut or filled up."""
        import numpy as np  # noqa: PLC0415 - only where sound is made

        size = len(self.samples) * rate // RATE
        spectrum = np.fft.rfft(self.samples)[: size // 2 + 1]
        filled = np.pad(spectrum, (0, size // 2 + 1 - len(spectrum)))
        return Sampled((np.fft.irfft(filled, size) * (rate / RATE)).astype(np.float32), self.origin, rate)


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """Samples (float32) at `rate` from the time `origin` on; silence before and after."""

    samples: Any
    origin: float
    rate: int

    def between(self, start: float, end: float) -> Any:
        """The samples from `start` up to `end`, to the nearest sample."""
        import numpy as np  # noqa: PLC0415

        first, last = round((start - self.origin) * self.rate), round((end - self.origin) * self.rate)
        found = np.zeros(max(0, last - first), np.float32)
        inside = self.samples[max(0, first) : max(0, last)]
        at = max(0, -first)
        found[at : at + len(inside)] = inside[: max(0, len(found) - at)]
        return found


def voice_like(
    ranges: tuple[TimeRange, ...], origin: float, end: float, seed: int, hiss: float = 0
) -> Signal:
    """Noise in `ranges`, digital silence elsewhere, or noise of a loudness of `hiss`; the same for the same `seed`."""
    import numpy as np  # noqa: PLC0415

    size = _whole(end - origin)
    noise = _noise(np, size, seed)
    loud = np.full(size, hiss, np.float32)
    times = origin + np.arange(size) / RATE
    for one in ranges:
        near = np.minimum(times - float(one.start), float(one.end) - times) / EDGE_S
        loud = np.maximum(loud, LOUDNESS * np.clip(near, 0, 1))
    return Signal((noise * loud).astype(np.float32), origin)


def placed(pieces: tuple[tuple[float, Any], ...], end: float) -> Signal:
    """Recordings (samples at RATE), each from its time on, in digital silence."""
    import numpy as np  # noqa: PLC0415

    found = np.zeros(_whole(end), np.float32)
    for start, piece in pieces:
        first = round(start * RATE)
        found[first : first + len(piece)] = piece[: len(found) - first]
    return Signal(found, 0.0)


def as_16_bit(samples: Any) -> bytes:
    import numpy as np  # noqa: PLC0415

    return bytes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def place_of(looked: Any, piece: Any) -> float | None:
    """Where in `looked` (samples, a fraction of one included) `piece` begins; None when nothing there is like it."""
    import numpy as np  # noqa: PLC0415

    if len(looked) < len(piece) or not len(piece) or np.square(piece).mean() < QUIET:
        return None
    size = 1 << (len(looked) + len(piece)).bit_length()
    product = np.fft.rfft(looked, size) * np.conj(np.fft.rfft(piece, size))
    score = np.fft.irfft(product, size)[: len(looked) - len(piece) + 1]
    power = np.cumsum(np.concatenate(([0.0], np.square(looked.astype(np.float64)))))
    energy = np.maximum(power[len(piece) :] - power[: len(power) - len(piece)], QUIET * len(piece))
    like = score / np.sqrt(energy * float(np.square(piece.astype(np.float64)).sum()))
    best = int(np.argmax(like))
    if like[best] < LIKE:
        return None
    if not 0 < best < len(like) - 1:
        return float(best)
    before, top, after = (float(one) for one in like[best - 1 : best + 2])
    bend = before - 2 * top + after
    return best + (0.0 if bend == 0 else 0.5 * (before - after) / bend)


def _whole(seconds: float) -> int:
    return -int(-seconds * RATE // GRAIN) * GRAIN


def _noise(np: Any, size: int, seed: int) -> Any:
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    spectrum[(hertz < BAND[0]) | (hertz > BAND[1])] = 0
    noise = np.fft.irfft(spectrum, size)
    return noise / np.sqrt(np.square(noise).mean())
