"""What changes: asked for now and then, or told as it happens (server-sent events; the WebSocket is in `socket`)."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Query, Response, WebSocket

from reelyard.core.batches.repository import batch_for_reading
from reelyard.core.events.live import EXPORT
from reelyard.core.events.repository import Seen, first_seq, last_seq, since_batch, since_owner
from reelyard.core.events.snapshot import snapshot
from reelyard.db.session import Transaction
from reelyard.errors import ReelyardError
from reelyard.http.container import Services
from reelyard.http.identity import Owner
from reelyard.http.live import Feed, LiveFeeds, Message, Since, export_progress_data, progress_data
from reelyard.http.streaming import EventStream
from reelyard.http.tail import fact
from reelyard.http.v1.schemas.common import Id
from reelyard.http.v1.schemas.events import EventsTold, EventTold, ExportProgressTold, ProgressTold
from reelyard.http.v1.socket import EventTalk

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/events", tags=["events"])

RETRY_MS = (1_000, 5_000)  # after a restart readers come back spread over this time
OfBatch = Annotated[Id | None, Query(description="Only this batch; numbers are then those within the batch.")]


@router.get("")
def get_events(
    owner: Owner,
    services: Services,
    since: Annotated[int, Query(ge=0, le=10**15, description="The last number you know.")] = 0,
    batch_id: OfBatch = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 500,
) -> EventsTold:
    """What changed after a number, oldest first, and how far running items are."""
    with services.db.read() as tx:
        if batch_id is not None:
            batch_for_reading(tx, owner, batch_id)
        last = last_seq(tx, owner, batch_id)
        kept = first_seq(tx, owner, batch_id) - 1 <= since <= last
        found = _page(tx, owner, batch_id, since, limit) if kept else []
        state = None if kept else snapshot(tx, owner, batch_id)
    _, running = services.board.changed(owner, 0, batch_id)
    reached = _number(found[-1], batch_id) if found else since
    return EventsTold(
        events=[EventTold(**fact(seen).data) for seen in found],
        next=reached if state is None else state["seq"],
        more=len(found) == limit and reached < last,
        reset=state is not None,
        snapshot=state,
        progress=[ProgressTold(**progress_data(value)) for value in running if value.kind != EXPORT],
        exports=[
            ExportProgressTold(**export_progress_data(value)) for value in running if value.kind == EXPORT
        ],
    )


def _page(tx: Transaction, owner: str, batch_id: str | None, since: int, limit: int) -> list[Seen]:
    if batch_id is None:
        return since_owner(tx, owner, since, limit)
    return since_batch(tx, owner, batch_id, since, limit)


def _number(seen: Seen, batch_id: str | None) -> int:
    return seen.owner_seq if batch_id is None else seen.seq or 0


@router.get("/stream", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
async def stream_events(
    owner: Owner,
    feeds: LiveFeeds,
    since: Annotated[str | None, Query(max_length=100, description="The last number you know.")] = None,
    batch_id: OfBatch = None,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """What changes, as server-sent events: `event` is the kind, `id` the number to go on from, `data` JSON.

    Without a number, or with one that cannot be gone on from, it begins with `reset` and how things stand.
    `progress` and `outlook` carry no id: they are the latest values only.
    """
    place = Since.read(last_event_id if last_event_id is not None else since)
    feed = await feeds.open(owner, batch_id, Since.UNREADABLE if place is None else place)
    retry_ms = random.randint(*RETRY_MS)  # noqa: S311 - spreads clients, guards nothing
    return streamed(feed, retry_ms)


def streamed(feed: Feed, retry_ms: int) -> EventStream:
    """A feed as server-sent events; ends with the feed."""
    return EventStream(_texts(feed, retry_ms), feed.close)


async def _texts(feed: Feed, retry_ms: int) -> AsyncIterator[str]:
    yield f"retry: {retry_ms}\n\n"
    async for messages in feed:
        yield "".join(map(sse, messages)) or ": still there\n\n"


def sse(message: Message) -> str:
    """One message in the form of the standard; JSON has no line breaks."""
    place = f"id: {message.id}\n" if message.id is not None else ""
    return f"{place}event: {message.name}\ndata: {message.text}\n\n"


@router.websocket("/ws")
async def talk_events(socket: WebSocket, feeds: LiveFeeds) -> None:
    """What changes, for one who says of what: `subscribe`, `unsubscribe`, `ping`; see `reelyard.http.v1.socket`."""
    try:
        owner = socket.app.state.identity.owner(socket)
        feeds.enter(owner)
    except ReelyardError as error:
        log.info("socket.refused", code=error.code)
        await socket.close(1008)
        return
    try:
        await EventTalk(socket, owner, feeds).run()
    finally:
        feeds.leave(owner)
