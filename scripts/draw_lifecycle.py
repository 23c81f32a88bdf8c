"""Fill docs/lifecycle.md's drawings and tables from those in the code: python -m scripts.draw_lifecycle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reelyard.core.batches import lifecycle
from reelyard.core.batches.states import (
    BatchCell,
    BatchMove,
    BatchStatus,
    Guard,
    ItemCell,
    ItemMove,
    ItemSituation,
    Settle,
)

PAGE = Path(__file__).parent.parent / "docs" / "lifecycle.md"
GONE = "gone"
NODES = {column: column.value.replace(", ", "_").replace(" ", "_") for column in ItemSituation}


def batch_drawing() -> str:
    """The batch's moves between states, and its end, as a state diagram."""
    labels = _labels(
        (status.value, cell.to.value, action.value)
        for action, row in lifecycle.BATCH_TABLE.items()
        for status, cell in row.items()
        if isinstance(cell, BatchMove) and cell.to is not None and cell.to is not status
    )
    for status, cell in lifecycle.BATCH_TABLE[lifecycle.BatchAction.SETTLE].items():
        for to in _outcomes(status) if isinstance(cell, Settle) else []:
            labels.setdefault((status.value, to.value), []).append("settle")
    return _diagram("pending", labels)


def _outcomes(status: BatchStatus) -> list[BatchStatus]:
    kinds = (
        lifecycle.Counts(completed=1),
        lifecycle.Counts(failed=1),
        lifecycle.Counts(cancelled=1),
        lifecycle.Counts(pending=1, unrequested=1),
    )
    ends = (lifecycle.next_batch(status, lifecycle.BatchAction.SETTLE, counts) for counts in kinds)
    return [end for end in ends if end is not None and end is not status]


def item_drawing() -> str:
    """The item's moves between states as a state diagram; removal and what stays is left to the table."""
    return _diagram(
        NODES[ItemSituation.NO_SOURCE],
        _labels(
            (NODES[column], _node(to, event), event.value)
            for event in lifecycle.ItemEvent
            for column, move in lifecycle.moves_of(event).items()
            for to in (move.to, move.spent)
            if to is not None and _node(to, event) != NODES[column]
        ),
    )


def _node(to: lifecycle.ItemStatus, event: lifecycle.ItemEvent) -> str:
    """A move to pending ends where the file is: still away only after an upload that broke."""
    there = event is not lifecycle.ItemEvent.UP_FAIL
    return NODES[lifecycle.situation(to, source_ready=there)]


def _labels(edges: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    labels: dict[tuple[str, str], list[str]] = {}
    for origin, end, word in edges:
        labels.setdefault((origin, end), []).append(word)
    return labels


def _diagram(first: str, labels: Mapping[tuple[str, str], list[str]]) -> str:
    lines = [f"    {origin} --> {end}: {', '.join(words)}" for (origin, end), words in labels.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *lines, "```"])


def batch_table() -> str:
    """Every cell of the batch's table; the number of its guard in brackets."""
    rows = {
        action: [_batch_cell(status, cell) for status, cell in row.items()]
        for action, row in lifecycle.BATCH_TABLE.items()
    }
    return _table("action", list(BatchStatus), rows)


def _batch_cell(status: BatchStatus, cell: BatchCell) -> str:
    if not isinstance(cell, BatchMove):
        return cell.value
    if cell.to is None:
        return _guarded(GONE, cell.guard)
    return _guarded("stays" if cell.to is status else f"→ {cell.to}", cell.guard)


def item_table() -> str:
    """Every cell of the item's table, with what changes beside the status."""
    rows = {
        event: [_item_cell(column, cell) for column, cell in row.items()]
        for event, row in lifecycle.ITEM_TABLE.items()
    }
    return _table("event", list(ItemSituation), rows)


def _item_cell(column: ItemSituation, cell: ItemCell) -> str:
    if not isinstance(cell, ItemMove):
        return cell.value
    words = "; ".join([_end(column, cell), *sorted(cell.effects)])
    if cell.spent is not None:
        words += f"; → {cell.spent} when no retry is left"
    return _guarded(words, cell.guard)


def _end(column: ItemSituation, move: ItemMove) -> str:
    if move.to is None:
        return GONE
    return "stays" if column == move.to.value else f"→ {move.to}"


def _guarded(words: str, guard: Guard) -> str:
    return f"{words} [{list(Guard).index(guard)}]" if guard else words


def guards() -> str:
    """What the numbers in the tables mean."""
    return "\n".join(f"{number}. {guard}" for number, guard in enumerate(Guard) if guard)


def _table(corner: str, columns: Sequence[str], rows: Mapping[Any, list[str]]) -> str:
    lines = [
        [corner, *columns],
        ["---"] * (len(columns) + 1),
        *([f"**{name}**", *cells] for name, cells in rows.items()),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "batch drawing": batch_drawing,
    "batch table": batch_table,
    "item drawing": item_drawing,
    "item table": item_table,
    "guards": guards,
}


def filled(text: str) -> str:
    """`text` with every block between its two marks made anew; raises KeyError on a mark of unknown name."""
    pattern = re.compile(r"<!-- begin (?P<name>[\w ]+) -->\n.*?<!-- end (?P=name) -->", re.DOTALL)
    return pattern.sub(lambda found: _block(found["name"]), text)


def _block(name: str) -> str:
    return f"<!-- begin {name} -->\n{BLOCKS[name]()}\n<!-- end {name} -->"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
