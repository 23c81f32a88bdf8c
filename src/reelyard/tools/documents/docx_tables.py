"""A row of a Word table: one sentence of cells, or, where a table lays out a page, the paragraphs in its cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reelyard.media.document import Block, BlockKind
from reelyard.tools.documents.content import row as joined

LONGEST_CELL = 400  # characters; a longer one is text that was put into a table


@dataclass(slots=True)
class Row:
    """A row while it is read."""

    cells: list[list[Block]] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)  # at the foot of the page, for words in this row
    deleted: bool = False


def blocks_of_row(row: Row) -> Iterator[Block]:
    """What it says, in order."""
    said = [cell for cell in row.cells if any(one.text for one in cell)]
    if len(row.cells) > 1 and all(_is_short(cell) for cell in said):
        if said:
            yield Block(BlockKind.ROW, joined([" ".join(one.text for one in cell) for cell in said]))
    else:
        for cell in row.cells:
            yield from cell
    yield from row.notes


def _is_short(cell: list[Block]) -> bool:
    plain = all(one.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) for one in cell)
    return plain and sum(len(one.text) for one in cell) <= LONGEST_CELL
