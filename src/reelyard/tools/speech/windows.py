"""Where speech is cut into windows that one request can work on; pure, in whole samples: offsets are exact.

A window reaches from the start of its first span of speech to the end of its last and is at most 60 s long.
It is cut at silence; speech that goes on for longer is cut at its quietest point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from reelyard.media.transcript import Gap, GapReason, Segment, Word

RATE = 16_000  # samples a second: what the recognisers and the speech detector expect
HOP = RATE // 100  # a level is taken every 10 ms
WINDOW_S = 60
GAP_S = 2.0  # a shorter silence is a pause within speech
LONG_GAP_S = 60.0  # a silence that the user is told of


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Samples `start` up to, but not including, `end`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def start_s(self) -> float:
        return self.start / RATE

    @property
    def end_s(self) -> float:
        return self.end / RATE


@dataclass(frozen=True, slots=True)
class Window:
    """Spans of speech that are recognised in one go."""

    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return self.spans[-1].end

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / RATE

    def to_json(self) -> list[list[int]]:
        return [[span.start, span.end] for span in self.spans]

    @classmethod
    def from_json(cls, value: Sequence[Sequence[int]]) -> Window:
        return cls(tuple(Span(start, end) for start, end in value))


Timed = TypeVar("Timed", Segment, Word)
Levels = Callable[[Span], Sequence[float]]  # the loudness of each 10 ms of a span; larger is louder


def make_windows(spans: Sequence[Span], levels: Levels, limit_s: float = WINDOW_S) -> tuple[Window, ...]:
    """Windows of at most `limit_s` seconds that hold all the spans, in order."""
    limit = int(limit_s * RATE)
    windows: list[list[Span]] = []
    for span in spans:
        for piece in split(span, levels, limit):
            if windows and piece.end - windows[-1][0].start <= limit:
                windows[-1].append(piece)
            else:
                windows.append([piece])
    return tuple(Window(tuple(window)) for window in windows)


def split(span: Span, levels: Levels, limit: int) -> tuple[Span, ...]:
    """`span` in pieces of at most `limit` samples, each cut where its second half is quietest."""
    pieces: list[Span] = []
    while len(span) > limit:
        second_half = Span(span.start + limit // 2, span.start + limit)
        cut = second_half.start + _quietest(levels(second_half)) * HOP + HOP // 2
        cut = min(cut, span.start + limit)
        pieces.append(Span(span.start, cut))
        span = Span(cut, span.end)
    return (*pieces, span)


def _quietest(levels: Sequence[float], around: int = 5) -> int:
    """The index where the levels' mean over ±`around` is lowest: a pause, not a stop inside a word."""
    sums = [0.0]
    for level in levels:
        sums.append(sums[-1] + level)

    def mean(index: int) -> float:
        low, high = max(0, index - around), min(len(levels), index + around + 1)
        return (sums[high] - sums[low]) / (high - low)

    return min(range(len(levels)), key=mean, default=0)


def near(spans: Sequence[Span], apart_s: float = GAP_S) -> tuple[Span, ...]:
    """The spans, those joined that are less than `apart_s` seconds apart."""
    result: list[Span] = []
    for span in spans:
        if result and span.start - result[-1].end < apart_s * RATE:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)


def find_gaps(spans: Sequence[Span], total: int) -> tuple[Gap, ...]:
    """The silences of at least two seconds in a recording of `total` samples."""
    joined = near(spans)
    starts = [0, *(span.end for span in joined)]
    ends = [*(span.start for span in joined), total]
    pairs = zip(starts, ends, strict=True)
    return tuple(
        Gap(round(a / RATE, 3), round(b / RATE, 3), GapReason.NO_SPEECH)
        for a, b in pairs
        if b - a >= GAP_S * RATE
    )


def gap_warnings(gaps: Sequence[Gap]) -> tuple[str, ...]:
    """A sentence for each stretch without text that a reader would wonder about."""
    said = {GapReason.NO_SPEECH: "no speech", GapReason.FAILED: "the recogniser failed"}
    return tuple(
        f"{said[gap.reason]} from {clock(gap.start)} to {clock(gap.end)}"
        for gap in gaps
        if gap.reason is GapReason.FAILED or gap.end - gap.start >= LONG_GAP_S
    )


def clock(seconds: float) -> str:
    """Seconds as people read them: 12:00, or 1:02:03 from an hour on."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"


def placed(segments: Sequence[Segment], spans: Sequence[Span]) -> list[Segment]:
    """Segments timed in the spans' samples laid end to end, brought to where they were said.

    A segment that reached over the border of two spans becomes two, so that none bridges a gap.
    """
    result: list[Segment] = []
    for segment in segments:
        if not segment.words:
            index, by = _home(segment.start, segment.end, spans)
            moved = segment.shifted(by)
            result.append(_inside(moved, spans[index]))
            continue
        grouped: dict[int, list[Word]] = {}
        for word in segment.words:
            index, by = _home(word.start, word.end, spans)
            grouped.setdefault(index, []).append(_inside(word.shifted(by), spans[index]))
        whole = len(grouped) == 1
        for words in grouped.values():
            text = segment.text if whole else segment.joiner.join(word.text for word in words)
            result.append(
                replace(segment, start=words[0].start, end=words[-1].end, text=text, words=tuple(words))
            )
    return result


def _home(start: float, end: float, spans: Sequence[Span]) -> tuple[int, float]:
    """Which span a stretch of laid-out time belongs to, by its middle, and by how much it has to move."""
    middle, laid = (start + end) / 2, 0
    for index, span in enumerate(spans):
        if middle < (laid + len(span)) / RATE or index == len(spans) - 1:
            return index, (span.start - laid) / RATE
        laid += len(span)
    raise ValueError("there is no span to place text in")


def _inside(one: Timed, span: Span) -> Timed:
    start = min(max(one.start, span.start_s), span.end_s)
    return replace(one, start=round(start, 3), end=round(min(max(one.end, start), span.end_s), 3))


def tidied(segments: Sequence[Segment], window: Window) -> list[Segment]:
    """Segments as a transcript needs them: inside the window, in order, none empty, none over another.

    Recognisers' word times overlap now and then by some hundredths of a second.
    """
    result: list[Segment] = []
    at, limit = window.spans[0].start_s, window.spans[-1].end_s
    for segment in segments:
        words: list[Word] = []
        for word in segment.words:
            start = min(max(word.start, words[-1].end if words else at), limit)
            words.append(replace(word, start=start, end=min(max(word.end, start), limit)))
        start = words[0].start if words else min(max(segment.start, at), limit)
        end = words[-1].end if words else min(max(segment.end, start), limit)
        if segment.text and end > start:
            result.append(replace(segment, id=len(result) + 1, start=start, end=end, words=tuple(words)))
            at = end
    return result
