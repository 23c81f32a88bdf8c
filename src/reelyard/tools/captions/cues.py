"""Cutting a transcript into cues: what stands on the screen at one time; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reelyard.media.transcript import Segment, Transcript, Word

SENTENCE_ENDS = (".", "!", "?", "…", "。", "\uff1f", "\uff01")
CLAUSE_ENDS = (",", ";", ":", "\u2013", "—", "、", "\uff0c")
PAUSE_S = 0.7  # a silence after which a new cue begins


@dataclass(frozen=True, slots=True)
class CueStyle:
    """How captions look. The figures are those that broadcasters use."""

    line_length: int = 42  # characters
    lines: int = 2
    shortest_s: float = 1.0  # shown at least that long, where the next cue leaves room
    longest_s: float = 7.0


@dataclass(frozen=True, slots=True)
class Cue:
    start: float  # seconds
    end: float
    lines: tuple[str, ...]


def cues(transcript: Transcript, style: CueStyle | None = None) -> tuple[Cue, ...]:
    """The cues in order; none overlaps another, none holds words of two segments, none is lengthened past the end."""
    style = style or CueStyle()
    raw = [cue for segment in transcript.segments for cue in _of_segment(segment, style)]
    return tuple(_lengthened(_without_overlap(raw), style, transcript.duration_s))


@dataclass(frozen=True, slots=True)
class _Shape:
    style: CueStyle
    joiner: str


def _of_segment(segment: Segment, style: CueStyle) -> Iterator[Cue]:
    shape = _Shape(style, segment.joiner)
    for words in _grouped(list(_pieces(timed_words(segment), style)), shape):
        lines = wrapped([word.text for word in words], style.line_length, segment.joiner)
        yield Cue(words[0].start, words[-1].end, lines)


def timed_words(segment: Segment) -> list[Word]:
    """The segment's words; when their times are unknown, its time is shared out by their letters."""
    texts = segment.text.split()
    if segment.words and segment.joiner.join(w.text for w in segment.words) == segment.text:
        return list(segment.words)
    letters = sum(len(text) for text in texts) or 1
    at, words = segment.start, []
    for text in texts:
        end = at + (segment.end - segment.start) * len(text) / letters
        words.append(Word(at, end, text))
        at = end
    return words


def _pieces(words: Iterable[Word], style: CueStyle) -> Iterator[Word]:
    """Words longer than a line (addresses, scripts without spaces) in pieces of a line."""
    for word in words:
        size = style.line_length
        count = -(-len(word.text) // size)
        length = (word.end - word.start) / max(1, count)
        for i in range(count):
            text = word.text[i * size : (i + 1) * size]
            yield replace(word, text=text, start=word.start + i * length, end=word.start + (i + 1) * length)


def _grouped(words: Sequence[Word], shape: _Shape) -> Iterator[Sequence[Word]]:
    rest = list(words)
    while rest:
        fitting = _most(rest, shape)
        count = fitting if fitting == len(rest) or _pauses(rest, fitting) else _best_cut(rest, fitting)
        yield rest[:count]
        rest = rest[count:]


def _most(words: Sequence[Word], shape: _Shape) -> int:
    """How many of the first words one cue can hold."""
    style = shape.style
    for count in range(1, len(words) + 1):
        one = words[:count]
        too_long = one[-1].end - one[0].start > style.longest_s
        lines = wrapped([word.text for word in one], style.line_length, shape.joiner)
        if count > 1 and (too_long or len(lines) > style.lines):
            return count - 1
        if _pauses(words, count):
            return count
    return len(words)


def _pauses(words: Sequence[Word], count: int) -> bool:
    """Whether there is a silence after the first `count` words."""
    return count < len(words) and words[count].start - words[count - 1].end >= PAUSE_S


def _best_cut(words: Sequence[Word], most: int) -> int:
    """After the last sentence, else clause, that ends in the second half; else where it is full."""
    for ends in (SENTENCE_ENDS, CLAUSE_ENDS):
        for count in range(most, most // 2, -1):
            if words[count - 1].text.endswith(ends):
                return count
    return most


def wrapped(words: Sequence[str], length: int, joiner: str = " ") -> tuple[str, ...]:
    """Words in lines of at most `length` characters; two lines are made about equally long."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(joiner) + len(word) <= length:
            lines[-1] += joiner + word
        else:
            lines.append(word)
    if len(lines) != 2:
        return tuple(lines)
    splits = ((joiner.join(words[:i]), joiner.join(words[i:])) for i in range(1, len(words)))
    fitting = [pair for pair in splits if max(map(len, pair)) <= length]
    return min(fitting, key=lambda pair: abs(len(pair[0]) - len(pair[1])), default=tuple(lines))


def _without_overlap(raw: Sequence[Cue]) -> list[Cue]:
    result: list[Cue] = []
    for cue in raw:
        start = max(cue.start, result[-1].end) if result else cue.start
        result.append(replace(cue, start=start, end=max(cue.end, start + 0.001)))
    return result


def _lengthened(in_order: Sequence[Cue], style: CueStyle, duration_s: float) -> Iterator[Cue]:
    for index, cue in enumerate(in_order):
        wished = max(cue.end, cue.start + style.shortest_s)
        limit = in_order[index + 1].start if index + 1 < len(in_order) else duration_s
        yield replace(cue, start=round(cue.start, 3), end=round(max(cue.end, min(wished, limit)), 3))
