"""What changes, told as it happens: nothing lost, nothing twice, in order, whatever happens to the connection."""

from __future__ import annotations

import random
import threading
import time
import uuid
from typing import Any

import pytest
from sqlalchemy import delete
from tests.support.engine import new_owner, wait_until
from tests.support.live import STREAM, Stream, change, new_batch
from tests.support.site import Site, site
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from reelyard.core.events.live import BatchOutlook, Progress
from reelyard.core.events.models import Event


def forget_events_before(server: Site, owner: str, seq: int) -> None:
    with server.container.db.write() as tx:
        tx.session.execute(delete(Event).where(Event.owner_id == owner, Event.owner_seq < seq))


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
