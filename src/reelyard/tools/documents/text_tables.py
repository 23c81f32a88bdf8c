"""Tables drawn with signs, tabs or columns of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reelyard.tools.documents.content import row

RULE = re.compile(r"[\s|+=:_─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬-]+$")
BAR = re.compile(r"[|│║]")
GAP = re.compile(r"\s{2,}")
LEAST = 2  # rows, and cells in each


def rows_of(lines: Sequence[str]) -> list[str] | None:
    """The rows of a stanza that is a table; None when it is none."""
    said = [line for line in lines if RULE.match(line) is None]
    if len(said) < LEAST:
        return None
    cells = _by_bars(said) or _by_tabs(said) or _by_columns(said, ruled=len(said) < len(lines))
    return None if cells is None else [row(each) for each in cells]


def _by_bars(lines: Sequence[str]) -> list[list[str]] | None:
    counts = {len(BAR.findall(line)) for line in lines}
    if len(counts) != 1 or counts == {0}:
        return None
    return [BAR.split(line.strip().strip("|│║")) for line in lines]


def _by_tabs(lines: Sequence[str]) -> list[list[str]] | None:
    cells = [re.split(r"\t+", line.strip()) for line in lines]
    return cells if _is_even(cells) else None


def _by_columns(lines: Sequence[str], *, ruled: bool) -> list[list[str]] | None:
    """Rows whose columns all begin at the same places: at least three, or two with a rule between them."""
    cells = [GAP.split(line.strip()) for line in lines]
    places = [[match.end() for match in GAP.finditer(line) if match.start()] for line in lines]
    even = (ruled or len(lines) > LEAST) and _is_even(cells) and all(place == places[0] for place in places)
    return cells if even else None


def _is_even(cells: Sequence[Sequence[str]]) -> bool:
    return len({len(each) for each in cells}) == 1 and len(cells[0]) >= LEAST
