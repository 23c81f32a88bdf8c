"""The door for stories, without a server: options into settings, errors, events into messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.acceptance.stories_front_end import check_message
from tests.support.stories import STORIES

from reelyard import errors
from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.http.doors.stories import news, schemas, translate
from reelyard.http.doors.stories.errors import answer, message_of

Json = dict[str, Any]
FACTS = schemas.BatchFacts(
    batch_id="b", status=BatchStatus.PROCESSING, progress=40, current_file="lamp.txt",
    current_step=schemas.Step.AUDIO, completed=1, failed=0, total=4, estimated_time_remaining=30,
)  # fmt: skip
STORY = schemas.StoryGlance(
    id="i", title="The lamp", file_name="lamp.txt", status=ItemStatus.PROCESSING, step=schemas.Step.AUDIO,
    progress=41, error=None,
)  # fmt: skip
BATCH = {
    "id": "b",
    "status": "processing",
    "total": 4,
    "uploading": 0,
    "processing": 1,
    "completed": 1,
    "failed": 0,
    "cancelled": 0,
}
ITEM = {
    "id": "i",
    "status": "processing",
    "stage": "sound",
    "progress": 41.7,
    "error_message": None,
    "error_hint": None,
}


def known(*, auto: bool = True, **more: Any) -> news.Known:
    return news.Known(STORIES, FACTS, auto, {"i": "The lamp"}, [STORY], **more)


def event(kind: str, item: Json | None = None, batch: Json | None = None, **told: Any) -> Json:
    data: Json = {"batch": {**BATCH, **(batch or {})}, **told}
    if item is not None:
        data["item"] = {**ITEM, **item}
    return {"kind": kind, "data": data, "seq": 7, "item_id": "i" if item is not None else None}


def messages(seen: Json, what: news.Known | None = None) -> list[Json]:
    told = news.of_event(seen, what or known())
    sent: list[Json] = [json.loads(one.model_dump_json(by_alias=True, exclude_unset=True)) for one in told]
    for message in sent:
        check_message(message)
    return sent


@pytest.mark.parametrize(
    ("kind", "item", "name", "step", "said"),
    [
        ("item.started", {"stage": None, "progress": 0.0}, "auto-mode-start", None, "“The lamp” is begun"),
        ("item.stage", {}, "auto-mode-progress", "audio", "“The lamp”: speaking"),
        ("item.stage", {"stage": "illustrate"}, "auto-mode-progress", "images", "“The lamp”: drawing"),
        ("item.stage", {"stage": "film"}, "auto-mode-progress", "images", "“The lamp”: drawing"),
        (
            "item.retrying", {"status": "pending", "error_message": "It shook."}, "auto-mode-progress", None,
            "“The lamp” will be tried again: It shook.",
        ),
        ("item.completed", {"status": "completed", "stage": None, "progress": 100.0}, "auto-mode-complete", None,
         "“The lamp” is completed"),
        ("item.cancelled", {"status": "cancelled"}, "auto-mode-error", None, "“The lamp” was cancelled"),
    ],
)  # fmt: skip
def test_a_move_of_a_story_is_told_in_auto_mode_alone(
    kind: str, item: Json, name: str, step: str | None, said: str
) -> None:
    (told,) = messages(event(kind, item))

    assert (told["event"], told["seq"]) == (name, 7)
    assert (told["data"]["storyId"], told["data"]["step"], told["data"]["message"]) == ("i", step, said)
    assert messages(event(kind, item), known(auto=False)) == []


def test_a_failure_is_told_of_the_batch_and_in_auto_mode_of_the_story() -> None:
    seen = event("item.failed", {"status": "failed", "error_message": "It broke.", "error_hint": "Mend it."})

    both = messages(seen)
    alone = messages(seen, known(auto=False))

    assert [(one["event"], one["seq"]) for one in both] == [
        ("batch-stories-error", 6),
        ("auto-mode-error", 7),
    ]
    assert [(one["event"], one["seq"]) for one in alone] == [("batch-stories-error", 7)]
    assert (both[0]["data"]["storyId"], both[0]["data"]["error"]) == ("i", "It broke. Mend it.")
    assert both[1]["data"]["message"] == "It broke. Mend it."


def test_several_that_fail_together_are_told_one_by_one() -> None:
    told = messages(event("items.failed", item_ids=["i", "j"], message="Too late."))

    assert [one["data"]["storyId"] for one in told] == ["i", "i", "j", "j"]
    assert [one["seq"] for one in told] == [6, 6, 6, 7]


@pytest.mark.parametrize("kind", ["batch.started", "batch.redone", "batch.retried"])
def test_a_batch_that_goes_to_work_is_told_with_its_counts_as_they_were(kind: str) -> None:
    (told,) = messages(event(kind, batch={"completed": 2}))

    assert told["event"] == "batch-stories-start"
    assert (told["data"]["completed"], told["data"]["progress"]) == (2, 50)


def test_a_retry_in_a_paused_batch_is_no_start() -> None:
    assert messages(event("batch.retried", batch={"status": "paused"})) == []


@pytest.mark.parametrize(("kind", "status"), [("batch.ended", "failed"), ("batch.waiting", "pending")])
def test_the_end_of_what_was_asked_for_is_told(kind: str, status: str) -> None:
    whole = [translate.story(STORY, schemas.Outputs(text="a link", images=[]))]

    (told,) = messages(event(kind, batch={"status": status}), known(whole=whole))

    assert (told["event"], told["data"]["status"]) == ("batch-stories-complete", status)
    assert (told["data"]["currentFile"], told["data"]["estimatedTimeRemaining"]) == (None, None)
    assert told["data"]["stories"][0]["outputs"] == {"text": "a link", "images": []}


@pytest.mark.parametrize(
    "kind", ["batch.paused", "batch.resumed", "batch.changed", "batch.created", "items.added"]
)
def test_what_this_front_end_has_no_word_for_is_left_to_the_progress(kind: str) -> None:
    assert messages(event(kind)) == []


def test_options_are_settings_under_other_names() -> None:
    asked = schemas.CreateStoriesRequest.model_validate(
        {
            "fileIds": ["x"],
            "generateAudio": False,
            "wordPerChunk": "60",
            "imageStyle": "Paper cut",
            "audioVoice": " ",
        }
    )

    order = translate.order(asked)

    assert order.settings == {"audio": False, "words_per_chunk": 60, "image_style": "paper-cut"}
    assert (order.name, order.pipeline, order.on_request) == ("Stories", "story", True)


def test_an_error_has_three_fields_and_names_the_option() -> None:
    setting = errors.InvalidInput("The setting “image_style” is not right: no.", field="settings.image_style")

    response = answer(setting, 422, "r")

    assert response.status_code == 400
    assert json.loads(bytes(response.body)) == {
        "statusCode": 400, "message": "The setting “imageStyle” is not right: no.", "error": "Bad Request",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.NotFound("There is no such batch.", noun="batch"), "Batch not found"),
        (errors.NotFound("There is no such item.", noun="item"), "Story not found"),
        (errors.NotFound("There is no such file.", noun="file"), "File not found"),
        (
            errors.IllegalTransition("item", "cancelled", "redo", ()),
            "The story is cancelled, which does not allow this.",
        ),
        (
            errors.StorageFull("There is no room left.", hint="Free some."),
            "There is no room left. Free some.",
        ),
    ],
)
def test_errors_are_told_in_the_doors_words(error: errors.ReelyardError, said: str) -> None:
    assert message_of(error) == said
