"""When each picture of a film is seen, in whole frames: steady stretches, cross-fades between them, captions; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reelyard.errors import Reject
from reelyard.tools.captions import Cue
from reelyard.tools.slideshow.order import RATE, FilmOrder


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames `begin` up to `end` in which one slide is shown, or goes over to the next one shown."""

    begin: int
    end: int
    slide: int  # its number in the order
    into: int | None = None  # the slide to which it goes over

    @property
    def frames(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Shown:
    """A caption and the frames in which it stands there."""

    begin: int
    end: int
    cue: int  # its number in the order


@dataclass(frozen=True, slots=True)
class Timeline:
    frames: int
    stretches: tuple[Stretch, ...]  # in order, without gaps
    captions: tuple[Shown, ...]  # in order, none over another
    left_out: tuple[int, ...]  # slides that are shorter than a frame


def timeline_of(order: FilmOrder) -> Timeline:
    """The order in frames, rounded to the nearest; raises Reject when the slides do not cover the film."""
    _demand_cover(order)
    frames = max(1, frame_of(order.slides[-1].end_s))
    begins = [min(frames, frame_of(slide.start_s)) for slide in order.slides] + [frames]
    begins[0] = 0
    spans = [(number, begin, begins[number + 1]) for number, begin in enumerate(begins[:-1])]
    seen = [span for span in spans if span[2] > span[1]]
    left_out = tuple(number for number, begin, end in spans if end <= begin)
    stretches = tuple(_stretches(seen, frame_of(order.crossfade_s)))
    return Timeline(frames, stretches, tuple(_captions(order.cues, frames)), left_out)


def frame_of(seconds: float) -> int:
    """The frame that is shown from then on; a half goes up."""
    return int(seconds * RATE + 0.5)


def _demand_cover(order: FilmOrder) -> None:
    slides = order.slides
    if not slides:
        raise Reject(
            "A film needs at least one picture.", code="no_pictures", hint="Order pictures with the story."
        )
    gaps = [
        after.start_s
        for before, after in pairwise(slides)
        if abs(after.start_s - before.end_s) > 1 / RATE or after.start_s < before.start_s
    ]
    gaps += [slide.start_s for slide in slides if slide.end_s < slide.start_s]
    if slides[0].start_s > 1 / RATE:
        gaps.insert(0, 0.0)
    if gaps:
        raise Reject(
            f"The pictures do not follow one another at {gaps[0]:.3f} s.",
            code="no_pictures",
            hint="Make the narration anew, so that its times are whole.",
        )


def _stretches(seen: Sequence[tuple[int, int, int]], fade: int) -> Iterator[Stretch]:
    """Of a cross-fade one half lies before the change and one after it."""
    at = 0
    for (slide, begin, end), following in zip(seen, [*seen[1:], None], strict=True):
        if following is None:
            yield Stretch(at, end, slide)
            return
        length = min(fade, (end - begin) // 2, (following[2] - following[1]) // 2)
        first = end - length // 2
        yield Stretch(at, first, slide)
        at = first + length
        if length:
            yield Stretch(first, at, slide, following[0])


def _captions(cues: Sequence[Cue], frames: int) -> Iterator[Shown]:
    reached = 0
    for number, cue in enumerate(cues):
        begin = max(reached, frame_of(cue.start))
        reached = min(frames, max(begin + 1, frame_of(cue.end)))
        if any(line.strip() for line in cue.lines) and begin < reached:
            yield Shown(begin, reached, number)
