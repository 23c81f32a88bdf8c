"""How far a batch is, when it will end, how fast it goes: honest figures, or none.

Pure. The end is found by playing the remaining stages through on the slots that there are, since items run
side by side and their stages at unlike speed; what no finished work tells of is unknown.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reelyard.core.batches.estimate import Estimate
from reelyard.core.batches.states import Counts

ALMOST = 99.9  # per cent: the most that is shown of what has not ended


def item_progress(shares: Sequence[float], stage_index: int, fraction: float = 0.0) -> float:
    """Per cent of an item: `shares` of its planned stages, how many of them ended, how far the next one is.

    100 only when every stage has ended. Never falls as `stage_index` and then `fraction` grow.
    """
    if stage_index >= len(shares):
        return 100.0
    weights = shares if sum(shares) > 0 else [1.0] * len(shares)
    done = sum(weights[:stage_index]) + weights[stage_index] * min(1.0, max(0.0, fraction))
    return min(ALMOST, 100.0 * done / sum(weights))


def batch_progress(counts: Counts, running: Iterable[float] = ()) -> float:
    """Per cent of a batch: ended items, and the fraction (0 to 1) of each that runs; 0 when it is empty."""
    if not counts.total:
        return 0.0
    if not counts.live:
        return 100.0
    fractions = sum(min(1.0, max(0.0, fraction)) for fraction in running)
    ended = counts.total - counts.live
    return min(ALMOST, 100.0 * (ended + min(fractions, counts.live)) / counts.total)


def ended_percentage(counts: Counts) -> float:
    """(completed + failed) / total, 0 when empty: the figure of the door for films."""
    return 100.0 * (counts.completed + counts.failed) / counts.total if counts.total else 0.0


@dataclass(frozen=True, slots=True)
class StageLeft:
    """A stage still to be done, or the rest of one that runs; `estimate` None when it is unknown."""

    pool: str
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class ItemLeft:
    """An item that has not ended, with the stages that it still needs, in order."""

    id: str
    stages: tuple[StageLeft, ...]
    admitted: bool = False  # it counts against the concurrency already
    running: bool = False  # its first stage holds a slot
    ready_in_s: float = 0.0  # until its next try is due

    @property
    def known(self) -> bool:
        return all(stage.estimate is not None for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the batch can have: items at once (the least of all its limits), and slots in each pool.

    Slots that it holds already are among them.
    """

    concurrency: int
    slots: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Eta:
    """Seconds until the end, plus or minus `spread_s`; None is unknown. `items` holds what is known."""

    seconds: float | None
    spread_s: float | None
    items: Mapping[str, float]


def eta(items: Sequence[ItemLeft], capacity: Capacity) -> Eta:
    """When the batch and each of its items will end, if nothing is paused or added.

    `items` stand in the order of their turn. Takes about 3 µs for each stage: with 10,000 items, ask once in
    several seconds and not in every tick.
    """
    if not all(item.known for item in items):
        return Eta(None, None, {item.id: _alone(item) for item in items if item.running and item.known})
    ends = _Playthrough(items, capacity).ends()
    finished = {item.id: end for item, end in zip(items, ends, strict=True) if end is not None}
    if len(finished) < len(items):
        return Eta(None, None, finished)
    total = max(finished.values(), default=0.0)
    return Eta(total, _spread(items, total), finished)


def _alone(item: ItemLeft) -> float:
    return item.ready_in_s + sum(each.seconds for each in _estimates([item]))


def _estimates(items: Iterable[ItemLeft]) -> list[Estimate]:
    return [stage.estimate for item in items for stage in item.stages if stage.estimate is not None]


def _spread(items: Iterable[ItemLeft], total: float) -> float:
    """What stages are off by themselves evens out over many; what their kind is off by does not."""
    estimates = _estimates(items)
    work = sum(each.seconds for each in estimates)
    if not work:
        return 0.0
    shared = sum(each.shared_error_s for each in estimates)
    own = math.hypot(*(each.own_error_s for each in estimates))
    return math.hypot(shared, own) * min(1.0, total / work)


