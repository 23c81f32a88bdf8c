"""What highlights are found by, and the score that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from reelyard.media.highlights import ReasonKind
from reelyard.media.transcript import Segment, Transcript, Word
from reelyard.tools.sound.levels import Levels

TICKS = 10  # values of the score a second
FADE_S = 3.0  # how long something is still felt before and after, so that what is near adds up
LONGEST_WORD_S = 5.0  # a word said to last longer was timed wrongly


@dataclass(frozen=True)
class Signals:
    """What is known of a film; times are seconds on the file's clock. What is None was not looked at."""

    duration_s: float
    levels: Levels | None = None
    transcript: Transcript | None = None
    scenes: Sequence[float] | None = None  # when the picture changes

    @property
    def ticks(self) -> int:
        return max(1, int(self.duration_s * TICKS))

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self.transcript.segments if self.transcript is not None else ()

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in order, none reaching into the next; timed by their length where they were not timed."""
        found = sorted((w for s in self.segments for w in words_of(s)), key=lambda word: word.start)
        nexts = [*(word.start for word in found), self.duration_s][1:]
        return tuple(
            Word(word.start, min(max(word.start, word.end), after, word.start + LONGEST_WORD_S), word.text)
            for word, after in zip(found, nexts, strict=True)
            if word.start < self.duration_s
        )

    @property
    def looked_at(self) -> tuple[str, ...]:
        """Which of "sound", "words" and "pictures"."""
        known = {"sound": self.levels, "words": self.transcript, "pictures": self.scenes}
        return tuple(name for name, value in known.items() if value is not None)


def words_of(segment: Segment) -> tuple[Word, ...]:
    """A segment's words; one whose words have no times has them spread over it by their length."""
    if segment.words:
        return segment.words
    texts = segment.text.split()
    sizes = [0]
    for text in texts:
        sizes.append(sizes[-1] + len(text) + 1)
    pace = (segment.end - segment.start) / max(1, sizes[-1])
    edges = [round(segment.start + size * pace, 3) for size in sizes]
    return tuple(Word(begin, end, text) for (begin, end), text in zip(pairwise(edges), texts, strict=True))


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a score is made of."""

    kind: ReasonKind
    weight: float  # the score that it makes alone, at its strongest
    curve: Sequence[float]  # 0 to 1 for each tick
    tell: Callable[[float, float], str]  # what to say of it between two times

    def strength(self, start: float, end: float) -> float:
        """Its share of the score at its strongest between two times, 0 to `weight`."""
        first = max(0, int(start * TICKS))
        return self.weight * max(self.curve[first : max(first + 1, int(end * TICKS))], default=0.0)


def score(parts: Sequence[Part], ticks: int) -> list[float]:
    """The score over time: each part adds its share of what is left up to 1.

    So one strong thing is enough, several weak ones add up, and no order of the parts matters.
    """
    left = [1.0] * ticks
    for part in parts:
        weight = part.weight
        left = [rest * (1 - weight * value) for rest, value in zip(left, faded(part.curve), strict=True)]
    return [1 - rest for rest in left]


def faded(curve: Sequence[float]) -> list[float]:
    """The curve with each value fading out over FADE_S before and after it."""
    step = 1 / (FADE_S * TICKS)
    result = list(curve)
    for order in (range(len(result)), range(len(result) - 1, -1, -1)):
        felt = 0.0
        for index in order:
            felt = result[index] = max(result[index], felt - step)
    return result


def share(value: float, nothing: float, everything: float) -> float:
    """Where `value` lies between two limits, 0 to 1."""
    return min(1.0, max(0.0, (value - nothing) / (everything - nothing)))


def marked(ticks: int, spans: Sequence[tuple[float, float, float]]) -> list[float]:
    """A curve from (start, end, value), the highest where they overlap."""
    curve = [0.0] * ticks
    for start, end, value in spans:
        for tick in range(max(0, int(start * TICKS)), min(ticks, int(end * TICKS) + 1)):
            curve[tick] = max(curve[tick], value)
    return curve
