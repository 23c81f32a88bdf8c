"""Long sentences in pieces: cut at the marks between clauses, else between words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from reelyard.media.document import count_words

LONGEST = 60  # words: about 25 seconds of speech
STRONG = re.compile(r"[;:؛；：—–][”’»\")\]]*\s+|[；：]")  # noqa: RUF001 - marks of other scripts are meant
WEAK = re.compile(r"[,،、，)\]][”’»\"]*\s+|[、，]|\s+[-–—]\s+")  # noqa: RUF001
SPACE = re.compile(r"\s+")


def shortened(sentence: str, most_words: int = LONGEST) -> tuple[str, ...]:
    """`sentence` in pieces of at most about `most_words` words, for voices and captions; itself when short."""
    return tuple(found for one in pieces(sentence, most_words) if (found := one.strip()))


def pieces(text: str, most_words: int) -> tuple[str, ...]:
    """The same with the spaces between: joined they are `text`, character by character."""
    return tuple(_cut(text, most_words, (STRONG, WEAK, SPACE)))


def _cut(text: str, most: int, marks: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    """Cut at the strongest marks first, and only pieces that are still too long at weaker ones."""
    if count_words(text) <= most:
        if text:
            yield text
        return
    if not marks:
        yield from _by_letters(text, most)
        return
    for part in _grouped(_at(text, marks[0]), most):
        yield from _cut(part, most, marks[1:])


def _at(text: str, mark: re.Pattern[str]) -> Iterator[str]:
    begin = 0
    for match in mark.finditer(text):
        yield text[begin : match.end()]
        begin = match.end()
    yield text[begin:]


def _grouped(parts: Iterator[str], most: int) -> Iterator[str]:
    """Neighbours together as long as they have at most `most` words."""
    held, words = "", 0
    for part in parts:
        more = count_words(part)
        if held and words + more > most:
            yield held
            held, words = "", 0
        held, words = held + part, words + more
    if held:
        yield held


def _by_letters(text: str, most: int) -> Iterator[str]:
    """A run without any space, as Thai or a line of rubbish: never between a letter and its marks."""
    width, begin = 2 * most, 0  # an unspaced letter counts as half a word
    while begin < len(text):
        end = begin + width
        while end < len(text) and (
            unicodedata.combining(text[end]) or unicodedata.category(text[end])[0] == "M"
        ):
            end += 1
        yield text[begin:end]
        begin = end
