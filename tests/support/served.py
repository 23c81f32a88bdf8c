"""A server to talk to: the real application on a free port, and owners told apart by a header that only tests honour."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from starlette.requests import HTTPConnection
from tests.support.engine import ready_files

from reelyard.bootstrap import Container
from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.core.accounts.service import ensure_owner
from reelyard.core.batches import repository
from reelyard.core.batches.ledger import Failure
from reelyard.core.batches.lifecycle import BatchStatus, ItemEvent, ItemStatus
from reelyard.engine.cluster import Message, WorkerInfo
from reelyard.engine.messages import Attempt
from reelyard.http.server import Running, running_server
from reelyard.pipeline.registry import NAMED
from reelyard.settings import Settings

OWNER_HEADER = "X-Test-Owner"
API = "/api/v1"
Json = dict[str, Any]


class HeaderIdentity:
    """Whoever the header names; without one, the one user of one-user mode."""

    def owner(self, connection: HTTPConnection) -> str:
        return connection.headers.get(OWNER_HEADER, LOCAL_OWNER)


class IdleCluster:
    """Workers that never come: what is started stays pending."""

    def start(self, tell: Callable[[Message], None]) -> None:
        del tell

    def submit(self, attempt: Attempt, worker: str) -> None:
        raise AssertionError("nothing can be submitted where no worker is")

    def adopt(self, attempt: Attempt, worker: str) -> None:
        self.submit(attempt, worker)

    def kill(self, key: str, worker: str, *, yielding: bool = False) -> None:
        del key, worker, yielding

    def capacity(self) -> tuple[WorkerInfo, ...]:
        return ()

    def close(self) -> None:
        return


@dataclass(slots=True)
class Served:
    """A running server as one owner sees it."""

    running: Running
    owner: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = self.client_of(self.owner)

    @property
    def container(self) -> Container:
        return self.running.container

    @property
    def address(self) -> str:
        return self.running.address

    def client_of(self, owner: str) -> httpx.Client:
        """A client that speaks as that owner; close it."""
        headers = {OWNER_HEADER: owner}
        return httpx.Client(base_url=self.address + API, headers=headers, timeout=30.0, trust_env=False)

    def stranger(self) -> str:
        """Another owner's id."""
        return ensure_owner(self.container.db, str(uuid.uuid4()), "stranger")

    # --- what tests begin with ----------------------------------------------------------------------------

    def files(self, number: int = 1, owner: str | None = None) -> list[str]:
        """Files that have arrived and were verified; they hold no sound."""
        return ready_files(self.container, owner or self.owner, (uuid.uuid4().hex for _ in range(number)))

    def order(self, *, files: int = 0, http: httpx.Client | None = None, **facts: Any) -> Json:
        """A batch, made over HTTP."""
        order = {"name": "a batch", "pipeline": "transcription", **facts}
        if files:
            order["file_ids"] = self.files(files)
        answer = (http or self.http).post("/batches", json=order)
        assert answer.status_code == 201, answer.text
        batch: Json = answer.json()
        return batch

    def batch_in(self, status: str, *, items: Sequence[str] = ("completed", "failed")) -> str:
        """A batch that got into this state by its own moves; `items` tell how those of an ended one ended."""
        batch_id: str = self.order(files=2)["id"]
        if status == BatchStatus.PENDING:
            return batch_id
        with self.container.db.write() as tx:
            self.container.commands.start(tx, self.owner, batch_id)
        if status in (BatchStatus.COMPLETED, BatchStatus.FAILED):
            self.end(batch_id, items if status == BatchStatus.COMPLETED else ("failed", "failed"))
        elif status != BatchStatus.PROCESSING:
            action = "pause" if status == BatchStatus.PAUSED else "cancel"
            with self.container.db.write() as tx:
                getattr(self.container.commands, action)(tx, self.owner, batch_id)
        return batch_id

    def end(self, batch_id: str, outcomes: Sequence[str]) -> None:
        """End the batch's first pending items so, as if workers had worked on them."""
        ledger = self.container.ledger
        with self.container.db.write() as tx:
            batch = repository.engine_batch(tx, batch_id)
            pending = repository.items_of(tx, batch, status=ItemStatus.PENDING)
            for item, outcome in zip(pending, outcomes, strict=False):
                ledger.move_item(tx, batch, item, ItemEvent.CLAIM)
                if outcome == "completed":
                    ledger.move_item(tx, batch, item, ItemEvent.OK)
                elif outcome == "failed":
                    failure = Failure("asked_for", "The test says so.")
                    ledger.move_item(tx, batch, item, ItemEvent.ERR_FINAL, failure=failure)
            ledger.settle(tx, batch)

    def end_one(self, batch_id: str, outcome: str) -> None:
        self.end(batch_id, [outcome])

    def close(self) -> None:
        self.http.close()


@contextmanager
def site(data: Path, *, idle: bool = False, pipelines: str = "", **engine: Any) -> Iterator[Running]:
    """A server over a new data folder, with two real workers or, when `idle`, with none.

    Server and workers know the `pipelines` named, else those that are installed: whatever other tests have asked for.
    """
    from reelyard.settings import load_settings

    settings: Settings = load_settings(data=data, engine={"workers": 2, **engine}, server={"port": 0})
    cluster = IdleCluster() if idle else None
    with ExitStack() as stack:
        server = running_server(settings, identity=HeaderIdentity(), cluster=cluster, drain_s=0.0)
        # No longer than until it is ready: other servers are begun while this one stands.
        with mock.patch.dict(os.environ, {NAMED: pipelines}):
            running = stack.enter_context(server)
        yield running


def as_owner(running: Running) -> Served:
    """The server as a new owner sees it."""
    return Served(running, ensure_owner(running.container.db, str(uuid.uuid4()), "somebody"))
