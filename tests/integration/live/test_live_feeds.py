"""The feeds behind streams and sockets: a thousand drops, many readers, and one who takes nothing."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from contextlib import aclosing
from typing import Any

import pytest
from tests.support.engine import new_owner
from tests.support.live import change, new_batch
from tests.support.site import Site

from reelyard.http import streaming
from reelyard.http.live import Feeds, Message, MessageType, Since
from reelyard.http.v1 import events


@pytest.mark.parametrize(("of_batch", "last"), [(False, 960), (True, 200)])
def test_a_thousand_drops_of_a_feed_lose_and_repeat_nothing(server: Site, of_batch: bool, last: int) -> None:
    owner = new_owner(server.container)
    batch_id, other = new_batch(server, owner), new_batch(server, owner)

    def write() -> None:
        for n in range(0, last, 20):
            with server.container.db.write() as tx:
                for k in range(20):
                    server.container.batches.change(tx, owner, batch_id, {"name": f"name {n + k}"})
                server.container.batches.change(tx, owner, other, {"name": f"other {n}"})

    async def follow() -> tuple[list[int], int]:
        feeds = Feeds(server.container)
        got, drops = [0], 0
        end = last + 1 if of_batch else last + last // 20 + 2
        while got[-1] < end:
            feed = await feeds.open(owner, batch_id if of_batch else None, got[-1])
            left = 1
            async with aclosing(aiter(feed)) as lists:  # type: ignore[type-var]
                async for messages in lists:
                    got += [message.id or 0 for message in messages[:left]]
                    left -= len(messages)
                    if left <= 0 or got[-1] >= end:
                        break
            drops += 1
        return got[1:], drops

    writing = threading.Thread(target=write)
    writing.start()
    got, drops = asyncio.run(follow())
    writing.join()

    assert got == list(range(1, len(got) + 1))
    assert drops == len(got)


def test_many_readers_hear_quickly_and_one_who_never_reads_costs_nothing(server: Site) -> None:
    owners = [new_owner(server.container) for _ in range(10)]
    batches = [new_batch(server, owner) for owner in owners]

    async def follow() -> list[float]:
        feeds = Feeds(server.container)
        late: list[float] = []
        open_feeds = [await feeds.open(owners[n % 10], None, 1) for n in range(100)]

        async def read(feed: Any) -> None:
            seen = 0
            async with aclosing(aiter(feed)) as lists:
                async for messages in lists:
                    for message in messages:
                        late.append(time.time() - float(message.data["data"]["facts"]["name"]))
                        seen += 1
                    if seen >= 10:
                        return

        readers = [asyncio.create_task(read(feed)) for feed in open_feeds]
        for _ in range(10):
            for owner, batch_id in zip(owners, batches, strict=True):
                await asyncio.to_thread(change, server, owner, batch_id, str(time.time()))
        await asyncio.wait_for(asyncio.gather(*readers), 30)
        assert not feeds._tails
        assert not feeds._open
        return late

    late = sorted(asyncio.run(follow()))
    assert len(late) == 1000
    assert late[int(len(late) * 0.99)] < 1.0


def test_a_reader_who_takes_nothing_is_dropped_and_leaves_nothing_behind(
    server: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = new_owner(server.container)
    batch_id = new_batch(server, owner)
    monkeypatch.setattr(streaming, "SLOW_S", 0.2)

    async def never() -> Any:
        await asyncio.Event().wait()

    async def stuck(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def serve() -> None:
        feeds = Feeds(server.container)
        feed = await feeds.open(owner, batch_id, 0)
        await asyncio.wait_for(events.streamed(feed, 1000)({"type": "http"}, never, stuck), 5)
        assert not feeds._open
        assert not feeds._tails

    asyncio.run(serve())


def test_a_readers_own_words_are_read_as_a_number_or_as_none() -> None:
    assert Since.read(None) is None
    assert Since.read(" 17 ") == 17
    assert {Since.read(text) for text in ("-1", "x", "1e3", "٣", "1" * 30)} == {Since.UNREADABLE}
    assert Message(MessageType.RESET, "reset", {}, "{}").id is None
    gc.collect()
