"""SMPTE time code: frames by their number in hours, minutes, seconds, frames; drop-frame for the NTSC rates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

_WRITTEN = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)([:;.,])(\d{2,3})")
DROPPING = (Fraction(30000, 1001), Fraction(60000, 1001), Fraction(120000, 1001))


@dataclass(frozen=True, slots=True)
class TimeCode:
    """How frames are named; `first` is the number of frame 0.

    Drop-frame leaves out the first two numbers (four at 59.94, eight at 119.88) of every minute but each tenth, so
    that the names keep up with the clock (SMPTE ST 12-1).
    """

    rate: Fraction
    drop: bool
    first: int = 0

    @classmethod
    def of(cls, rate: Fraction, written: str | None = None) -> Self:
        """That of a file, from the time code of its first frame; from zero, as is usual at its rate, without one."""
        usual = cls(rate, rate in DROPPING)
        match = _WRITTEN.fullmatch(written.strip()) if written else None
        if match is None:
            return usual
        drop = usual.drop and match[4] != ":"
        hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
        clock = cls(rate, drop)
        if hours >= 24 or frames >= clock.nominal:
            return usual
        whole = (hours * 60 + minutes) * 60 + seconds
        return cls(rate, drop, whole * clock.nominal + frames - clock._left_out(hours * 60 + minutes))

    @property
    def nominal(self) -> int:
        """Frames counted in a second of the names: 30 for 29.97."""
        return max(1, round(self.rate))

    def text(self, frame: int) -> str:
        """The name of a frame; after 24 hours the names begin again."""
        number = (self.first + frame) % self._day
        if self.drop:
            number += self._skipped_before(number)
        seconds, frames = divmod(number, self.nominal)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        return f"{hours:02d}:{minute:02d}:{second:02d}{';' if self.drop else ':'}{frames:02d}"

    @property
    def _a_minute(self) -> int:
        """Numbers left out in a minute."""
        return self.nominal // 15 if self.drop else 0

    def _left_out(self, minutes: int) -> int:
        return self._a_minute * (minutes - minutes // 10)

    @property
    def _day(self) -> int:
        return 24 * 3600 * self.nominal - self._left_out(24 * 60)

    def _skipped_before(self, number: int) -> int:
        """How many numbers were left out up to the frame with this place in the count."""
        minute = 60 * self.nominal - self._a_minute
        tens, rest = divmod(number, 10 * minute + self._a_minute)
        within = max(0, rest - self._a_minute) // minute
        return self._a_minute * (9 * tens + within)
