"""A stage's way to servers, in a test: real children in a folder, a purse that counts, no waiting worth the name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.stub_server import Stub

from reelyard.errors import SpendingLimit
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Child, Service
from reelyard.tools.servers.asking import Asking, Patience
from reelyard.tools.servers.configured import Server, ServerKind, find_server, to_environ
from reelyard.tools.servers.service import DATA, servers_service

KEY = "sk-stub-4711-secret"
HURRY = Patience(tries=4, first_wait_s=0.01, longest_wait_s=0.05, most_waiting_s=20.0)
ROOMY = {"timeout_s": 5.0}


@dataclass
class Yard:
    """One worker's long-lived children, and what a stage would have been told."""

    folder: Path
    children: dict[object, Child] = field(default_factory=dict)  # by their environments
    spent: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    purse: float | None = None

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        child = self.children.get(service.command.env)
        if child is None or child.closed:
            child = self.children[service.command.env] = Child(service, self.folder)
        return child.ask(request, timeout_s=timeout_s, on_event=on_event)

    def reset(self) -> None:
        """As new, but for the children."""
        self.spent, self.notes, self.purse = [], [], None

    def spend(self, amount: float) -> None:
        if self.purse is not None and sum(self.spent) + amount > self.purse:
            raise SpendingLimit("Too much.")
        self.spent.append(amount)


@contextmanager
def yard(folder: Path) -> Iterator[Yard]:
    """One for the length of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Yard(folder)
    try:
        yield found
    finally:
        for child in found.children.values():
            child.kill(0)


def environ_for(stub: Stub, kind: ServerKind, data: Path, **settings: Any) -> dict[str, str]:
    """A worker's environment in which the stub is the server of that kind."""
    data.mkdir(exist_ok=True)
    values = {"url": stub.url, "key": KEY, "model": "stub-1", **ROOMY, **settings}
    return {DATA: str(data), **to_environ(kind, values)}


def asking(
    at: Yard, environ: dict[str, str], kind: ServerKind, patience: Patience = HURRY
) -> tuple[Server, Asking]:
    """The server and the way to it."""
    server = find_server(environ, kind)
    assert server is not None
    way = Asking(
        servers_service(environ), at.ask, at.spend, at.notes.append, patience=patience, chance=lambda: 0.5
    )
    return server, way
