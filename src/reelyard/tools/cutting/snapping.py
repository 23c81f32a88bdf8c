"""Moving cuts inside silence to where copying can begin and end, so that less is encoded anew."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from reelyard.media.cut_list import CutList, Reason, Span, joined_spans
from reelyard.media.ranges import exact
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.plan import refusal, whole_from

MOST_S = 0.3  # seconds by which a cut may be moved


def snapped(cuts: CutList, index: FilmIndex, most_s: float = MOST_S) -> CutList:
    """`cuts` with silences shortened by at most `most_s` seconds at either end.

    What is kept begins earlier, at a keyframe, and ends later, after a picture from which nothing is missing: by
    spans kept for `Reason.KEYFRAME`, so that the list still says exactly what the film is. Cuts made by hand stay
    where they are, and so does every cut of a film that is not cut by copying.
    """
    if refusal(index) is not None:
        return cuts
    moving = _Moving(index, int(exact(most_s) * cuts.rate), {kept.end: kept.start for kept in cuts.kept})
    before, after = (None, *cuts.spans[:-1]), (*cuts.spans[1:], None)
    spans = [part for near in zip(before, cuts.spans, after, strict=True) for part in _parts(near, moving)]
    return CutList(cuts.rate, cuts.start, cuts.frames, joined_spans(spans))


@dataclass(frozen=True, slots=True)
class _Moving:
    index: FilmIndex
    most: int  # frames
    starts: dict[int, int]  # the first frame of each kept range by the one after its last


def _parts(near: tuple[Span | None, Span, Span | None], moving: _Moving) -> Iterator[Span]:
    """What becomes of the middle one of three neighbours."""
    before, span, after = near
    if span.keep or span.reason is not Reason.SILENCE:
        yield span
        return
    begin = _end_of_copy(span, moving) if before is not None and before.keep else span.start
    end = _keyframe(span.end, moving) if after is not None and after.keep else span.end
    end = max(end, begin)
    yield Span(span.start, begin, keep=True, reason=Reason.KEYFRAME)
    yield Span(begin, end, keep=False, reason=span.reason, level_db=span.level_db)
    yield Span(end, span.end, keep=True, reason=Reason.KEYFRAME)


def _keyframe(frame: int, moving: _Moving) -> int:
    """The keyframe at or shortly before `frame`; `frame` itself when there is none."""
    keys = moving.index.keyframes
    at = bisect_right(keys, frame) - 1
    return keys[at] if at >= 0 and keys[at] >= frame - moving.most else frame


def _end_of_copy(span: Span, moving: _Moving) -> int:
    """Where a copy that reaches the beginning of `span` can end: there, or a few pictures later."""
    index = moving.index
    group = index.group_of(span.start - 1)
    if group is None or index.order[index.points[group]] < moving.starts[span.start] - moving.most:
        return span.start  # no keyframe in what is kept: all of it is encoded anew anyway
    end = whole_from(index, group, span.start)
    return end if end is not None and end <= min(span.start + moving.most, span.end) else span.start
