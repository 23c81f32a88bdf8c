"""The blocks of a Word 97 file: its characters divided at their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reelyard.media.document import Block, BlockKind
from reelyard.tools.documents.content import MOST_BLOCKS, block, plain, too_long
from reelyard.tools.documents.doc_file import WordFile
from reelyard.tools.documents.doc_formats import Format, Formats, unseen
from reelyard.tools.documents.docx_tables import Row, blocks_of_row
from reelyard.tools.documents.marks import is_break

FOOTNOTES, ENDNOTES = (2, 3), (46, 47)  # where they are named, where they begin
SHAPES, BOXES = 40, 56
FIELD_MARKS = re.compile("[\x13\x14\x15]")
PARAGRAPH_END = re.compile("[\r\x07\x0c]")
CELL_END = "\x07"
SPOKEN = str.maketrans(
    {**dict.fromkeys("\x01\x02\x03\x04\x05\x08\x13\x14\x15\x1f", None), "\x0b": " ", "\x0e": " ", "\x1e": "-"}
)
LONGEST_HEADING = 300


def blocks_of(file: WordFile) -> list[Block]:
    """All that a reader of the document sees, in order."""
    return _Reading(file).main()


class _Reading:
    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._formats = Formats(file)
        self._mask = bytearray(len(file.text))
        for begin, end in (*unseen(file), *_instructions(file.text)):
            self._mask[begin:end] = b"\x01" * (end - begin)

    def main(self) -> list[Block]:
        hung: dict[int, list[str]] = {}
        self._hang(hung, "footnotes", FOOTNOTES)
        self._hang(hung, "endnotes", ENDNOTES)
        loose = self._hang_boxes(hung)
        walk = _Walk(sorted(hung.items()))
        begin, end = self._file.span("main")
        for text, mark, at in self._paragraphs(begin, end):
            walk.paragraph(text, mark, at, self._formats.at(at))
        walk.close()
        return [*walk.blocks, *_as_paragraphs(loose)]

    def _paragraphs(self, begin: int, end: int) -> Iterator[tuple[str, str, int]]:
        """Each paragraph's text, its mark, and where that is."""
        held, at = "", begin
        for match in PARAGRAPH_END.finditer(self._file.text, begin, end):
            held += self._seen(at, match.start())
            at = match.end()
            if self._mask[match.start()] and match[0] == "\r":
                continue  # the mark was deleted: what follows belongs to this paragraph
            yield _spoken(held), match[0], match.start()
            held = ""
        rest = held + self._seen(at, end)
        if rest:
            yield _spoken(rest), "\r", max(begin, end - 1)

    def _seen(self, begin: int, end: int) -> str:
        text, mask = self._file.text[begin:end], self._mask[begin:end]
        if not any(mask):
            return text
        return "".join(char for char, hidden in zip(text, mask, strict=True) if not hidden)

    # --- what hangs on a place in the text ------------------------------------------------------------------

    def _hang(self, hung: dict[int, list[str]], part: str, indices: tuple[int, int]) -> None:
        references, _ = self._file.plc(indices[0], 2)
        starts, _ = self._file.plc(indices[1], 0)
        first, end = self._file.span(part)
        for place, begin, stop in zip(references, starts, starts[1:], strict=False):
            if place < len(self._mask) and self._mask[place]:
                continue  # deleted together with the word that it belongs to
            texts = self._texts(min(first + begin, end), min(first + stop, end))
            hung.setdefault(place, []).extend(texts)

    def _hang_boxes(self, hung: dict[int, list[str]]) -> list[str]:
        """Text boxes at the shapes that hold them; those of which that cannot be told are given back."""
        places, shapes = self._file.plc(SHAPES, 26)
        anchors = {shape[:4]: place for place, shape in zip(places, shapes, strict=False)}
        starts, records = self._file.plc(BOXES, 22)
        first, end = self._file.span("boxes")
        loose: list[str] = []
        for begin, stop, record in zip(starts, starts[1:], records, strict=False):
            texts = self._texts(min(first + begin, end), min(first + stop, end))
            place = anchors.get(record[14:18])
            (loose if place is None else hung.setdefault(place, [])).extend(texts)
        if not records and end > first:
            loose.extend(self._texts(first, end))
        return loose

    def _texts(self, begin: int, end: int) -> list[str]:
        return [found for text, _, _ in self._paragraphs(begin, end) if (found := plain(text))]


