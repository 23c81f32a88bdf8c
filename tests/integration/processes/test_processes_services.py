"""Children that live on and answer again and again."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.children import QUICK

from reelyard.errors import ModelMissing, Reject, ResourceLimit, ToolCrash, ToolTimeout
from reelyard.kit.processes import Child, Command, Service, is_running, python_child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are confined on Linux only")
SERVED = """
import os, sys, time
from reelyard.errors import ModelMissing, Reject
from reelyard.kit.processes.serving import serve

def handle(request, emit):
    match request["do"]:
        case "double":
            print("a library that chats on standard output")
            emit({"half": True})
            return {"value": request["value"] * 2}
        case "reject":
            raise Reject("no sound", code="no_audio", hint="Record some.")
        case "missing":
            raise ModelMissing("no such model")
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(7)
        case "lose memory":
            b"x" * 2**32

serve(handle)
"""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    (tmp_path / "served.py").write_text(SERVED)
    _, env = python_child("unused")
    argv = (sys.executable, "-s", str(tmp_path / "served.py"))
    return Service("arithmetic", Command(argv, env=env, limits=QUICK, reads=(tmp_path,)))


@pytest.fixture
def child(service: Service, tmp_path: Path) -> Iterator[Child]:
    child = Child(service, tmp_path)
    yield child
    child.kill()


def test_a_service_answers_again_and_again_and_tells_events_before(child: Child) -> None:
    events: list[object] = []

    for value in (1, 2):
        assert child.ask({"do": "double", "value": value}, timeout_s=10, on_event=events.append) == {
            "value": 2 * value
        }

    assert events == [{"half": True}] * 2
    assert "chats" in child.stderr or not child.closed
    child.kill()
    child.kill()
    assert child.closed


def test_errors_of_a_service_come_back_as_what_they_are_and_it_lives_on(child: Child) -> None:
    with pytest.raises(Reject, match=r"no sound Record some\.") as caught:
        child.ask({"do": "reject"}, timeout_s=10)
    with pytest.raises(ModelMissing):
        child.ask({"do": "missing"}, timeout_s=10)

    assert caught.value.code == "no_audio"
    assert not child.closed
    child.kill()


def test_a_service_that_does_not_answer_is_killed(child: Child) -> None:
    child.ask({"do": "double", "value": 1}, timeout_s=10)

    with pytest.raises(ToolTimeout):
        child.ask({"do": "hang"}, timeout_s=0.3)

    assert child.closed
    assert not is_running(child.pgid)


@pytest.mark.parametrize(("deed", "kind"), [("die", ToolCrash), ("lose memory", ResourceLimit)])
def test_a_service_that_ends_says_why(child: Child, deed: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        child.ask({"do": deed}, timeout_s=10)

    assert child.closed
    with pytest.raises(kind):
        child.ask({"do": "double", "value": 1}, timeout_s=10)


def test_a_service_killed_from_another_thread_ends_the_question(child: Child) -> None:
    child.ask({"do": "double", "value": 1}, timeout_s=10)
    threading.Timer(0.2, child.kill).start()

    with pytest.raises(ToolCrash):
        child.ask({"do": "hang"}, timeout_s=10)


def test_a_child_outlives_the_thread_that_asked_for_it(tmp_path: Path) -> None:
    service = Service("echo", Command(("cat",), limits=QUICK))
    children: list[Child] = []
    thread = threading.Thread(target=lambda: children.append(Child(service, tmp_path)))
    thread.start()
    thread.join()

    child = children[0]
    child.send({"still": "here"})

    assert child.receive(5) == {"still": "here"}
    child.kill()
