"""The child that asks: what it may reach, what ends it, and that all workers keep to one limit."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.children import python
from tests.support.engine import wait_until
from tests.support.servers import HURRY, KEY, Yard, asking, environ_for, yard
from tests.support.stub_server import Mode, Stub

from reelyard.engine.children import Children
from reelyard.errors import ReelyardError, ToolCrash
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Child, Service, is_running
from reelyard.tools.servers.asking import asked
from reelyard.tools.servers.clients import Message, TextServer
from reelyard.tools.servers.configured import ServerKind
from reelyard.tools.servers.service import post, servers_service


def text_server(stub: Stub, at: Yard, data: Path, at_once: int = 2) -> TextServer:
    environ = environ_for(stub, ServerKind.TEXT, data, at_once=at_once)
    return TextServer(*asking(at, environ, ServerKind.TEXT))


def test_all_workers_together_ask_no_more_at_once_than_is_allowed(stub: Stub, tmp_path: Path) -> None:
    stub.mode = Mode.SLOW
    with yard(tmp_path / "a") as first, yard(tmp_path / "b") as second:
        servers = [text_server(stub, one, tmp_path / "data", at_once=1) for one in (first, second)]
        threads = [
            threading.Thread(target=server.tell, args=([Message("user", "Go.")], 100)) for server in servers
        ]

        for thread in threads:
            thread.start()
        wait_until(lambda: any("waiting" in note for note in (*first.notes, *second.notes)))
        under_way = stub.count
        stub.let_go.set()
        for thread in threads:
            thread.join()

    assert (under_way, stub.count, stub.most_at_once) == (1, 2, 1)


def test_a_child_that_is_killed_lets_the_request_and_its_turn_go(stub: Stub, tmp_path: Path) -> None:
    stub.mode = Mode.SLOW
    ends: list[ReelyardError] = []
    with yard(tmp_path / "a") as first, yard(tmp_path / "b") as second:
        server = text_server(stub, first, tmp_path / "data", at_once=1)

        def tell() -> None:
            try:
                server.tell([Message("user", "Go.")], 100)
            except ReelyardError as error:
                ends.append(error)

        thread = threading.Thread(target=tell)
        thread.start()
        wait_until(lambda: stub.count == 1)
        (child,) = first.children.values()
        child.kill(0)
        thread.join(10)
        stub.mode = Mode.GOOD
        answer = text_server(stub, second, tmp_path / "data", at_once=1).tell([Message("user", "Go.")], 100)

    assert isinstance(ends[0], ToolCrash)
    assert not is_running(child.pgid)
    assert answer == "Go."


def test_the_key_is_in_no_argument_of_a_process(stub: Stub, at: Yard) -> None:
    text_server(stub, at, at.folder / "data").tell([Message("user", "Go.")], 100)

    lines = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                lines.append((folder / "cmdline").read_bytes())
            except OSError:
                continue

    assert any(b"reelyard.tools.servers.child" in line for line in lines)
    assert not any(KEY.encode() in line for line in lines)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(stub: Stub, at: Yard) -> None:
    environ = {
        **environ_for(stub, ServerKind.TEXT, at.folder / "data"),
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    server, way = asking(at, environ, ServerKind.TEXT, HURRY)

    answer = TextServer(server, way).tell([Message("user", "Go.")], 100)

    assert answer == "Go."


def test_a_child_that_does_not_know_the_server_says_so(stub: Stub, at: Yard, tmp_path: Path) -> None:
    server, _ = asking(at, environ_for(stub, ServerKind.TEXT, tmp_path / "data"), ServerKind.TEXT)
    child = Child(servers_service({}), at.folder)

    try:
        with pytest.raises(ReelyardError, match="No text server is configured"):
            child.ask(post(server, "chat/completions", {}), timeout_s=20)
    finally:
        child.kill(0)


def test_what_breaks_in_the_child_is_told_without_the_key(stub: Stub, at: Yard, tmp_path: Path) -> None:
    environ = environ_for(stub, ServerKind.TEXT, tmp_path / "data", key=f"{KEY}\nx: y")
    server, way = asking(at, environ, ServerKind.TEXT)

    with pytest.raises(ReelyardError) as caught:
        asked(way, server, post(server, "chat/completions", {}), 0.0)

    assert KEY not in f"{caught.value} {caught.value.details}"
    assert stub.count == 0


def test_a_try_that_its_child_did_not_survive_is_paid_and_tried_anew(stub: Stub, tmp_path: Path) -> None:
    stub.mode, stub.reply = Mode.SLOW, "Told."
    children = Children(tmp_path / "scratch")
    spent: list[float] = []
    answers: list[str] = []
    (tmp_path / "scratch").mkdir()
    environ = environ_for(stub, ServerKind.TEXT, tmp_path / "data", price=1.0)
    server, way = asking(Yard(tmp_path), environ, ServerKind.TEXT)

    def ask(service: Service, request: JsonObject, *, timeout_s: float, on_event: Any = None) -> JsonObject:
        return children.ask(service, request, timeout_s=timeout_s, on_event=on_event)

    way = replace(way, ask=ask, spend=spent.append)
    thread = threading.Thread(
        target=lambda: answers.append(TextServer(server, way).tell([Message("user", "Go.")], 97))
    )
    thread.start()
    wait_until(lambda: stub.count == 1)
    stub.mode = Mode.GOOD
    os.killpg(next(iter(children._services.values())).pgid, signal.SIGKILL)
    thread.join(20)
    children.close()

    assert answers == ["Told."]
    assert stub.count == 2
    assert spent == [0.1, 0.1]
    assert not list((tmp_path / "data").rglob("*.begun"))


LOOKS = """
import json, pathlib, sys
for line in sys.stdin:
    message = json.loads(line)
    try:
        seen = pathlib.Path(message["request"]["path"]).read_text()
    except OSError as problem:
        seen = type(problem).__name__
    print(json.dumps({"id": message["id"], "answer": {"seen": seen}}), flush=True)
"""


@pytest.mark.parametrize(("network", "seen"), [(False, "of a user"), (True, "PermissionError")])
def test_a_child_with_a_way_out_sees_no_file_of_a_user(tmp_path: Path, network: bool, seen: str) -> None:
    (tmp_path / "file").write_text("of a user")
    children = Children(tmp_path)
    service = Service("looks", python(LOOKS, network=network))

    answer = children.ask(service, {"path": str(tmp_path / "file")}, timeout_s=20, on_event=None)
    children.close()

    assert answer["seen"] == seen
