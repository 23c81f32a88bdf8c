"""Uploads: 1 GiB through signed parts beside one raw streamed PUT, hashed and synced alike, on the same server."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

from bench.result import Result
from bench.watching import watching

GIB = 1024**3
MIB = 1024**2
RAW = "/api/v1/content/raw"  # among the bodies that are streamed
AT_ONCE = 4  # parts on their way at the same time, as the page and the command line send them
LEAST_RATIO = 0.7
MOST_MEMORY_MB = 100.0
EVERY_S = 0.02  # memory is looked at


@dataclass(frozen=True, slots=True)
class Measured:
    raw_mb_s: float
    parts_mb_s: float
    grown_mb: float


def run(*, quick: bool = False) -> list[Result]:
    """Best of some rounds, the two in turn, in one run."""
    size, rounds = (GIB // 8, 1) if quick else (GIB, 4)
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as (address, resident):
        raw: list[float] = []
        parts: list[float] = []
        _send_parts(address, 32 * MIB)  # imports and threads are there before memory is looked at
        before, most = resident(), [0.0]
        with watching(resident, most, EVERY_S):
            for turn in range(rounds):  # whoever is first finds a rested disk: each is so in its turn
                pair = [(raw, _send_raw), (parts, _send_parts)]
                for figures, send in pair if turn % 2 else reversed(pair):
                    figures.append(send(address, size))
        measured = Measured(max(raw), max(parts), (most[0] - before) / 1e6)
    return [
        Result(
            "upload of 1 GiB in signed parts, beside one raw PUT",
            measured.parts_mb_s,
            "MB/s",
            LEAST_RATIO,
            at_most=False,
            peer=measured.raw_mb_s,
        ),
        Result("memory that the server gains by it", max(0.0, measured.grown_mb), "MB", MOST_MEMORY_MB),
    ]


def _block() -> bytes:
    return secrets.token_bytes(MIB)


def _send_raw(address: str, size: int) -> float:
    block = memoryview(_block())
    begun = time.perf_counter()
    _put(address, RAW, (block for _ in range(size // MIB)), size)
    return size / 1e6 / (time.perf_counter() - begun)


def _send_parts(address: str, size: int) -> float:
    import httpx

    block = memoryview(_block())
    begun = time.perf_counter()
    with httpx.Client(base_url=address, timeout=60) as client:
        order = {"files": [{"name": "film.mp4", "size": size}]}
        opened = client.post("/api/v1/uploads", json=order).raise_for_status().json()["files"][0]
        upload = opened["upload"]

        def send(link: dict[str, Any]) -> None:
            length = min(upload["part_size"], size - (link["number"] - 1) * upload["part_size"])
            _put(address, link["url"], (block for _ in range(length // MIB)), length)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(send, opened["part_urls"]))
        client.post(f"/api/v1/uploads/{upload['id']}/complete").raise_for_status()
    return size / 1e6 / (time.perf_counter() - begun)


def _put(address: str, target: str, blocks: Iterator[memoryview], length: int) -> None:
    import http.client

    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    connection.putrequest("PUT", target)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    for block in blocks:
        connection.send(block)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{target}: {answer.status}")


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, Any]]:
    import multiprocessing

    import psutil

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(folder, theirs), daemon=True)
    server.start()
    address: str = ours.recv()
    process = psutil.Process(server.pid)
    try:
        yield address, lambda: float(process.memory_info().rss)
    finally:
        ours.send("stop")
        server.join(30)


def _serve(folder: Path, told: Connection) -> None:
    """In a process of its own: the product's server, and beside it the raw PUT."""
    from tests.support.site import site

    with site(folder) as running:
        app: Any = running.listener._app  # noqa: SLF001 - a measurement looks inside
        target = folder / "raw"

        async def raw(request: Request) -> Response:
            from starlette.responses import Response

            await asyncio.to_thread(
                running.container.storage.delete_prefix, "originals/"
            )  # of the round before
            target.unlink(missing_ok=True)
            await _receive(target, request.stream())
            return Response()

        app.router.add_route(RAW, raw, methods=["PUT"])
        told.send(running.address)
        told.recv()


async def _receive(target: Path, stream: AsyncIterator[bytes]) -> str:
    """The least that must be done: hash what comes, write it, sync it."""
    sha = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        waiting = bytearray()
        async for chunk in stream:
            waiting += chunk
            if len(waiting) >= MIB:
                await asyncio.to_thread(_keep, sha, descriptor, waiting)
                waiting = bytearray()
        await asyncio.to_thread(_keep, sha, descriptor, waiting)
        await asyncio.to_thread(os.fdatasync, descriptor)
    finally:
        os.close(descriptor)
    return sha.hexdigest()


def _keep(sha: Any, descriptor: int, block: bytearray) -> None:
    sha.update(block)
    os.write(descriptor, block)


if __name__ == "__main__":
    from bench.result import table

    print(table(run(quick="--quick" in sys.argv)))
