"""What a text file says: its title, its paragraphs, headings, lists and tables, as plain text in order."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject

SCHEMA = "reelyard.document/1"
# Letters of scripts that put no spaces between words: Thai, Lao, Khmer, kana, ideographs.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


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
    if text.isascii():
        return _spaced_words(text)
    spaced, unspaced = UNSPACED.subn(" ", text)
    return _spaced_words(spaced) + (unspaced + 1) // 2


def _spaced_words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())
