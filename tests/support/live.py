"""Changes of batches, and how they are heard as a browser hears them."""

from __future__ import annotations

import json
from typing import Any, Self

import httpx
from tests.support.site import Site

from reelyard.core.batches.service import BatchOrder

STREAM = "/api/v1/events/stream"


def new_batch(server: Site, owner: str) -> str:
    with server.container.db.write() as tx:
        return server.container.batches.create(tx, owner, BatchOrder("a batch", "transcription")).id


def change(server: Site, owner: str, batch_id: str, name: str) -> None:
    with server.container.db.write() as tx:
        server.container.batches.change(tx, owner, batch_id, {"name": name})


class Stream:
    """Server-sent events, read as a browser reads them."""

    def __init__(self, server: Site, owner: str, **more: Any) -> None:
        headers = {"X-Owner": owner, **more.pop("headers", {})}
        self._client = httpx.Client(base_url=server.address, timeout=10)
        self._context = self._client.stream("GET", STREAM, headers=headers, params=more)
        self.answer = self._context.__enter__()
        self._lines = self.answer.iter_lines() if self.answer.status_code == 200 else iter(())

    def close(self) -> None:
        self._context.__exit__(None, None, None)
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def next(self) -> dict[str, Any]:
        """The next thing that is told; a comment has the name “comment”."""
        told: dict[str, Any] = {}
        for line in self._lines:
            if not line and told:
                return told
            field, _, value = line.partition(":")
            told[field or "comment"] = value.strip()
        raise EOFError

    def events(self, number: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < number:
            told = self.next()
            if "data" in told:
                found.append({**told, "data": json.loads(told["data"])})
        return found
