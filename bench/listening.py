"""A client of the live stream that notes when each message came."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bench.server import Site


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, and the moment (seconds since 1970) at which it was read."""

    name: str
    text: bytes
    at: float

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found

    @property
    def delay(self) -> float:
        """Seconds from the beginning of the transaction that made the event until it was here."""
        return self.at - datetime.fromisoformat(self.data["at"]).timestamp()


@dataclass(slots=True)
class Listener:
    """What was heard so far, in order."""

    heard: list[Heard] = field(default_factory=list)

    def run(self, answer: http.client.HTTPResponse) -> None:
        name = b"message"
        try:
            while line := answer.readline():
                if line.startswith(b"event:"):
                    name = line[6:].strip()
                elif line.startswith(b"data:"):
                    self.heard.append(Heard(name.decode(), line[5:].strip(), time.time()))
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            return  # the connection was closed, by us

    def of(self, name: str) -> list[Heard]:
        return [one for one in tuple(self.heard) if one.name == name]

    def events(self) -> list[Heard]:
        return [one for one in tuple(self.heard) if "." in one.name]


@contextmanager
def listening(site: Site, batch_id: str | None = None) -> Iterator[Listener]:
    """Listen to the server's live stream for the length of the block."""
    query = f"?batch_id={batch_id}" if batch_id else ""
    connection = http.client.HTTPConnection(site.host, site.port, timeout=120)
    connection.request("GET", f"/api/v1/events/stream{query}", headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"the live stream was refused: {answer.status} {answer.read()[:300]!r}")
    listener = Listener()
    thread = threading.Thread(target=listener.run, args=(answer,), name="listener", daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        if connection.sock is not None:
            connection.sock.shutdown(2)
        thread.join(5)
        connection.close()
