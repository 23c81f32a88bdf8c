"""Which words name what, for each language: read from `words/`, compared by their stems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

STEMMERS = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
    "nl": "dutch", "pl": "polish", "pt": "portuguese", "ru": "russian",
}  # fmt: skip
UNSPACED = ("zh", "ja")
EXACT = "="  # before a word that is not a stem
LANGUAGES = (*STEMMERS, *UNSPACED)
CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"
A_WORD = re.compile(rf"[^\W\d_]+(?:['{CURLY}\-][^\W\d_]+)*")
A_SENTENCE_END = re.compile("[.!?…。\n\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}]")
ABBREVIATED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|Prof|Hr|Fr|Sr|Sra|Mme|[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, or in languages without spaces a word that the lexicon knows."""

    text: str
    stem: str
    start: int
    sentence: int
    first: bool  # of its sentence
    comma: bool = False  # stands after it


@dataclass(frozen=True)
class Lexicon:
    """The words of one language."""

    language: str
    entries: Mapping[str, tuple[str, ...]]  # stem, or two stems with _ between them -> names
    stemmer: Any = None

    def tokens(self, text: str) -> list[Token]:
        """The words of a text, in order."""
        if self.language in UNSPACED:
            return list(self._unspaced(text))
        ends = [
            found.start()
            for found in A_SENTENCE_END.finditer(text)
            if not ABBREVIATED.search(text[: found.end()][-6:])
        ]
        tokens: list[Token] = []
        sentence = 0
        for found in A_WORD.finditer(text):
            while sentence < len(ends) and ends[sentence] < found.start():
                sentence += 1
            first = not tokens or tokens[-1].sentence != sentence
            word = found.group()
            comma = text[found.end() : found.end() + 1] == ","
            tokens.append(Token(word, self.stem(word), found.start(), sentence, first, comma))
        return tokens

    def stem(self, word: str) -> str:
        plain = word.lower().replace(CURLY, "'").removesuffix("'s")
        return str(self.stemmer.stemWord(plain)) if self.stemmer is not None else plain

    def names(self, tokens: list[Token], i: int) -> tuple[str, ...]:
        """What the token names; two words together come before one."""
        return self.pair(tokens, i) or self._single(tokens[i])

    def pair(self, tokens: list[Token], i: int) -> tuple[str, ...]:
        """What the token and the next name together."""
        if i + 1 >= len(tokens):
            return ()
        return self.entries.get(f"{tokens[i].stem}_{tokens[i + 1].stem}", ())

    def _single(self, token: Token) -> tuple[str, ...]:
        one = self.entries.get(EXACT + token.text.lower()) or self.entries.get(token.stem, ())
        if not one and "-" in token.text:
            return self.entries.get(self.stem(token.text.rpartition("-")[2]), ())
        return one

    def _unspaced(self, text: str) -> Iterator[Token]:
        i, sentence, longest = 0, 0, max(map(len, self.entries))
        while i < len(text):
            if A_SENTENCE_END.match(text, i):
                sentence += 1
            for size in range(longest, 0, -1):
                word = text[i : i + size]
                if word in self.entries:
                    yield Token(word, word, i, sentence, first=False)
                    i += size - 1
                    break
            i += 1


def lexicon_for(language: str | None) -> Lexicon:
    """The lexicon of a language; of another one than those that are known: English."""
    return _load(language if language in LANGUAGES else "en")


@cache
def _load(language: str) -> Lexicon:
    stemmer = None
    if language in STEMMERS:
        import snowballstemmer  # noqa: PLC0415 - 20 ms, and only where pictures are made

        stemmer = snowballstemmer.stemmer(STEMMERS[language])
    found: dict[str, list[str]] = {}
    plain = Lexicon(language, {}, stemmer)
    text = files("reelyard.tools.pictures.words").joinpath(f"{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        name, colon, words = line.partition(": ")
        if not colon or line.startswith("#"):
            continue
        for word in words.split():
            key = word if language in UNSPACED else "_".join(plain.stem(part) for part in word.split("_"))
            # A word as it is written comes before others of the same stem: `niño` before `niña`.
            for each in {key, EXACT + word} if language not in UNSPACED else {key}:
                if name not in found.setdefault(each, []):
                    found[each].append(name)
    return Lexicon(language, {key: tuple(names) for key, names in found.items()}, stemmer)
