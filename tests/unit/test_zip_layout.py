"""Archives of stored things: readers take them, and every stretch is what the whole has there."""

from __future__ import annotations

import io
import os
import random
import subprocess
import zipfile
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from reelyard.errors import BlobMissing
from reelyard.storage.disk import DiskStorage
from reelyard.storage.zip_layout import ZipEntry, ZipLayout
from reelyard.storage.zip_stream import ZipStream

AT = datetime(2026, 3, 4, 5, 6, 8, tzinfo=UTC)
HUGE = 5 * 1024**3
CRC_OF_HUGE = 0x12345678  # nobody reads so many zeros in a test


def stored(storage: DiskStorage, contents: dict[str, bytes]) -> tuple[ZipLayout, list[str]]:
    keys = []
    for number, data in enumerate(contents.values()):
        keys.append(storage.put_bytes(f"work/{number}", data).key)
    entries = [ZipEntry(name, len(data), zlib.crc32(data)) for name, data in contents.items()]
    return ZipLayout(entries, AT), keys


def read(layout: ZipLayout, keys: list[str], storage: DiskStorage, start: int = 0) -> bytes:
    with closing(ZipStream(layout, keys, storage, start)) as stream:
        return b"".join(iter(lambda: stream.read(7_000), b""))


class Window(io.RawIOBase):
    """The archive as a file that one can seek in, so that readers need not take all of it."""

    def __init__(self, layout: ZipLayout, keys: list[str], storage: DiskStorage) -> None:
        self._parts = layout, keys, storage
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._parts[0].size}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        with closing(ZipStream(*self._parts, start=self._at)) as stream:
            found = stream.read(size if size >= 0 else self._parts[0].size - self._at)
        self._at += len(found)
        return found


CONTENTS = {
    "001_talk.mp4": os.urandom(20_000),
    "002_empty.txt": b"",
    "003_Übergröße 🎬.srt": "äöü".encode(),
    "failed/004_日本.wav": b"x" * 70_000,
}


def test_a_reader_finds_every_file_as_it_was(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    layout, keys = stored(storage, CONTENTS)

    data = read(layout, keys, storage)

    assert len(data) == layout.size
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == CONTENTS
        assert {info.date_time for info in archive.infolist()} == {(2026, 3, 4, 5, 6, 8)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_every_stretch_is_what_the_whole_has_there(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    layout, keys = stored(storage, {name: data[:60] for name, data in CONTENTS.items()})
    whole = read(layout, keys, storage)
    chosen = random.Random(4)

    for start in range(layout.size + 1):
        end = chosen.randint(start, layout.size)
        pieces = layout.pieces(start, end)
        sizes = [len(piece) if isinstance(piece, bytes) else piece.end - piece.start for piece in pieces]
        assert sum(sizes) == end - start
        assert read(layout, keys, storage, start) == whole[start:]


def test_an_empty_archive_is_one(tmp_path: Path) -> None:
    data = read(ZipLayout((), AT), [], DiskStorage(tmp_path))

    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == []


@pytest.fixture
def huge(tmp_path: Path) -> tuple[ZipLayout, list[str], DiskStorage]:
    """Two sparse files of more than 4 GiB, and a small one behind them."""
    storage = DiskStorage(tmp_path)
    keys = []
    for number in range(2):
        key = storage.put_bytes(f"work/huge-{number}", b"first").key
        path = tmp_path / "objects" / key
        path.chmod(0o600)
        os.truncate(path, HUGE)
        keys.append(key)
    keys.append(storage.put_bytes("work/small", b"the last").key)
    entries = [
        ZipEntry("huge 1", HUGE, CRC_OF_HUGE),
        ZipEntry("huge 2", HUGE, CRC_OF_HUGE),
        ZipEntry("small", 8, zlib.crc32(b"the last")),
    ]
    return ZipLayout(entries, AT), keys, storage


def test_what_is_larger_than_four_gigabytes_is_found(
    huge: tuple[ZipLayout, list[str], DiskStorage],
) -> None:
    file: BinaryIO = Window(*huge)  # type: ignore[assignment]

    with zipfile.ZipFile(file) as archive:
        sizes = [info.file_size for info in archive.infolist()]
        offsets = [info.header_offset for info in archive.infolist()]
        last = archive.read("small")
        with archive.open("huge 2") as content:
            first = content.read(5)

    assert huge[0].size > 2 * HUGE
    assert sizes == [HUGE, HUGE, 8]
    assert offsets[1] > HUGE
    assert offsets[2] > 2 * HUGE
    assert last == b"the last"
    assert first == b"first"


def test_seventy_thousand_entries_are_counted_rightly(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    key = storage.put_bytes("work/one", b"one").key
    entries = [ZipEntry(f"{n:05}.txt", 3, zlib.crc32(b"one")) for n in range(70_000)]
    layout = ZipLayout(entries, AT)

    tail = read(layout, [key] * len(entries), storage, layout.size - 22 - 20 - 56)
    with zipfile.ZipFile(Window(layout, [key] * len(entries), storage)) as archive:
        names = archive.namelist()
        content = archive.read(names[69_990])

    assert tail[:4] == b"PK\x06\x06"
    assert len(names) == 70_000
    assert content == b"one"


def test_a_content_that_is_gone_or_cut_off_breaks_the_stream_and_never_shifts_it(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    layout, keys = stored(storage, CONTENTS)
    path = tmp_path / "objects" / keys[0]
    path.chmod(0o600)
    os.truncate(path, 5_000)

    with pytest.raises(BlobMissing, match="shorter"):
        read(layout, keys, storage)
    storage.delete(keys[0])
    with pytest.raises(BlobMissing):
        read(layout, keys, storage)


def test_another_program_reads_it_too(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    layout, keys = stored(storage, CONTENTS)
    target = tmp_path / "export.zip"
    target.write_bytes(read(layout, keys, storage))

    found = subprocess.run(
        ["/usr/bin/env", "unzip", "-t", str(target)], capture_output=True, text=True, check=False
    )

    if found.returncode == 127:
        pytest.skip("there is no unzip here")
    assert found.returncode == 0, found.stdout
