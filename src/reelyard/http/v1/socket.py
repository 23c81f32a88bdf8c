"""The live feed over a WebSocket, for one who says what to hear.

    → {"type": "subscribe", "batch_id"?: id, "since"?: number}   {"type": "unsubscribe", "batch_id"?}   {"type": "ping"}
    ← {"type": "subscribed" | "unsubscribed" | "pong" | "error" | "event" | "progress" | "outlook" | "reset", …}

An event carries `id`, the number to subscribe from next time.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import structlog
from starlette.websockets import WebSocketDisconnect

from reelyard.errors import InvalidInput, MalformedRequest, ReelyardError
from reelyard.http.live import Feed, Message, Since
from reelyard.http.socket import MOST_SUBSCRIPTIONS, POLICY, Talk, settle
from reelyard.kit.ids import is_id

log = structlog.get_logger(__name__)


class EventTalk(Talk):
    """A connection that hears of batches, or of all of them."""

    async def _answer(self, text: str, over: asyncio.Future[int]) -> None:
        asked: dict[str, Any] = {}
        try:
            asked = _read(text)
            match asked.get("type"):
                case "subscribe":
                    await self._subscribe(_batch(asked), asked.get("since"), over)
                case "unsubscribe":
                    self._unsubscribe(_batch(asked))
                    await self._send({"type": "unsubscribed", "batch_id": _batch(asked)})
                case "ping":
                    await self._send({"type": "pong"})
                case _:
                    raise InvalidInput("The type is one of subscribe, unsubscribe and ping.", field="type")
        except ReelyardError as error:
            told = {
                "code": error.code,
                "message": error.message,
                "hint": error.hint,
                "details": error.details,
            }
            batch_id = asked.get("batch_id")
            await self._send(
                {"type": "error", "error": told, "batch_id": batch_id if isinstance(batch_id, str) else None}
            )

    async def _subscribe(self, batch_id: str | None, since: Any, over: asyncio.Future[int]) -> None:
        """Begin, or begin anew from another number."""
        self._unsubscribe(batch_id)
        if len(self._tasks) >= MOST_SUBSCRIPTIONS:
            raise InvalidInput(
                f"A connection hears at most {MOST_SUBSCRIPTIONS} batches.",
                hint="Subscribe without batch_id: to all.",
            )
        place = Since.read(str(since)) if since is not None else None
        feed = await self._feeds.open(
            self._owner_id, batch_id, Since.UNREADABLE if place is None else place, counted=False
        )
        await self._send({"type": "subscribed", "batch_id": batch_id})
        self._tasks[batch_id] = asyncio.create_task(self._tell(feed, batch_id, over))

    async def _tell(self, feed: Feed, batch_id: str | None, over: asyncio.Future[int]) -> None:
        try:
            async for messages in feed:
                for message in messages:
                    await self._send_text(_envelope(message, batch_id))
        except TimeoutError:
            log.info("socket.dropped", reason="slow")
            settle(over, POLICY)
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: it was closed under our hands
            settle(over, 0)
        finally:
            feed.close()


def _envelope(message: Message, batch_id: str | None) -> str:
    """The message with what it is about; `data` is the very text that everyone gets."""
    subscription = json.dumps(batch_id)
    place = json.dumps(message.id)
    return f'{{"type":"{message.type}","subscription":{subscription},"id":{place},"data":{message.text}}}'


def _read(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedRequest("The message is not JSON.") from None
    if not isinstance(value, dict):
        raise MalformedRequest("The message is not a JSON object.")
    return value


def _batch(asked: dict[str, Any]) -> str | None:
    batch_id = asked.get("batch_id")
    if batch_id is None:
        return None
    if not isinstance(batch_id, str) or not is_id(batch_id):
        raise InvalidInput("batch_id is the id of a batch.", field="batch_id")
    return batch_id.lower()
