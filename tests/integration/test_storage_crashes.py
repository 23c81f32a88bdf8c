from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from reelyard.errors import UploadClosed
from reelyard.storage.disk import DiskStorage
from reelyard.storage.disk_uploads import DiskUploads
from reelyard.storage.journal import Kept, append_part
from reelyard.storage.storage import PartSlot
from reelyard.testing.storage_suite import some_bytes
from reelyard.testing.upload_steps import in_chunks

PART, PARTS = 1_000_003, 12
SIZE = PART * PARTS - 77

SENDER = """
import asyncio, os, signal, sys
from pathlib import Path
from reelyard.storage.disk import DiskStorage
from reelyard.storage.disk_uploads import DiskUploads
from reelyard.storage.storage import PartSlot
from reelyard.testing.storage_suite import some_bytes

root, part, size, die_at, again = Path(sys.argv[1]), *map(int, sys.argv[2:])
data, sent = some_bytes(size), 0
acknowledged = os.open(root / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
uploads = DiskUploads(DiskStorage(root))

async def body(piece):
    global sent
    for start in range(0, len(piece), 65536):
        sent += len(piece[start : start + 65536])
        if 0 <= die_at < sent:
            os.kill(os.getpid(), signal.SIGKILL)
        yield piece[start : start + 65536]
        await asyncio.sleep(0)

async def send(waiting):
    while waiting:
        number = waiting.pop(0)
        piece = data[(number - 1) * part : number * part]
        await uploads.write_part("u1", PartSlot(number, (number - 1) * part, len(piece)), body(piece))
        os.write(acknowledged, f"{number}\\n".encode())

async def main():
    waiting = list(range(1, -(-size // part) + 1)) * (2 if again else 1)
    await asyncio.gather(*(send(waiting) for _ in range(4)), return_exceptions=True)

asyncio.run(main())
"""


STORER = """
import itertools, sys
from pathlib import Path
from reelyard.storage.disk import DiskStorage
from reelyard.testing.storage_suite import some_bytes

root, whole = Path(sys.argv[1]), some_bytes(2_000_000)
storage = DiskStorage(root)
for number in itertools.count():
    (root / "source").write_bytes(whole)
    storage.put(f"moved/{number % 3}", root / "source")
    storage.put_bytes(f"written/{number % 3}", whole)
    print(number, flush=True)
"""


@contextmanager
def reopened(root: Path) -> Iterator[tuple[DiskStorage, DiskUploads]]:
    """The stores as a new process finds them."""
    storage = DiskStorage(root)
    uploads = DiskUploads(storage)
    yield storage, uploads
    uploads.close()


def sender(root: Path, *, die_at: int = -1, again: bool = False) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SENDER, str(root), *map(str, (PART, SIZE, die_at, int(again)))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def prepared(root: Path) -> None:
    with reopened(root) as (_, uploads):
        uploads.begin("u1", SIZE)


def acknowledged(root: Path) -> set[int]:
    path = root / "acknowledged"
    return {int(line) for line in path.read_text().split()} if path.exists() else set()


def check_then_resume(root: Path) -> None:
    """Every acknowledged part is listed, every listed part is whole, and the rest can be sent."""
    data = some_bytes(SIZE)
    with reopened(root) as (storage, uploads):
        listed = uploads.parts("u1")
        assert acknowledged(root) <= {part.number for part in listed}
        for part in listed:
            piece = data[(part.number - 1) * PART : part.number * PART]
            assert (part.size, part.sha256) == (len(piece), sha256(piece).hexdigest())
        for number in {*range(1, PARTS + 1)} - {part.number for part in listed}:
            piece = data[(number - 1) * PART : number * PART]
            slot = PartSlot(number, (number - 1) * PART, len(piece))
            asyncio.run(uploads.write_part("u1", slot, in_chunks(piece)))
        assert uploads.seal("u1", "files/u1") == SIZE
        assert storage.read_bytes("files/u1") == data
        assert [*uploads.begun()] == []


@pytest.mark.parametrize("seed", range(8))
def test_killed_at_any_byte_no_acknowledged_part_is_lost(tmp_path: Path, seed: int) -> None:
    prepared(tmp_path)

    child = sender(tmp_path, die_at=random.Random(seed).randrange(SIZE))
    said, _ = child.communicate(timeout=60)

    assert child.returncode == -signal.SIGKILL, said
    check_then_resume(tmp_path)


@pytest.mark.parametrize("seed", range(8))
def test_killed_at_any_moment_no_acknowledged_part_is_lost(tmp_path: Path, seed: int) -> None:
    chance = random.Random(100 + seed)
    prepared(tmp_path)

    child = sender(tmp_path, again=True)
    enough, deadline = chance.randrange(1, PARTS), time.monotonic() + 60
    while len(acknowledged(tmp_path)) < enough and child.poll() is None and time.monotonic() < deadline:
        os.sched_yield()
    for _ in range(chance.randrange(200)):
        os.sched_yield()
    child.kill()
    child.communicate()

    assert len(acknowledged(tmp_path)) >= enough
    check_then_resume(tmp_path)


