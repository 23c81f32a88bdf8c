"""The journal of one upload: which parts were acknowledged, line by line, so that a crash forgets none.

A line is appended and synced before a part is acknowledged. Each begins with a line break of its own, so that
a line torn by a crash spoils no later one; what cannot be read was never acknowledged.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reelyard.storage.files import write_all
from reelyard.storage.storage import UploadedPart


@dataclass(frozen=True, slots=True)
class Kept:
    """An acknowledged part and where its bytes lie."""

    number: int
    offset: int  # bytes from the start of the whole
    size: int
    sha256: str
    aside: str | None = None  # name of its own file when it was sent again, else it lies in place

    @property
    def part(self) -> UploadedPart:
        return UploadedPart(self.number, self.size, self.sha256)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal tells."""

    size: int | None  # bytes declared; None for a whole-file slot
    parts: dict[int, Kept]  # by number, the last acknowledged of each


def create_journal(path: Path, size: int | None) -> None:
    """Begin a journal at `path`, synced; its name is not durable before its folder is synced."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_all(descriptor, _line({"size": size}), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append_part(path: Path, part: Kept) -> None:
    """Record that `part` is acknowledged, synced; nothing is recorded when this raises."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        end = os.fstat(descriptor).st_size
        try:
            write_all(descriptor, _line(asdict(part)), end)
            os.fdatasync(descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, end)
            raise
    finally:
        os.close(descriptor)


def read_journal(folder: Path, journal: Path, data: Path) -> Contents:
    """What the journal tells, without parts whose bytes are not there; raises FileNotFoundError."""
    present = data.stat().st_size
    size: int | None = None
    parts: dict[int, Kept] = {}
    for line in journal.read_bytes().splitlines():
        record = _parsed(line)
        if record is None:
            continue
        if "number" not in record:
            size = record["size"]
            continue
        part = Kept(**record)
        whole = (folder / part.aside).is_file() if part.aside else part.offset + part.size <= present
        if whole:
            parts[part.number] = part
    return Contents(size, parts)


def _line(record: dict[str, object]) -> bytes:
    return b"\n" + json.dumps(record, separators=(",", ":")).encode() + b"\n"


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
