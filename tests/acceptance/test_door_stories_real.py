"""The founding front end for stories over the real pipeline: a text goes in by the door, sound and pictures come out."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.acceptance.stories_front_end import BatchProcessingSocket, StoriesApi, refusal_of, unsigned
from tests.support.engine import wait_until
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
    assert unsigned(end["stories"]) == unsigned(status["stories"])
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


def test_a_voice_is_heard_before_it_is_chosen(teller: Served) -> None:
    heard = teller.http.get("/voices/espeak:de/sample")
    varied = teller.http.get("/voices/espeak:de+f3/sample")
    again = teller.http.get("/voices/espeak:de/sample")

    assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(heard.content)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (24_000, 1, 2)
        assert 1 < sound.getnframes() / 24_000 < 10
        assert any(sound.readframes(24_000))
    assert heard.content == again.content != varied.content
    for nobody in ("nobody", "espeak:de+nobody", "server:alloy"):
        assert teller.http.get(f"/voices/{nobody}/sample").status_code == 404


def test_a_chunk_is_changed_and_only_that_is_made_anew(api: StoriesApi, teller: Served) -> None:
    words = " ".join(f"The keeper lit lamp number {n}." for n in range(12))
    told = api.batch_upload([("lamps.txt", words.encode())])["files"]
    batch = api.batch_create([told[0]["id"]], generateImages=False, wordsPerChunk=20)
    item = batch["stories"][0]["id"]
    path = f"/batches/{batch['batchId']}/items/{item}/story"
    wait_until(lambda: api.batch_status(batch["batchId"])["status"] == "completed", 120)
    before = teller.http.get(path).json()

    change = {"revision": 0, "chunks": [{"number": 2, "text": "Then he slept."}]}
    changed = teller.http.patch(path, json=change).json()
    teller.http.post(f"{path}/make").raise_for_status()
    wait_until(lambda: api.batch_status(batch["batchId"])["status"] == "completed", 120)
    after = teller.http.get(path).json()

    assert (before["told"], changed["told"], after["told"]) == (True, False, True)
    assert (before["revision"], after["revision"]) == (0, 1)
    sounds = [[chunk["narration"]["sha256"] for chunk in story["chunks"]] for story in (before, after)]
    assert [old == new for old, new in zip(*sounds, strict=True)] == [
        True,
        False,
        *[True] * (len(sounds[0]) - 2),
    ]
    assert after["chunks"][1]["end_s"] - after["chunks"][1]["start_s"] < 3
    assert after["duration_s"] < before["duration_s"]
    assert "Then he slept." in api.fetch(api.story(batch["batchId"], item)["outputs"]["text"]).decode()
