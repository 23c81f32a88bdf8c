"""The child that reads a text: `python -m …reading_child FORMAT whole|summary < file > JSON`.

Prints `{"found": …}` or `{"refused": {code, message, hint}}`. No other process looks into a stranger's text.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from reelyard.errors import Reject
from reelyard.media.document import BlockKind, Document
from reelyard.tools.documents.content import MOST_CHARACTERS, Content, too_long

Reader = Callable[[BinaryIO], Content]
TITLE_WITHIN = 5  # blocks: a heading further down is that of a part
LONGEST_TITLE = 200


def main(name: str, stream: BinaryIO) -> Document:
    """Read a stream of the format `name`; raises Reject. The title is empty when the text has none."""
    from reelyard.tools.documents.language import language_of

    content = reader(name)(stream)
    check(content)
    return Document(
        title=title_of(content),
        blocks=content.blocks,
        language=language_of(content.blocks),
        encoding=content.encoding,
        warnings=content.warnings,
    )


def reader(name: str) -> Reader:
    """Who reads the format of that name; imported only when it is wanted."""
    # ruff: noqa: PLC0415
    if name == "txt":
        from reelyard.tools.documents.txt import read
    elif name == "md":
        from reelyard.tools.documents.markdown import read
    elif name == "docx":
        from reelyard.tools.documents.docx import read
    else:
        from reelyard.tools.documents.doc import read
    return read


def check(content: Content) -> None:
    """Raise Reject when there is nothing to tell, or far too much."""
    if sum(len(block.text) for block in content.blocks) > MOST_CHARACTERS:
        raise too_long()
    if not any(char.isalnum() for block in content.blocks for char in block.text):
        raise Reject(
            "There are no words in this file.",
            code="no_text",
            hint="If its pages are pictures, have their text recognised first.",
        )


def title_of(content: Content) -> str:
    """What the file says, else the first heading near its beginning, else nothing."""
    if content.title:
        return content.title[:LONGEST_TITLE]
    first = (block.text for block in content.blocks[:TITLE_WITHIN] if block.kind is BlockKind.HEADING)
    return next(first, "")[:LONGEST_TITLE]


def answer(name: str, extent: str, stream: BinaryIO) -> dict[str, Any]:
    """What is printed."""
    try:
        document = main(name, stream)
    except Reject as refused:
        return {"refused": {"code": refused.code, "message": refused.message, "hint": refused.hint}}
    except RecursionError:
        return {"refused": {"code": "limits", "message": "The text is nested too deeply.", "hint": None}}
    if extent == "summary":
        whole = {"title": document.title, "words": document.words, "language": document.language}
        return {"found": {**whole, "encoding": document.encoding, "warnings": document.warnings}}
    return {"found": document.to_json()}


if __name__ == "__main__":
    gc.disable()  # millions of blocks are made and none is thrown away
    with open(1, "w", encoding="utf-8", closefd=False) as out:
        json.dump(answer(sys.argv[1], sys.argv[2], sys.stdin.buffer), out, ensure_ascii=False)
