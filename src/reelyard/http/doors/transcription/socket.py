"""The socket of `/api/batch`: jobs are subscribed to one by one, each read from the live feed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, WebSocket

from reelyard.bootstrap import Container
from reelyard.core.events.log import last_seq
from reelyard.errors import NotFound
from reelyard.http.container import Services
from reelyard.http.doors.transcription import news, reading, schemas
from reelyard.http.identity import Owner
from reelyard.http.live import Feed, Feeds, LiveFeeds, Message, MessageType, Since

router = APIRouter()

JOB_PROGRESS_EVERY_S = 0.5
PATIENCE_S = 30.0  # a reader that takes nothing for so long is let go
MOST_JOBS = 100  # subscriptions of one connection
NO_JOB = "Batch job not found"


@router.websocket("/ws")
async def live(socket: WebSocket, owner: Owner, services: Services, feeds: LiveFeeds) -> None:
    """Messages of the jobs that the client subscribes to, until it goes."""
    feeds.enter(owner)
    line = Line(socket, owner, services, feeds)
    try:
        await socket.accept()
        while (heard := await socket.receive())["type"] == "websocket.receive":
            await line.hear(heard.get("text"))
    finally:
        feeds.leave(owner)
        await line.close()


class Line:
    """One connection and its subscriptions."""

    def __init__(self, socket: WebSocket, owner_id: str, services: Container, feeds: Feeds) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()
        self.owner_id = owner_id
        self.services = services
        self.feeds = feeds
        self._jobs: dict[str, Subscription] = {}

    async def hear(self, text: str | None) -> None:
        """Do what a message asks for; what cannot be understood is said, and the connection kept."""
        asked = _read(text)
        job_id = asked.get("jobId")
        match asked.get("type"):
            case "subscribe" if isinstance(job_id, str):
                await self._subscribe(job_id, asked.get("since"))
            case "unsubscribe" if isinstance(job_id, str):
                await self._unsubscribe(job_id)
            case _:
                told = 'Send {"type": "subscribe" or "unsubscribe", "jobId": …}'
                await self.send({"type": "error", "message": told})

    async def _subscribe(self, job_id: str, since: Any) -> None:
        known = self._jobs.pop(job_id, None)
        if known is not None:
            await known.close()
        if len(self._jobs) >= MOST_JOBS:
            told = f"At most {MOST_JOBS} jobs can be subscribed to on one connection"
            await self.send({"type": "error", "jobId": job_id, "message": told})
            return
        wanted = None if since is None else Since.read(str(since))
        try:
            subscription = await Subscription.begin(self, job_id, wanted)
        except NotFound:
            await self.send({"type": "error", "jobId": job_id, "message": NO_JOB})
            return
        self._jobs[job_id] = subscription
        await self.send({"type": "subscribed", "jobId": job_id, "seq": subscription.seq})
        subscription.start()

    async def _unsubscribe(self, job_id: str) -> None:
        known = self._jobs.pop(job_id, None)
        if known is not None:
            await known.close()
        await self.send({"type": "unsubscribed", "jobId": job_id, **({"seq": known.seq} if known else {})})

    async def send(self, message: Mapping[str, Any]) -> None:
        await self._send(json.dumps(message, ensure_ascii=False))

    async def tell(self, messages: Sequence[schemas.EventMessage]) -> None:
        for message in messages:
            await self._send(message.model_dump_json(by_alias=True, exclude_none=True))

    async def _send(self, text: str) -> None:
        async with self._sending, asyncio.timeout(PATIENCE_S):
            await self._socket.send_text(text)

    async def lost(self) -> None:
        """A subscription broke: the client learns by the connection, and comes back with its numbers."""
        async with asyncio.timeout(1):
            await self._socket.close(1011)

    async def close(self) -> None:
        jobs, self._jobs = list(self._jobs.values()), {}
        for subscription in jobs:
            await subscription.close()


class Subscription:
    """One job on one connection: every event at once, the job's own progress at most twice a second."""

    def __init__(self, line: Line, job_id: str, feed: Feed, seq: int) -> None:
        self._line = line
        self._job_id = job_id
        self._feed = feed
        self.seq = seq  # up to which everything was told
        self._changed = asyncio.Event()
        self._rest: set[str] = set()  # items that do not run: progress that comes late is not told of them
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def begin(cls, line: Line, job_id: str, since: int | None) -> Subscription:
        """From the present, or from the number `since`. Raises NotFound."""
        last = await asyncio.to_thread(_last_seq, line.services, line.owner_id, job_id)
        wanted = last if since is None else since
        feed = await line.feeds.open(line.owner_id, job_id, wanted, counted=False)
        return cls(line, job_id, feed, wanted if 0 <= wanted <= last else last)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        self._feed.close()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        self._changed.set()
        try:
            async with asyncio.TaskGroup() as both:
                overall = both.create_task(self._overall())
                await self._follow()
                overall.cancel()
        except* NotFound:
            await self._line.send({"type": "error", "jobId": self._job_id, "message": NO_JOB})
        except* Exception:
            await self._line.lost()
            raise

    async def _follow(self) -> None:
        async for messages in self._feed:
            if messages:
                await self._line.tell(await asyncio.to_thread(self._translated, messages))
                self.seq = next((m.id for m in reversed(messages) if m.id is not None), self.seq)
                self._changed.set()

    async def _overall(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            known = await asyncio.to_thread(self._known, ())
            await self._line.tell([news.of_job(known, self.seq)])
            await asyncio.sleep(JOB_PROGRESS_EVERY_S)

    def _translated(self, messages: Sequence[Message]) -> list[schemas.EventMessage]:
        """In a thread: the feed's messages as this door's. Raises NotFound when the job was deleted."""
        events = [news.told_by(message.data) for message in messages if message.type is MessageType.EVENT]
        completed = [event.item_id for event in events if event.kind == "item.completed" and event.item_id]
        known = self._known(completed)
        told = [one for event in events for one in news.of_event(event, known)]
        seq = events[-1].seq or 0 if events else self.seq
        for event in events:
            self._note(event.data.get("item", {}))
        for message in messages:
            if message.type is MessageType.RESET and message.id is not None:
                told += self._state(message.id)
            elif message.type is MessageType.PROGRESS and message.data["item_id"] not in self._rest:
                told.append(news.of_progress(message.data, seq))
        return told

    def _note(self, item: Mapping[str, Any]) -> None:
        if item.get("status") == "processing":
            self._rest.discard(item["id"])
        elif "id" in item:
            self._rest.add(item["id"])

    def _known(self, completed: Sequence[str]) -> news.Known:
        with self._line.services.db.read() as tx:
            batch = reading.find(tx, self._line.owner_id, self._job_id)
            return reading.known(self._line.services, tx, batch, completed)

    def _state(self, seq: int) -> list[schemas.EventMessage]:
        services = self._line.services
        with services.db.read() as tx:
            batch = reading.find(tx, self._line.owner_id, self._job_id)
            return news.of_state(reading.job(services, tx, batch), reading.items(services, tx, batch), seq)


def _last_seq(services: Container, owner_id: str, job_id: str) -> int:
    with services.db.read() as tx:
        reading.find(tx, owner_id, job_id)
        return last_seq(tx, owner_id, job_id)


def _read(text: str | None) -> Mapping[str, Any]:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
