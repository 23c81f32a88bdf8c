"""Cutting a stream of samples that is never whole in memory: what of it stays, faded at the joins. For children."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reelyard.media.sample_ranges import SampleRange

SILENCE_AT_ONCE = 1 << 16  # samples


class Cutter:
    """Gives the samples of `ranges` (ascending) out of blocks that are fed in order, each with its place.

    What no block holds is silence; of blocks that overlap the first counts.
    """

    def __init__(self, ranges: Sequence[SampleRange], channels: int, form: str, numbers: Any) -> None:
        """`form` is the samples' dtype; `numbers` is the numpy module, which only children load."""
        self._ranges = ranges
        self._blank = numbers.zeros((channels, SILENCE_AT_ONCE), form)
        self._np = numbers
        self._range = 0
        self._done = 0  # samples of the current range

    @property
    def finished(self) -> bool:
        """Whether nothing that may come is wanted any more."""
        return self._range >= len(self._ranges)

    def feed(self, place: int, block: Any) -> Iterator[Any]:
        """Kept samples, faded at joins, out of a block (channels x samples) that begins at `place`."""
        end = place + block.shape[1]
        while not self.finished:
            current = self._ranges[self._range]
            wanted = current.start + self._done
            if wanted < place:
                yield from self._silence(min(place, current.start + current.length) - wanted)
                continue
            if wanted >= end:
                return
            count = min(end - wanted, current.length - self._done)
            yield self._faded(block[:, wanted - place : wanted - place + count], current)
            self._advance(count)

    def finish(self) -> Iterator[Any]:
        """Silence for all that is still owed."""
        while not self.finished:
            yield from self._silence(self._ranges[self._range].length - self._done)

    def _silence(self, count: int) -> Iterator[Any]:
        for at in range(0, count, SILENCE_AT_ONCE):
            yield self._blank[:, : min(SILENCE_AT_ONCE, count - at)]
        self._advance(count)

    def _faded(self, part: Any, current: SampleRange) -> Any:
        """The part times a ramp, where it touches one: from 0 to 1 over the first samples, back over the last."""
        count = part.shape[1]
        before, after = self._done, current.length - self._done - count
        if before >= current.fade_in and after >= current.fade_out:
            return part
        at = self._np.arange(before, before + count)  # whole numbers: single floats count to 16 million only
        gain = self._np.ones(count)
        if current.fade_in:
            gain = self._np.minimum(gain, at / current.fade_in)
        if current.fade_out:
            gain = self._np.minimum(gain, (current.length - 1 - at) / current.fade_out)
        return (part * gain).astype(part.dtype)

    def _advance(self, count: int) -> None:
        self._done += count
        while not self.finished and self._done >= self._ranges[self._range].length:
            self._range += 1
            self._done = 0
