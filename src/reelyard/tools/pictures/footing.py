"""What things stand on: land all along under those of the land, water all along round boats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reelyard.tools.pictures.scene import Band, Ground

SAMPLES = 7
LOWEST = 0.985  # of the picture's height: feet below are not seen
HULL = 0.48  # of the width, to either side: what needs ground or water
STEP = 0.02  # of the picture's width: what stands has a step to spare, of a tenth of its own at most
AFLOAT = 0.15  # of its height: how far a boat keeps off the shore before it


@dataclass(frozen=True, slots=True)
class Footing:
    """The grounds of a picture, asked whether something can stand there."""

    bands: Sequence[Band]
    width: int
    height: int

    def half(self, band: int, wide: float) -> float:
        """How far to either side something so wide needs ground."""
        if self._wet(band):
            return HULL * wide
        return HULL * wide + min(STEP * self.width, 0.1 * wide)

    def level(self, band: int, x: float, wide: float) -> float:
        """The highest foot there with ground under all of it: where the edge of the ground is lowest."""
        if self._wet(band):
            return self.bands[band].at(x)
        return max(self.bands[band].at(at) for at in self._along(band, x, wide))

    def carries(self, band: int, x: float, wide: float, foot: float, size: float) -> bool:
        """Whether the ground is under it from end to end, and no water or shore before it hides where it stands."""
        if foot > LOWEST * self.height:
            return False
        wet, nearer = self._wet(band), self.bands[band + 1 :]
        clear = foot + AFLOAT * size if wet else foot
        for at in self._along(band, x, wide):
            if self.bands[band].at(at) > foot + 0.5:
                return False
            if any(one.at(at) < min(clear, self.height) for one in nearer if wet or _water(one)):
                return False
        return True

    def _along(self, band: int, x: float, wide: float) -> Iterator[float]:
        half = self.half(band, wide)
        for i in range(SAMPLES):
            yield x + half * (2 * i / (SAMPLES - 1) - 1)

    def _wet(self, band: int) -> bool:
        return _water(self.bands[band])


def _water(band: Band) -> bool:
    return band.ground is Ground.WATER
