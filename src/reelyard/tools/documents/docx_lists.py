"""The numbers and letters that Word shows before the items of a list; they stand nowhere in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from reelyard.tools.documents.archive import Archive
from reelyard.tools.documents.xml import parse

DEEPEST = 9
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MOST = 3_999


@dataclass(slots=True)
class Level:
    """How one level of a list is numbered."""

    format: str = "decimal"
    text: str = ""  # such as "%1.%2)"
    start: int = 1


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a document: levels by the list's number."""

    levels: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)


class Counters:
    """Counts the items of one reading."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._counts: dict[str, dict[int, int]] = {}

    def mark(self, number_id: str, level: int) -> str:
        """What stands before the next item of that list; empty for bullets."""
        levels = self._lists.levels.get(number_id, {})
        own = levels.get(level)
        counts = self._counts.setdefault(number_id, {})
        counts[level] = counts.get(level, (own.start if own is not None else 1) - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if own is None or own.format in ("bullet", "none"):
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            known = levels.get(at, Level())
            return numeral(counts.get(at, known.start), known.format)

        return re.sub(r"%([1-9])", shown, own.text).strip()


def numeral(number: int, style: str) -> str:
    """`number` in one of Word's formats; those of other scripts are given in digits."""
    if style in ("lowerLetter", "upperLetter") and 1 <= number <= MOST:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("lowerRoman", "upperRoman") and 1 <= number <= MOST:
        found = ""
        for value, letters in (*ROMAN, *ROMAN_SMALL):
            found += letters * (number // value)
            number %= value
        return found.upper() if style == "upperRoman" else found
    return f"{number:02d}" if style == "decimalZero" else str(number)


def read_lists(archive: Archive, part: str) -> Lists:
    """Read the part with the numbering, where there is one; raises Reject."""
    if part not in archive:
        return Lists()
    listener = _Listener()
    parse(archive.part(part), listener)
    return Lists({number: listener.abstract.get(target, {}) for number, target in listener.targets.items()})


class _Listener:
    def __init__(self) -> None:
        self.abstract: dict[str, dict[int, Level]] = {}
        self.targets: dict[str, str] = {}
        self._levels: dict[int, Level] = {}
        self._level = Level()
        self._number = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("w:val", "")
        match name:
            case "w:abstractNum":
                self._levels = self.abstract.setdefault(attributes.get("w:abstractNumId", ""), {})
            case "w:num":
                self._number = attributes.get("w:numId", "")
            case "w:abstractNumId":
                self.targets[self._number] = value
            case "w:lvl":
                self._level = Level()
                at = attributes.get("w:ilvl", "")
                if at.isdecimal() and int(at) < DEEPEST and not self._number:
                    self._levels[int(at)] = self._level
            case "w:numFmt":
                self._level.format = value
            case "w:lvlText":
                self._level.text = value
            case "w:start" if value.isdecimal() and len(value) < DEEPEST:
                self._level.start = int(value)

    def end(self, name: str) -> None:
        if name == "w:num":
            self._number = ""

    def text(self, data: str) -> None:
        pass
