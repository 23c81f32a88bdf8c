"""The founding front end for stories against a running server: uploads, batches, one story alone, refusals."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.acceptance.stories_batches import created, uploaded
from tests.acceptance.stories_front_end import BatchProcessingSocket, StoriesApi, refusal_of
from tests.support.engine import wait_until
from tests.support.served import OWNER_HEADER, Served

from reelyard.core.accounts.service import ensure_owner
from reelyard.media.document import Block, BlockKind
from reelyard.testing.documents import docx

NOBODYS = "3f0d7d6e-5a0c-4d1c-9b57-0d9f6a1c2b3e"  # the id of nothing
MOST = 10 * 1024 * 1024
Json = dict[str, Any]


def settled(api: StoriesApi, batch_id: str) -> Json:
    """The status once the batch does not work any more."""
    wait_until(lambda: api.batch_status(batch_id)["status"] not in ("processing", "paused"), 60)
    return api.batch_status(batch_id)


@pytest.mark.parametrize("field_name", ["files", "file", "files[]"])
def test_texts_are_uploaded_under_any_field_name_and_their_words_counted(
    stories_api: StoriesApi, field_name: str
) -> None:
    told = stories_api.batch_upload(
        [("one.txt", b"Seven words are in this short text."), ("two.txt", b"Two\n\nit is.")], field_name
    )

    assert told["errors"] == []
    assert [(one["fileName"], one["size"], one["words"]) for one in told["files"]] == [
        ("one.txt", 35, 7),
        ("two.txt", 11, 3),
    ]


def test_each_file_that_is_not_taken_is_named_and_the_others_are(stories_api: StoriesApi) -> None:
    forged = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + bytes(200)
    sent = [
        ("paper.pdf", forged),
        ("paper.txt", forged),
        ("good.txt", b"Once upon a time."),
        ("notes.md", b"# Notes"),
        ("empty.txt", b""),
        ("most.txt", b"word " * (MOST // 5)),
        ("more.txt", b"word " * (MOST // 5) + b"x"),
        ("broken.docx", b"PK\x03\x04" + b"word/document.xml" + bytes(100)),
    ]

    told = stories_api.batch_upload(sent)

    assert [one["fileName"] for one in told["files"]] == ["good.txt", "most.txt"]
    assert {one["fileName"]: one["message"] for one in told["errors"]}.keys() == {
        "paper.pdf", "paper.txt", "notes.md", "empty.txt", "more.txt", "broken.docx",
    }  # fmt: skip
    assert all(one["message"] for one in told["errors"])


def test_a_form_brings_ten_files_and_no_more(stories_api: StoriesApi) -> None:
    told = stories_api.batch_upload([(f"{n}.txt", f"Story number {n}.".encode()) for n in range(11)])

    assert len(told["files"]) == 10
    assert [one["fileName"] for one in told["errors"]] == ["10.txt"]


def test_a_form_without_a_file_is_refused(stories_api: StoriesApi) -> None:
    empty = stories_api.http.post("/stories/batch-upload", files=[("name", (None, b"no file"))])
    other = stories_api.http.post("/stories/batch-upload", json={})

    for answer in (empty, other):
        assert answer.status_code == 400
        assert answer.json().keys() == {"statusCode", "message", "error"}


def test_stories_are_made_at_once_in_auto_mode(stories_api: StoriesApi) -> None:
    files = uploaded(stories_api, "lamp.txt", "boat.txt")

    made = stories_api.batch_create(files, name="Evening", autoMode=True)
    status = settled(stories_api, made["batchId"])

    assert [one["title"] for one in made["stories"]] == ["lamp", "boat"]
    assert {one["status"] for one in made["stories"]} == {"pending"}
    assert (status["status"], status["completed"], status["failed"], status["total"]) == (
        "completed",
        2,
        0,
        2,
    )
    assert (status["progress"], status["currentFile"], status["currentStep"]) == (100, None, None)
    first = status["stories"][0]
    assert first["id"] == made["stories"][0]["id"]
    assert (first["title"], first["fileName"], first["step"]) == ("The story of lamp", "lamp.txt", None)
    outputs = first["outputs"]
    assert outputs.keys() == {"text", "chunks", "audio", "images", "captions", "film"}
    assert stories_api.fetch(outputs["text"]).decode().startswith("The story of lamp")
    assert len(json.loads(stories_api.fetch(outputs["chunks"]))["chunks"]) == len(outputs["images"]) == 3
    assert stories_api.fetch(outputs["images"][0]) == b"The story of lamp"
    assert stories_api.fetch(outputs["film"]) == b"a film"


def test_what_a_file_is_is_found_by_its_content(stories_api: StoriesApi) -> None:
    word = docx([Block(BlockKind.HEADING, "The lamp", 1), Block(BlockKind.PARAGRAPH, "It was lit.")])

    told = stories_api.batch_upload([("lamp.docx", word), ("LAMP.DOC", word), ("lamp.txt", word)])

    assert told["errors"] == []
    assert [one["words"] for one in told["files"]] == [5, 5, 5]


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ({"generateImages": False}, {"text", "chunks", "images", "audio", "captions"}),
        ({"generateAudio": False}, {"text", "chunks", "images"}),
        ({"generateImages": False, "generateAudio": False}, {"text", "chunks", "images"}),
    ],
)
def test_only_what_was_asked_for_is_made(stories_api: StoriesApi, options: Json, made: set[str]) -> None:
    batch = created(stories_api, "lamp.txt", **options)

    status = settled(stories_api, batch["batchId"])

    outputs = status["stories"][0]["outputs"]
    assert outputs.keys() == made
    assert bool(outputs["images"]) == options.get("generateImages", True)


def test_options_become_settings_under_either_name(stories_api: StoriesApi, stories: Served) -> None:
    options = {
        "audioVoice": "espeak:de", "wordPerChunk": 50, "imageStyle": "Paper cut", "customImagePrompt": "at sea",
        "customAudioPrompt": "slowly", "somethingElse": 7,
    }  # fmt: skip

    batch = created(stories_api, "lamp.txt", autoMode=False, **options)

    told = stories.http.get(f"/batches/{batch['batchId']}").json()
    kept = {
        name: told["settings"][name] for name in ("voice", "words_per_chunk", "image_style", "image_prompt")
    }
    assert kept == {
        "voice": "espeak:de",
        "words_per_chunk": 50,
        "image_style": "paper-cut",
        "image_prompt": "at sea",
    }
    assert told["settings"]["audio_prompt"] == "slowly"
    assert told["on_request"]
    assert told["name"] == "Stories"


def test_without_auto_mode_each_story_waits_to_be_asked_for(stories_api: StoriesApi) -> None:
    batch = created(stories_api, "lamp.txt", "boat.txt", autoMode=False)
    first, second = (one["id"] for one in batch["stories"])

    asked = stories_api.generate(second, {"generateAudio": False})
    half = settled(stories_api, batch["batchId"])
    stories_api.generate(first)
    whole = settled(stories_api, batch["batchId"])

    assert asked == {"id": second, "status": "pending"}
    assert (half["status"], half["completed"]) == ("pending", 1)
    assert [one["status"] for one in half["stories"]] == ["pending", "completed"]
    assert "audio" not in half["stories"][1]["outputs"]
    assert (whole["status"], whole["completed"]) == ("completed", 2)
    assert "film" in whole["stories"][0]["outputs"]


def test_a_completed_story_is_made_anew_with_other_options(stories_api: StoriesApi) -> None:
    batch = created(stories_api, "lamp.txt", generateImages=False)
    story = batch["stories"][0]["id"]
    settled(stories_api, batch["batchId"])

    again = stories_api.generate(story, {"generateImages": True})
    meanwhile = stories_api.story(batch["batchId"], story)
    status = settled(stories_api, batch["batchId"])
    once_more = stories_api.generate(story)
    kept = settled(stories_api, batch["batchId"])

    assert again == once_more == {"id": story, "status": "pending"}
    assert "film" in status["stories"][0]["outputs"]
    assert "film" in kept["stories"][0]["outputs"]
    assert (meanwhile["title"], "audio" in meanwhile["outputs"]) == ("The story of lamp", True)


def test_a_failed_story_says_why_and_the_others_are_made(stories_api: StoriesApi) -> None:
    batch = created(stories_api, "bad.txt", "lamp.txt")

    status = settled(stories_api, batch["batchId"])
    bad, good = status["stories"]
    stories_api.generate(bad["id"])
    again = settled(stories_api, batch["batchId"])

    assert (status["status"], status["completed"], status["failed"]) == ("completed", 1, 1)
    assert (bad["status"], good["status"]) == ("failed", "completed")
    assert bad["error"] == "The story says so. Send another."
    assert again["stories"][0]["status"] == "failed"


def test_a_story_that_is_being_made_or_was_cancelled_is_not_generated(
    stories_api: StoriesApi, stories: Served
) -> None:
    batch = created(stories_api, "slow.txt")
    story = batch["stories"][0]["id"]

    busy = refusal_of(lambda: stories_api.generate(story))
    wait_until(lambda: stories_api.batch_status(batch["batchId"])["currentFile"] == "slow.txt")
    running = stories_api.batch_status(batch["batchId"])
    stories.http.post(f"/batches/{batch['batchId']}/cancel").raise_for_status()
    cancelled = refusal_of(lambda: stories_api.generate(story))

    assert (busy.status, busy.error) == (409, "Conflict")
    assert "being generated" in busy.message
    assert running["stories"][0]["status"] == "processing"
    assert (cancelled.status, "cancelled" in cancelled.message) == (409, True)
    assert stories_api.batch_status(batch["batchId"])["status"] == "cancelled"


def test_a_story_that_waits_its_turn_is_not_asked_for_twice(stories_api: StoriesApi) -> None:
    batch = created(stories_api, "slow.txt", autoMode=False)
    story = batch["stories"][0]["id"]

    stories_api.generate(story)
    error = refusal_of(lambda: stories_api.generate(story))

    assert error.status == 409
    assert settled(stories_api, batch["batchId"])["completed"] == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"fileIds": []}, "fileIds"),
        ({}, "fileIds"),
        ({"fileIds": [NOBODYS] * 11}, "fileIds"),
        ({"fileIds": "x"}, "fileIds"),
        ({"audioVoice": "nobody"}, "nobody"),
        ({"imageStyle": "cubist"}, "“imageStyle”"),
        ({"wordsPerChunk": 5}, "“wordsPerChunk”"),
        ({"wordsPerChunk": "many"}, "wordsPerChunk"),
        ({"autoMode": "perhaps"}, "autoMode"),
        ({"customImagePrompt": "x" * 2_001}, "“customImagePrompt”"),
        ({"name": "x" * 101}, "name"),
    ],
)
def test_what_cannot_be_made_is_refused_by_the_name_of_its_option(
    stories_api: StoriesApi, body: Json, said: str
) -> None:
    whole = {"fileIds": uploaded(stories_api, "lamp.txt"), **body} if "fileIds" not in body and body else body

    error = refusal_of(lambda: stories_api._answer(201, "POST", "/stories/batch-create", json=whole))

    assert (error.status, error.error) == (400, "Bad Request")
    assert said in error.message


def test_an_unknown_style_is_answered_with_those_there_are(stories_api: StoriesApi) -> None:
    files = uploaded(stories_api, "lamp.txt")

    error = refusal_of(lambda: stories_api.batch_create(files, imageStyle="cubist"))

    assert all(style in error.message for style in ("watercolour", "paper-cut", "pencil", "night"))


@pytest.mark.parametrize("nothing", [NOBODYS, "nope"])
def test_what_is_not_there_is_not_found(stories_api: StoriesApi, nothing: str) -> None:
    calls: list[tuple[Callable[[], Any], str]] = [
        (lambda: stories_api.batch_create([nothing]), "File not found"),
        (lambda: stories_api.generate(nothing), "Story not found"),
        (lambda: stories_api.batch_status(nothing), "Batch not found"),
    ]

    for call, said in calls:
        error = refusal_of(call)
        assert (error.status, error.message, error.error) == (404, said, "Not Found")


def test_nobody_sees_or_makes_the_stories_of_another(stories_api: StoriesApi, stories: Served) -> None:
    files = uploaded(stories_api, "lamp.txt")
    batch = stories_api.batch_create(files, autoMode=False)
    other = StoriesApi(stories.address, {OWNER_HEADER: stories.stranger()})
    line = BatchProcessingSocket(stories.address, {OWNER_HEADER: stories.stranger()})

    assert refusal_of(lambda: other.batch_create(files)).status == 404
    assert refusal_of(lambda: other.batch_status(batch["batchId"])).status == 404
    assert refusal_of(lambda: other.generate(batch["stories"][0]["id"])).status == 404
    for room in (f"batch:{batch['batchId']}", f"story:{batch['stories'][0]['id']}"):
        assert line.join(room)["type"] == "error"
    other.close()
    line.close()


def test_a_batch_of_another_kind_is_no_batch_of_stories(stories_api: StoriesApi, text_batch: Json) -> None:
    assert refusal_of(lambda: stories_api.batch_status(text_batch["id"])).status == 404
    assert refusal_of(lambda: stories_api.generate(text_batch["item"])).status == 404


def test_a_plan_bounds_stories_as_everything_else(stories: Served) -> None:
    owner = ensure_owner(stories.container.db, str(uuid.uuid4()), "free", "free")
    api = StoriesApi(stories.address, {OWNER_HEADER: owner})
    files = uploaded(api, *(f"{n}.txt" for n in range(4)))

    error = refusal_of(lambda: api.batch_create(files))

    assert (error.status, error.error) == (403, "Forbidden")
    assert len(api.batch_create(files[:3], autoMode=False)["stories"]) == 3
    api.close()


def test_the_same_file_twice_is_refused(stories_api: StoriesApi) -> None:
    files = uploaded(stories_api, "lamp.txt")

    assert refusal_of(lambda: stories_api.batch_create(files * 2)).status == 409
