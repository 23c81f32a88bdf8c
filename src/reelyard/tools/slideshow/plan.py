"""Which pictures of a film are encoded, and which are told by their neighbours; pure.

The film is linear between its `Stop`s: from one to the next it is held, or goes over evenly. Only stops are drawn
and encoded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from reelyard.tools.slideshow.motion import Course, Window, course_of, distance
from reelyard.tools.slideshow.order import RATE, FilmOrder
from reelyard.tools.slideshow.timeline import Stretch, Timeline

GROUP: Final = 10 * RATE  # frames from keyframe to keyframe at most, about
STEP: Final = 0.5  # pixels that the picture moves between two stops: a blend of both is as good as a picture
LONGEST: Final = 24  # frames between two stops of a blend: weights are whole 64ths, places are counted to 63
BATCH_SLIDES, BATCH_FRAMES = 4, 60 * RATE  # for one child


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame shows."""

    slide: int
    window: Window
    into: int | None = None
    into_window: Window | None = None
    weight: tuple[int, int] = (0, 1)  # of `into`
    cue: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A frame that is drawn, and how it goes on until the next one."""

    place: int
    key: bool
    look: Look
    held: int = 0  # frames that follow and repeat it
    blended: int = 0  # frames that follow these, going over to the next stop


@dataclass(frozen=True, slots=True)
class Batch:
    """Stops for one child; the first is a keyframe, and nothing refers across its ends."""

    begin: int
    end: int
    stops: tuple[Stop, ...]


def batches(order: FilmOrder, timeline: Timeline) -> Iterator[Batch]:
    """The whole film; where a batch ends depends on few slides before, so that most stay the same after a change."""
    waiting: list[Stop] = []
    begun = 0  # slides in it
    for first, stop in _Film(order, timeline).stops():
        begun += first
        full = waiting and stop.place - waiting[0].place >= BATCH_FRAMES
        if stop.key and waiting and (full or (first and begun > BATCH_SLIDES)):
            yield Batch(waiting[0].place, stop.place, tuple(waiting))
            waiting, begun = [], 1 if first else 0
        waiting.append(stop)
    yield Batch(waiting[0].place, timeline.frames, tuple(waiting))


class _Film:
    """The looks of a film's frames, and its stops in order."""

    def __init__(self, order: FilmOrder, timeline: Timeline) -> None:
        self._order, self._timeline = order, timeline
        self._starts = [shown.begin for shown in timeline.captions]
        changes = {at for shown in timeline.captions for at in (shown.begin, shown.end)}
        self._changes = sorted(changes - {0, timeline.frames})
        self._courses: dict[int, Course] = {}

    def stops(self) -> Iterator[tuple[bool, Stop]]:
        """Each stop, and whether it is the first keyframe of a slide."""
        before: Stop | None = None
        new_slide = False
        for number, stretch in enumerate(self._timeline.stretches):
            marks = self._marks(number, stretch)
            holds = stretch.into is None and not self._moves(stretch)
            if before is not None and stretch.begin not in marks:
                before = replace(before, blended=min(marks, default=stretch.end) - stretch.begin)
            ends = [*sorted(marks)[1:], *([stretch.end] if marks else [])]
            for (place, key), end in zip(sorted(marks.items()), ends, strict=True):
                if before is not None:
                    yield new_slide, before
                gap = end - place - 1
                before = Stop(place, key, self._look(stretch, place), *((gap, 0) if holds else (0, gap)))
                new_slide = key and place <= stretch.begin + 1
        if before is not None:
            yield new_slide, before

    def _marks(self, number: int, stretch: Stretch) -> dict[int, bool]:
        """The stops of a stretch, and which of them are keyframes."""
        begin, end = stretch.begin, stretch.end
        if stretch.into is not None:
            marks = dict.fromkeys(self._around(begin, end + 1), False)
            marks = {place: key for place, key in marks.items() if place < end}
            return _not_too_far(marks, begin - 1, end)
        cut = number == 0 or self._timeline.stretches[number - 1].into is None
        first = begin if cut else begin + 1
        keys = list(range(first, end, GROUP))
        marks = dict.fromkeys((begin, *self._within(begin, end)), False)
        if self._moves(stretch):
            marks |= dict.fromkeys((end - 1, *self._around(begin + 1, end)), False)
            marks |= {key - 1: False for key in keys if key > begin}
            marks |= dict.fromkeys(self._steps(stretch, {*marks, *keys}), False)
        return marks | dict.fromkeys(keys, True)

    def _within(self, begin: int, end: int) -> list[int]:
        """Where captions change after `begin` and before `end`."""
        return self._changes[bisect_right(self._changes, begin) : bisect_right(self._changes, end - 1)]

    def _around(self, begin: int, end: int) -> list[int]:
        """Where captions change, and the frames before, from `begin` on."""
        found = self._within(begin - 1, end)
        return [place for at in found for place in (at - 1, at) if begin <= place]

    def _moves(self, stretch: Stretch) -> bool:
        course = self._course(stretch.slide)
        return stretch.into is None and stretch.frames > 1 and course.start != course.end

    def _course(self, slide: int) -> Course:
        if not self._order.moving:
            return Course()
        if slide not in self._courses:
            if len(self._courses) > 2:
                self._courses.clear()
            shown = self._order.slides[slide]
            self._courses[slide] = course_of(shown.seed, shown.end_s - shown.start_s)
        return self._courses[slide]

    def _steps(self, stretch: Stretch, fixed: set[int]) -> Iterator[int]:
        """Stops close enough to each other that the movement is even."""
        width, height = self._order.size
        last, window = stretch.begin, self._window(stretch, stretch.begin)
        for place in range(stretch.begin + 1, stretch.end):
            following = self._window(stretch, place + 1)
            if place in fixed:
                last, window = place, self._window(stretch, place)
            elif place + 1 - last > LONGEST or distance(window, following, width, height) > STEP:
                yield place
                last, window = place, self._window(stretch, place)

    def _window(self, stretch: Stretch, place: int) -> Window:
        time = (place - stretch.begin) / max(1, stretch.frames - 1)
        return self._course(stretch.slide).at(min(1.0, time))

    def _look(self, stretch: Stretch, place: int) -> Look:
        cue = self._cue(place)
        if stretch.into is None:
            return Look(stretch.slide, self._window(stretch, place), cue=cue)
        weight = (place - stretch.begin + 1, stretch.frames + 1)
        end, start = self._course(stretch.slide).at(1.0), self._course(stretch.into).at(0.0)
        return Look(stretch.slide, end, stretch.into, start, weight, cue)

    def _cue(self, place: int) -> int | None:
        index = bisect_right(self._starts, place) - 1
        if index < 0 or place >= self._timeline.captions[index].end:
            return None
        return self._timeline.captions[index].cue


