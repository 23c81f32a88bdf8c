"""In which encoding a plain text is written."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from reelyard.errors import Reject

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the name of its encoding, and what its owner should know."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode a whole file: by its mark, as UTF-8, as UTF-16 without a mark, else by what makes words of it."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], name)
    try:
        return Decoded(data.decode("utf-8"), "utf-8" if not data.isascii() else "ascii")
    except UnicodeDecodeError:
        pass
    return _guessed(data)


def _lenient(data: bytes, name: str) -> Decoded:
    text = data.decode(name, errors="replace")
    lost = text.count("\ufffd")
    warnings = (f"{lost:,} characters could not be read and are left out.",) if lost else ()
    return Decoded(text.replace("\ufffd", " ") if lost else text, name, warnings)


def _guessed(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - needed for few texts

    best = from_bytes(data[:65536]).best()
    if best is None:
        raise Reject(
            "The text's encoding cannot be told.",
            code="invalid_media",
            hint="Save it as UTF-8 and send that.",
        )
    return _lenient(data, best.encoding)
