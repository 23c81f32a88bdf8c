"""Texts whose lines were cut at some width: where a line goes on in the next one, and how the two are put together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

NARROWEST, WIDEST = 30, 120  # characters; longer lines were not cut by anybody
LINES_TO_JUDGE = 3
SLACK = 0.25  # of the width: how much shorter a line may be that was cut by hand
MOSTLY = 0.6
ENDS = re.compile(r"[.!?…:;。！？।؟۔»”\"’)\]]\s*$")  # noqa: RUF001 - signs of other scripts
HYPHEN_SIGNS = ("-", "\u2010")
HYPHEN = re.compile("(\\w+)[-\u2010]$")
FIRST_WORD = re.compile(r"[\w'’]+")  # noqa: RUF001
WORD = re.compile(r"[\w'’]+(?:[-‐][\w'’]+)*")  # noqa: RUF001
SOFT = "\u00ad"
LONGEST_WORD = 100


class Wrapping:
    """What a whole text shows about the width of its lines and the words in it."""

    def __init__(self, lines: Sequence[str]) -> None:
        widths = sorted(visible_width(line) for line in lines if line.strip())
        self._width = widths[int(len(widths) * 0.98)] if widths else 0
        self._text = lines
        self._words: frozenset[str] | None = None

    def is_wrapped(self, lines: Sequence[str]) -> bool:
        """Whether lines that follow each other are one text, cut at a width."""
        width = self._width if NARROWEST <= self._width <= WIDEST else max(map(visible_width, lines))
        if len(lines) < 2 or not NARROWEST <= width <= WIDEST:
            return False
        full = sum(self._is_full(line, after, width) for line, after in pairwise(lines))
        return full >= MOSTLY * (len(lines) - 1)

    def ends_paragraph(self, line: str, after: str) -> bool:
        """Whether `after` begins a paragraph though no blank line says so."""
        if indent(after) > indent(line) and ENDS.search(line):
            return True
        return bool(ENDS.search(line)) and not self._is_full(line, after, min(self._width, WIDEST))

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as one."""
        parts: list[str] = []
        for line in lines:
            self._append(parts, line.strip())
        return "".join(parts)

    def _is_full(self, line: str, after: str, width: int) -> bool:
        """Whether the first word of the next line would not have fitted, or hardly."""
        word = after.split(maxsplit=1)[0] if after.split() else ""
        first = 2 if _is_wide(word[:1]) else visible_width(word)
        return visible_width(line) + 1 + first > width * (1 - SLACK)

    def _append(self, parts: list[str], line: str) -> None:
        before = parts[-1] if parts else ""
        divided = HYPHEN.search(before[-LONGEST_WORD:])
        begins = FIRST_WORD.match(line)
        if before.endswith(SOFT):
            parts[-1] = before[:-1]
        elif divided and begins and begins[0][:1].islower():
            if not self._keeps_hyphen(divided[1], begins[0]):
                parts[-1] = before[:-1]
        elif before and not (_is_wide(before[-1]) and _is_wide(line[:1])):
            parts.append(" ")
        parts.append(line)

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether the hyphen belongs to the word: told by the words of the whole text, as no other book is at hand."""
        words = self._vocabulary()
        if f"{first}-{second}".lower() in words:
            return True
        if (first + second).lower() in words:
            return False
        return first.lower() in words and second.lower() in words

    def _vocabulary(self) -> frozenset[str]:
        if self._words is None:
            found: set[str] = set()
            for line in self._text:
                words = WORD.findall(line.lower())
                # What stands at a line's edges may be half a word.
                found.update(words[1 : -1 if line.endswith(HYPHEN_SIGNS) else None])
            self._words = frozenset(found)
        return self._words


def indent(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip())


def visible_width(text: str) -> int:
    """Columns that a text takes on a terminal; East Asian letters take two."""
    return len(text) if text.isascii() else sum(2 if _is_wide(char) else 1 for char in text)


def _is_wide(char: str) -> bool:
    # Korean puts spaces between words, and its lines are cut at them.
    return bool(char) and unicodedata.east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7a3"
