"""Bringing one chunk to a loudness: measured by EBU R128, one gain for all of it, peaks held back where they must be.

ITU-R BS.1770-5 has the weighting, the gates and the way true peaks are found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelyard.tools.voices.engine import Samples

Floats = npt.NDArray[np.float32]
STEP_S = 0.1  # blocks of 0.4 s begin that far apart
STEPS = 4
ABSOLUTE_GATE = -70.0  # LUFS
RELATIVE_GATE = -10.0  # LU
OFFSET = -0.691  # dB, of the weighting at 1 kHz
MOST_GAIN_DB = 30.0  # beyond that it would be noise that is lifted
PEAK = 10 ** (-1.0 / 20)  # true peak that no sound passes
BLOCK = 1 << 15  # samples of one transform
SETTLED = 4096  # samples after which the filters' beginning is forgotten
MOST_ROUNDS = 3  # of lifting what holding peaks back has made quieter
TOLERATED_DB = 0.25
PHASES = 4  # of oversampling
TAPS = 12
NEAR = 0.8  # share of a peak between samples that those beside it have at least, in speech


@dataclass(frozen=True, slots=True)
class Levelled:
    samples: Samples
    measured: float | None  # LUFS before; None for silence
    gain_db: float
    limited: bool  # whether peaks were held back


def levelled(samples: Samples, rate: int, target: float) -> Levelled:
    """The samples at `target` LUFS, with no true peak above -1 dB; silence stays as it is."""
    measured = integrated(samples, rate)
    if measured is None:
        return Levelled(samples, None, 0.0, limited=False)
    gain = min(target - measured, MOST_GAIN_DB)
    for _ in range(MOST_ROUNDS):
        sound = samples.astype(np.float32) * np.float32(10 ** (gain / 20) / 32768)
        held = _held_back(sound, rate)
        louder = np.clip(np.rint((sound if held is None else held) * 32768), -32768, 32767).astype(np.int16)
        if held is None or _lost(sound, held) < TOLERATED_DB:
            break
        gain += target - (integrated(louder, rate) or target)
    return Levelled(louder, round(measured, 2), round(gain, 2), limited=held is not None)


def _lost(sound: Floats, held: Floats) -> float:
    """How much quieter it became, in dB."""
    return 10 * math.log10(float(np.vdot(sound, sound)) / max(float(np.vdot(held, held)), 1e-12))


def integrated(samples: Samples, rate: int) -> float | None:
    """The gated loudness in LUFS; of a sound shorter than a block, without gates; None for silence."""
    step = round(STEP_S * rate)
    powers = _powers(samples, rate, step)
    if len(powers) < STEPS:
        mean = float(powers.sum()) * step / max(1, len(samples)) if len(powers) else 0.0
        return _lufs(mean) if _lufs(mean) > ABSOLUTE_GATE else None
    blocks = np.convolve(powers, np.full(STEPS, 1 / STEPS), "valid")
    heard = blocks[blocks > 10 ** ((ABSOLUTE_GATE - OFFSET) / 10)]
    if not len(heard):
        return None
    gate = float(heard.mean()) * 10 ** (RELATIVE_GATE / 10)
    return _lufs(float(heard[heard > gate].mean()))


def _lufs(power: float) -> float:
    return OFFSET + 10 * math.log10(power) if power > 0 else -math.inf


def _powers(samples: Samples, rate: int, step: int) -> npt.NDArray[np.float64]:
    """The mean square of each weighted step; the last one is filled up with silence."""
    count = -(-len(samples) // step)
    squares = np.zeros(count * step, np.float32)
    response, stride = _response(rate), BLOCK - SETTLED
    for begin in range(0, len(samples), stride):
        block = np.zeros(BLOCK, np.float32)
        first = max(0, begin - SETTLED)
        part = samples[first : begin + stride]
        at = SETTLED - (begin - first)
        block[at : at + len(part)] = part
        weighted = np.fft.irfft(np.fft.rfft(block) * response)[SETTLED:]
        end = min(begin + stride, len(samples))
        squares[begin:end] = np.square(weighted[: end - begin] / 32768)
    powers: npt.NDArray[np.float64] = squares.reshape(count, step).mean(axis=1, dtype=np.float64)
    return powers


def _response(rate: int) -> npt.NDArray[np.complex64]:
    """What the two filters of the weighting do to each frequency of a transform.

    Their poles at any rate: B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement" (2018).
    """
    z = np.exp(-2j * np.pi * np.arange(BLOCK // 2 + 1) / BLOCK)
    k, q, high = (
        math.tan(math.pi * 1681.974450955533 / rate),
        0.7071752369554196,
        10 ** (3.999843853973347 / 20),
    )
    middle = high**0.4996667741545416
    shelf = _biquad(
        z,
        (high + middle * k / q + k * k, 2 * (k * k - high), high - middle * k / q + k * k),
        (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k),
    )
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    whole = 1 + k / q + k * k
    cut = _biquad(z, (whole, -2 * whole, whole), (whole, 2 * (k * k - 1), 1 - k / q + k * k))
    response: npt.NDArray[np.complex64] = (shelf * cut).astype(np.complex64)
    return response


def _biquad(
    z: npt.NDArray[np.complex128], b: tuple[float, ...], a: tuple[float, ...]
) -> npt.NDArray[np.complex128]:
    above, below = (c[0] + c[1] * z + c[2] * z * z for c in (b, a))
    return above / below


def _held_back(sound: Floats, rate: int) -> Floats | None:
    """The sound with its peaks held below PEAK by a gain that moves over some 5 ms; None where none is above."""
    hop = max(1, rate // 1000)
    needed = np.minimum(1.0, PEAK / np.maximum(_peaks(sound, hop), 1e-9))
    if float(needed.min(initial=1.0)) >= 1.0:
        return None
    reach = 5  # hops: smoothed within what was lowered, so that it is low enough at the peak itself
    lowest = np.lib.stride_tricks.sliding_window_view(
        np.pad(needed, 2 * reach + 1, constant_values=1.0), 2 * reach + 3
    )
    smooth = np.convolve(lowest.min(axis=1), np.full(2 * reach + 1, 1 / (2 * reach + 1)), "valid")
    wider = np.convolve(smooth < 1.0, np.ones(3), "same") > 0  # a hop is faded into by its neighbours
    indices = np.flatnonzero(np.repeat(wider, hop)[: len(sound)])
    middles = np.arange(len(smooth)) * hop + (hop - 1) / 2
    held = sound.copy()
    held[indices] *= np.interp(indices, middles, smooth).astype(np.float32)
    return held


def _peaks(sound: Floats, hop: int) -> Floats:
    """The highest true peak of each hop, where it may be above PEAK; elsewhere the highest sample."""
    count = -(-len(sound) // hop)
    highest = np.zeros(count * hop, np.float32)
    np.abs(sound, out=highest[: len(sound)])
    peaks: Floats = highest.reshape(count, hop).max(axis=1, initial=0.0)
    near = np.flatnonzero(highest[: len(sound)] > PEAK * NEAR)
    if len(near):
        indices = np.union1d(near, np.maximum(near - 1, 0))
        np.maximum.at(peaks, indices // hop, true_peaks(sound, indices))
    return peaks


def true_peaks(sound: Floats, indices: npt.NDArray[np.intp]) -> Floats:
    """How high the wave goes between each of these samples and the next, by fourfold oversampling."""
    offsets = np.arange(TAPS) - TAPS // 2 + 1
    padded = np.pad(sound, TAPS // 2)
    around = np.lib.stride_tricks.sliding_window_view(padded, TAPS)[indices + 1]
    filters = []
    for phase in range(1, PHASES):
        distance = offsets - phase / PHASES
        taps = np.sinc(distance) * np.cos(np.pi * distance / (TAPS + 1)) ** 2
        filters.append((taps / taps.sum()).astype(np.float32))
    highest: Floats = np.abs(around @ np.stack(filters, axis=1)).max(axis=1, initial=0.0)
    return highest
