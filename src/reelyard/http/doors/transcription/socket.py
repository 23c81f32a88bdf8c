"""The socket of `/api/batch`: jobs are subscribed to one by one, each read from the live feed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket

from reelyard.bootstrap import Container
from reelyard.core.events.repository import last_seq
from reelyard.errors import ReelyardError
from reelyard.http.doors.transcription import news, reading, schemas
from reelyard.http.doors.transcription.errors import message_of
from reelyard.http.identity import Owner
from reelyard.http.live import LiveFeeds, Message, MessageType
from reelyard.http.subscriptions import Line

router = APIRouter()


@router.websocket("/ws")
async def live(socket: WebSocket, owner: Owner, feeds: LiveFeeds) -> None:
    """Messages of the jobs that the client subscribes to, until it goes."""
    await JobLine(socket, owner, feeds).counted()


class JobLine(Line):
    """A connection that speaks this door's words; what it does not understand it says, and goes on."""

    heard = "jobs"

    async def _answer(self, text: str, over: asyncio.Future[int]) -> None:
        asked = _read(text)
        job_id = asked.get("jobId")
        match asked.get("type"):
            case "subscribe" if isinstance(job_id, str):
                teller = JobTeller(self.container, self._owner_id, job_id)
                await self._begin(job_id, teller, asked.get("since"), over)
            case "unsubscribe" if isinstance(job_id, str):
                self._unsubscribe(job_id)
                await self._send({"type": "unsubscribed", "jobId": job_id})
            case _:
                told = 'Send {"type": "subscribe" or "unsubscribe", "jobId": …}'
                await self._send({"type": "error", "message": told})

    def _confirmed(self, key: str, seq: int) -> dict[str, Any]:
        return {"type": "subscribed", "jobId": key, "seq": seq}

    def _refused(self, key: str, error: ReelyardError) -> dict[str, Any]:
        return {"type": "error", "jobId": key, "message": message_of(error)}


@dataclass(frozen=True, slots=True)
class JobTeller:
    """What is told of one job."""

    services: Container
    owner_id: str
    job_id: str

    def place(self) -> tuple[str, int]:
        with self.services.db.read() as tx:
            batch = reading.find(tx, self.owner_id, self.job_id)
            return batch.id, last_seq(tx, self.owner_id, batch.id)

    def told(self, messages: Sequence[Message], seq: int) -> list[schemas.EventMessage]:
        events = [news.told_by(message.data) for message in messages if message.type is MessageType.EVENT]
        completed = [event.item_id for event in events if event.kind == "item.completed" and event.item_id]
        known = self._known(completed)
        told = [one for event in events for one in news.of_event(event, known)]
        reached = events[-1].seq or 0 if events else seq
        for message in messages:
            if message.type is MessageType.RESET and message.id is not None:
                told += self._state(message.id)
            elif message.type is MessageType.PROGRESS:
                told.append(news.of_progress(message.data, reached))
        return told

    def overall(self, seq: int) -> list[schemas.EventMessage]:
        return [news.of_job(self._known(()), seq)]

    def _known(self, completed: Sequence[str]) -> news.Known:
        with self.services.db.read() as tx:
            batch = reading.find(tx, self.owner_id, self.job_id)
            return reading.known(self.services, tx, batch, completed)

    def _state(self, seq: int) -> list[schemas.EventMessage]:
        with self.services.db.read() as tx:
            batch = reading.find(tx, self.owner_id, self.job_id)
            job, items = reading.job(self.services, tx, batch), reading.items(self.services, tx, batch)
            return news.of_state(job, items, seq)


def _read(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
