"""What changes, told over a WebSocket: subscriptions, nonsense, limits, and pages of other sites."""

from __future__ import annotations

import json
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from tests.support.engine import new_owner, wait_until
from tests.support.live import change, new_batch
from tests.support.site import Site, site
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from reelyard.http.identity import LocalIdentity


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
