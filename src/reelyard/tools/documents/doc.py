"""Word files from 1997 to 2003: where in the compound file their text lies.

[MS-CFB], [MS-DOC]. Read are text, tables, text boxes and notes (behind the paragraph that names them); left out are
headers and footers, comments, what was deleted or hidden, and the numbers of lists, which stand nowhere as text.
"""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

from reelyard.errors import Reject
from reelyard.tools.documents.archive import damaged, encrypted
from reelyard.tools.documents.content import Content
from reelyard.tools.documents.doc_body import blocks_of
from reelyard.tools.documents.doc_file import WordFile
from reelyard.tools.documents.doc_summary import title_of
from reelyard.tools.documents.titles import is_title

WORD_97 = 0xA5EC
OLDER = (
    0xA5DC,
    0xA5DB,
    0xA59C,
    0xA59B,
    0xA697,
    0xA698,
    0xA699,
)  # Word 6 and 95, 2, 1 and their East Asian sisters
FIRST_VERSION = 0x00C1
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
SUMMARY = "\x05SummaryInformation"


def read(stream: BinaryIO) -> Content:
    """Read a DOC; raises Reject."""
    import olefile  # noqa: PLC0415 - only here

    size = stream.seek(0, 2)
    stream.seek(0)
    try:
        with olefile.OleFileIO(stream) as compound:
            return _read(compound, size)
    except (OSError, struct.error, IndexError, ValueError, TypeError, OverflowError):
        raise damaged() from None


def _read(compound: Any, size: int) -> Content:
    word = _stream(compound, "WordDocument", size)
    magic, version, flags = *struct.unpack_from("<2H", word), struct.unpack_from("<H", word, 10)[0]
    if magic in OLDER or (magic == WORD_97 and version < FIRST_VERSION):
        raise Reject(
            "The document was written by a Word older than Word 97.",
            code="unsupported_type",
            hint="Open it in LibreOffice or Word, save it as DOCX, and send that.",
        )
    if magic != WORD_97:
        raise damaged()
    if flags & ENCRYPTED:
        raise encrypted()
    table = _stream(compound, "1Table" if flags & SECOND_TABLE else "0Table", size)
    title = title_of(_stream(compound, SUMMARY, size)) if compound.exists(SUMMARY) else ""
    blocks = blocks_of(WordFile(word, table))
    return Content(tuple(blocks), title if is_title(title) else None)


def _stream(compound: Any, name: str, size: int) -> bytes:
    """A stream of the compound file; raises Reject when it claims to be longer than the file."""
    if not compound.exists(name) or compound.get_size(name) > size:
        raise damaged()
    data: bytes = compound.openstream(name).read()
    return data
