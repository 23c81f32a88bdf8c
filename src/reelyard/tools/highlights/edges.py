"""Where a highlight can begin and end: between words, best between sentences, else where it is quiet."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from reelyard.tools.highlights.loudness import tick_levels
from reelyard.tools.highlights.signals import TICKS, Signals

LEAST_S, MOST_S = 3.0, 60.0  # a highlight's length
REACH_S = 4.0  # how far an edge moves to the edge of a sentence
AIR_S = 0.15  # left before and after what is said
NEAR_S = 1.5  # how far an edge moves to a quiet place or a change of picture


class Edges:
    """Moves the edges of stretches to good places. Times are seconds on the file's clock."""

    def __init__(self, signals: Signals) -> None:
        self.duration = int(signals.duration_s * 1000) / 1000  # edges are whole milliseconds
        self.least = min(LEAST_S, self.duration)
        self._words = [(word.start, word.end) for word in signals.words]
        self._starts = [start for start, _ in self._words]
        self._begins = [segment.start for segment in signals.segments]
        self._ends = [segment.end for segment in signals.segments]
        self._scenes = sorted(signals.scenes or ())
        levels = signals.levels
        self._quiet = tick_levels(levels, signals.ticks) if levels is not None else []

    def fit(
        self, start: float, end: float, room: tuple[float, float], reach: float = REACH_S
    ) -> tuple[float, float]:
        """A stretch around start to end, within `room`, which has to be `least` seconds long.

        It is at least `least` and at most MOST_S seconds long if what is given is at most MOST_S - 2 * (reach +
        NEAR_S), and never begins or ends within a word, unless the room does.
        """
        first = self._start(start, room, reach)
        last = self._end(end, room, reach)
        if last - first < self.least:  # into the silence around it first
            last = max(last, min(room[1], first + self.least, self._next_word(last)))
            first = min(first, max(room[0], last - self.least, self._word_before(first)))
        if last - first < self.least:
            last = self._after(min(room[1], first + self.least), room)
        if last - first < self.least:
            first = self._before(max(room[0], last - self.least), room)
        return round(first, 3), round(last, 3)

    def _next_word(self, at: float) -> float:
        index = bisect_left(self._starts, at)
        return self._starts[index] if index < len(self._starts) else self.duration

    def _word_before(self, at: float) -> float:
        index = bisect_right(self._starts, at) - 1
        return min(at, self._words[index][1]) if index >= 0 else 0.0

    def _start(self, wanted: float, room: tuple[float, float], reach: float) -> float:
        index = bisect_right(self._begins, wanted) - 1
        if index >= 0 and wanted - self._begins[index] <= reach and wanted <= self._ends[index]:
            return self._before(max(room[0], self._begins[index] - AIR_S), room)
        return self._before(self._calm(wanted, -NEAR_S, room), room)

    def _end(self, wanted: float, room: tuple[float, float], reach: float) -> float:
        index = bisect_left(self._ends, wanted)
        within = index < len(self._ends) and self._begins[index] <= wanted
        if within and self._ends[index] - wanted <= reach:
            return self._after(min(room[1], self._ends[index] + AIR_S), room)
        return self._after(self._calm(wanted, NEAR_S, room), room)

    def _calm(self, wanted: float, towards: float, room: tuple[float, float]) -> float:
        """The nearest change of picture, else the quietest place, between `wanted` and `towards` from it."""
        low, high = sorted((wanted, wanted + towards))
        low, high = max(low, room[0]), min(high, room[1])
        scenes = self._scenes[bisect_left(self._scenes, low) : bisect_right(self._scenes, high)]
        if scenes:
            return scenes[-1] if towards < 0 else scenes[0]
        ticks = range(int(low * TICKS) + 1, min(len(self._quiet), int(high * TICKS)))
        if not ticks:
            return min(max(wanted, room[0]), room[1])
        return min(ticks, key=lambda tick: (self._quiet[tick], abs(tick - wanted * TICKS))) / TICKS

    def _before(self, at: float, room: tuple[float, float]) -> float:
        word = self._word_at(at)
        if word is None:
            return at
        return word[0] if word[0] >= room[0] else word[1]

    def _after(self, at: float, room: tuple[float, float]) -> float:
        word = self._word_at(at)
        if word is None:
            return at
        return word[1] if word[1] <= room[1] else at

    def _word_at(self, at: float) -> tuple[float, float] | None:
        index = bisect_left(self._starts, at) - 1
        return self._words[index] if index >= 0 and at < self._words[index][1] else None
