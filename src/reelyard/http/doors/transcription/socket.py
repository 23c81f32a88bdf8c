"""The socket of `/api/batch`: jobs are subscribed to one by one, each read from the live feed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from reelyard.core.events.repository import last_seq
from reelyard.errors import NotFound, ReelyardError
from reelyard.http.doors.transcription import news, reading, schemas
from reelyard.http.doors.transcription.errors import message_of
from reelyard.http.identity import Owner
from reelyard.http.live import Feed, Feeds, LiveFeeds, Message, MessageType, Since
from reelyard.http.socket import MOST_SUBSCRIPTIONS, POLICY, Talk

log = structlog.get_logger(__name__)
router = APIRouter()

JOB_PROGRESS_EVERY_S = 0.5
BROKEN = 1011


@router.websocket("/ws")
async def live(socket: WebSocket, owner: Owner, feeds: LiveFeeds) -> None:
    """Messages of the jobs that the client subscribes to, until it goes."""
    feeds.enter(owner)
    try:
        await Line(socket, owner, feeds).run()
    finally:
        feeds.leave(owner)


class Line(Talk):
    """A connection that speaks this door's words; what it does not understand it says, and goes on."""

    @property
    def owner_id(self) -> str:
        return self._owner_id

    @property
    def feeds(self) -> Feeds:
        return self._feeds

    async def _answer(self, text: str, over: asyncio.Future[int]) -> None:
        asked = _read(text)
        job_id = asked.get("jobId")
        match asked.get("type"):
            case "subscribe" if isinstance(job_id, str):
                await self._begin(job_id, asked.get("since"), over)
            case "unsubscribe" if isinstance(job_id, str):
                self._unsubscribe(job_id)
                await self._send({"type": "unsubscribed", "jobId": job_id})
            case _:
                told = 'Send {"type": "subscribe" or "unsubscribe", "jobId": …}'
                await self._send({"type": "error", "message": told})

    async def _begin(self, job_id: str, since: Any, over: asyncio.Future[int]) -> None:
        """Begin, or begin anew from another number."""
        self._unsubscribe(job_id)
        if len(self._tasks) >= MOST_SUBSCRIPTIONS:
            told = f"A connection hears at most {MOST_SUBSCRIPTIONS} jobs"
            await self._send({"type": "error", "jobId": job_id, "message": told})
            return
        wanted = None if since is None else Since.read(str(since))
        try:
            subscription = await Subscription.begin(self, job_id, wanted)
        except ReelyardError as error:
            await self._send({"type": "error", "jobId": job_id, "message": message_of(error)})
            return
        await self._send({"type": "subscribed", "jobId": job_id, "seq": subscription.seq})
        self._tasks[job_id] = asyncio.create_task(self._hold(subscription, over))

    async def _hold(self, subscription: Subscription, over: asyncio.Future[int]) -> None:
        """Lead a subscription to its end; the connection ends with it when nothing can be told any more."""
        code = None
        try:
            await subscription.run()
        except* TimeoutError:
            code = POLICY
        except* (WebSocketDisconnect, RuntimeError):  # RuntimeError: it was closed under our hands
            code = 0
        except* Exception:
            log.exception("door.subscription_broke")
            code = BROKEN
        if code is not None and not over.done():
            over.set_result(code)

    async def tell(self, messages: Iterable[schemas.EventMessage]) -> None:
        for message in messages:
            await self._send_text(message.model_dump_json(by_alias=True, exclude_none=True))

    async def no_job(self, job_id: str) -> None:
        await self._send({"type": "error", "jobId": job_id, "message": "Batch job not found"})


class Subscription:
    """One job on one connection: every event at once, the job's own progress at most twice a second."""

    def __init__(self, line: Line, job_id: str, feed: Feed, seq: int) -> None:
        self._line = line
        self._job_id = job_id
        self._feed = feed
        self.seq = seq  # up to which everything was told
        self._changed = asyncio.Event()
        self._telling = asyncio.Lock()

    @classmethod
    async def begin(cls, line: Line, job_id: str, since: int | None) -> Subscription:
        """From the present, or from the number `since`. Raises NotFound."""
        last = await asyncio.to_thread(_last_seq, line, job_id)
        wanted = last if since is None else since
        feed = await line.feeds.open(line.owner_id, job_id, wanted, counted=False)
        return cls(line, job_id, feed, wanted if 0 <= wanted <= last else last)

    async def run(self) -> None:
        """Tell everything until the job is gone or the server stops."""
        self._changed.set()
        try:
            async with asyncio.TaskGroup() as both:
                overall = both.create_task(self._overall())
                await self._follow()
                overall.cancel()
        except* NotFound:
            await self._line.no_job(self._job_id)
        finally:
            self._feed.close()

    async def _follow(self) -> None:
        async for messages in self._feed:
            if messages:
                async with self._telling:
                    await self._line.tell(await asyncio.to_thread(self._translated, messages))
                    self.seq = next((m.id for m in reversed(messages) if m.id is not None), self.seq)
                self._changed.set()

    async def _overall(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            async with self._telling:  # so that it never tells of less than what was told before it
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
        for message in messages:
            if message.type is MessageType.RESET and message.id is not None:
                told += self._state(message.id)
            elif message.type is MessageType.PROGRESS:
                told.append(news.of_progress(message.data, seq))
        return told

    def _known(self, completed: Sequence[str]) -> news.Known:
        with self._line.container.db.read() as tx:
            batch = reading.find(tx, self._line.owner_id, self._job_id)
            return reading.known(self._line.container, tx, batch, completed)

    def _state(self, seq: int) -> list[schemas.EventMessage]:
        services = self._line.container
        with services.db.read() as tx:
            batch = reading.find(tx, self._line.owner_id, self._job_id)
            return news.of_state(reading.job(services, tx, batch), reading.items(services, tx, batch), seq)


def _last_seq(line: Line, job_id: str) -> int:
    with line.container.db.read() as tx:
        reading.find(tx, line.owner_id, job_id)
        return last_seq(tx, line.owner_id, job_id)


def _read(text: str | None) -> Mapping[str, Any]:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
