"""Plain texts: paragraphs, headings, lists, tables and breaks, told by how the lines lie."""

from __future__ import annotations

from typing import BinaryIO

from reelyard.media.document import Block, BlockKind
from reelyard.tools.documents.content import MOST_CHARACTERS, Content, block, too_long
from reelyard.tools.documents.encodings import decode


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


def blocks_of(text: str) -> list[Block]:
    found = [block(BlockKind.PARAGRAPH, line) for line in text.splitlines()]
    return [one for one in found if one is not None]
