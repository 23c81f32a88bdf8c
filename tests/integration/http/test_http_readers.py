"""Those who fetch an export: slow ones are served, silent ones and those who leave cost nothing, none costs memory."""

from __future__ import annotations

import io
import os
import queue
import socket
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from tests.support.engine import wait_until
from tests.support.exports import finished, made
from tests.support.served import Json, Served, as_owner, site

from reelyard.core.exports import repository
from reelyard.core.exports.layout import Blob, Entry
from reelyard.core.exports.models import Export
from reelyard.core.exports.packing import layout_of
from reelyard.http.lines import Patience

MIB = 1024 * 1024
LARGE = os.urandom(12 * MIB)  # more than the buffers of a connection hold
SMALL_BUFFER = 4096


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own, whose patience tests change."""
    with site(tmp_path_factory.mktemp("readers") / "data", idle=True) as running:
        found = as_owner(running)
        yield found
        found.close()


@pytest.fixture(scope="module")
def export(yard: Served) -> Json:
    return finished(yard, made(yard, [{"transcript.txt": LARGE}]))


@dataclass(frozen=True, slots=True)
class Looking(Patience):
    """Patience that tells each time it looked."""

    looks: queue.SimpleQueue[float] = field(default_factory=queue.SimpleQueue)

    def left(self, before: float, took: int, elapsed: float) -> float:
        left = Patience.left(self, before, took, elapsed)
        self.looks.put(left)
        return left


@pytest.fixture
def looks(yard: Served) -> Iterator[queue.SimpleQueue[float]]:
    """What is left of the server's patience, each time it looks: a fraction of what it is."""
    state = yard.running.app.state
    usual = state.patience
    state.patience = patience = Looking(first_s=0.8, most_s=1.8, slowest=10_000, look_s=0.05)

    yield patience.looks

    state.patience = usual


@contextmanager
def reader(yard: Served, url: str, buffer: int | None = SMALL_BUFFER) -> Iterator[socket.socket]:
    """One who has asked for it, and whose machine holds little."""
    where = urlsplit(yard.address)
    with socket.socket() as line:
        if buffer is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        line.settimeout(20)
        line.connect((where.hostname, where.port))
        line.sendall(f"GET {url} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
        yield line


def lines(yard: Served) -> int:
    """Connections that the server has open."""
    port = urlsplit(yard.address).port
    open_ones = psutil.Process().net_connections("tcp")
    return sum(one.laddr.port == port and one.status not in ("LISTEN", "TIME_WAIT") for one in open_ones)


def held(part: str) -> int:
    """Open files of which the path holds that."""
    return sum(part in one.path for one in psutil.Process().open_files())


def test_one_who_takes_nothing_is_let_go_and_nothing_is_kept_for_him(
    yard: Served, export: Json, looks: queue.SimpleQueue[float]
) -> None:
    before = lines(yard)

    with reader(yard, export["download_url"]) as line:
        wait_until(lambda: held("transcript.txt") == 1)
        wait_until(lambda: held("transcript.txt") == 0 and lines(yard) == before)
        with pytest.raises(ConnectionResetError):
            taken(line, export["size"])

    assert not looks.empty()


def test_one_who_reads_slowly_is_served_for_as_long_as_he_reads(
    yard: Served, export: Json, looks: queue.SimpleQueue[float]
) -> None:
    with reader(yard, export["download_url"]) as line:
        for _ in range(40):  # 2 s: longer than anyone may be silent
            assert looks.get(timeout=10) > 0
            assert line.recv(SMALL_BUFFER, socket.MSG_WAITALL)


def test_one_who_falls_silent_is_let_go(yard: Served, export: Json, looks: queue.SimpleQueue[float]) -> None:
    before = lines(yard)

    with reader(yard, export["download_url"]) as line:
        for _ in range(5):
            looks.get(timeout=10)
            line.recv(SMALL_BUFFER, socket.MSG_WAITALL)
        wait_until(lambda: lines(yard) == before)


def test_the_end_of_a_download_waits_for_its_reader_no_longer_than_the_rest(
    yard: Served, looks: queue.SimpleQueue[float]
) -> None:
    export = finished(yard, made(yard, [{"transcript.txt": LARGE}]))
    before = lines(yard)
    with reader(yard, export["download_url"], None) as line:
        line.recv(1000)
        wait_until(lambda: not looks.empty())
        line.recv(export["size"] - 4 * MIB, socket.MSG_WAITALL)  # the last of it fits into the buffers

        wait_until(lambda: held("transcript.txt") == 0 and lines(yard) == before)


@pytest.mark.parametrize("half", [False, True])
def test_those_who_leave_give_up_all_that_was_held_for_them(yard: Served, export: Json, half: bool) -> None:
    before = lines(yard)

    for _ in range(20):
        with reader(yard, export["download_url"], None) as line:
            line.recv(SMALL_BUFFER if half else 1)
    with reader(yard, export["download_url"]):
        pass

    # One that an earlier test left may have gone meanwhile, too.
    wait_until(lambda: held("transcript.txt") == 0 and lines(yard) <= before, seconds=10)


# --- an archive of ten thousand films, fifty gigabytes ------------------------------------------------------

ENTRIES, EACH = 10_000, 5 * MIB
GROWTH = 64 * MIB


@pytest.fixture(scope="module")
def huge(yard: Served) -> Json:
    """Such an export: its films are one file of zeros that takes up no room."""
    export = finished(yard, made(yard, [{"transcript.txt": b"the first"}]))
    sparse = yard.container.settings.data / "zeros"
    with sparse.open("wb") as file:
        file.truncate(EACH)
    key = f"work/{yard.owner}/zeros/1-write/film.mp4"
    yard.container.storage.take(key, sparse)
    blob = Blob(key, EACH, zlib.crc32(bytes(EACH)), "0" * 64)
    entries = [Entry(None, "film.mp4", f"{n:05}_film.mp4", "film", 1.0, blob) for n in range(ENTRIES)]
    with yard.container.db.write() as tx:
        row = tx.session.get_one(Export, export["id"])
        repository.add_entries(tx, row, entries, first=1000)
        tx.session.flush()
        row.size = layout_of(repository.entries_of(tx, row.id), row).size
    told: Json = yard.http.get(f"/batches/{export['batch_id']}/exports/{export['id']}").json()
    return told


class Remote(io.RawIOBase):
    """A download as a file: what is read is asked for."""

    def __init__(self, http: httpx.Client, url: str, size: int) -> None:
        self._http, self._url, self._size, self._at = http, url, size, 0
        self.tags: set[str] = set()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, target: Any) -> int:
        block = memoryview(target)
        end = min(self._size, self._at + len(block))
        if end <= self._at:
            return 0
        answer = self._http.get(self._url, headers={"Range": f"bytes={self._at}-{end - 1}"})
        assert answer.status_code == 206
        self.tags.add(answer.headers["ETag"])
        block[: len(answer.content)] = answer.content
        self._at = end
        return len(answer.content)


