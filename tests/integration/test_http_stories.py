"""Stories over HTTP: chunks with what was made of them, changes, revisions, made anew; and voices."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files
from tests.support.outputs import output
from tests.support.site import Site, site
from tests.support.stories import NAME

from reelyard.core.batches.lifecycle import ItemEvent
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.media.story import Chunk, Story

STORY = Story("The keeper", "en", (Chunk(1, "He lit the lamp."), Chunk(2, "Then he slept.", seed=7)))
TIMES = [{"number": 1, "start": 0.0, "end": 1.5}, {"number": 2, "start": 1.5, "end": 2.5}]
MADE: dict[str, bytes] = {
    "chunks.json": json.dumps(STORY.to_json()).encode(),
    "story.txt": STORY.text.encode(),
    "narration-0001.m4a": b"one",
    "narration-0002.m4a": b"two",
    "narration.m4a": b"whole",
    "timing.json": json.dumps({"seconds": 2.5, "chunks": TIMES}).encode(),
    "picture-0001.jpg": b"lamp",
    "pictures.json": json.dumps(
        {"pictures": [{"role": "cover.jpg", "description": "A card."},
                      {"role": "picture-0001.jpg", "description": "A lamp."}]}
    ).encode(),
}  # fmt: skip
INNER = {"timing.json", "pictures.json"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data"), pipelines=NAME) as running:
        yield running


@pytest.fixture
def owner(server: Site) -> str:
    return new_owner(server.container)


@pytest.fixture
def path(server: Site, owner: str) -> str:
    return told(server, owner, MADE)


def told(server: Site, owner: str, made: dict[str, bytes]) -> str:
    """A completed story with these artifacts; where it is found."""
    container = server.container
    files = ready_files(container, owner, [str(uuid.uuid4())])
    with container.db.write() as tx:
        container.library.get(tx, owner, files[0]).kind = "document"
    batch_id = new_batch(container, owner, files, Order("story"))
    item_id = items_of(container, batch_id)[0].id
    with container.db.write() as tx:
        batch, item = tx.session.get_one(Batch, batch_id), tx.session.get_one(Item, item_id)
        tx.session.get_one(LibraryFile, item.file_id).name = "keeper.txt"
        for event in (ItemEvent.CLAIM, ItemEvent.OK):
            container.ledger.move_item(tx, batch, item, event)
        container.ledger.settle(tx, batch)
        for role, data in made.items():
            output(container, tx, item, ("made", role), data).is_output = role not in INNER
    return f"/api/v1/batches/{batch_id}/items/{item_id}/story"


def test_a_story_is_read_with_what_was_made_of_each_chunk(server: Site, owner: str, path: str) -> None:
    story = server.json("GET", path, headers={"X-Owner": owner})
    first, second = story["chunks"]

    assert (story["title"], story["language"], story["words"]) == ("The keeper", "en", 7)
    assert (story["revision"], story["told"], story["duration_s"]) == (0, True, 2.5)
    assert (first["number"], first["text"], first["words"]) == (1, "He lit the lamp.", 4)
    assert (first["start_s"], first["end_s"], first["alt"]) == (0.0, 1.5, "A lamp.")
    assert (second["seed"], second["voice"], second["picture"], second["alt"]) == (7, None, None, None)
    assert first["picture"]["role"] == "picture-0001.jpg"
    assert server.client.get(first["picture"]["url"]).content == b"lamp"
    assert server.client.get(second["narration"]["url"]).content == b"two"


def test_chunks_are_changed_and_every_revision_stays(server: Site, owner: str, path: str) -> None:
    mine = {"X-Owner": owner}
    chunks = [
        {"number": 1, "text": "He lit\nit.\n\nAll was well."},
        {"number": 2, "seed": None, "voice": "espeak:de"},
    ]

    changed = server.json("PATCH", path, json={"chunks": chunks, "revision": 0}, headers=mine)
    stale = server.json("PATCH", path, 409, json={"chunks": chunks, "revision": 0}, headers=mine)
    same = server.json("PATCH", path, json={"chunks": [], "revision": 1}, headers=mine)
    back = server.json("PATCH", path, json={"chunks": [], "revision": 1, "begin_from": 0}, headers=mine)

    assert (changed["revision"], changed["told"]) == (1, False)
    assert changed["chunks"][0]["text"] == "He lit it.\n\nAll was well."
    assert (changed["chunks"][1]["seed"], changed["chunks"][1]["voice"]) == (None, "espeak:de")
    assert changed["chunks"][1]["text"] == "Then he slept."
    assert stale["error"]["details"]["revision"] == 1
    assert same["revision"] == 1
    assert (back["revision"], back["chunks"][0]["text"]) == (2, "He lit the lamp.")
    listed = server.json("GET", f"{path}/revisions", headers=mine)["revisions"]
    assert [one["revision"] for one in listed] == [0, 1, 2]
    once = server.json("GET", f"{path}/revisions/1", headers=mine)
    assert [one["text"] for one in once["chunks"]] == [one["text"] for one in changed["chunks"]]
    server.json("GET", f"{path}/revisions/3", 404, headers=mine)


@pytest.mark.parametrize(
    ("chunk", "field"),
    [
        ({"number": 2, "text": "  "}, "text"),
        ({"number": 2, "text": "a\x07"}, "text"),
        ({"number": 2, "text": "x" * 20_001}, "text"),
        ({"number": 2, "text": None}, "chunks.0.text"),
        ({"number": 2, "voice": "nobody"}, "voice"),
        ({"number": 2, "voice": "x" * 201}, "voice"),
        ({"number": 2, "picture_prompt": "x" * 2_001}, "picture_prompt"),
        ({"number": 2, "seed": -1}, "chunks.0.seed"),
        ({"number": 3, "text": "x"}, "number"),
        ({"number": 0, "text": "x"}, "chunks.0.number"),
        ({"number": 1, "heading": "x"}, "chunks.0.heading"),
    ],
)
def test_a_change_that_cannot_be_names_its_field(
    server: Site, owner: str, path: str, chunk: dict[str, Any], field: str
) -> None:
    mine = {"X-Owner": owner}

    refused = server.json("PATCH", path, 422, json={"chunks": [chunk], "revision": 0}, headers=mine)

    assert refused["error"]["details"]["field"] == field
    assert server.json("GET", path, headers=mine)["revision"] == 0


def test_a_story_is_made_anew_once(server: Site, owner: str, path: str) -> None:
    mine = {"X-Owner": owner}
    once = {**mine, "Idempotency-Key": str(uuid.uuid4())}

    first = server.json("POST", f"{path}/make", headers=once)
    again = server.json("POST", f"{path}/make", headers=once)
    other = server.json("POST", f"{path}/make", 409, headers=mine)
    late = server.json("PATCH", path, 409, json={"chunks": [], "revision": 0}, headers=mine)

    assert first == again
    assert first["generation"] == 2
    for refused in (other, late):
        assert "Wait until" in refused["error"]["hint"]
    assert server.json("GET", path, headers=mine)["chunks"][0]["picture"]["role"] == "picture-0001.jpg"


def test_nobody_sees_or_changes_the_story_of_another(server: Site, path: str) -> None:
    stranger = {"X-Owner": new_owner(server.container)}

    for one in ("", "/revisions", "/revisions/0"):
        server.json("GET", f"{path}{one}", 404, headers=stranger)
    server.json("PATCH", path, 404, json={"chunks": [], "revision": 0}, headers=stranger)
    server.json("POST", f"{path}/make", 404, headers=stranger)


def test_an_item_without_a_story_says_what_would_make_one(server: Site, owner: str) -> None:
    bare = told(server, owner, {})

    assert server.json("GET", bare, 404, headers={"X-Owner": owner})["error"]["hint"]


def test_voices_are_listed_by_language(server: Site) -> None:
    everyone = server.json("GET", "/api/v1/voices")["data"]
    german = server.json("GET", "/api/v1/voices", params={"language": "de"})["data"]

    assert [one["id"] for one in everyone] == ["espeak:en", "espeak:de"]
    assert german == [
        {"id": "espeak:de", "name": "espeak:de", "language": "de", "engine": "espeak", "gender": None}
    ]
    assert server.json("GET", "/api/v1/voices", params={"language": "tlh"})["data"] == []
    server.json("GET", "/api/v1/voices", 422, params={"language": "no such thing"})
