"""Where keywords are said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from reelyard.media.highlights import ReasonKind
from reelyard.media.transcript import Word
from reelyard.tools.highlights.signals import Part, Signals, marked
from reelyard.tools.highlights.tokens import Token, Tokens

LONGEST_PAUSE_S = 3.0  # between two words of a phrase
LONGEST_PHRASE_S = 20.0
TOGETHER_S = 6.0  # hits that lie closer make one highlight
LONGEST_GROUP_S = 36.0
TIMES = ("", "", "twice")


@dataclass(frozen=True, slots=True)
class Hit:
    """One keyword, said once: in the words `first` up to, not including, `last`."""

    keyword: str
    first: int
    last: int


def hits(signals: Signals, keywords: Sequence[str]) -> tuple[Hit, ...]:
    """Where the keywords are said, in order.

    Case, marks and, for the languages of the stemmer, endings do not count. A phrase may run over the end of a
    segment. A keyword without letters or digits is never said.
    """
    tokens = Tokens(signals.transcript.language if signals.transcript is not None else None)
    said = [(token, index) for index, word in enumerate(signals.words) for token in tokens.of(word.text)]
    places: dict[str, list[int]] = defaultdict(list)
    for place, (token, _) in enumerate(said):
        for key in {token.text, token.stem}:
            places[key].append(place)
    found = []
    for keyword in dict.fromkeys(keywords):
        wanted = tokens.of(keyword)
        if wanted:
            starts = sorted({*places.get(wanted[0].text, ()), *places.get(wanted[0].stem, ())})
            found += [Hit(keyword, *span) for span in _runs(wanted, said, starts, signals.words)]
    return tuple(sorted(found, key=lambda hit: (hit.first, hit.last)))


def _runs(
    wanted: Sequence[Token], said: Sequence[tuple[Token, int]], starts: Sequence[int], words: Sequence[Word]
) -> Iterator[tuple[int, int]]:
    free = 0  # a run begins after the one before it
    for start in starts:
        run = said[start : start + len(wanted)]
        if start < free or len(run) < len(wanted):
            continue
        if not all(one.matches(token) for one, (token, _) in zip(wanted, run, strict=True)):
            continue
        first, last = run[0][1], run[-1][1] + 1
        if _in_one_breath(words[first:last]):
            free = start + len(wanted)
            yield first, last


def _in_one_breath(words: Sequence[Word]) -> bool:
    if words[-1].end - words[0].start > LONGEST_PHRASE_S and len(words) > 1:
        return False
    return all(after.start - before.end <= LONGEST_PAUSE_S for before, after in pairwise(words))


def keyword_part(signals: Signals, found: Sequence[Hit]) -> Part:
    """What keywords add to the score."""
    words = signals.words
    spans = [(words[hit.first].start, words[hit.last - 1].end, 1.0) for hit in found]

    def tell(start: float, end: float) -> str:
        counts: dict[str, int] = defaultdict(int)
        for hit in found:
            if start <= words[hit.first].start < end:
                counts[hit.keyword] += 1
        return ", ".join(_said(keyword, count) for keyword, count in counts.items())

    return Part(ReasonKind.KEYWORD, 0.7, marked(signals.ticks, spans), tell)


def _said(keyword: str, count: int) -> str:
    times = TIMES[count] if count < len(TIMES) else f"{count} times"
    noun = "phrase" if " " in keyword else "word"
    return f"the {noun} “{keyword}” is said" + (f" {times}" if count > 1 else "")


def groups(words: Sequence[Word], found: Sequence[Hit]) -> list[tuple[float, float]]:
    """Stretches that hold all the hits, in order: none overlap, none is longer than LONGEST_GROUP_S by much."""
    indexes = sorted({index for hit in found for index in range(hit.first, hit.last)})
    runs: list[list[Word]] = []
    for word in (words[index] for index in indexes):
        if runs and word.start - runs[-1][-1].end <= TOGETHER_S:
            runs[-1].append(word)
        else:
            runs.append([word])
    return [piece for run in runs for piece in _pieces(run)]


def _pieces(run: Sequence[Word]) -> Iterator[tuple[float, float]]:
    begin, length = run[0].start, run[-1].end - run[0].start
    count = max(1, ceil(length / LONGEST_GROUP_S))
    pieces: dict[int, list[Word]] = defaultdict(list)
    for word in run:
        pieces[min(count - 1, int((word.start - begin) / length * count)) if length else 0].append(word)
    for piece in pieces.values():
        yield piece[0].start, piece[-1].end
