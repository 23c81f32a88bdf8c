"""The live feed over a WebSocket, for one who says what to hear.

    → {"type": "subscribe", "batch_id"?: id, "since"?: number}   {"type": "unsubscribe", "batch_id"?}   {"type": "ping"}
    ← {"type": "subscribed" | "unsubscribed" | "pong" | "error" | "event" | "progress" | "outlook" | "reset", …}

An event carries `id`, the number to subscribe from next time. Reading and telling go on side by side, so that a
closed peer is noticed at once.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from reelyard.bootstrap import Container
from reelyard.errors import InvalidInput, MalformedRequest, ReelyardError
from reelyard.http.live import Feed, Feeds, Message, Since
from reelyard.kit.ids import is_id

log = structlog.get_logger(__name__)

MOST_BYTES = 64 * 1024  # of one message from a client
MOST_SUBSCRIPTIONS = 50
SLOW_S = 30.0
A_SECOND = 50  # messages that a client may send in the long run
AT_ONCE = 200
TOO_BIG, POLICY, GOING_AWAY, BAD_TEXT = 1009, 1008, 1001, 1007


@dataclass(slots=True)
class _Allowance:
    """How many messages a client may still send now."""

    left: float = AT_ONCE
    at: float = 0.0

    def take(self, now: float) -> bool:
        self.left = min(AT_ONCE, self.left + (now - self.at) * A_SECOND)
        self.at = now
        self.left -= 1
        return self.left >= 0


class _Closed(Exception):  # noqa: N818 - an end, not an error
    """The talk is over, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Talk:
    """One connection; whose it is was found out before."""

    def __init__(self, socket: WebSocket, owner_id: str, feeds: Feeds) -> None:
        self._socket = socket
        self._owner_id = owner_id
        self._feeds = feeds
        self._tasks: dict[str | None, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()
        self._allowance = _Allowance()

    @property
    def container(self) -> Container:
        return self._feeds.container

    async def run(self) -> None:
        """Talk until one side leaves, the server stops, or a rule is broken."""
        await self._socket.accept()
        over: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        loop = asyncio.get_running_loop()

        def server_closes() -> None:
            loop.call_soon_threadsafe(_settle, over, GOING_AWAY)

        unwatch = self._feeds.closing.watch(server_closes)
        hearing = asyncio.create_task(self._hear(over))
        try:
            code = await over
            if code:
                await self._close(code)
        finally:
            unwatch()
            tasks = [hearing, *self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self, over: asyncio.Future[int]) -> None:
        code = 0
        try:
            while True:
                await self._answer(self._checked(await self._socket.receive()), over)
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: it was closed under our hands
            pass
        except _Closed as closed:
            code = closed.code
        except TimeoutError:
            code = POLICY
        finally:
            _settle(over, code)

    def _checked(self, received: Any) -> str:
        """The text of a message. Raises _Closed."""
        if received["type"] == "websocket.disconnect":
            raise _Closed(0)
        text, data = received.get("text"), received.get("bytes")
        if len(text.encode() if text is not None else data or b"") > MOST_BYTES:
            raise _Closed(TOO_BIG)
        if not self._allowance.take(asyncio.get_running_loop().time()):
            raise _Closed(POLICY)
        if text is None:
            try:
                return bytes(data or b"").decode()
            except UnicodeDecodeError:
                raise _Closed(BAD_TEXT) from None
        return str(text)

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

    def _unsubscribe(self, batch_id: str | None) -> None:
        task = self._tasks.pop(batch_id, None)
        if task is not None:
            task.cancel()

    async def _tell(self, feed: Feed, batch_id: str | None, over: asyncio.Future[int]) -> None:
        try:
            async for messages in feed:
                for message in messages:
                    await self._send_text(_envelope(message, batch_id))
        except TimeoutError:
            log.info("socket.dropped", reason="slow")
            _settle(over, POLICY)
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: it was closed under our hands
            _settle(over, 0)
        finally:
            feed.close()

    async def _send(self, value: dict[str, Any]) -> None:
        await self._send_text(json.dumps(value, ensure_ascii=False))

    async def _send_text(self, text: str) -> None:
        async with asyncio.timeout(SLOW_S), self._sending:
            await self._socket.send_text(text)

    async def _close(self, code: int) -> None:
        try:
            async with asyncio.timeout(SLOW_S):
                await self._socket.close(code)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):  # it left by itself
            pass


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


def _settle(over: asyncio.Future[int], code: int) -> None:
    if not over.done():
        over.set_result(code)
