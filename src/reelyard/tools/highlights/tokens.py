"""Words as they are compared: without case, marks and endings."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# The languages that the stemmer knows, by their code.
STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
ELIDING = frozenset({"ca", "fr", "it"})  # an apostrophe joins two words: "l'art"
UNSPACED = ("CJK ", "HIRAGANA ", "KATAKANA ", "THAI ", "LAO ", "KHMER ", "MYANMAR ", "TIBETAN ")
APOSTROPHES = "'\u2019\u02bc\uff07"
PART_OF_WORDS = "+#\u200c\u200d"  # C++, C#; the joiners of Persian and Indic scripts


@dataclass(frozen=True, slots=True)
class Token:
    """A word without case and marks, and its stem; two that share either are the same word."""

    text: str
    stem: str

    def matches(self, other: Token) -> bool:
        return self.text == other.text or self.stem == other.stem


class Tokens:
    """Cuts text of one language into tokens. Whole words only: "art" is no part of "start".

    Scripts without spaces have no words to see; there each character is a token, and a word a run of them.
    """

    def __init__(self, language: str | None) -> None:
        self._eliding = language in ELIDING
        self._stem = _stemmer(language)
        self._known: dict[str, tuple[Token, ...]] = {}

    def of(self, text: str) -> tuple[Token, ...]:
        known = self._known.get(text)
        if known is None:
            known = tuple(Token(word, self._stem(word)) for word in self._cut(text))
            self._known[text] = known
        return known

    def _cut(self, text: str) -> list[str]:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        pieces: list[str] = []
        for sign in folded:
            sort = unicodedata.category(sign)[0]
            if sign in APOSTROPHES:
                pieces.append(" " if self._eliding else "'")
            elif sort == "L" and unicodedata.name(sign, "").startswith(UNSPACED):
                pieces.append(f" {sign} " if sign != "ー" else sign)
            elif sort in "LMN" or sign in PART_OF_WORDS:
                pieces.append(sign)
            else:
                pieces.append(" ")
        words = (word.strip("'") for word in _with_marks("".join(pieces)).split())
        return [word for word in words if any(sign.isalnum() for sign in word)]


def _with_marks(text: str) -> str:
    """Marks of scripts without spaces stand with the letter they belong to again."""
    result: list[str] = []
    for sign in text:
        if unicodedata.category(sign)[0] == "M" and result and result[-1] == " ":
            result.insert(len(result) - 1, sign)
        else:
            result.append(sign)
    return "".join(result)


def _stemmer(language: str | None) -> Callable[[str], str]:
    name = STEMMERS.get(language or "")
    if name is None:
        return str
    import snowballstemmer  # noqa: PLC0415 - 15 ms, and only where keywords are looked for

    stem: Callable[[str], str] = snowballstemmer.stemmer(name).stemWord
    return stem
