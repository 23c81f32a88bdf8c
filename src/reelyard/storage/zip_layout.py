"""A ZIP archive of things stored elsewhere, of which every byte is known before one of them is read.

The entries are stored, not compressed: film and sound do not shrink. Sizes and CRC-32 are known beforehand, so
that there are no data descriptors; all entries bear one time. Where a size, an offset or a number does not fit
into the old fields, it stands in those of Zip64 (APPNOTE.TXT 6.3.10, 4.3 and 4.5.3). Pure.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from reelyard.errors import InvalidInput

_U16, _U32 = 0xFFFF, 0xFFFFFFFF
_UTF8 = 0x0800  # flag: the name is UTF-8
_PLAIN, _LARGE = 20, 45  # versions needed: 2.0, and 4.5 for Zip64
_UNIX = 3 << 8
_MODE = 0o100644 << 16  # a plain file that its owner may write
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END_64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR = struct.Struct("<IIQI")


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One file: its path in the archive, bytes and CRC-32."""

    name: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes `start` up to and without `end` of the content of an entry."""

    entry: int
    start: int
    end: int


class ZipLayout:
    """Where everything lies. Raises InvalidInput for a name of more than 65,535 bytes."""

    def __init__(self, entries: Sequence[ZipEntry], at: datetime) -> None:
        self.entries = tuple(entries)
        self._time = _dos_time(at)
        self._starts: list[int] = []  # of the local headers
        self._central_starts: list[int] = []  # relative to the directory
        position = directory = 0
        for entry in self.entries:
            name = len(entry.name.encode())
            if name > _U16:
                raise InvalidInput("A name in an archive has at most 65,535 bytes.")
            self._starts.append(position)
            self._central_starts.append(directory)
            directory += _CENTRAL.size + name + len(_central_extra(entry, position))
            position += _LOCAL.size + name + len(_local_extra(entry)) + entry.size
        self._directory = position
        self._end = position + directory
        self._tail = self._tail_bytes(directory)
        self.size = self._end + len(self._tail)  # bytes of the archive

    def pieces(self, start: int, end: int) -> Iterator[bytes | Slice]:
        """What the bytes from `start` up to and without `end` consist of, in order: bytes, and slices of contents."""
        end = min(end, self.size)
        if start < self._directory:
            yield from self._local_pieces(start, min(end, self._directory))
        if start < self._end and end > self._directory:
            yield from self._central_pieces(max(start, self._directory), min(end, self._end))
        if end > self._end:
            yield self._tail[max(0, start - self._end) : end - self._end]

    def _local_pieces(self, start: int, end: int) -> Iterator[bytes | Slice]:
        number = bisect_right(self._starts, start) - 1
        while number < len(self.entries) and self._starts[number] < end:
            entry, begins = self.entries[number], self._starts[number]
            header = self._local(entry)
            content = begins + len(header)
            if start < content:
                yield header[max(0, start - begins) : end - begins]
            first, last = max(0, start - content), min(entry.size, end - content)
            if first < last:
                yield Slice(number, first, last)
            number += 1

    def _central_pieces(self, start: int, end: int) -> Iterator[bytes]:
        number = bisect_right(self._central_starts, start - self._directory) - 1
        while number < len(self.entries):
            begins = self._directory + self._central_starts[number]
            if begins >= end:
                return
            yield self._central(number)[max(0, start - begins) : end - begins]
            number += 1

    def _local(self, entry: ZipEntry) -> bytes:
        name, extra = entry.name.encode(), _local_extra(entry)
        size = _U32 if extra else entry.size
        head = _LOCAL.pack(
            0x04034B50, _LARGE if extra else _PLAIN, _UTF8, 0, *self._time, entry.crc32, size, size,
            len(name), len(extra),
        )  # fmt: skip
        return head + name + extra

    def _central(self, number: int) -> bytes:
        entry, offset = self.entries[number], self._starts[number]
        name, extra = entry.name.encode(), _central_extra(entry, offset)
        size = min(entry.size, _U32)
        version = _LARGE if extra else _PLAIN
        head = _CENTRAL.pack(
            0x02014B50, _UNIX | version, version, _UTF8, 0, *self._time, entry.crc32, size, size,
            len(name), len(extra), 0, 0, 0, _MODE, min(offset, _U32),
        )  # fmt: skip
        return head + name + extra

    def _tail_bytes(self, directory: int) -> bytes:
        number = len(self.entries)
        tail = b""
        if number >= _U16 or directory >= _U32 or self._directory >= _U32:
            tail = _END_64.pack(
                0x06064B50, _END_64.size - 12, _UNIX | _LARGE, _LARGE, 0, 0, number, number, directory,
                self._directory,
            )  # fmt: skip
            tail += _LOCATOR.pack(0x07064B50, 0, self._end, 1)
        few = min(number, _U16)
        return tail + _END.pack(
            0x06054B50, 0, 0, few, few, min(directory, _U32), min(self._directory, _U32), 0
        )


def _local_extra(entry: ZipEntry) -> bytes:
    return struct.pack("<HHQQ", 1, 16, entry.size, entry.size) if entry.size >= _U32 else b""


def _central_extra(entry: ZipEntry, offset: int) -> bytes:
    """Only what does not fit, in the order of the format: both sizes, then the offset."""
    numbers = [entry.size, entry.size] if entry.size >= _U32 else []
    if offset >= _U32:
        numbers.append(offset)
    return struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""


def _dos_time(at: datetime) -> tuple[int, int]:
    """Time and date as MS-DOS keeps them: two seconds fine, from 1980 to 2107."""
    year = min(max(at.year, 1980), 2107)
    return at.hour << 11 | at.minute << 5 | at.second // 2, (year - 1980) << 9 | at.month << 5 | at.day
