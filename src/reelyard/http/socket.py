"""A WebSocket between the server and one client: bounded, counted, ended in good order. What is said is its speaker's.

Reading and telling go on side by side, so that a closed peer is noticed at once.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from reelyard.bootstrap import Container
from reelyard.http.live import Feeds

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


class Talk(ABC):
    """One connection; whose it is was found out before. `_answer` hears what the client says."""

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
            loop.call_soon_threadsafe(settle, over, GOING_AWAY)

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
            settle(over, code)

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

    @abstractmethod
    async def _answer(self, text: str, over: asyncio.Future[int]) -> None:
        """Do what a message asks; `over` takes the code to close with. What cannot be understood is answered, too."""

    def _unsubscribe(self, batch_id: str | None) -> None:
        task = self._tasks.pop(batch_id, None)
        if task is not None:
            task.cancel()

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


def settle(over: asyncio.Future[int], code: int) -> None:
    """End the talk with this code, unless it is over; 0 is for a peer that has gone."""
    if not over.done():
        over.set_result(code)