def _not_too_far(marks: dict[int, bool], before: int, end: int) -> dict[int, bool]:
    """With stops between, where two of a blend are too far apart."""
    more = dict(marks)
    for a, b in zip((before, *sorted(marks)), (*sorted(marks), end), strict=True):
        more |= dict.fromkeys(range(a + LONGEST, b, LONGEST), False)
    return more


def told(batch: Batch, numbers: dict[str, dict[int, int]]) -> list[dict[str, Any]]:
    """The stops of a batch as JSON, places counted from its beginning; `numbers` of slides and cues in its lists."""
    slides, cues = numbers["slides"], numbers["cues"]
    return [
        {
            "place": stop.place - batch.begin,
            "key": stop.key,
            "held": stop.held,
            "blended": stop.blended,
            "look": {
                "slide": slides[stop.look.slide],
                "window": stop.look.window.to_json(),
                "into": None if stop.look.into is None else slides[stop.look.into],
                "into_window": None if stop.look.into_window is None else stop.look.into_window.to_json(),
                "weight": list(stop.look.weight),
                "cue": None if stop.look.cue is None else cues[stop.look.cue],
            },
        }
        for stop in batch.stops
    ]


def used(stops: Sequence[Stop]) -> tuple[list[int], list[int]]:
    """The slides and the cues that stops show, each once, in order of their first appearance."""
    slides: dict[int, None] = {}
    cues: dict[int, None] = {}
    for stop in stops:
        slides |= dict.fromkeys(one for one in (stop.look.slide, stop.look.into) if one is not None)
        cues |= dict.fromkeys(one for one in (stop.look.cue,) if one is not None)
    return list(slides), list(cues)
