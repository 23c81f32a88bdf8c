"""Plain texts: paragraphs, headings, lists, tables and breaks, told by how the lines lie.

No word is ever lost by it: only signs that stand for a list, a rule or a table's border are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from reelyard.media.document import Block, BlockKind
from reelyard.tools.documents.content import MOST_CHARACTERS, Content, block, bounded, too_long
from reelyard.tools.documents.encodings import decode
from reelyard.tools.documents.headings import with_headings
from reelyard.tools.documents.marks import is_break
from reelyard.tools.documents.text_tables import rows_of
from reelyard.tools.documents.wrapping import Wrapping, indent, visible_width

LINE_END = re.compile("\r\n|[\n\r\x0b\u0085\u2028\u2029]")
PAGE_END = "\x0c"
UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,})\s*$")
ITEM = re.compile(r"(\s*)(?:([-*•‣◦▪●■·])|(\(?\d{1,3}[.)]))\s+(?=\S)")
LEAST_ITEMS = 2  # in a paragraph that does not begin with one
QUOTED = re.compile(r"\s*>+\s?")


def read(stream: BinaryIO) -> Content:
    """Read a plain text; raises Reject."""
    decoded = decode(whole(stream))
    return Content(tuple(blocks_of(decoded.text)), None, decoded.encoding, decoded.warnings)


def whole(stream: BinaryIO) -> bytes:
    """All of a text's bytes; raises Reject when they are too many to be one."""
    data = stream.read(4 * MOST_CHARACTERS + 1)
    if len(data) > 4 * MOST_CHARACTERS:
        raise too_long()
    return data


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of a plain text, in order."""
    lines = _lines(text)
    wrapping = Wrapping(lines)
    stanzas = (_Stanza(stanza, wrapping) for stanza in _stanzas(lines))
    return with_headings(bounded(found for stanza in stanzas for found in stanza.blocks()))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in LINE_END.split(text.replace(PAGE_END, "\n\n"))]


def _stanzas(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines between blank ones."""
    stanza: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            stanza.append(line)
        elif stanza:
            yield stanza
            stanza = []


class _Stanza:
    """Some lines without a blank one between them."""

    def __init__(self, lines: list[str], wrapping: Wrapping) -> None:
        self._lines = lines
        self._wrapping = wrapping
        self._items = sum(ITEM.match(line) is not None for line in lines)

    def blocks(self) -> Iterator[Block]:
        rows = rows_of(self._lines)
        if rows is not None:
            yield from (Block(BlockKind.ROW, row) for row in rows if row)
            return
        for group in self._groups():
            yield from self._block(group)

    def _groups(self) -> Iterator[list[str]]:
        """The lines of each paragraph, item or heading."""
        wrapped = self._wrapping.is_wrapped(self._lines)
        group: list[str] = []
        for index, line in enumerate(self._lines):
            if group and not _hangs(line, group[0]) and self._begins(line, index, wrapped=wrapped):
                yield group
                group = []
            group.append(line)
            if is_break(line.strip()):
                yield group
                group = []
        if group:
            yield group

    def _begins(self, line: str, index: int, *, wrapped: bool) -> bool:
        before = self._lines[index - 1]
        if UNDERLINE.match(line):
            return not _underlines(line, before)
        if is_break(line.strip()) or UNDERLINE.match(before):
            return True
        if self._is_item(line, index) or (QUOTED.match(line) is None) != (QUOTED.match(before) is None):
            return True
        return not wrapped or self._wrapping.ends_paragraph(before, line)

    def _is_item(self, line: str, index: int) -> bool:
        """A number may well begin a line inside a paragraph: it needs a fellow, or a colon before it."""
        found = ITEM.match(line)
        if found is None:
            return False
        if found[2] is not None or self._lines[index - 1].endswith(":"):
            return True
        return ITEM.match(self._lines[0]) is not None or self._items > LEAST_ITEMS

    def _block(self, group: list[str]) -> Iterator[Block]:
        first = group[0].strip()
        if len(group) == 1 and is_break(first):
            yield Block(BlockKind.BREAK, "")
            return
        if len(group) == 2 and UNDERLINE.match(group[1]):
            yield from _given(block(BlockKind.HEADING, first, 1 if "=" in group[1] else 2))
            return
        item = ITEM.match(group[0])
        if item is not None:
            number = item[3] or ""
            rest = [group[0][item.end() :], *group[1:]]
            text = f"{number} {self._wrapping.joined(rest)}"
            yield from _given(block(BlockKind.ITEM, text, min(len(item[1]) // 4, 8)))
        elif all(QUOTED.match(line) for line in group):
            lines = [QUOTED.sub("", line, count=1) for line in group]
            yield from _given(block(BlockKind.QUOTE, self._wrapping.joined(lines)))
        else:
            yield from _given(block(BlockKind.PARAGRAPH, self._wrapping.joined(group)))


def _hangs(line: str, first: str) -> bool:
    """Whether a line goes on under the text of a list item."""
    item = ITEM.match(first)
    return item is not None and ITEM.match(line) is None and indent(line) >= item.end() > indent(first)


def _underlines(line: str, before: str) -> bool:
    return bool(before.strip()) and abs(visible_width(line.strip()) - visible_width(before.strip())) <= 3


def _given(one: Block | None) -> Iterator[Block]:
    if one is not None:
        yield one
