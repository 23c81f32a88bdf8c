"""What a reader of one format finds, before it is given a title and a language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reelyard.errors import Reject
from reelyard.media.document import Block, BlockKind

MOST_CHARACTERS = 24_000_000  # about four million words, as many as a story of the longest chunks can hold
MOST_BLOCKS = 400_000
# Neither seen nor spoken: soft hyphens, byte order marks, controls, direction marks, halves of pairs, fillers.
UNSEEN = re.compile(
    "[\u00ad\ufeff\u0000-\u0008\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\u2060\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Content:
    """The blocks of a file in order."""

    blocks: tuple[Block, ...]
    title: str | None = None  # when the file says one itself
    encoding: str | None = None
    warnings: tuple[str, ...] = ()


def plain(text: str) -> str:
    """`text` with single spaces and without what is neither seen nor spoken."""
    return " ".join(UNSEEN.sub("", text).split())


def block(kind: BlockKind, text: str, level: int = 0) -> Block | None:
    """A block of that text made plain; None when there is none."""
    found = plain(text)
    return Block(kind, found, level) if found else None


def row(cells: list[str]) -> str:
    """The text of a table's row: its cells that say something, with commas between them."""
    said = [found for cell in cells if (found := plain(cell))]
    return (
        ", ".join(cell.rstrip(",;") or cell for cell in said[:-1])
        + (", " if said[1:] else "")
        + (said or [""])[-1]
    )


def bounded(blocks: Iterable[Block]) -> list[Block]:
    """All of `blocks`; raises Reject as soon as there are too many."""
    found: list[Block] = []
    for one in blocks:
        found.append(one)
        if len(found) > MOST_BLOCKS:
            raise too_long()
    return found


def too_long() -> Reject:
    """The refusal of a text with more than MOST_CHARACTERS or MOST_BLOCKS."""
    return Reject(
        f"The text has more than {MOST_CHARACTERS:,} characters or {MOST_BLOCKS:,} paragraphs.",
        code="limits",
        hint="Divide it into several files.",
    )
