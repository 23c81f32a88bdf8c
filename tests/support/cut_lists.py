"""Cut lists, and indexes of films that nobody has to make."""

from __future__ import annotations

from array import array
from fractions import Fraction

from hypothesis import strategies as st

from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.tools.cutting.film_index import Coding, FilmIndex

CODING = Coding("h264", "yuv420p", 1920, 1080, profile=100, level=40, length_size=4, numbers=(0,))


def index_of(groups: list[int], *, between: int = 0, rate: Fraction = Fraction(25)) -> FilmIndex:
    """A film of groups of so many pictures, with `between` B pictures before each P picture where they fit."""
    order: list[int] = []
    points = []
    for size in groups:
        begin = len(order)
        points.append(begin)
        order.append(begin)
        shown = begin + 1
        while shown < begin + size:
            last = min(shown + between, begin + size - 1)
            order += [last, *range(shown, last)]
            shown = last + 1
    return FilmIndex(
        rate=rate,
        constant=True,
        frames=len(order),
        start=Fraction(0),
        keyframes=tuple(points),
        coding=CODING,
        order=array("i", order),
        points=tuple(points),
    )


def cut_list(index: FilmIndex, *cuts: tuple[int, int], reason: Reason = Reason.SILENCE) -> CutList:
    spans, at = [], 0
    for start, end in cuts:
        spans += [Span(at, start, keep=True, reason=Reason.SOUND)] if start > at else []
        spans.append(Span(start, end, keep=False, reason=reason))
        at = end
    if at < index.frames:
        spans.append(Span(at, index.frames, keep=True, reason=Reason.SOUND))
    return CutList(index.rate, index.start, index.frames, tuple(spans))


@st.composite
def films_and_cuts(draw: st.DrawFn) -> tuple[FilmIndex, CutList]:
    groups = draw(st.lists(st.integers(1, 30), min_size=1, max_size=8))
    index = index_of(groups, between=draw(st.integers(0, 4)))
    edges = sorted(draw(st.sets(st.integers(0, index.frames), max_size=10)))
    return index, cut_list(index, *zip(edges[::2], edges[1::2], strict=False))


def kept_frames(cuts: CutList) -> list[int]:
    return [frame for kept in cuts.kept for frame in range(kept.start, kept.end)]
