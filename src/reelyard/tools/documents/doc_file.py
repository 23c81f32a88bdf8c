"""The streams of a Word 97 file: text by character position, and where each character's bytes lie.

[MS-DOC] 2.5 (the file information block) and 2.9.38 (the piece table).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass

from reelyard.tools.documents.archive import damaged
from reelyard.tools.documents.content import MOST_CHARACTERS, too_long

LENGTHS_AT = 64  # fibRgLw97
PAIRS_AT = 154  # fibRgFcLcb97
PIECES = 33
COMPRESSED = 0x40000000
# The order in which the parts of the text follow each other, and where in fibRgLw97 each one's length is.
PARTS = (
    ("main", 3),
    ("footnotes", 4),
    ("headers", 5),
    ("macros", 6),
    ("comments", 7),
    ("endnotes", 8),
    ("boxes", 9),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    begin: int  # characters
    end: int
    at: int  # bytes in the stream
    width: int  # bytes of a character


class WordFile:
    """Text and tables of a document; everything is checked against the streams that are really there."""

    def __init__(self, word: bytes, table: bytes) -> None:
        """Find the pieces; raises Reject or struct.error when it is damaged."""
        self.word, self._table = word, table
        lengths = struct.unpack_from("<22L", word, LENGTHS_AT)
        self._spans: dict[str, tuple[int, int]] = {}
        at = 0
        for name, index in PARTS:
            self._spans[name] = (at, at + lengths[index])
            at += lengths[index]
        self._pieces = self._read_pieces()
        self._begins = [piece.begin for piece in self._pieces]
        self.text = "".join(self._decoded(piece) for piece in self._pieces)
        if len(self.text) < self._spans["main"][1]:
            raise damaged()

    def span(self, part: str) -> tuple[int, int]:
        """Where a part of the text begins and ends."""
        begin, end = self._spans[part]
        return min(begin, len(self.text)), min(end, len(self.text))

    def pair(self, index: int) -> bytes:
        """The bytes of the table stream that the information block names under `index`; empty when none."""
        at, length = struct.unpack_from("<2L", self.word, PAIRS_AT + 8 * index)
        return self._table[at : at + length] if length and at + length <= len(self._table) else b""

    def plc(self, index: int, width: int) -> tuple[list[int], list[bytes]]:
        """A list of positions, and of the records of `width` bytes between them. [MS-DOC] 2.2.2"""
        data = self.pair(index)
        count = max(0, (len(data) - 4) // (4 + width))
        if not count:
            return [], []
        positions = list(struct.unpack_from(f"<{count + 1}L", data))
        if positions != sorted(positions):
            return [], []  # else the same text could be named again and again
        at = 4 * (count + 1)
        return positions, [data[at + width * one : at + width * (one + 1)] for one in range(count)]

    def byte_of(self, position: int) -> int:
        """Where in the stream the character at `position` begins."""
        piece = self._pieces[max(0, bisect_right(self._begins, position) - 1)]
        return piece.at + (position - piece.begin) * piece.width

    def spans_of_bytes(self, begin: int, end: int) -> list[tuple[int, int]]:
        """The positions of the characters whose bytes lie from `begin` to `end`."""
        found = []
        for piece in self._pieces:
            first = piece.begin + max(0, begin - piece.at + piece.width - 1) // piece.width
            last = min(piece.end, piece.begin + max(0, end - piece.at) // piece.width)
            if first < last:
                found.append((first, last))
        return found

    def _read_pieces(self) -> list[_Piece]:
        data = self.pair(PIECES)
        at = 0
        while data[at : at + 1] == b"\x01":  # properties of a fast save, which do not change the words
            at += 3 + struct.unpack_from("<H", data, at + 1)[0]
        if data[at : at + 1] != b"\x02":
            raise damaged()
        length = struct.unpack_from("<L", data, at + 1)[0]
        data = data[at + 5 : at + 5 + length]
        count = (len(data) - 4) // 12
        positions = struct.unpack_from(f"<{count + 1}L", data)
        found = []
        for index in range(count):
            offset = struct.unpack_from("<L", data, 4 * (count + 1) + 8 * index + 2)[0]
            begin, end = positions[index], positions[index + 1]
            small = offset & COMPRESSED
            place = (offset & (COMPRESSED - 1)) // 2 if small else offset & (COMPRESSED - 1)
            found.append(self._checked(_Piece(begin, end, place, 1 if small else 2)))
        if not found or found[0].begin != 0:
            raise damaged()
        return found

    def _checked(self, piece: _Piece) -> _Piece:
        if piece.end > 2 * MOST_CHARACTERS:
            raise too_long()
        if piece.end < piece.begin or piece.at + (piece.end - piece.begin) * piece.width > len(self.word):
            raise damaged()
        return piece

    def _decoded(self, piece: _Piece) -> str:
        data = self.word[piece.at : piece.at + (piece.end - piece.begin) * piece.width]
        if piece.width == 2:
            # A pair for one letter counts as two positions: it is put together at the very end.
            return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data)))
        return "".join(map(LETTERS.__getitem__, data))


def _letter(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


LETTERS = tuple(map(_letter, range(256)))