@dataclass
class _Walk:
    """Puts paragraphs together to blocks and rows."""

    hung: list[tuple[int, list[str]]]  # by place, the first first
    blocks: list[Block] = field(default_factory=list)
    row: Row = field(default_factory=Row)
    cell: list[Block] = field(default_factory=list)
    inner: Row = field(default_factory=Row)  # of a table inside a cell
    inner_cell: list[Block] = field(default_factory=list)
    next_hung: int = 0
    count: int = 0

    def paragraph(self, text: str, mark: str, at: int, form: Format) -> None:
        self.count += 1
        if self.count > MOST_BLOCKS:
            raise too_long()
        found = _classified(text, form)
        in_table = form.depth > 0 or mark == CELL_END
        if not in_table:
            self.close()
        self._put(found, form)
        notes = self._notes_until(at)
        if in_table:
            self.row.notes.extend(notes)
            self._end_cell(mark, form)
        else:
            self.blocks.extend(notes)

    def close(self) -> None:
        """The table, if there was one, has ended."""
        self._end_inner_row()
        if self.cell:
            self.row.cells.append(self.cell)
            self.cell = []
        self.blocks.extend(blocks_of_row(self.row))
        self.row = Row()

    def _put(self, found: Block | None, form: Format) -> None:
        if found is None:
            return
        if form.depth > 1:
            self.inner_cell.append(found)
        elif form.depth == 1:
            self.cell.append(found)
        else:
            self.blocks.append(found)

    def _end_cell(self, mark: str, form: Format) -> None:
        if form.depth > 1:
            if form.inner_cell and not form.inner_row_end:
                self.inner.cells.append(self.inner_cell)
                self.inner_cell = []
            if form.inner_row_end:
                self._end_inner_row()
        elif mark == CELL_END:
            self._end_inner_row()
            if form.row_end:
                self.close()
            else:
                self.row.cells.append(self.cell)
                self.cell = []

    def _end_inner_row(self) -> None:
        if self.inner_cell:
            self.inner.cells.append(self.inner_cell)
            self.inner_cell = []
        self.cell.extend(blocks_of_row(self.inner))
        self.inner = Row()

    def _notes_until(self, at: int) -> list[Block]:
        found: list[str] = []
        while self.next_hung < len(self.hung) and self.hung[self.next_hung][0] <= at:
            found.extend(self.hung[self.next_hung][1])
            self.next_hung += 1
        return _as_paragraphs(found)


def _classified(text: str, form: Format) -> Block | None:
    said = plain(text)
    if is_break(said):
        return Block(BlockKind.BREAK, "")
    if form.heading is not None and len(said) <= LONGEST_HEADING:
        return block(BlockKind.HEADING, said, form.heading)
    if form.list_level is not None:
        return block(BlockKind.ITEM, said, form.list_level)
    return block(BlockKind.PARAGRAPH, said)


def _instructions(text: str) -> Iterator[tuple[int, int]]:
    """Where the instructions of fields stand, with their marks; nothing when the marks do not fit together."""
    found: list[tuple[int, int]] = []
    open_fields: list[tuple[int, bool]] = []  # where it begins; whether its result has begun
    for match in FIELD_MARKS.finditer(text):
        if match[0] == "\x13":
            open_fields.append((match.start(), False))
        elif not open_fields:
            continue
        elif match[0] == "\x14":
            begin, separated = open_fields[-1]
            if not separated:
                found.append((begin, match.end()))
                open_fields[-1] = (begin, True)
        else:
            begin, separated = open_fields.pop()
            if not separated:
                found.append((begin, match.end()))
    return iter([] if open_fields else found)


def _as_paragraphs(texts: list[str]) -> list[Block]:
    return [Block(BlockKind.PARAGRAPH, text) for text in texts]


def _spoken(text: str) -> str:
    """Without the marks of Word's own, and letters of two halves put together."""
    return text.translate(SPOKEN).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
