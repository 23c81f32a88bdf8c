"""Which stretches are taken, given a score over time."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reelyard.media.highlights import Sensitivity
from reelyard.tools.highlights.edges import MOST_S, NEAR_S, REACH_S, Edges
from reelyard.tools.highlights.signals import FADE_S, TICKS

HALF_S = 20.0  # how far a stretch reaches from its peak at most
STILL = 0.5  # of the peak: where the score falls below it, the stretch ends
CROWDED = 0.5  # what counts directly beside a stretch that was taken
KEYWORD_REACH_S = 9.0  # a keyword brings its sentence with it


@dataclass(frozen=True, slots=True)
class Level:
    """What a sensitivity means."""

    score: float  # that must be reached
    a_minute: float  # at most so many for each minute of film …
    least: int  # … but so many in any film …
    most: int  # … and no more than these

    def count(self, duration_s: float) -> int:
        return min(self.most, max(self.least, round(duration_s / 60 * self.a_minute)))


# Each is laxer in everything than the one before, so that it finds all that the one before it found.
LEVELS = {
    Sensitivity.LOW: Level(0.6, 0.25, 3, 10),
    Sensitivity.MEDIUM: Level(0.45, 0.5, 6, 20),
    Sensitivity.HIGH: Level(0.3, 1.0, 10, 40),
    Sensitivity.MAX: Level(0.18, 2.0, 20, 100),
}

Span = tuple[float, float]


def chosen(
    score: Sequence[float], wanted: Sequence[Span], edges: Edges, sensitivity: Sensitivity
) -> tuple[Span, ...]:
    """The stretches to take, in order: those around `wanted` (where keywords are said), then the best others by `score`.

    The best is taken first. What is near one that was taken counts less, so that they spread over the film.
    """
    level = LEVELS[sensitivity]
    choice = _Choice(list(score), edges)
    choice.take_wanted(wanted)
    count = level.count(edges.duration)
    for _ in choice.take_best(level.score):
        count -= 1
        if count <= 0:
            break
    return tuple(choice.taken)


class _Choice:
    def __init__(self, score: list[float], edges: Edges) -> None:
        self._score = score  # what is still to be had
        self._edges = edges
        self._spread = min(120.0, max(10.0, edges.duration / 10))
        self.taken: list[Span] = []

    def take_wanted(self, wanted: Sequence[Span]) -> None:
        nexts = [*(start for start, _ in wanted), self._edges.duration][1:]
        for (start, end), after in zip(wanted, nexts, strict=True):
            before = self.taken[-1][1] if self.taken else 0.0
            reach = min(KEYWORD_REACH_S, max(0.0, (MOST_S - (end - start)) / 2 - NEAR_S))
            self._take(self._edges.fit(start, end, (before, after), reach))

    def take_best(self, threshold: float) -> Iterator[Span]:
        while self._score:
            peak = max(self._score)
            if peak < threshold:
                return
            tick = self._score.index(peak)
            at = tick / TICKS
            index = bisect_left(self.taken, (at, at))
            low = self.taken[index - 1][1] if index else 0.0
            high = self.taken[index][0] if index < len(self.taken) else self._edges.duration
            if high - low < self._edges.least:
                self._forget(low, high)
            else:
                start, end = self._around(tick, peak, (low, high))
                yield self._take(self._edges.fit(start, end, (low, high), REACH_S))
            self._score[tick] = 0.0

    def _around(self, tick: int, peak: float, room: Span) -> Span:
        """Where the score stays near its peak."""
        first = last = tick
        low = max(int(room[0] * TICKS) + 1, tick - int(HALF_S * TICKS))
        high = min(int(room[1] * TICKS), len(self._score), tick + int(HALF_S * TICKS))
        while first > low and self._score[first - 1] >= peak * STILL:
            first -= 1
        while last + 1 < high and self._score[last + 1] >= peak * STILL:
            last += 1
        at = min(max(first / TICKS, room[0]), room[1])
        return at, min(max(at, (last + 1) / TICKS), room[1])

    def _take(self, span: Span) -> Span:
        insort(self.taken, span)
        start, end = span
        self._forget(start - FADE_S, end + FADE_S)  # what is there is felt from here
        for tick in range(
            max(0, int((start - self._spread) * TICKS)),
            min(len(self._score), int((end + self._spread) * TICKS)),
        ):
            away = max(start - tick / TICKS, tick / TICKS - end, 0.0)
            self._score[tick] *= CROWDED + (1 - CROWDED) * min(1.0, away / self._spread)
        return span

    def _forget(self, start: float, end: float) -> None:
        first, last = max(0, int(start * TICKS)), min(len(self._score), int(end * TICKS) + 1)
        self._score[first:last] = [0.0] * max(0, last - first)
