"""The cutter that a stream of samples runs through: what of it stays, with fades at the joins."""

from __future__ import annotations

from typing import Any, BinaryIO

from reelyard.media.sample_ranges import SampleRange


class Cutter:
    """Takes a sound block by block from the file's clock 0 on and writes what of it stays."""

    def __init__(self, pieces: tuple[SampleRange, ...], out: BinaryIO, blank: bytes) -> None:
        """`blank` is one silent sample of all channels; its length is a sample's."""
        self._pieces = pieces
        self._out = out
        self._blank = blank
        self._index = 0  # the piece that is being written
        self._within = 0  # samples of it that are written
        self._at = 0  # samples taken

    @property
    def taken(self) -> int:
        return self._at

    @property
    def full(self) -> bool:
        """Whether nothing that may come is wanted any more."""
        return self._index == len(self._pieces)

    def feed(self, block: Any) -> None:
        """Take the next samples: an array of (samples, channels)."""
        begin, self._at = self._at, self._at + len(block)
        while not self.full:
            piece = self._pieces[self._index]
            if piece.start + self._within < begin:  # before the file's clock began
                self._silence(min(begin - piece.start, piece.length) - self._within)
                continue
            wanted = piece.start + self._within
            ready = min(piece.start + piece.length, self._at) - wanted
            if ready <= 0:
                return
            self._out.write(self._faded(piece, block[wanted - begin : wanted - begin + ready]).tobytes())
            self._advance(ready)

    def finish(self) -> int:
        """Fill with silence what the sound was too short for; returns how many samples that were."""
        missing = 0
        while not self.full:
            count = self._pieces[self._index].length - self._within
            self._silence(count)
            missing += count
        return missing

    def _silence(self, count: int) -> None:
        for begin in range(0, count, 65536):
            self._out.write(self._blank * min(65536, count - begin))
        self._advance(count)

    def _advance(self, count: int) -> None:
        self._within += count
        if self._within >= self._pieces[self._index].length:
            self._index, self._within = self._index + 1, 0

    def _faded(self, piece: SampleRange, samples: Any) -> Any:
        first, last = self._within, self._within + len(samples)
        if first >= piece.fade_in and last <= piece.length - piece.fade_out:
            return samples
        import numpy as np  # noqa: PLC0415 - 100 ms, and in the child only

        place = np.arange(first, last)
        rising = (place + 0.5) / max(piece.fade_in, 0.5)
        falling = (piece.length - place - 0.5) / max(piece.fade_out, 0.5)
        gain = np.clip(np.minimum(rising, falling), 0, 1)[:, None]
        return (samples * gain).astype(samples.dtype)
