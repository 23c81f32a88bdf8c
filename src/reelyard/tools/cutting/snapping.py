"""Moving cuts inside silence to where copying can begin and end, so that less is encoded anew."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction

from reelyard.media.cut_list import CutList, Reason, Span, joined_spans
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
    most = int(Fraction(most_s) * cuts.rate)
    spans = [part for number in range(len(cuts.spans)) for part in _parts(cuts, number, index, most)]
    return CutList(cuts.rate, cuts.start, cuts.frames, joined_spans(spans))


def _parts(cuts: CutList, number: int, index: FilmIndex, most: int) -> Iterator[Span]:
    span = cuts.spans[number]
    if span.keep or span.reason is not Reason.SILENCE:
        yield span
        return
    follows_kept = number > 0 and cuts.spans[number - 1].keep
    begin = _end_of_copy(cuts, span, index, most) if follows_kept else span.start
    leads_to_kept = number + 1 < len(cuts.spans) and cuts.spans[number + 1].keep
    end = _keyframe(index, span.end, most) if leads_to_kept else span.end
    end = max(end, begin)
    yield Span(span.start, begin, keep=True, reason=Reason.KEYFRAME)
    yield Span(begin, end, keep=False, reason=span.reason, level_db=span.level_db)
    yield Span(end, span.end, keep=True, reason=Reason.KEYFRAME)


def _keyframe(index: FilmIndex, frame: int, most: int) -> int:
    """The keyframe at or shortly before `frame`; `frame` itself when there is none."""
    at = bisect_right(index.keyframes, frame) - 1
    return index.keyframes[at] if at >= 0 and index.keyframes[at] >= frame - most else frame


def _end_of_copy(cuts: CutList, span: Span, index: FilmIndex, most: int) -> int:
    """Where a copy that reaches the beginning of `span` can end: there, or a few pictures later."""
    kept = next(kept for kept in cuts.kept if kept.end == span.start)
    group = index.group_of(span.start - 1)
    if group is None or index.order[index.points[group]] < kept.start - most:
        return span.start  # no keyframe in what is kept: all of it is encoded anew anyway
    end = whole_from(index, group, span.start)
    return end if end is not None and end <= min(span.start + most, span.end) else span.start
