"""What changes, told as it happens: nothing lost, nothing twice, in order, whatever happens to the connection."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, aclosing, suppress
from typing import Any, Self

import httpx
import pytest
from sqlalchemy import delete
from tests.support.engine import new_owner, wait_until
from tests.support.site import Site, site
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from reelyard.core.batches.service import BatchOrder
from reelyard.core.events.live import BatchOutlook, Progress
from reelyard.core.events.models import Event
from reelyard.http import streaming
from reelyard.http.identity import LocalIdentity
from reelyard.http.live import Feeds, Message, MessageType, Since
from reelyard.http.v1 import events

STREAM = "/api/v1/events/stream"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data"), server={"heartbeat_s": 0.3, "max_streams": 10}) as running:
        yield running


def new_batch(server: Site, owner: str) -> str:
    with server.container.db.write() as tx:
        return server.container.batches.create(tx, owner, BatchOrder("a batch", "transcription")).id


def change(server: Site, owner: str, batch_id: str, name: str) -> None:
    with server.container.db.write() as tx:
        server.container.batches.change(tx, owner, batch_id, {"name": name})


def forget_events_before(server: Site, owner: str, seq: int) -> None:
    with server.container.db.write() as tx:
        tx.session.execute(delete(Event).where(Event.owner_id == owner, Event.owner_seq < seq))


class Stream:
    """Server-sent events, read as a browser reads them."""

    def __init__(self, server: Site, owner: str, **more: Any) -> None:
        headers = {"X-Owner": owner, **more.pop("headers", {})}
        self._client = httpx.Client(base_url=server.address, timeout=10)
        self._context = self._client.stream("GET", STREAM, headers=headers, params=more)
        self.answer = self._context.__enter__()
        self._lines = self.answer.iter_lines() if self.answer.status_code == 200 else iter(())

    def close(self) -> None:
        self._context.__exit__(None, None, None)
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def next(self) -> dict[str, Any]:
        """The next thing that is told; a comment has the name “comment”."""
        told: dict[str, Any] = {}
        for line in self._lines:
            if not line and told:
                return told
            field, _, value = line.partition(":")
            told[field or "comment"] = value.strip()
        raise EOFError

    def events(self, number: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < number:
            told = self.next()
            if "data" in told:
                found.append({**told, "data": json.loads(told["data"])})
        return found


def test_a_stream_goes_on_from_a_number_and_tells_what_comes(server: Site) -> None:
    owner = new_owner(server.container)
    batch_id = new_batch(server, owner)

    with Stream(server, owner, since=0) as stream:
        assert int(stream.next()["retry"]) in range(1000, 5001)
        first = stream.events(1)[0]
        begun = time.monotonic()
        change(server, owner, batch_id, "new")
        second = stream.events(1)[0]

    assert (first["id"], first["event"]) == ("1", "batch.created")
    assert (second["id"], second["event"]) == ("2", "batch.changed")
    assert second["data"]["data"]["facts"]["name"] == "new"
    assert time.monotonic() - begun < 2


def test_a_stream_of_one_batch_has_its_own_numbers_and_nothing_of_others(server: Site) -> None:
    owner = new_owner(server.container)
    mine, other = new_batch(server, owner), new_batch(server, owner)

    with Stream(server, owner, batch_id=mine, since=0) as stream:
        change(server, owner, other, "x")
        change(server, owner, mine, "y")
        told = stream.events(2)

    assert [one["id"] for one in told] == ["1", "2"]
    assert {one["data"]["batch_id"] for one in told} == {mine}


@pytest.mark.parametrize("place", ["99999", "-3", "garbage", "9" * 60, "1.5", "too old", None])
def test_who_cannot_go_on_from_where_it_was_gets_how_things_stand(server: Site, place: str | None) -> None:
    owner = new_owner(server.container)
    batch_id = new_batch(server, owner)
    change(server, owner, batch_id, "newest")
    forget_events_before(server, owner, 2)

    headers = {} if place is None else {"Last-Event-ID": "0" if place == "too old" else place}
    for more in ({}, {"batch_id": batch_id}):
        with Stream(server, owner, headers=headers, **more) as stream:
            reset = stream.events(1)[0]
            change(server, owner, batch_id, "after")
            after = stream.events(1)[0]
        assert reset["event"] == "reset"
        assert reset["data"]["batches"][0]["id"] == batch_id
        assert int(after["id"]) == int(reset["id"]) + 1


def test_the_header_of_a_browser_that_comes_back_goes_before_the_address(server: Site) -> None:
    owner = new_owner(server.container)
    batch_id = new_batch(server, owner)
    change(server, owner, batch_id, "two")

    with Stream(server, owner, since=0, headers={"Last-Event-ID": "1"}) as stream:
        assert stream.events(1)[0]["id"] == "2"


def test_nobody_hears_of_the_batch_of_another(server: Site) -> None:
    batch_id = new_batch(server, new_owner(server.container))
    stranger = {"X-Owner": new_owner(server.container)}

    for foreign in (batch_id, str(uuid.uuid4()), "nonsense"):
        server.json("GET", f"{STREAM}?batch_id={foreign}", 404, headers=stranger)
        server.json("GET", f"/api/v1/events?batch_id={foreign}", 404, headers=stranger)


def test_silence_is_broken_by_a_sign_of_life(server: Site) -> None:
    with Stream(server, new_owner(server.container), since=0) as stream:
        stream.next()
        assert "comment" in stream.next()


def test_progress_is_the_latest_value_at_most_twice_a_second(server: Site) -> None:
    owner = new_owner(server.container)
    batch_id, item_id = new_batch(server, owner), str(uuid.uuid4())
    board = server.container.board

    with Stream(server, owner, batch_id=batch_id, since=1) as stream:
        stream.next()
        begun = time.monotonic()
        for n in range(101):
            board.show(Progress(owner, batch_id, item_id, "listen", float(n)))
            time.sleep(0.002)
        board.look(owner, batch_id, BatchOutlook(5.0, 1.0, None))
        told: list[dict[str, Any]] = []
        while not told or told[-1].get("event") != "outlook":
            told += stream.events(1)
        took = time.monotonic() - begun
    board.forget(item_id)

    values = [one["data"]["progress"] for one in told if one["event"] == "progress"]
    assert values[-1] == 100.0
    assert len(values) <= 2 + took * 2
    assert all("id" not in one for one in told)


def test_the_eleventh_stream_of_a_user_is_refused_until_one_ends(server: Site) -> None:
    owner = new_owner(server.container)
    streams = [Stream(server, owner, since=0) for _ in range(10)]

    try:
        eleventh = Stream(server, owner)
        assert eleventh.answer.status_code == 429
        eleventh.close()
        with Stream(server, new_owner(server.container)) as another:
            assert another.answer.status_code == 200
        streams.pop().close()

        def free() -> bool:
            with Stream(server, owner) as again:
                return again.answer.status_code == 200

        wait_until(free)
    finally:
        for stream in streams:
            stream.close()


def test_polling_gives_the_same_events_page_by_page(server: Site) -> None:
    owner = new_owner(server.container)
    batch_id = new_batch(server, owner)
    for n in range(6):
        change(server, owner, batch_id, f"name {n}")

    told: list[int] = []
    since, more = 0, True
    while more:
        page = server.json("GET", f"/api/v1/events?since={since}&limit=3", headers={"X-Owner": owner})
        told += [event["owner_seq"] for event in page["events"]]
        since, more = page["next"], page["more"]
    ahead = server.json("GET", "/api/v1/events?since=50", headers={"X-Owner": owner})

    assert told == [1, 2, 3, 4, 5, 6, 7]
    assert ahead["reset"]
    assert ahead["next"] == 7


def test_connections_dropped_at_random_lose_and_repeat_nothing(server: Site) -> None:
    owner = new_owner(server.container)
    batch_id = new_batch(server, owner)
    chance = random.Random(7)

    def write() -> None:
        for n in range(299):
            change(server, owner, batch_id, f"name {n}")

    writing = threading.Thread(target=write)

    writing.start()
    got: list[int] = []
    drops = 0
    while not got or got[-1] < 300:
        place = {"Last-Event-ID": str(got[-1])} if got else {"Last-Event-ID": "0"}
        with Stream(server, owner, headers=place) as stream:
            stream.next()
            wanted = min(chance.randint(1, 12), 300 - (got[-1] if got else 0))
            got += [int(one["id"]) for one in stream.events(wanted)]
        drops += 1
    writing.join()

    assert got == list(range(1, 301))
    assert drops > 20


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


def test_streams_end_when_the_server_stops(tmp_path_factory: pytest.TempPathFactory) -> None:
    with site(tmp_path_factory.mktemp("data")) as running:
        owner = new_owner(running.container)
        stream = Stream(running, owner, since=0)
        with connect(running.address.replace("http", "ws") + "/api/v1/events/ws", proxy=None) as socket:
            running.listener.should_exit = True
            begun = time.monotonic()
            with pytest.raises(EOFError):
                stream.events(1)
            with pytest.raises(ConnectionClosed):
                socket.recv(5)
        assert time.monotonic() - begun < 3
        stream.close()


# --- the WebSocket -----------------------------------------------------------------------------------------


def talk(server: Site, owner: str, **more: Any) -> ClientConnection:
    address = server.address.replace("http", "ws") + "/api/v1/events/ws"
    socket: ClientConnection = connect(address, additional_headers={"X-Owner": owner}, proxy=None, **more)
    return socket


def hear(socket: ClientConnection, *types: str) -> dict[str, Any]:
    while True:
        told: dict[str, Any] = json.loads(socket.recv(10))
        if told["type"] in types:
            return told


def test_one_who_subscribes_hears_events_until_it_unsubscribes(server: Site) -> None:
    owner = new_owner(server.container)
    mine, other = new_batch(server, owner), new_batch(server, owner)

    with talk(server, owner) as socket:
        socket.send(json.dumps({"type": "subscribe", "batch_id": mine, "since": 0}))
        assert hear(socket, "subscribed")["batch_id"] == mine
        first = hear(socket, "event")
        socket.send(json.dumps({"type": "subscribe", "batch_id": other, "since": 1}))
        hear(socket, "subscribed")
        change(server, owner, other, "x")
        second = hear(socket, "event")
        socket.send(json.dumps({"type": "unsubscribe", "batch_id": other}))
        hear(socket, "unsubscribed")
        change(server, owner, other, "y")
        change(server, owner, mine, "z")
        third = hear(socket, "event")
        socket.send(json.dumps({"type": "ping"}))
        hear(socket, "pong")

    assert (first["subscription"], first["id"], first["data"]["kind"]) == (mine, 1, "batch.created")
    assert (second["subscription"], second["id"]) == (other, 2)
    assert (third["subscription"], third["id"]) == (mine, 2)


def test_one_who_asks_for_nonsense_is_told_and_may_go_on(server: Site) -> None:
    owner = new_owner(server.container)
    foreign = new_batch(server, new_owner(server.container))

    with talk(server, owner) as socket:
        for said in (
            "{",
            "[]",
            "1",
            '{"type":"x"}',
            '{"type":["subscribe"]}',
            '{"type":"subscribe","batch_id":5}',
            json.dumps({"type": "subscribe", "batch_id": foreign}),
        ):
            socket.send(said)
            assert hear(socket, "error")["error"]["message"]
        socket.send(b'{"type":"ping"}')
        hear(socket, "pong")
        socket.send(json.dumps({"type": "subscribe", "since": {"a": 1}}))
        assert hear(socket, "reset")["data"]["batches"] == []


def test_frames_too_large_floods_and_broken_text_end_the_talk(server: Site) -> None:
    owner = new_owner(server.container)

    def code(send: Any) -> int:
        with talk(server, owner) as socket:
            with suppress(ConnectionClosed):
                send(socket)
                while True:
                    socket.recv(10)
            return socket.close_code or 0

    assert code(lambda socket: socket.send("x" * 65_537)) == 1009
    assert code(lambda socket: [socket.send('{"type":"ping"}') for _ in range(500)]) == 1008
    assert code(lambda socket: socket.send(b"\xff\xfe")) == 1007


def test_a_page_of_another_site_gets_no_socket(tmp_path_factory: pytest.TempPathFactory) -> None:
    with site(tmp_path_factory.mktemp("data"), identity=LocalIdentity("secret")) as running:
        address = running.address.replace("http", "ws") + "/api/v1/events/ws"
        for origin in ("https://evil.example", "null"):
            with pytest.raises(InvalidStatus) as refused:
                connect(
                    address, proxy=None, additional_headers={"Origin": origin, "Cookie": "reelyard=secret"}
                )
            assert refused.value.response.status_code == 403
        headers = {"Origin": "https://evil.example"}
        with (
            pytest.raises(InvalidStatus),
            connect(f"{address}?token=secret", proxy=None, additional_headers=headers),
        ):
            pass
        with connect(address, proxy=None, additional_headers={"Origin": running.address}):
            pass


def test_sockets_count_as_streams_and_leave_nothing_behind(server: Site) -> None:
    owner = new_owner(server.container)
    with ExitStack() as stack:
        sockets = [stack.enter_context(talk(server, owner)) for _ in range(10)]

        with pytest.raises(InvalidStatus), talk(server, owner):
            pass
        for socket in sockets:
            socket.send(json.dumps({"type": "subscribe"}))
            hear(socket, "reset")

    app = server.listener._app
    wait_until(lambda: owner not in app.state.feeds._open)
    wait_until(lambda: owner not in app.state.feeds._tails)


def test_a_readers_own_words_are_read_as_a_number_or_as_none() -> None:
    assert Since.read(None) is None
    assert Since.read(" 17 ") == 17
    assert {Since.read(text) for text in ("-1", "x", "1e3", "٣", "1" * 30)} == {Since.UNREADABLE}
    assert Message(MessageType.RESET, "reset", {}, "{}").id is None
    gc.collect()
