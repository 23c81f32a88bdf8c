"""What a user may change in a cut list: ranges kept or cut by hand; the other spans keep their reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reelyard.errors import InvalidInput
from reelyard.media.cut_list import CutList, Reason, Span, joined_spans
from reelyard.media.ranges import exact


@dataclass(frozen=True, slots=True, order=True)
class Decided:
    """Frames `start` up to, but not including, `end` are to be kept, or cut."""

    start: int
    end: int
    keep: bool


def in_frames(cuts: CutList, start_s: float, end_s: float) -> tuple[int, int]:
    """The frames nearest to two moments on the file's clock, those outside the film at its edges."""
    first, last = (round((exact(seconds) - cuts.start) * cuts.rate) for seconds in (start_s, end_s))
    return min(max(first, 0), cuts.frames), min(max(last, 0), cuts.frames)


def edited(cuts: CutList, decisions: Sequence[Decided]) -> CutList:
    """The list with ranges decided by hand, a later one over an earlier; what changes nothing leaves the reasons.

    Raises InvalidInput that names the decision's number.
    """
    painted: list[Decided] = []
    for number, one in enumerate(decisions, 1):
        if not 0 <= one.start < one.end <= cuts.frames:
            raise InvalidInput(
                f"Decision {number}, frames {one.start} to {one.end}, is not in this film, which has {cuts.frames}.",
                hint="Give a start and an end within the film, the end excluded.",
                field="decisions",
                decision=number,
            )
        painted = [part for other in painted for part in _outside(other, one)]
        painted.append(one)
    spans = joined_spans(_painted(cuts.spans, sorted(painted)))
    return replaced(cuts, [Decided(span.start, span.end, span.keep) for span in spans])


def replaced(cuts: CutList, spans: Sequence[Decided]) -> CutList:
    """The list as a user wrote it, whole; where it says what it said before, the reasons stay. Raises InvalidInput."""
    wanted = tuple(Span(one.start, one.end, one.keep, Reason.BY_HAND) for one in spans)
    replace(cuts, spans=wanted)  # checks that they cover the film
    return _checked(replace(cuts, spans=joined_spans(_changed(cuts.spans, wanted))))


def _outside(one: Decided, of: Decided) -> Iterable[Decided]:
    if one.start < of.start:
        yield replace(one, end=min(one.end, of.start))
    if one.end > of.end:
        yield replace(one, start=max(one.start, of.end))


def _painted(spans: Sequence[Span], decided: Sequence[Decided]) -> Iterable[Span]:
    """The spans with what was decided over them; both in order, neither overlapping itself."""
    at, index = 0, 0
    for one in decided:
        while index < len(spans) and spans[index].start < one.start:
            yield replace(
                spans[index], start=max(spans[index].start, at), end=min(spans[index].end, one.start)
            )
            if spans[index].end > one.start:
                break
            index += 1
        yield Span(one.start, one.end, one.keep, Reason.BY_HAND)
        at = one.end
        while index < len(spans) and spans[index].end <= at:
            index += 1
    for span in spans[index:]:
        yield replace(span, start=max(span.start, at))


def _changed(before: Sequence[Span], wanted: Sequence[Span]) -> Iterable[Span]:
    index = 0
    for span in wanted:
        while index < len(before) and before[index].start < span.end:
            old = before[index]
            part = old if old.keep == span.keep else span
            yield replace(part, start=max(old.start, span.start), end=min(old.end, span.end))
            if old.end > span.end:
                break
            index += 1


def _checked(cuts: CutList) -> CutList:
    if cuts.frames and not cuts.kept_frames:
        raise InvalidInput(
            "Nothing of the film would be left.", hint="Keep at least one frame.", field="decisions"
        )
    return cuts
