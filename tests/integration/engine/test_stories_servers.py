"""Stories of one batch whose pictures an image server makes, over HTTP: what it fails at, and what may be spent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from tests.faults.server import gone
from tests.faults.storytelling import CHUNKS, TALE, story_studio
from tests.faults.studio import Studio, made
from tests.support.engine import wait_until
from tests.support.stub_server import Mode, Stub, stub_server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PRICE = 0.5
PICTURES = CHUNKS + 1  # with the cover
SILENT: dict[str, Any] = {"audio": False, "film": False, "image_maker": "server"}
OTHER = b"""The Miller's Dog

The young miller had a white dog. Every evening he waited at the gate for her.

One day a fire broke out in the barn. The dog barked, and the whole village came.

In the yard they put up a table. The dog lay under it, and nobody sent him away.
"""
CALLED = {TALE: "cat.txt", OTHER: "dog.txt"}


@pytest.fixture(scope="module")
def running() -> Iterator[Stub]:
    with stub_server() as stub:
        yield stub


@pytest.fixture
def stub(running: Stub) -> Stub:
    running.reset()
    return running


@pytest.fixture(scope="module")
def studio(running: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    settings = {
        "REELYARD_IMAGE_SERVER__URL": running.url,
        "REELYARD_IMAGE_SERVER__MODEL": "stub",
        "REELYARD_IMAGE_SERVER__PRICE": str(PRICE),
        "REELYARD_ENGINE__MAX_RETRIES": "100",
    }
    studio = story_studio(tmp_path_factory.mktemp("studio"), settings)
    studio.server.start()

    yield studio

    assert studio.server.stop() == 0
    assert studio.wrong() == []


def told(studio: Studio, batch: str, count: int) -> list[dict[str, Any]]:
    """The batch's stories when it has ended."""
    studio.over(batch)
    items = [studio.item(batch, place) for place in range(count)]
    assert [item["error"] for item in items] == [None] * count
    assert studio.status(batch) == "completed"
    return items


def ordered(studio: Studio, *texts: bytes, **settings: Any) -> str:
    files = [studio.upload(studio.craft.salted(text), CALLED[text]) for text in texts]
    return studio.start(files, {**SILENT, **settings}, concurrency=len(texts))


def spent(studio: Studio, batch: str) -> float:
    """What is written down as spent, or set aside for attempts that never told."""
    database = sqlite3.connect(studio.server.data / "reelyard.db", timeout=30)
    try:
        query = "SELECT SUM(COALESCE(spent, granted)) FROM spendings WHERE batch_id = ?"
        return float(database.execute(query, (batch,)).fetchone()[0])
    finally:
        database.close()


def asking(studio: Studio, port: int) -> psutil.Process:
    """The worker whose child has asked from that port; others may have such a child, too, that rests."""
    for worker in studio.server.worker_processes():
        for child in worker.children():
            if any(line.laddr.port == port for line in child.net_connections("tcp")):
                return worker
    raise AssertionError("nobody asks")


def test_a_picture_that_fails_is_drawn_and_told_of_and_nothing_else_of_the_batch_is_another(
    studio: Studio, stub: Stub
) -> None:
    def one(prompt: str) -> bool:
        return "lighthouse" in prompt and "black cat" not in prompt  # the cover shows the whole beginning

    undisturbed = told(studio, ordered(studio, TALE, OTHER, OTHER), 3)

    stub.choose = lambda asked: Mode.REFUSES if one(asked["prompt"]) else Mode.GOOD
    cat, *dogs = told(studio, ordered(studio, TALE, OTHER, OTHER), 3)

    assert all(not item["warnings"] for item in undisturbed)
    assert [made(dog) for dog in dogs] == [made(dog) for dog in undisturbed[1:]]
    assert [dog["warnings"] for dog in dogs] == [[], []]
    assert {of for of, it in made(cat).items() if it != made(undisturbed[0])[of]} == {"picture-0002.jpg"}
    assert (cat["result"]["illustrate"]["failed"], cat["result"]["illustrate"]["degraded"]) == ([2], True)
    (said,) = cat["warnings"]
    assert "Chunk 2: " in str(said)
    assert "drawn instead" in str(said)


def test_a_spending_limit_holds_for_all_stories_of_a_batch(studio: Studio, stub: Stub) -> None:
    asked_for = PICTURES + 2  # one story, and half of the other

    batch = ordered(studio, TALE, OTHER, spending_limit=asked_for * PRICE)
    items = told(studio, batch, 2)

    assert stub.count == asked_for
    assert spent(studio, batch) == pytest.approx(asked_for * PRICE)
    failed = sorted(len(item["result"]["illustrate"]["failed"]) for item in items)
    assert failed == [0, PICTURES - 2]
    assert [item["result"]["illustrate"]["pictures"] for item in items] == [CHUNKS, CHUNKS]
    assert "this batch may spend" in str([item["warnings"] for item in items])


@pytest.mark.parametrize("limit", [2.5, 3.0, 7.0])
def test_a_spending_limit_holds_when_a_worker_dies_while_it_asks(
    studio: Studio, stub: Stub, limit: float
) -> None:
    stub.choose = lambda _asked: Mode.SLOW if stub.count == 3 else Mode.GOOD

    batch = ordered(studio, TALE, OTHER, spending_limit=limit)
    wait_until(lambda: stub.count == 3, 60)
    worker = asking(studio, stub.received[2].port)
    tools = worker.children(recursive=True)
    worker.kill()
    gone(tools)
    stub.let_go.set()
    items = told(studio, batch, 2)

    assert stub.count * PRICE <= spent(studio, batch) <= limit
    assert sum(item["retry_count"] for item in items) == 1
    prompts = [one.body["prompt"] for one in stub.received]
    assert [prompts.count(prompt) for prompt in prompts[:2]] == [1, 1]  # kept before the worker died
    for item in items:
        facts = item["result"]["illustrate"]
        assert facts["pictures"] == CHUNKS
        assert facts["degraded"] is bool(item["warnings"])
    if limit == 7.0:  # what the dead worker may have spent counts as spent
        assert stub.count == 2 * PICTURES + 1
