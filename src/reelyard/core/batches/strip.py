"""A batch drawn in at most 200 cells: one for each item, or, in a larger batch, one for each stretch of them.

A cell is a short text, so that a row keeps it and a page draws it as it is: `c` one completed item, `c40f2`
forty completed and two failed ones, nothing where every item was removed. Letters stand in the order of
`LETTERS`. Pure: whoever moves an item calls `moved` in the same transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from reelyard.core.batches.states import ItemStatus

MOST_CELLS = 200

LETTERS: Mapping[ItemStatus, str] = {
    ItemStatus.COMPLETED: "c",
    ItemStatus.FAILED: "f",
    ItemStatus.CANCELLED: "x",
    ItemStatus.PROCESSING: "r",
    ItemStatus.UPLOADING: "u",
    ItemStatus.PENDING: "p",
}
_STATUS = {letter: status for status, letter in LETTERS.items()}

Cells = list[str]


def cell_of(total: int, position: int) -> int:
    """The index of the cell that holds an item. Positions count from 0; IndexError outside of `total`."""
    if not 0 <= position < total:
        raise IndexError(f"position {position} is outside of {total} items")
    return position if total <= MOST_CELLS else position * MOST_CELLS // total


def drawn(items: Iterable[tuple[int, ItemStatus]], total: int) -> Cells:
    """The strip from (position, status) pairs; `total` is one more than the highest position ever given.

    Positions may be missing: removed items leave a gap, and the others stay in their cells.
    """
    counts: list[dict[ItemStatus, int]] = [{} for _ in range(min(total, MOST_CELLS))]
    for position, status in items:
        cell = counts[cell_of(total, position)]
        cell[status] = cell.get(status, 0) + 1
    return [_packed(cell) for cell in counts]


def moved(
    cells: Sequence[str], total: int, position: int, before: ItemStatus | None, after: ItemStatus | None
) -> Cells:
    """The strip after one item went from `before` to `after`; None stands for not being there.

    Raises ValueError when its cell holds no item in `before`: the strip has to be drawn anew.
    """
    index = cell_of(total, position)
    counts = unpacked(cells[index])
    if before is not None:
        if not counts.get(before):
            raise ValueError(f"cell {index} holds no item that is {before}")
        counts[before] -= 1
    if after is not None:
        counts[after] = counts.get(after, 0) + 1
    return [*cells[:index], _packed(counts), *cells[index + 1 :]]


def unpacked(cell: str) -> dict[ItemStatus, int]:
    """How many items of a cell are in each state."""
    return {_STATUS[letter]: int(number or 1) for letter, number in re.findall(r"([a-z])(\d*)", cell)}


def _packed(counts: Mapping[ItemStatus, int]) -> str:
    present = ((letter, counts.get(status, 0)) for status, letter in LETTERS.items())
    return "".join(letter if number == 1 else f"{letter}{number}" for letter, number in present if number)
