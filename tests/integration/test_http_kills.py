"""The server is killed in the middle of uploads, at any byte: what it acknowledged is there when it comes back."""

from __future__ import annotations

import hashlib
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PART = 300_000


@contextmanager
def server(data: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "tests.support.site_child", str(data), str(PART)]
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            with httpx.Client(base_url=address, timeout=20) as client:
                yield client, process
        finally:
            process.kill()


def begin_part(client: httpx.Client, url: str, piece: bytes, sent: int) -> socket.socket:
    """Send the head and `sent` bytes of a part."""
    wire = socket.create_connection((client.base_url.host, client.base_url.port or 80))
    wire.sendall(f"PUT {url} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(piece)}\r\n\r\n".encode())
    wire.sendall(piece[:sent])
    return wire


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_every_acknowledged_part_outlives_the_server(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = chance.randbytes(PART * 7 + 1234)
    upload: dict[str, Any] = {}
    links: dict[int, str] = {}
    acknowledged: dict[int, str] = {}

    def piece(number: int) -> bytes:
        return data[(number - 1) * PART : number * PART]

    for _ in range(1 + seed % 2):
        with server(tmp_path) as (client, process):
            if not upload:
                order = {"files": [{"name": "film.mp4", "size": len(data)}]}
                opened = client.post("/api/v1/uploads", json=order).json()["files"][0]
                upload = opened["upload"]
                links = {link["number"]: link["url"] for link in opened["part_urls"]}
            state = client.get(f"/api/v1/uploads/{upload['id']}").json()
            listed = {part["number"]: part["sha256"] for part in state["received"]}
            assert acknowledged.items() <= listed.items()
            missing = [number for number in links if number not in listed]
            for number in missing[: chance.randint(1, 3)]:
                acknowledged[number] = client.put(links[number], content=piece(number)).json()["sha256"]
            last = piece(missing[-1])
            cut = begin_part(client, links[missing[-1]], last, chance.randrange(len(last)))
            process.kill()
            process.wait()
            cut.close()

    with server(tmp_path) as (client, _):
        received = client.get(f"/api/v1/uploads/{upload['id']}").json()["received"]
        listed = {part["number"]: part["sha256"] for part in received}
        assert acknowledged.items() <= listed.items()
        wanted = [number for number in links if number not in listed]
        fresh = client.post(f"/api/v1/uploads/{upload['id']}/sign", json={"parts": wanted}).json()
        for link in fresh["part_urls"]:
            assert client.put(link["url"], content=piece(link["number"])).status_code == 200
        file = client.post(f"/api/v1/uploads/{upload['id']}/complete").json()

    [stored] = list((tmp_path / "objects").rglob(file["id"]))
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == hashlib.sha256(data).hexdigest()
