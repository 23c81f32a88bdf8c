"""What stands out in how something is said: fast speech, questions, exclamations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from reelyard.media.highlights import ReasonKind
from reelyard.media.transcript import Segment, Word
from reelyard.tools.highlights.signals import Part, Signals, marked, share

PAUSE_S = 0.6  # ends a phrase
MOST_WORDS = 12  # of a phrase; longer ones are looked at in pieces
LEAST_WORDS, LEAST_S = 4, 1.0  # of a phrase whose pace says something
LEAST_PHRASES = 8  # before there is a usual pace
CLOSING = "\"'”’»)] "  # noqa: RUF001 - may stand behind the mark that ends a sentence
QUESTIONS, EXCLAMATIONS = ("?", "？", "؟"), ("!", "！")  # noqa: RUF001 - of several scripts


def speech_parts(signals: Signals) -> tuple[Part, ...]:
    """What the way of speaking adds to the score."""
    return (*_fast(signals), *_marks(signals))


def _fast(signals: Signals) -> Iterator[Part]:
    phrases = [
        (phrase[0].start, phrase[-1].end, len(phrase) / (phrase[-1].end - phrase[0].start))
        for phrase in _phrases(signals.words)
        if len(phrase) >= LEAST_WORDS and phrase[-1].end - phrase[0].start >= LEAST_S
    ]
    if len(phrases) < LEAST_PHRASES:
        return
    paces = [pace for _, _, pace in phrases]
    usual = median(paces)
    spread = max(0.1, (quantiles(paces)[2] / usual - 1) / 0.674)
    spans = [
        (start, end, share(pace / usual, 1.3, 2) * share((pace / usual - 1) / spread, 1, 2.5))
        for start, end, pace in phrases
    ]

    def tell(start: float, end: float) -> str:
        most = max((p for begin, stop, p in phrases if begin < end and start < stop), default=usual)
        return f"spoken {most / usual:.1f} times as fast as usual"

    yield Part(ReasonKind.FAST_SPEECH, 0.4, marked(signals.ticks, spans), tell)


def _phrases(words: Sequence[Word]) -> Iterator[list[Word]]:
    phrase: list[Word] = []
    for word in words:
        if phrase and (word.start - phrase[-1].end > PAUSE_S or len(phrase) == MOST_WORDS):
            yield phrase
            phrase = []
        phrase.append(word)
    if phrase:
        yield phrase


def _marks(signals: Signals) -> Iterator[Part]:
    for kind, marks, weight, one, several in (
        (ReasonKind.QUESTION, QUESTIONS, 0.2, "a question is asked", "questions are asked"),
        (ReasonKind.EXCLAMATION, EXCLAMATIONS, 0.3, "an exclamation", "exclamations"),
    ):
        ended = [segment for segment in signals.segments if segment.text.rstrip(CLOSING).endswith(marks)]
        if ended:
            yield _mark(signals, ended, (kind, weight), (one, several))


def _mark(
    signals: Signals, ended: Sequence[Segment], sort: tuple[ReasonKind, float], words: tuple[str, str]
) -> Part:
    # What every second sentence does says nothing.
    rare = 1 - share(len(ended) / len(signals.segments), 0.1, 0.5)
    curve = marked(signals.ticks, [(segment.start, segment.end, rare) for segment in ended])

    def tell(start: float, end: float) -> str:
        count = sum(1 for segment in ended if segment.start < end and start < segment.end)
        return words[0] if count <= 1 else f"{count} {words[1]}"

    return Part(sort[0], sort[1], curve, tell)
