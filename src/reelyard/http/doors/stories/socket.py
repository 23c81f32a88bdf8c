"""The socket of `/stories`: rooms of batches and of single stories, each read from the live feed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket
from pydantic import BaseModel

from reelyard.bootstrap import Container
from reelyard.core.batches.models import Batch
from reelyard.core.batches.states import BatchStatus
from reelyard.core.events.repository import last_seq
from reelyard.db.session import Transaction
from reelyard.errors import ReelyardError
from reelyard.http.doors.stories import news, reading, schemas
from reelyard.http.doors.stories.errors import message_of
from reelyard.http.facts import items_told
from reelyard.http.identity import Owner
from reelyard.http.live import LiveFeeds, Message, MessageType
from reelyard.http.signed import host_of
from reelyard.http.subscriptions import Line

MOST_TOLD = 50  # stories of a batch that stand in its events
AT_WORK = (BatchStatus.PROCESSING, BatchStatus.PAUSED)
HELP = 'Send {"type": "join" or "leave", "room": "batch:<id>" or "story:<id>"}'

router = APIRouter()


@router.websocket("/ws")
async def live(socket: WebSocket, owner: Owner, feeds: LiveFeeds) -> None:
    """Messages of the rooms that the client joins, until it goes."""
    await RoomLine(socket, owner, feeds).counted()


class RoomLine(Line):
    """A connection that speaks this door's words; what it does not understand it says, and goes on."""

    heard = "rooms"

    async def _answer(self, text: str, over: asyncio.Future[int]) -> None:
        asked = _read(text)
        room = asked.get("room")
        kind, _, given = room.partition(":") if isinstance(room, str) else ("", "", "")
        if not isinstance(room, str) or kind not in ("batch", "story"):
            await self._send({"type": "error", "message": HELP})
        elif asked.get("type") == "join":
            place = Room(self.container, self._owner_id, given, host_of(self._socket))
            teller = BatchTeller(place) if kind == "batch" else StoryTeller(place)
            await self._begin(room, teller, asked.get("since"), over)
        elif asked.get("type") == "leave":
            self._unsubscribe(room)
            await self._send({"type": "left", "room": room})
        else:
            await self._send({"type": "error", "room": room, "message": HELP})

    def _confirmed(self, key: str, seq: int) -> dict[str, Any]:
        return {"type": "joined", "room": key, "seq": seq}

    def _refused(self, key: str, error: ReelyardError) -> dict[str, Any]:
        return {"type": "error", "room": key, "message": message_of(error)}

    def _written(self, message: BaseModel) -> str:
        """With its nulls, as the status has them."""
        return message.model_dump_json(by_alias=True, exclude_unset=True)


@dataclass(frozen=True, slots=True)
class Room:
    """What is listened to."""

    services: Container
    owner_id: str
    given: str  # the id of a batch or of a story
    host: str


@dataclass(frozen=True, slots=True)
class BatchTeller:
    """What is told in the room of a batch."""

    room: Room

    def place(self) -> tuple[str, int]:
        with self.room.services.db.read() as tx:
            batch = self._batch(tx)
            return batch.id, last_seq(tx, self.room.owner_id, batch.id)

    def told(self, messages: Sequence[Message], seq: int) -> list[schemas.EventMessage]:
        with self.room.services.db.read() as tx:
            batch = self._batch(tx)
            return _told(self.room, tx, batch, messages, seq)

    def overall(self, seq: int) -> list[schemas.EventMessage]:
        with self.room.services.db.read() as tx:
            batch = self._batch(tx)
            return [news.of_batch(_known(self.room, tx, batch), seq)] if batch.status in AT_WORK else []

    def _batch(self, tx: Transaction) -> Batch:
        return reading.find(tx, self.room.owner_id, self.room.given)


@dataclass(frozen=True, slots=True)
class StoryTeller:
    """What is told in the room of one story: nothing of its batch."""

    room: Room

    def place(self) -> tuple[str, int]:
        with self.room.services.db.read() as tx:
            batch, _ = reading.find_story(tx, self.room.owner_id, self.room.given)
            return batch.id, last_seq(tx, self.room.owner_id, batch.id)

    def told(self, messages: Sequence[Message], seq: int) -> list[schemas.EventMessage]:
        with self.room.services.db.read() as tx:
            batch, item = reading.find_story(tx, self.room.owner_id, self.room.given)
            told = _told(self.room, tx, batch, messages, seq)
        return [
            one for one in told if isinstance(one.data, schemas.StoryNews) and one.data.story_id == item.id
        ]

    def overall(self, seq: int) -> list[schemas.EventMessage]:
        del seq
        return []


def _told(
    room: Room, tx: Transaction, batch: Batch, messages: Sequence[Message], seq: int
) -> list[schemas.EventMessage]:
    """The feed's messages as this door's; everything up to `seq` was told before."""
    known = _known(room, tx, batch, messages)
    told: list[schemas.EventMessage] = []
    for message in messages:
        if message.type is MessageType.EVENT:
            told += news.of_event(message.data, known)
            seq = message.id if message.id is not None else seq
        elif message.type is MessageType.PROGRESS:
            told += news.of_progress(message.data, known, seq)
        elif message.type is MessageType.RESET and message.id is not None:
            stories = reading.glances(room.services, tx, batch)
            told += news.of_state(known, stories, message.id)
    return told


def _known(room: Room, tx: Transaction, batch: Batch, messages: Sequence[Message] = ()) -> news.Known:
    services, few = room.services, batch.total <= MOST_TOLD
    ends = few and any(one.type is MessageType.RESET or one.name in news.ENDS for one in messages)
    seen = reading.glances(services, tx, batch, None if few else items_told(messages))
    return news.Known(
        pipeline=services.registry.get(batch.pipeline),
        facts=reading.facts(services, tx, batch),
        auto=not batch.on_request,
        titles={one.id: one.title for one in seen},
        stories=seen if few else None,
        whole=reading.stories(services, tx, batch, room.host) if ends else None,
    )


def _read(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
