"""The founding front end for stories over the real pipeline: a text goes in by the door, sound and pictures come out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.acceptance.stories_front_end import BatchProcessingSocket, StoriesApi, refusal_of
from tests.support.served import OWNER_HEADER, Served, as_owner, site

TEXT = b"The lamp\n\nThe keeper lit the lamp.\n"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real server with the pipelines that are installed."""
    with site(tmp_path_factory.mktemp("teller") / "data") as running:
        found = as_owner(running)
        yield found
        found.close()


@pytest.fixture
def api(teller: Served) -> Iterator[StoriesApi]:
    api = StoriesApi(teller.address, {OWNER_HEADER: teller.owner})
    yield api
    api.close()


@pytest.fixture
def line(teller: Served) -> Iterator[BatchProcessingSocket]:
    line = BatchProcessingSocket(teller.address, {OWNER_HEADER: teller.owner})
    yield line
    line.close()


def test_a_text_becomes_a_narrated_film_with_its_parts(api: StoriesApi, line: BatchProcessingSocket) -> None:
    told = api.batch_upload([("lamp.txt", TEXT)])["files"][0]
    batch = api.batch_create([told["id"]])
    room = f"batch:{batch['batchId']}"
    line.join(room, since=0)
    line.until_event("auto-mode-start")

    line.lose()
    line.come_back()
    end = line.until(lambda message: message.get("event") == "batch-stories-complete", 300)["data"]
    line.drain()

    story = batch["stories"][0]["id"]
    assert told["words"] == 7
    assert (end["status"], end["completed"]) == ("completed", 1)
    assert line.landmarks() == [
        ("batch-stories-start", None), ("auto-mode-start", story), ("auto-mode-complete", story),
        ("batch-stories-complete", None),
    ]  # fmt: skip
    status = api.batch_status(batch["batchId"])
    assert end["stories"] == status["stories"]
    outputs = status["stories"][0]["outputs"]
    assert outputs.keys() == {"text", "chunks", "audio", "images", "captions", "film"}
    assert api.fetch(outputs["text"]).decode().split() == TEXT.decode().split()
    assert len(json.loads(api.fetch(outputs["chunks"]))["chunks"]) == len(outputs["images"]) == 1
    assert api.fetch(outputs["images"][0])[:3] == b"\xff\xd8\xff"
    assert all(b"ftyp" in api.fetch(outputs[name])[:12] for name in ("audio", "film"))
    assert b"-->" in api.fetch(outputs["captions"])


def test_one_story_is_asked_for_read_only_and_then_with_another_voice(
    api: StoriesApi, teller: Served
) -> None:
    told = api.batch_upload([("lamp.txt", TEXT), ("boat.txt", b"The boat lay still.")])["files"]
    options = {"generateImages": False, "audioVoice": "espeak:en-gb"}
    batch = api.batch_create([one["id"] for one in told], autoMode=False, **options)
    first, second = (one["id"] for one in batch["stories"])
    line = BatchProcessingSocket(teller.address, {OWNER_HEADER: teller.owner})
    line.join(f"batch:{batch['batchId']}", since=0)

    api.generate(first)
    line.until_event("batch-stories-complete", 120)
    before = api.story(batch["batchId"], first)["outputs"]["audio"]
    unknown = refusal_of(lambda: api.generate(first, {"audioVoice": "nobody at all"}))
    api.generate(first, {"audioVoice": "espeak:en-gb+f3"})
    line.until_event("batch-stories-complete", 120)
    after = api.story(batch["batchId"], first)["outputs"]

    assert (unknown.status, unknown.error) == (400, "Bad Request")
    assert api.story(batch["batchId"], second)["status"] == "pending"
    assert after.keys() == {"text", "chunks", "audio", "images", "captions"}
    assert after["audio"].partition("?")[0] != before.partition("?")[0]
    assert httpx.get(after["audio"]).is_success
    line.close()


def test_the_voices_of_this_machine_are_listed(teller: Served) -> None:
    german = teller.http.get("/voices", params={"language": "de"}).json()["data"]

    assert any(one["id"].startswith("espeak:de") for one in german)
    assert {one["language"].partition("-")[0] for one in german} <= {"de", "mul"}
