"""Which samples of a sound go with the frames that a cut list keeps; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reelyard.media.cut_list import CutList

FADE_S = Fraction(5, 1000)  # at each side of a join: shorter clicks, longer is heard


@dataclass(frozen=True, slots=True)
class SampleRange:
    """What of a sound is kept: `length` samples from `start` on the file's clock, which may be before its first."""

    start: int
    length: int
    fade_in: int = 0  # samples
    fade_out: int = 0


def sample_ranges(cuts: CutList, rate: int) -> Iterator[SampleRange]:
    """The samples that go with the kept frames, at `rate` a second; together as long as the cut picture.

    Ends are rounded over the whole film, not range by range: however many cuts, the sound never drifts. The
    film's own beginning and end are no joins and not faded.
    """
    frames = done = 0
    for kept in cuts.kept:
        frames += len(kept)
        end = round(frames / cuts.rate * rate)
        length = end - done
        fade = min(int(FADE_S * rate), length // 2)
        yield SampleRange(
            start=round((cuts.start + kept.start / cuts.rate) * rate),
            length=length,
            fade_in=fade if kept.start > 0 else 0,
            fade_out=fade if kept.end < cuts.frames else 0,
        )
        done = end
