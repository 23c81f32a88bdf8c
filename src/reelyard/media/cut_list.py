"""The cut list: which frames of a film stay, which go, and why. The one source of everything made from an edit.

The rendered film, its captions, highlights, chapters and the timelines for other editors all follow from it. It
is held in whole frames of a constant rate, so that no rounding can lose or double one; a film of variable rate is
conformed to that rate when it is rendered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject
from reelyard.media.ranges import FrameRange

SCHEMA = "reelyard.cuts/1"


class Reason(StrEnum):
    """Why a span stays or goes."""

    SOUND = "sound"  # kept: it is loud enough, or speech
    PADDING = "padding"  # kept: room before and after what is heard
    WORD = "word"  # kept: a cut would fall inside a word
    SHORT = "short"  # kept: the silence is shorter than asked for
    KEYFRAME = "keyframe"  # kept: reaches back to a picture from which the rest can be copied
    WHOLE = "whole"  # kept: nothing was looked for
    SILENCE = "silence"  # cut
    BY_HAND = "by hand"  # kept or cut as its user decided


@dataclass(frozen=True, slots=True)
class Span:
    """Frames `start` up to, but not including, `end`."""

    start: int
    end: int
    keep: bool
    reason: Reason
    level_db: float | None = None  # the loudest moment of a silence; None when not measured

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class CutList:
    """The decisions over a film of `frames` frames; its spans cover it without gap or overlap, in order."""

    rate: Fraction  # frames a second
    start: Fraction  # seconds on the file's clock (0: where the container begins) at which frame 0 is shown
    frames: int
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def whole(cls, rate: Fraction, start: Fraction, frames: int) -> Self:
        """Nothing is cut."""
        spans = (Span(0, frames, keep=True, reason=Reason.WHOLE),) if frames else ()
        return cls(rate, start, frames, spans)

    @property
    def kept(self) -> tuple[FrameRange, ...]:
        """What stays, neighbours joined: the film in order."""
        joined: list[FrameRange] = []
        for span in self.spans:
            if not span.keep:
                continue
            if joined and joined[-1].end == span.start:
                joined[-1] = replace(joined[-1], end=span.end)
            else:
                joined.append(FrameRange(span.start, span.end, self.rate))
        return tuple(joined)

    @property
    def kept_frames(self) -> int:
        return sum(len(span) for span in self.spans if span.keep)

    @property
    def duration(self) -> Fraction:
        """Seconds of the cut film."""
        return self.kept_frames / self.rate

    @property
    def cuts_nothing(self) -> bool:
        return all(span.keep for span in self.spans)

    def decided(self, start: int, end: int, *, keep: bool) -> CutList:
        """The same list with frames `start` to `end` kept or cut by hand. Raises InvalidInput."""
        if not 0 <= start < end <= self.frames:
            raise InvalidInput(
                f"Frames {start} to {end} are not in this film, which has {self.frames}.",
                hint="Give a start and an end within the film, the end excluded.",
            )
        before = [_clip(span, 0, start) for span in self.spans if span.start < start]
        after = [_clip(span, end, self.frames) for span in self.spans if span.end > end]
        return replace(self, spans=(*before, Span(start, end, keep, Reason.BY_HAND), *after))

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "rate": str(self.rate),
            "start": str(self.start),
            "frames": self.frames,
            "spans": [_span_json(span) for span in self.spans],
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises InvalidInput that names what is wrong."""
        if value.get("schema") != SCHEMA:
            raise InvalidInput(f"This is not a cut list of schema {SCHEMA}.")
        data: dict[str, Any] = dict(value)
        try:
            spans = tuple(_read_span(span) for span in data["spans"])
            return cls(Fraction(data["rate"]), Fraction(data["start"]), int(data["frames"]), spans)
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise InvalidInput(f"The cut list cannot be read: {error}.") from error


class FilmClock:
    """Where moments of the original lie in the cut film. Times are seconds on the file's clock."""

    def __init__(self, cuts: CutList) -> None:
        self._cuts = cuts
        self._kept = cuts.kept
        self._starts = [kept.start for kept in self._kept]
        self._before = [0]  # frames of the film before each kept range
        for kept in self._kept:
            self._before.append(self._before[-1] + len(kept))

    def at(self, seconds: Fraction) -> Fraction | None:
        """When the film shows that moment; None when it was cut."""
        frame = (seconds - self._cuts.start) * self._cuts.rate
        index = bisect_right(self._starts, frame) - 1
        if index < 0 or frame >= self._kept[index].end:
            return None
        return (self._before[index] + frame - self._kept[index].start) / self._cuts.rate

    def nearest(self, seconds: Fraction) -> Fraction:
        """When the film shows that moment, or the join where it was cut."""
        frame = (seconds - self._cuts.start) * self._cuts.rate
        index = bisect_right(self._starts, frame) - 1
        if index < 0:
            return Fraction(0)
        within = min(max(frame - self._kept[index].start, Fraction(0)), Fraction(len(self._kept[index])))
        return (self._before[index] + within) / self._cuts.rate


def _clip(span: Span, start: int, end: int) -> Span:
    return replace(span, start=max(span.start, start), end=min(span.end, end))


def _check(cuts: CutList) -> None:
    if cuts.rate <= 0 or cuts.frames < 0:
        raise InvalidInput("A cut list needs a rate above 0 and a number of frames.", field="rate")
    edges = [0, *(span.end for span in cuts.spans)]
    for before, span in zip(edges, cuts.spans, strict=False):
        if span.start != before or span.end <= span.start:
            raise InvalidInput(
                f"The span from frame {span.start} to {span.end} does not follow the one before, which ends at {before}.",
                hint="Spans have to cover the film in order, without gap or overlap.",
                field="spans",
            )
    if edges[-1] != cuts.frames:
        raise InvalidInput(
            f"The spans end at frame {edges[-1]}, the film at {cuts.frames}.",
            hint="Spans have to cover the whole film.",
            field="spans",
        )


def _span_json(span: Span) -> dict[str, Any]:
    told: dict[str, Any] = {
        "start": span.start,
        "end": span.end,
        "keep": span.keep,
        "reason": span.reason.value,
    }
    return told if span.level_db is None else {**told, "level_db": span.level_db}


def _read_span(value: Any) -> Span:
    keep, start, end, level = value["keep"], value["start"], value["end"], value.get("level_db")
    if not isinstance(keep, bool) or type(start) is not int or type(end) is not int:
        raise TypeError("a span needs whole numbers start and end, and keep as true or false")
    return Span(start, end, keep, Reason(value["reason"]), None if level is None else float(level))


def joined_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans with equal neighbours made one."""
    result: list[Span] = []
    for span in spans:
        if len(span) == 0:
            continue
        same = result and (result[-1].keep, result[-1].reason) == (span.keep, span.reason)
        if same and result[-1].end == span.start:
            levels = [level for level in (result[-1].level_db, span.level_db) if level is not None]
            result[-1] = replace(result[-1], end=span.end, level_db=max(levels, default=None))
        else:
            result.append(span)
    return tuple(result)
