"""What a highlight is called: by what is said in it, else by what happens and when."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from reelyard.media.highlights import ReasonKind, clock_time
from reelyard.media.transcript import Word
from reelyard.tools.highlights.signals import TICKS

LONGEST = 60  # characters
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")  # noqa: RUF001 - of several scripts
WITHOUT_WORDS = {
    ReasonKind.LOUD: "Loud moment",
    ReasonKind.SUDDEN: "Sudden sound",
    ReasonKind.AFTER_SILENCE: "Sound after silence",
    ReasonKind.QUICK_CUTS: "Quick cuts",
    ReasonKind.NEW_SCENE: "New scene",
}
DANGLING = ",;:-\u2013\u2014"  # at the end of what was cut off
ALIKE = 0.02  # scores that differ by less
PAUSE_S = 0.5
LEAST_WORDS = 3  # of a sentence that says something by itself


def title(words: Sequence[Word], key: float, *, joiner: str = " ") -> str | None:
    """The sentence that is said at `key` seconds, or what of it is around there; None without words.

    `words` are those of the highlight, in order.
    """
    if not words:
        return None
    sentence = _sentence_at(words, key)
    text = joiner.join(word.text for word in sentence)
    if len(text) <= LONGEST:
        return _neat(text)
    # Of a long sentence the beginning, unless what counts comes later.
    lead = next((i for i, word in enumerate(sentence) if word.end > key), 0)
    first = (
        0 if len(joiner.join(word.text for word in sentence[: lead + 1])) < LONGEST - 2 else max(0, lead - 3)
    )
    kept = ""
    for word in sentence[first:]:
        longer = kept + joiner + word.text if kept else word.text
        if len(longer) > LONGEST - 4:
            break
        kept = longer
    return (
        ("… " if first else "") + _neat((kept or sentence[first].text[: LONGEST - 4]).rstrip(DANGLING)) + "…"
    )


def wordless(kind: ReasonKind, key: float) -> str:
    """The name of a highlight in which nothing is said."""
    return f"{WITHOUT_WORDS.get(kind, 'Moment')} at {clock_time(key)}"


def strongest(score: Sequence[float], start: float, end: float) -> float:
    """The first second between two times at which the score is highest, or as good as."""
    first, last = int(start * TICKS), min(len(score), int(end * TICKS) + 1)
    best = max(score[first:last], default=0.0) - ALIKE
    return next((tick for tick in range(first, last) if score[tick] >= best), first) / TICKS


def _sentence_at(words: Sequence[Word], key: float) -> Sequence[Word]:
    at = min(len(words) - 1, bisect_left([word.end for word in words], key))
    first, last = at, at
    while first > 0 and not _ends_sentence(words, first - 1):
        first -= 1
    while last + 1 < len(words) and not _ends_sentence(words, last):
        last += 1
    if last + 1 - first < LEAST_WORDS:  # "Yes." says less than what follows it
        last = min(len(words) - 1, first + 2 * LEAST_WORDS)
    return words[first : last + 1]


def _ends_sentence(words: Sequence[Word], at: int) -> bool:
    """By its mark, or by a pause where a recogniser makes no marks."""
    if words[at].text.endswith(SENTENCE_ENDS):
        return True
    return at + 1 < len(words) and words[at + 1].start - words[at].end >= PAUSE_S


def _neat(text: str) -> str:
    return text[:1].upper() + text[1:]