@pytest.mark.parametrize(
    "torn", [b"\n", b'\n{"number":2,"off', b"\n\x00\x00\x00\x00", b"\n[]\n", b"\xff\xfe", b'{"number":']
)
def test_a_torn_line_of_the_journal_spoils_no_other(tmp_path: Path, torn: bytes) -> None:
    with reopened(tmp_path) as (_, uploads):
        uploads.begin("u1", 4)
        first = asyncio.run(uploads.write_part("u1", PartSlot(1, 0, 2), in_chunks(b"ab")))
    with (tmp_path / "uploads/u1/journal").open("ab") as journal:
        journal.write(torn)

    with reopened(tmp_path) as (_, uploads):
        assert uploads.parts("u1") == (first,)
        second = asyncio.run(uploads.write_part("u1", PartSlot(2, 2, 2), in_chunks(b"cd")))
    with reopened(tmp_path) as (storage, uploads):
        assert uploads.parts("u1") == (first, second)
        uploads.seal("u1", "files/u1")
        assert storage.read_bytes("files/u1") == b"abcd"


def test_a_part_sent_again_is_known_after_a_restart(tmp_path: Path) -> None:
    slot = PartSlot(1, 0, 10, exact=False)
    with reopened(tmp_path) as (_, uploads):
        uploads.begin("whole", None)
        uploads.begin("sized", 2)
        for body in (b"a long one", b"ab", b"cd"):
            asyncio.run(uploads.write_part("whole", slot, in_chunks(body)))
        for body in (b"xx", b"yy"):
            asyncio.run(uploads.write_part("sized", PartSlot(1, 0, 2), in_chunks(body)))
    leftover = tmp_path / "uploads/sized/part-1-0123"
    leftover.write_bytes(b"never acknowledged")

    with reopened(tmp_path) as (storage, uploads):
        assert [part.size for part in uploads.parts("whole")] == [2]
        assert uploads.parts("sized")[0].sha256 == sha256(b"yy").hexdigest()
        assert not leftover.exists()
        for name in ("whole", "sized"):
            uploads.seal(name, f"files/{name}")
        assert storage.read_bytes("files/whole") == b"cd"
        assert storage.read_bytes("files/sized") == b"yy"


def test_a_shorter_second_attempt_after_a_crash_keeps_nothing_of_the_first(tmp_path: Path) -> None:
    with reopened(tmp_path) as (_, uploads):
        uploads.begin("u1", None)
    (tmp_path / "uploads/u1/data").write_bytes(b"what a killed process had written")

    with reopened(tmp_path) as (storage, uploads):
        asyncio.run(uploads.write_part("u1", PartSlot(1, 0, 99, exact=False), in_chunks(b"short")))
        assert uploads.seal("u1", "files/u1") == 5
        assert storage.read_bytes("files/u1") == b"short"


def test_a_line_without_its_bytes_is_not_believed(tmp_path: Path) -> None:
    with reopened(tmp_path) as (_, uploads):
        uploads.begin("u1", 4)
        first = asyncio.run(uploads.write_part("u1", PartSlot(1, 0, 2), in_chunks(b"ab")))
    journal = tmp_path / "uploads/u1/journal"
    append_part(journal, Kept(1, 0, 2, "0" * 64, aside="part-1-gone"))
    append_part(journal, Kept(2, 2, 2, "0" * 64))

    with reopened(tmp_path) as (_, uploads):
        assert uploads.parts("u1") == (first,)


@pytest.mark.parametrize("seed", range(4))
def test_killed_while_storing_no_name_stands_for_half_a_thing(tmp_path: Path, seed: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", STORER, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout
    for _ in range(random.Random(seed).randrange(1, 6)):
        child.stdout.readline()
    for _ in range(random.Random(seed).randrange(300)):
        os.sched_yield()
    child.kill()
    child.communicate()

    storage, whole = DiskStorage(tmp_path), some_bytes(2_000_000)
    found = [entry.key for entry in storage.list("")]
    assert found
    assert all(storage.read_bytes(key) == whole for key in found)


@pytest.mark.parametrize("times", [1, 2])
def test_a_crash_between_storing_and_clearing_away_is_a_sealed_upload(tmp_path: Path, times: int) -> None:
    with reopened(tmp_path) as (storage, uploads):
        uploads.begin("u1", None)
        for body in (b"another", b"content")[-times:]:
            asyncio.run(uploads.write_part("u1", PartSlot(1, 0, 9, exact=False), in_chunks(body)))
        (whole,) = (tmp_path / "uploads/u1").glob("data" if times == 1 else "part-*")
        storage.take("files/u1", whole)

    with reopened(tmp_path) as (storage, uploads):
        assert uploads.seal("u1", "files/u1") == 7
        assert storage.read_bytes("files/u1") == b"content"
        assert [*uploads.begun()] == []
        with pytest.raises(UploadClosed):
            asyncio.run(uploads.write_part("u1", PartSlot(1, 0, 9, exact=False), in_chunks(b"late")))


def test_what_a_crash_left_aside_goes_with_the_janitor(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    (tmp_path / "tmp" / "begin-1").mkdir()
    (tmp_path / "tmp" / "begin-1" / "data").write_bytes(b"")

    assert storage.remove_stale(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert storage.remove_stale(datetime.now(UTC) + timedelta(hours=1)) == 1


def test_a_silent_body_does_not_hinder_others(tmp_path: Path) -> None:
    async def many_silent_and_one_not(uploads: DiskUploads) -> int:
        async def silent() -> AsyncIterator[bytes]:
            yield b"x"
            await asyncio.Event().wait()

        waiting = [
            asyncio.create_task(uploads.write_part("u1", PartSlot(number, number, 1), silent()))
            for number in range(2, 60)
        ]
        await asyncio.sleep(0)
        part = await uploads.write_part("u1", PartSlot(1, 0, 1), in_chunks(b"y"))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return part.size

    with reopened(tmp_path) as (_, uploads):
        uploads.begin("u1", 100)
        assert asyncio.run(many_silent_and_one_not(uploads)) == 1
