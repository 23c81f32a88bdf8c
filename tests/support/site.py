"""A server over a container whose workers never come: what the HTTP tests that need no stage begin with."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from starlette.requests import HTTPConnection

from reelyard.bootstrap import Container, build
from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.http.app import create_app
from reelyard.http.identity import Identity
from reelyard.http.listener import Listener
from reelyard.kit.clock import Clock, SystemClock
from reelyard.pipeline.registry import NAMED
from reelyard.settings import load_settings
from reelyard.testing.cluster import ManualCluster


class ByHeader:
    """Whoever the header X-Owner names, else the one user: tests speak for several owners."""

    def owner(self, connection: HTTPConnection) -> str:
        return connection.headers.get("x-owner", LOCAL_OWNER)


@dataclass(slots=True)
class Site:
    """A server that answers on `address`."""

    address: str
    container: Container
    client: httpx.Client
    listener: Listener

    def json(self, method: str, path: str, expected: int = 200, **more: Any) -> Any:
        """The body of an answer that has the `expected` status."""
        answer = self.client.request(method, path, **more)
        assert answer.status_code == expected, answer.text
        return answer.json() if answer.content else None

    def upload(self, name: str, data: bytes, batch_id: str | None = None) -> Any:
        """A file sent as one part and completed; the file as it is told."""
        order = {"files": [{"name": name, "size": len(data)}], "batch_id": batch_id}
        opened = self.json("POST", "/api/v1/uploads", 201, json=order)["files"][0]
        self.json("PUT", opened["part_urls"][0]["url"], content=data)
        return self.json("POST", f"/api/v1/uploads/{opened['upload']['id']}/complete", 202)


@contextmanager
def site(
    data: Path,
    *,
    clock: Clock | None = None,
    identity: Identity | None = None,
    pipelines: str = "",
    **settings: Any,
) -> Iterator[Site]:
    """Serve over the folder `data` for the length of the block, with the `pipelines` named or those installed."""
    clock = clock or SystemClock()
    with mock.patch.dict(os.environ, {NAMED: pipelines}):
        container = build(load_settings(data=data, **settings), clock=clock, cluster=ManualCluster(1, clock))
    listener = Listener(create_app(container, identity or ByHeader()))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=listener.run, args=([listening],), daemon=True)
        thread.start()
        try:
            assert listener.listening.wait(20)
            with httpx.Client(base_url=address, timeout=30) as client:
                yield Site(address, container, client, listener)
        finally:
            listener.should_exit = True
            thread.join()
            container.stop(drain_s=0)
