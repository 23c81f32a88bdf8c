"""A ZIP archive by a stranger: the parts that are asked for, and nothing believed that its headers say.

Only what comes out of the inflater is counted. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

from reelyard.errors import Reject

MOST_ENTRIES = 10_000
MOST_INFLATED = 200 * 1024 * 1024  # bytes, of all parts that are read
MOST_RATIO = 100
RATIO_FLOOR = 4 * 1024 * 1024  # bytes; a small part of much sameness may well be packed 1 : 1000
PIECE = 256 * 1024
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office wraps what has a password in an old container

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
ENTRY = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
ENCRYPTED = 0x1
FULL = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the archive, as its directory has it."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int  # bytes
    size: int  # bytes, as is claimed
    offset: int


class Archive:
    """The entries of an open, seekable ZIP file, and how much of it was inflated so far."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the directory; raises Reject when it is damaged or a trap."""
        self._stream = stream
        self._size = stream.seek(0, 2)
        self._inflated = 0
        if _begins(stream, COMPOUND):
            raise encrypted()
        try:
            entries = list(self._directory())
        except struct.error:
            raise damaged() from None
        self.entries = {entry.name: entry for entry in entries}
        _check_overlaps(entries)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def part(self, name: str) -> Iterator[bytes]:
        """The content of a part, in pieces; raises Reject when it is damaged, encrypted or a bomb."""
        entry = self.entries.get(name)
        if entry is None:
            raise damaged()
        if entry.flags & ENCRYPTED:
            raise encrypted()
        if entry.method not in (STORED, DEFLATED) or entry.packed > self._size:
            raise damaged()
        try:
            begin = self._begin(entry)
        except struct.error:
            raise damaged() from None
        crc, read = 0, 0
        for piece in self._inflate(entry, begin):
            read += len(piece)
            self._count(entry, read, len(piece))
            crc = zlib.crc32(piece, crc)
            yield piece
        if crc != entry.crc or read != entry.size:
            raise damaged()

    def _count(self, entry: Entry, read: int, more: int) -> None:
        self._inflated += more
        if self._inflated > MOST_INFLATED:
            raise _bomb(f"takes more than {MOST_INFLATED // 1024 // 1024} MiB when it is unpacked")
        if read > RATIO_FLOOR and read > MOST_RATIO * entry.packed:
            raise _bomb(f"grows to more than {MOST_RATIO} times its size when it is unpacked")

    def _inflate(self, entry: Entry, begin: int) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-15) if entry.method == DEFLATED else None
        left = entry.packed
        self._stream.seek(begin)
        while left and (data := self._stream.read(min(PIECE, left))):
            left -= len(data)
            position = self._stream.tell()
            if inflater is None:
                yield data
                continue
            while data and not inflater.eof:
                try:
                    piece = inflater.decompress(data, PIECE)
                except zlib.error:
                    raise damaged() from None
                data = inflater.unconsumed_tail
                yield piece
            self._stream.seek(position)  # another part may have been read in between
        if left or (inflater is not None and not inflater.eof):
            raise damaged()

    def _begin(self, entry: Entry) -> int:
        """Where the bytes of an entry begin, behind its local header."""
        self._stream.seek(entry.offset)
        header: tuple[Any, ...] = LOCAL.unpack(self._stream.read(LOCAL.size))
        if header[0] != b"PK\x03\x04":
            raise damaged()
        name = self._stream.read(header[9])
        if _name(name) != entry.name:
            raise damaged()
        return entry.offset + LOCAL.size + int(header[9]) + int(header[10])

    def _directory(self) -> Iterator[Entry]:
        count, length, offset = self._end()
        if count > MOST_ENTRIES or length > MOST_ENTRIES * 1024:
            raise _bomb(f"has more than {MOST_ENTRIES:,} parts")
        self._stream.seek(offset)
        data = self._stream.read(length)
        at, found = 0, 0
        while data[at : at + 4] == b"PK\x01\x02":
            found += 1
            if found > MOST_ENTRIES:
                raise _bomb(f"has more than {MOST_ENTRIES:,} parts")
            fields = ENTRY.unpack_from(data, at)
            names, extras, remarks = fields[10:13]
            at += ENTRY.size
            extra = data[at + names : at + names + extras]
            sizes = _wide(extra, size=fields[9], packed=fields[8], offset=fields[16])
            yield Entry(
                _name(data[at : at + names]), fields[3], fields[4], fields[7], sizes[1], sizes[0], sizes[2]
            )
            at += names + extras + remarks

    def _end(self) -> tuple[int, int, int]:
        """Entries, bytes and place of the directory."""
        tail_at = max(0, self._size - 65_535 - END.size - LOCATOR_64.size)
        self._stream.seek(tail_at)
        tail = self._stream.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0:
            raise damaged()
        fields = END.unpack_from(tail, at)
        count, length, offset = fields[4], fields[5], fields[6]
        locator = tail[max(0, at - LOCATOR_64.size) : at]
        if (FULL in (length, offset) or count == 0xFFFF) and locator.startswith(b"PK\x06\x07"):
            self._stream.seek(min(LOCATOR_64.unpack(locator)[2], self._size))
            wide = END_64.unpack(self._stream.read(END_64.size))
            count, length, offset = wide[7], wide[8], wide[9]
        return count, length, min(offset, self._size)


def _wide(extra: bytes, *, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Size, packed size and place of an entry, from its ZIP64 field where it has one."""
    values = [size, packed, offset]
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            values = [next(wide, value) if value == FULL else value for value in values]
        at += 4 + length
    return values[0], values[1], values[2]


def _check_overlaps(entries: list[Entry]) -> None:
    """Two entries over the same bytes unpack to more than the archive has: none that is honest does it."""
    spans = sorted((entry.offset, entry.offset + LOCAL.size + entry.packed) for entry in entries)
    if any(first[1] > second[0] for first, second in pairwise(spans)):
        raise _bomb("has parts that lie over each other")


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace").replace("\\", "/").lstrip("/")


def _begins(stream: BinaryIO, mark: bytes) -> bool:
    stream.seek(0)
    return stream.read(len(mark)) == mark


def encrypted() -> Reject:
    """The refusal of a document with a password."""
    return Reject(
        "The document is locked with a password.",
        code="encrypted",
        hint="Save it without a password and send that.",
    )


def damaged() -> Reject:
    """The refusal of a document that cannot be unpacked."""
    return Reject(
        "The document is damaged or was cut off on its way.",
        code="invalid_media",
        hint="Send it again; if it cannot be opened, save it anew.",
    )


def _bomb(what: str) -> Reject:
    return Reject(
        f"The document {what}.", code="limits", hint="Save its text as a new document and send that."
    )
