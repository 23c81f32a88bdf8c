"""How the files in an export are called: by a pattern, harmless everywhere, each name once on any system."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from reelyard.errors import InvalidInput
from reelyard.kit.file_names import safe_file_name, stem_of

PATTERN = "{position}_{name}.{ext}"
FIELDS = ("position", "name", "ext")
MOST_BYTES = 200  # of a name, its folder not counted: there is room for the path that it is unpacked to
MOST_PATTERN = 200
_FIELD = "pattern"


@dataclass(frozen=True)
class Naming:
    """How names are made: `digits` of the position, and what stands in front of every name."""

    pattern: str = PATTERN
    digits: int = 3
    prefix: str = ""

    @cached_property
    def _pieces(self) -> tuple[tuple[str, str], ...]:
        """Texts, each with the field behind it, or with none."""
        parsed = string.Formatter().parse(self.pattern)
        return tuple((literal, name or "") for literal, name, _, _ in parsed)

    def name(self, position: int, name: str, ext: str) -> str:
        """The name of one file; not unique by itself."""
        return safe_file_name(self._made(position, name, ext), most=MOST_BYTES)

    def folder(self, position: int, name: str) -> str:
        """The name of a folder, which has no extension; not unique by itself."""
        return safe_file_name(self._made(position, name, "").rstrip(" ."), most=MOST_BYTES)

    def _made(self, position: int, name: str, ext: str) -> str:
        parts = {"position": f"{position:0{self.digits}}", "name": name, "ext": ext, "": ""}
        return self.prefix + "".join([literal + parts[one] for literal, one in self._pieces])


def checked_pattern(pattern: str) -> str:
    """The pattern, if files can be named by it; raises InvalidInput that names the field."""
    if not 1 <= len(pattern.strip()) <= MOST_PATTERN:
        raise _refused(f"it has 1 to {MOST_PATTERN} characters")
    if any(sign in pattern for sign in "/\\\0"):
        raise _refused("it makes names, not folders, so that no slash can be in it")
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError:
        raise _refused("its braces do not match") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in FIELDS or form or conversion):
            raise _refused(
                f"it knows no “{{{name}}}”" if name not in FIELDS else "its fields have no formats"
            )
    return pattern


def _refused(reason: str) -> InvalidInput:
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    return InvalidInput(
        f"The naming pattern cannot be used: {reason}.",
        hint=f"Use {known} and plain text, such as {PATTERN}.",
        field=_FIELD,
    )


def batch_name(name: str) -> str:
    """What a batch's name is in a file's name, short enough that something fits behind it."""
    return stem_of(safe_file_name(name, otherwise="batch", most=80) + ".x")


@dataclass(slots=True)
class Unique:
    """Gives out every name once: names that some system takes for the same count as the same."""

    _taken: set[str] = field(default_factory=set)
    _tried: dict[str, int] = field(default_factory=dict)  # by name, the last number that was given out

    def take(self, name: str, folder: str = "") -> str:
        """`name`, or `name (2)` … before the extension when it is taken; with its folder in front."""
        made, first = folder + name, _key(folder + name)
        number = self._tried.get(first, 1)
        while _key(made) in self._taken:
            number += 1
            made = folder + _numbered(name, number)
        self._tried[first] = number
        self._taken.add(_key(made))
        return made


def _numbered(name: str, number: int) -> str:
    stem, dot, ext = name.rpartition(".")
    if not stem:
        stem, dot, ext = name, "", ""
    ending = f" ({number}){dot}{ext}"
    room = max(1, MOST_BYTES - len(ending.encode()))
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + ending


def _key(name: str) -> str:
    """The same for names that differ in case or in how their signs are composed."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
