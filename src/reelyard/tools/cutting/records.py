"""Coded packets kept aside until the film is put together: a line of JSON, then records.

Made and read by the children of this room only. A file that ends without its last mark was not finished.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

RECORD = struct.Struct(">BBqII")  # track, flags, stamp, duration, bytes
KEY, END = 1, 2
LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One packet; `stamp` and `duration` are in pictures, or in samples of its track."""

    data: bytes
    stamp: int
    duration: int = 1
    track: int = 0
    key: bool = True


class Records:
    """Writes a file of records. A context manager: leaving it well sets the last mark."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        self._file: BinaryIO = path.open("wb")
        self._file.write(json.dumps(header).encode() + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._file.write(RECORD.pack(0, END, 0, 0, 0))
        self._file.close()

    def write(self, record: Record) -> None:
        flags = KEY if record.key else 0
        head = RECORD.pack(record.track, flags, record.stamp, record.duration, len(record.data))
        self._file.write(head + record.data)


def read_header(path: Path) -> dict[str, Any]:
    """The line of JSON at the beginning; raises ValueError when it is none."""
    with path.open("rb") as file:
        header: dict[str, Any] = json.loads(file.readline(LONGEST_HEADER))
    return header


def read_records(path: Path) -> Iterator[Record]:
    """The records in order, one in memory at a time; raises ValueError when the file is not finished."""
    with path.open("rb") as file:
        file.readline(LONGEST_HEADER)
        while True:
            head = file.read(RECORD.size)
            if len(head) < RECORD.size:
                raise ValueError("a piece of the film was not finished")
            track, flags, stamp, duration, size = RECORD.unpack(head)
            if flags & END:
                return
            data = file.read(size)
            if len(data) < size:
                raise ValueError("a piece of the film was not finished")
            yield Record(data, stamp, duration, track, key=bool(flags & KEY))
