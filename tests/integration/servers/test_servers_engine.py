"""A worker that asks a server: what is kept of it, what it costs, and how soon a cancel is heard."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import psutil
import pytest
from tests.support.asking import NAMED_ASKING
from tests.support.engine import (
    Order,
    batch_of,
    ended,
    items_of,
    new_batch,
    new_owner,
    ready_files,
    wait_until,
)
from tests.support.servers import KEY
from tests.support.stub_server import Mode, Stub

from reelyard.bootstrap import Container, build
from reelyard.core.batches.models import Item
from reelyard.core.runs import repository as runs
from reelyard.pipeline.registry import NAMED
from reelyard.settings import load_settings


@pytest.fixture(scope="module")
def yard(one_stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """An installation with a worker and a text server."""
    data = tmp_path_factory.mktemp("yard") / "data"
    server = {"url": one_stub.url, "key": KEY, "model": "stub-1", "price": 0.5}
    with mock.patch.dict(os.environ, {NAMED: NAMED_ASKING}):
        settings = load_settings(
            data=data, engine={"workers": 1, "retry_delays_s": (0.1, 0.1)}, text_server=server
        )
        container = build(settings)
    container.start()
    wait_until(lambda: len(container.cluster.capacity()) == 2)
    yield container
    container.stop(drain_s=0.0)


def order(yard: Container, words: str, **settings: float) -> tuple[str, str]:
    owner = new_owner(yard)
    return owner, new_batch(yard, owner, ready_files(yard, owner, [words]), Order("asking", settings))


def done(yard: Container, batch: str) -> Item:
    wait_until(lambda: ended(yard, batch))
    return items_of(yard, batch)[0]


def charged(yard: Container, batch: str) -> float:
    with yard.db.read() as tx:
        return runs.charged(tx, batch)


def asking_children() -> list[psutil.Process]:
    """The children of this process's workers that speak to servers."""
    return [
        each
        for each in psutil.Process().children(recursive=True)
        if "reelyard.tools.servers.child" in " ".join(each.cmdline())
    ]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_a_server_tells_is_kept_and_counted(yard: Container, stub: Stub) -> None:
    stub.reply = "Told anew."

    _, batch = order(yard, "some words", limit=1.0)

    found = done(yard, batch)
    assert (found.status, found.error_message) == ("completed", None)
    assert stub.received[0].headers["authorization"] == f"Bearer {KEY}"
    assert charged(yard, batch) == pytest.approx(0.5 * 210 / 1000)


def test_what_is_above_the_limit_is_never_asked(yard: Container, stub: Stub) -> None:
    _, batch = order(yard, "other words", limit=0.05)

    found = done(yard, batch)

    assert (found.status, found.error_code) == ("failed", "spending_limit")
    assert stub.count == 0


@pytest.mark.parametrize("mode", [Mode.UNAUTHORISED, Mode.REFUSES, Mode.GOOD])
def test_the_key_is_in_nothing_that_is_kept_or_told(yard: Container, stub: Stub, mode: Mode) -> None:
    stub.mode = mode

    _, batch = order(yard, f"words for {mode}")

    found = done(yard, batch)
    told = json.dumps([dict(one.inventory) for one in yard.cluster.capacity()])
    assert found.error_code == (None if mode is Mode.GOOD else "server_refused")
    assert "stub-1" in told
    assert KEY not in told
    assert KEY not in f"{found.error_message} {found.error_hint}"
    assert KEY.encode() not in everything_in(yard.settings.data)


def test_a_cancel_does_not_wait_for_the_server(yard: Container, stub: Stub) -> None:
    stub.mode = Mode.SLOW
    owner, batch = order(yard, "words that take long")
    wait_until(lambda: stub.count == 1)
    (child,) = asking_children()

    with yard.db.write() as tx:
        yard.commands.cancel(tx, owner, batch)
    took = wait_until(lambda: not child.is_running() and not len(yard.dispatcher.flights))

    assert took < 5.0
    assert batch_of(yard, batch).status == "cancelled"
    assert charged(yard, batch) == pytest.approx(0.5 * 220 / 1000)
