"""What a text file says: its title, its paragraphs, headings, lists and tables, as plain text in order."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject

SCHEMA = "reelyard.document/1"


class BlockKind(StrEnum):
    """What a stretch of text is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list
    ROW = "row"  # of a table: its cells, joined by commas
    QUOTE = "quote"
    BREAK = "break"  # a line between scenes; it has no text


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or table row: words with single spaces, no marks of any format."""

    kind: BlockKind
    text: str
    level: int = 0  # of a heading, from 1; of a list item, from 0


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read. Every word of the file that its reader would see is in `blocks`, once, in order."""

    title: str  # the file's own, else its first heading, else its name
    blocks: tuple[Block, ...]
    language: str | None = None  # ISO 639-1; None when it cannot be told
    encoding: str | None = None  # of a plain text; None where the format says it itself
    warnings: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many words it has (see `count_words`)."""
        return sum(count_words(block.text) for block in self.blocks)

    def to_json(self) -> dict[str, Any]:
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises InvalidInput."""
        data: dict[str, Any] = dict(value)
        if data.pop("schema", None) != SCHEMA:
            raise InvalidInput(f"This is not a document of schema {SCHEMA}.")
        data["blocks"] = tuple(
            Block(BlockKind(one["kind"]), one["text"], one["level"]) for one in data["blocks"]
        )
        data["warnings"] = tuple(data["warnings"])
        return cls(**data)


def count_words(text: str) -> int:
    """Words as a person counts them; each ideograph, kana or Thai syllable-like character counts as half a word."""
    unspaced = sum(_is_unspaced(char) for char in text)
    spaced = "".join(" " if _is_unspaced(char) else char for char in text)
    return sum(any(char.isalnum() for char in word) for word in spaced.split()) + (unspaced + 1) // 2


def _is_unspaced(char: str) -> bool:
    """Whether the letter belongs to a script that puts no spaces between words (CJK, kana, Thai, Lao, Khmer)."""
    code = ord(char)
    return (
        0x3040 <= code <= 0x30FF
        or 0x3400 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
        or 0x0E00 <= code <= 0x0EFF
        or 0x1780 <= code <= 0x17FF
    )
