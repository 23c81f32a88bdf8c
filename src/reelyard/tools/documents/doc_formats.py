"""How the text of a Word 97 file is formatted, as far as it says what a reader sees: styles, lists, tables, hiding.

[MS-DOC] 2.9.33 (pages of formats), 2.6 (their single properties), 2.9.135 (styles).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from reelyard.tools.documents.doc_file import WordFile

PAGE = 512
STYLES, CHARACTERS, PARAGRAPHS = 1, 12, 13
HEADINGS = range(1, 10)  # the numbers of Word's own styles
TITLE = 62
LONGEST_CHAIN = 30

BODY_LEVEL = 9
NO_LIST = (0, 0xF801)
SIZES = {
    0: 1,
    1: 1,
    2: 2,
    3: 4,
    4: 2,
    5: 2,
    7: 3,
}  # bytes of a property's value by its top three bits; 6: it says
DEFINE_TABLE, CHANGE_TABS = 0xD608, 0xC615


class Code(IntEnum):
    """The properties that are asked for."""

    DELETED = 0x0800
    HIDDEN = 0x083C
    SYMBOL = 0x6A09
    IN_TABLE = 0x2416
    ROW_END = 0x2417
    DEPTH = 0x6649
    INNER_CELL = 0x244B
    INNER_ROW_END = 0x244C
    OUTLINE = 0x2640
    LIST = 0x460B
    LIST_LEVEL = 0x260A


@dataclass(frozen=True, slots=True)
class Format:
    """Of one paragraph."""

    heading: int | None = None  # from 1
    list_level: int | None = None
    depth: int = 0  # of tables
    row_end: bool = False
    inner_cell: bool = False
    inner_row_end: bool = False


class Formats:
    """The paragraph formats of a file by the bytes that they hold for."""

    def __init__(self, file: WordFile) -> None:
        self._headings = _heading_styles(file.pair(STYLES))
        runs = sorted(_runs(file, PARAGRAPHS), key=lambda run: run[:2])
        self._begins = [begin for begin, _, _ in runs]
        self._runs = runs
        self._file = file

    def at(self, position: int) -> Format:
        """Of the paragraph whose mark is at `position`."""
        byte = self._file.byte_of(position)
        index = bisect_right(self._begins, byte) - 1
        if index < 0 or byte >= self._runs[index][1]:
            return Format()
        return self._read(self._runs[index][2])

    def _read(self, data: bytes) -> Format:
        if len(data) < 2:
            return Format()
        found = Format(heading=self._headings.get(struct.unpack_from("<H", data)[0]))
        for code, value in _properties(data[2:]):
            found = _changed(found, code, value)
        return found


def _changed(found: Format, code: int, value: int) -> Format:  # noqa: PLR0911 - a table, written as one
    match code:
        case Code.IN_TABLE if value:
            return replace(found, depth=max(1, found.depth))
        case Code.ROW_END if value:
            return replace(found, row_end=True)
        case Code.DEPTH:
            return replace(found, depth=value if value < 0x7FFF else found.depth)
        case Code.INNER_CELL if value:
            return replace(found, inner_cell=True)
        case Code.INNER_ROW_END if value:
            return replace(found, inner_row_end=True)
        case Code.OUTLINE:
            return replace(found, heading=value + 1 if value < BODY_LEVEL else None)
        case Code.LIST:
            return replace(found, list_level=(found.list_level or 0) if value not in NO_LIST else None)
        case Code.LIST_LEVEL:
            return replace(found, list_level=value if value < BODY_LEVEL else 0)
    return found


def unseen(file: WordFile) -> Iterator[tuple[int, int]]:
    """The spans of characters that were deleted or hidden, or stand for a pictogram."""
    for begin, end, data in _runs(file, CHARACTERS):
        if any(_hides(code, value) for code, value in _properties(data)):
            yield from file.spans_of_bytes(begin, end)


def _hides(code: int, value: int) -> bool:
    return (code in (Code.DELETED, Code.HIDDEN) and value & 1 == 1) or code == Code.SYMBOL


def _runs(file: WordFile, index: int) -> Iterator[tuple[int, int, bytes]]:
    """From and up to which byte each set of properties holds."""
    _, numbers = file.plc(index, 4)
    seen = set()
    for raw in numbers:
        number = struct.unpack("<L", raw)[0] & 0x3FFFFF
        page = file.word[number * PAGE : (number + 1) * PAGE]
        if len(page) == PAGE and number not in seen:
            seen.add(number)
            yield from _page(page, paragraphs=index == PARAGRAPHS)


def _page(page: bytes, *, paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    count = page[PAGE - 1]
    width = 13 if paragraphs else 1
    if 4 * (count + 1) + width * count > PAGE:
        return
    bounds = struct.unpack_from(f"<{count + 1}L", page)
    for index in range(count):
        at = 2 * page[4 * (count + 1) + width * index]
        if not at:
            data = b""
        elif paragraphs and page[at] == 0:
            data = page[at + 2 : at + 2 + 2 * page[at + 1]]
        else:
            data = page[at + 1 : at + 1 + (2 * page[at] - 1 if paragraphs else page[at])]
        yield bounds[index], bounds[index + 1], data


def _properties(data: bytes) -> Iterator[tuple[int, int]]:
    """Each property's code, and its value where that is a number."""
    at = 0
    while at + 3 <= len(data):
        code = struct.unpack_from("<H", data, at)[0]
        at += 2
        size = SIZES.get(code >> 13)
        if size is None:
            long = code == DEFINE_TABLE and at + 2 <= len(data)
            size = struct.unpack_from("<H", data, at)[0] + 1 if long else data[at] + 1
            if code == CHANGE_TABS and data[at] == 0xFF:
                return  # its length would have to be counted; nothing that is asked for comes after it
            yield code, 0
        else:
            yield code, int.from_bytes(data[at : at + size], "little")
        at += size


def _heading_styles(data: bytes) -> dict[int, int]:
    """The levels of those styles that are Word's headings, or based on one."""
    if len(data) < 4:
        return {}
    at = 2 + struct.unpack_from("<H", data)[0]
    count = struct.unpack_from("<H", data, 2)[0]
    known: list[tuple[int, int]] = []
    while at + 2 <= len(data) and len(known) < count:
        size = struct.unpack_from("<H", data, at)[0]
        first, second = (
            struct.unpack_from("<2H", data, at + 2) if size >= 4 and at + 6 <= len(data) else (0xFFF, 0xFFF0)
        )
        known.append((first & 0xFFF, second >> 4))
        at += 2 + size + size % 2
    levels = {}
    for index in range(len(known)):
        level = _level(known, index)
        if level is not None:
            levels[index] = level
    return levels


def _level(known: list[tuple[int, int]], index: int) -> int | None:
    for _ in range(LONGEST_CHAIN):
        if index >= len(known):
            return None
        number, below = known[index]
        if number in HEADINGS or number == TITLE:
            return 1 if number == TITLE else number
        index = below
    return None
