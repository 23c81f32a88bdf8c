"""Titles as they are shown in one line: names are their users' own and may hold anything."""

from __future__ import annotations

import unicodedata

LONGEST = 200  # characters
BREAKS = {"Cc", "Zl", "Zp"}  # control characters and ends of lines
UNSEEN = {"Cf", "Cs"}  # what turns the direction of writing, and halves of characters
JOINERS = "\u200c\u200d"  # format characters that words of some scripts, and joined emoji, are written with


def one_line(title: str, longest: int = LONGEST) -> str:
    """`title` without line ends, control and direction characters, its spaces made single; may be empty."""
    line = " ".join("".join(_shown(sign) for sign in title).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in BREAKS:
        return " "
    return "" if category in UNSEEN and sign not in JOINERS else sign