def test_an_archive_of_fifty_gigabytes_is_read_anywhere(yard: Served, huge: Json) -> None:
    with httpx.Client(base_url=yard.address, trust_env=False, timeout=60) as http:
        remote = Remote(http, huge["download_url"], huge["size"])

        with zipfile.ZipFile(io.BufferedReader(remote, 256 * 1024)) as archive:
            names = archive.namelist()
            last = archive.read(f"{ENTRIES - 1:05}_film.mp4")  # its checksum is compared

    assert huge["size"] > 50 * 10**9
    assert len(names) == ENTRIES + 2
    assert last == bytes(EACH)
    assert len(remote.tags) == 1


def test_neither_its_length_nor_many_readers_cost_memory(yard: Served, huge: Json) -> None:
    process = psutil.Process()
    url = huge["download_url"]
    with reader(yard, url, None) as warm:
        taken(warm, 32 * MIB)
    before = most = process.memory_info().rss

    with reader(yard, url, None) as fast:
        waiting = [reader(yard, url) for _ in range(5)]
        for each in waiting:
            each.__enter__().recv(1)
        for _ in range(8):
            taken(fast, 64 * MIB)
            most = max(most, process.memory_info().rss)
        for each in waiting:
            each.__exit__(None, None, None)

    assert most - before < GROWTH


def taken(line: socket.socket, number: int) -> None:
    """Read so many bytes, and keep none."""
    block = bytearray(MIB)
    while number > 0:
        got = line.recv_into(block)
        assert got
        number -= got


def test_patience_grows_with_what_is_taken_and_ends() -> None:
    patience = Patience()

    assert patience.left(patience.first_s, 0, 30) <= 0
    assert patience.left(1, 500_000_000, 1) == patience.most_s
    left = patience.first_s
    for second in range(3600):  # 1,024 bytes a second, of which the other machine tells every 125 seconds
        left = patience.left(left, 128_000 if second % 125 == 0 else 0, 1)
        assert left > 0


def test_there_is_no_line_under_another_server() -> None:
    from reelyard.http.lines import line_of

    assert line_of({"type": "http"}) is None
