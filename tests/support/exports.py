"""Batches that can be exported, and exports waited for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.support.engine import Order, ended, new_batch, ready_files, wait_until
from tests.support.outputs import output
from tests.support.served import Json, Served

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.ledger import Failure
from reelyard.core.batches.lifecycle import BatchStatus, ItemEvent, ItemStatus

OVER = ("completed", "failed", "cancelled", "expired")


def worked(served: Served, contents: Sequence[str], **settings: Any) -> str:
    """A batch of the pipeline “work”, done by real workers; its id."""
    files = ready_files(served.container, served.owner, contents)
    batch_id = new_batch(served.container, served.owner, files, Order(settings=settings))
    served.container.dispatcher.wake()
    wait_until(lambda: ended(served.container, batch_id))
    return batch_id


class Place(Protocol):
    """Where an owner's things are: a served owner, or a container and an id."""

    @property
    def container(self) -> Container: ...

    @property
    def owner(self) -> str: ...


@dataclass(frozen=True, slots=True)
class At:
    """A container without a server, as one owner sees it."""

    container: Container
    owner: str


def made(served: Place, outputs: Sequence[dict[str, bytes] | None], pipeline: str = "transcription") -> str:
    """A batch whose items ended with these outputs by role, or failed (None), without a worker; its id."""
    container = served.container
    files = ready_files(container, served.owner, [uuid.uuid4().hex for _ in outputs])
    batch_id = new_batch(container, served.owner, files, Order(pipeline, start=False))
    end_with(served, batch_id, outputs)
    return batch_id


def end_with(served: Place, batch_id: str, outputs: Sequence[dict[str, bytes] | None]) -> None:
    """End the batch's pending items so, starting it in the same breath: no worker is to take one of them."""
    container = served.container
    with container.db.write() as tx:
        batch = repository.engine_batch(tx, batch_id)
        if batch.status == BatchStatus.PENDING:
            container.commands.start(tx, served.owner, batch_id)
        items = repository.items_of(tx, batch, status=ItemStatus.PENDING)
        for item, roles in zip(items, outputs, strict=True):
            container.ledger.move_item(tx, batch, item, ItemEvent.CLAIM)
            for role, data in (roles or {}).items():
                output(container, tx, item, ("write", role), data)
            if roles is not None:
                container.ledger.move_item(tx, batch, item, ItemEvent.OK)
            else:
                failure = Failure("asked_for", "The test says so.", "Ask for something else.")
                container.ledger.move_item(tx, batch, item, ItemEvent.ERR_FINAL, failure=failure)
        container.ledger.settle(tx, batch)


def ordered(served: Served, batch_id: str, **order: Any) -> Json:
    """An export, ordered over HTTP."""
    answer = served.http.post(f"/batches/{batch_id}/exports", json=order)
    assert answer.status_code == 202, answer.text
    export: Json = answer.json()
    return export


def looked_at(served: Served, export: Json) -> Json:
    answer = served.http.get(f"/batches/{export['batch_id']}/exports/{export['id']}")
    assert answer.status_code == 200, answer.text
    now: Json = answer.json()
    return now


def finished(served: Served, batch_id: str, **order: Any) -> Json:
    """An export, ordered and waited for until it is over."""
    export = ordered(served, batch_id, **order)
    wait_until(lambda: looked_at(served, export)["status"] in OVER)
    return looked_at(served, export)
