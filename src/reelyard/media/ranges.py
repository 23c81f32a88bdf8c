"""Ranges of time and of frames, exact: decimals would lose and double frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

Seconds = Fraction | int | float | str


def exact(value: Seconds) -> Fraction:
    """Seconds as a rational. A float counts as it is written: 0.1 is 1/10. Raises ValueError."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """From `start` up to, but not including, `end`, in seconds."""

    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a range cannot end at {self.end} before it starts at {self.start}")

    @classmethod
    def of(cls, start: Seconds, end: Seconds) -> Self:
        return cls(exact(start), exact(end))

    @property
    def length(self) -> Fraction:
        return self.end - self.start

    def overlaps(self, other: TimeRange) -> bool:
        return self.start < other.end and other.start < self.end

    def clipped(self, to: TimeRange) -> TimeRange | None:
        """What of this range lies inside `to`; None when nothing does."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return TimeRange(start, end) if start < end else None

    def shifted(self, by: Seconds) -> TimeRange:
        return TimeRange(self.start + exact(by), self.end + exact(by))

    def to_json(self) -> dict[str, str]:
        """Rationals as text, such as "1001/30", so that nothing is lost."""
        return {"start": str(self.start), "end": str(self.end)}

    @classmethod
    def from_json(cls, value: dict[str, str]) -> Self:
        return cls.of(value["start"], value["end"])


@dataclass(frozen=True, slots=True, order=True)
class FrameRange:
    """Frames `start` up to, but not including, `end`, of a film or of a sound at `rate` a second."""

    start: int
    end: int
    rate: Fraction

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a range cannot end at frame {self.end} before it starts at frame {self.start}")

    @classmethod
    def covering(cls, time: TimeRange, rate: Fraction) -> Self:
        """The fewest whole frames that hold all of `time`."""
        return cls(int(time.start * rate), -int(-(time.end * rate) // 1), rate)

    @property
    def time(self) -> TimeRange:
        return TimeRange(self.start / self.rate, self.end / self.rate)

    def __len__(self) -> int:
        return self.end - self.start


def merged(ranges: Iterable[TimeRange], gap: Seconds = 0) -> tuple[TimeRange, ...]:
    """The ranges in order, those joined that overlap or lie at most `gap` seconds apart."""
    apart = exact(gap)
    result: list[TimeRange] = []
    for one in sorted(ranges):
        if result and one.start - result[-1].end <= apart:
            result[-1] = TimeRange(result[-1].start, max(result[-1].end, one.end))
        else:
            result.append(one)
    return tuple(result)


def between(ranges: Iterable[TimeRange], within: TimeRange) -> tuple[TimeRange, ...]:
    """What of `within` no range covers."""
    result: list[TimeRange] = []
    at = within.start
    for one in merged(ranges):
        if one.start > at:
            result.append(TimeRange(at, min(one.start, within.end)))
        at = max(at, one.end)
        if at >= within.end:
            break
    if at < within.end:
        result.append(TimeRange(at, within.end))
    return tuple(r for r in result if r.length > 0)