class _Playthrough:
    """The remaining work played through: begun items first, then in turn, on limited slots and places."""

    def __init__(self, items: Sequence[ItemLeft], capacity: Capacity) -> None:
        self._items = items
        self._free = dict(capacity.slots)
        self._places = capacity.concurrency
        self._done = [0] * len(items)  # stages
        self._ends: list[float | None] = [None] * len(items)
        self._events: list[tuple[float, int, bool]] = []  # time, item, a stage ended there
        self._begun: dict[str, list[int]] = {}
        self._waiting: dict[str, list[int]] = {}

    def ends(self) -> list[float | None]:
        """Seconds until each item ends; None where there is no slot for it at all."""
        for index, item in enumerate(self._items):
            self._enter(index, item)
        self._fill(0.0)
        while self._events:
            now = self._events[0][0]
            while self._events and self._events[0][0] <= now:
                _, index, ended = heapq.heappop(self._events)
                if ended:
                    self._leave_stage(index, now)
                else:
                    self._queue(index)
            self._fill(now)
        return self._ends

    def _enter(self, index: int, item: ItemLeft) -> None:
        if not item.stages:
            self._ends[index] = item.ready_in_s
            return
        if item.admitted or item.running:
            self._places -= 1
        if item.running:
            self._start(index, 0.0)
        elif item.ready_in_s > 0:
            heapq.heappush(self._events, (item.ready_in_s, index, False))
        else:
            self._queue(index)

    def _queue(self, index: int) -> None:
        item = self._items[index]
        begun = item.admitted or item.running or self._done[index] > 0
        queues = self._begun if begun else self._waiting
        heapq.heappush(queues.setdefault(item.stages[self._done[index]].pool, []), index)

    def _start(self, index: int, now: float) -> None:
        stage = self._items[index].stages[self._done[index]]
        self._free[stage.pool] = self._free.get(stage.pool, 0) - 1
        seconds = stage.estimate.seconds if stage.estimate is not None else 0.0
        heapq.heappush(self._events, (now + seconds, index, True))

    def _leave_stage(self, index: int, now: float) -> None:
        stages = self._items[index].stages
        self._free[stages[self._done[index]].pool] += 1
        self._done[index] += 1
        if self._done[index] < len(stages):
            self._queue(index)
            return
        self._places += 1
        self._ends[index] = now

    def _fill(self, now: float) -> None:
        for pool, free in self._free.items():
            begun, waiting = self._begun.get(pool, []), self._waiting.get(pool, [])
            for _ in range(free):
                if begun:
                    self._start(heapq.heappop(begun), now)
                elif waiting and self._places > 0:
                    self._places -= 1
                    self._start(heapq.heappop(waiting), now)
                else:
                    break


@dataclass(frozen=True, slots=True)
class Throughput:
    """Megabytes (1,000,000 bytes) of finished input a second, over a sliding window.

    Times are seconds that the batch was at work, pauses left out (`active_seconds`). The window is at least
    `span_s` long and reaches back over the last `least` finishes: few large items give a figure too. What
    finishes within a second is one finish, so that a window is never long to read.
    """

    span_s: float = 60.0
    least: int = 3
    finished: tuple[tuple[float, int], ...] = ()  # when, bytes; oldest first

    def after(self, active_s: float, size: int) -> Throughput:
        """With one more item finished; times must not run backwards."""
        if self.finished and active_s - self.finished[-1][0] < 1.0:
            when, before = self.finished[-1]
            return replace(self, finished=(*self.finished[:-1], (when, before + size)))
        finished = (*self.finished, (active_s, size))
        start = self._start(finished, active_s)
        # The last one before the window stays: the next window may begin there.
        outside = sum(when <= start for when, _ in finished)
        return replace(self, finished=finished[max(0, outside - 1) :])

    def mb_per_s(self, active_s: float) -> float | None:
        """The figure now; None while nothing has finished."""
        start = self._start(self.finished, active_s)
        inside = sum(size for when, size in self.finished if when > start)
        return inside / 1e6 / (active_s - start) if inside and active_s > start else None

    def _start(self, finished: tuple[tuple[float, int], ...], active_s: float) -> float:
        reach = finished[-self.least - 1][0] if len(finished) > self.least else 0.0
        return max(0.0, min(reach, active_s - self.span_s))


def active_seconds(started: float, now: float, pauses: Iterable[tuple[float, float | None]]) -> float:
    """Seconds between `started` and `now` that lie in no pause; a pause without an end lasts on.

    Pauses do not overlap each other.
    """
    paused = sum(
        max(0.0, min(now, now if end is None else end) - max(started, begin)) for begin, end in pauses
    )
    return max(0.0, now - started - paused)
