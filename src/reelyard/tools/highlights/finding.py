"""From what is known of a film to its highlights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from reelyard.media.highlights import MOST_POINTS, Highlight, Highlights, Reason, ReasonKind, Sensitivity
from reelyard.tools.highlights.choice import chosen
from reelyard.tools.highlights.edges import Edges
from reelyard.tools.highlights.keywords import groups, hits, keyword_part
from reelyard.tools.highlights.loudness import sound_parts
from reelyard.tools.highlights.pictures import picture_parts
from reelyard.tools.highlights.signals import TICKS, Part, Signals, score
from reelyard.tools.highlights.speech import speech_parts
from reelyard.tools.highlights.titles import strongest, title, wordless

LEAST_SHARE = 0.1  # of a highlight's reasons; what adds less is not told


def find(signals: Signals, sensitivity: Sensitivity, keywords: Sequence[str] = ()) -> tuple[Highlight, ...]:
    """The moments that stand out, in order of time, not overlapping; none when nothing does.

    Every place where a keyword is said lies in one. Pure; an hour of film takes well under a second.
    """
    return look(signals, sensitivity, keywords).found


def look(signals: Signals, sensitivity: Sensitivity, keywords: Sequence[str] = ()) -> Highlights:
    """`find`, with the score over time for a drawing."""
    duration = round(signals.duration_s, 3)
    told = (duration, sensitivity, tuple(keywords), signals.looked_at)
    if signals.duration_s <= 0:
        return Highlights(*told)
    found = hits(signals, keywords) if keywords else ()
    parts = _parts(signals)
    unasked = score(parts, signals.ticks)
    spans = chosen(unasked, groups(signals.words, found), Edges(signals), sensitivity)
    if found:
        parts = (keyword_part(signals, found), *parts)
    curve = score(parts, signals.ticks)
    key_times = [signals.words[hit.first].start for hit in found]
    teller = _Teller(signals, parts, curve, key_times)
    highlights = (teller.highlight(span) for span in spans)
    explained = [highlight for highlight in highlights if highlight.reasons]
    numbered = tuple(replace(highlight, id=number) for number, highlight in enumerate(explained, 1))
    return Highlights(*told, numbered, drawn(curve))


def drawn(curve: Sequence[float], points: int = MOST_POINTS) -> tuple[float, ...]:
    """At most `points` values, each the highest of its span."""
    if len(curve) <= points:
        return tuple(round(value, 3) for value in curve)
    edges = [len(curve) * index // points for index in range(points + 1)]
    return tuple(round(max(curve[begin:end]), 3) for begin, end in pairwise(edges))


def _parts(signals: Signals) -> tuple[Part, ...]:
    parts: tuple[Part, ...] = ()
    if signals.levels is not None and signals.levels.db:
        parts += sound_parts(signals.levels, signals.ticks)
    if signals.segments:
        parts += speech_parts(signals)
    if signals.scenes:
        parts += picture_parts(signals.scenes, signals.duration_s, signals.ticks)
    return parts


class _Teller:
    """Makes highlights of stretches: their reasons, score and title."""

    def __init__(
        self, signals: Signals, parts: Sequence[Part], curve: Sequence[float], keys: Sequence[float]
    ) -> None:
        self._signals = signals
        self._parts = parts
        self._curve = curve
        self._keys = keys  # when keywords are said

    def highlight(self, span: tuple[float, float]) -> Highlight:
        start, end = span
        reasons = self._reasons(start, end)
        first, last = int(start * TICKS), int(end * TICKS) + 1
        best = round(min(1.0, max(self._curve[first:last], default=0.0)), 3)
        return Highlight(0, start, end, best, self._title(start, end, reasons), reasons)

    def _reasons(self, start: float, end: float) -> tuple[Reason, ...]:
        strengths = [(part.strength(start, end), part) for part in self._parts]
        total = sum(strength for strength, _ in strengths) or 1.0
        kept = [(s, part) for s, part in strengths if s > 0 and _is_told(s / total, part)]
        total = sum(strength for strength, _ in kept) or 1.0
        kept.sort(key=lambda pair: -pair[0])
        return tuple(
            Reason(part.kind, round(strength / total, 3), part.tell(start, end)) for strength, part in kept
        )

    def _title(self, start: float, end: float, reasons: Sequence[Reason]) -> str:
        words = [word for word in self._signals.words if start <= word.start < end]
        key = next((time for time in self._keys if start <= time < end), None)
        if key is None:
            key = strongest(self._curve, start, end)
        joiner = next((s.joiner for s in self._signals.segments if s.start <= key < s.end), " ")
        named = title(words, key, joiner=joiner)
        return named or wordless(reasons[0].kind if reasons else ReasonKind.LOUD, key)


def _is_told(share: float, part: Part) -> bool:
    return share >= LEAST_SHARE or part.kind is ReasonKind.KEYWORD
