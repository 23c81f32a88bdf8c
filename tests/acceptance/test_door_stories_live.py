"""The rooms of the founding front end for stories: what is told there, and nothing missed over a lost line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.acceptance.stories_batches import created
from tests.acceptance.stories_front_end import BatchProcessingSocket, StoriesApi, unsigned
from tests.support.served import OWNER_HEADER, Served

NOBODYS = "3f0d7d6e-5a0c-4d1c-9b57-0d9f6a1c2b3e"  # the id of nothing
START, PROGRESS, COMPLETE, ERROR = (
    f"batch-stories-{end}" for end in ("start", "progress", "complete", "error")
)
BEGUN, UNDER_WAY, DONE, FAILED = (f"auto-mode-{end}" for end in ("start", "progress", "complete", "error"))
Json = dict[str, Any]


@pytest.fixture
def witness(stories: Served) -> Iterator[BatchProcessingSocket]:
    """A second line of the same user."""
    line = BatchProcessingSocket(stories.address, {OWNER_HEADER: stories.owner})
    yield line
    line.close()


def test_auto_mode_is_told_in_the_batchs_room_from_its_beginning(
    stories_api: StoriesApi, rooms: BatchProcessingSocket
) -> None:
    batch = created(stories_api, "lamp.txt", "slow.txt")
    ids = [one["id"] for one in batch["stories"]]

    joined = rooms.join(f"batch:{batch['batchId']}", since=0)
    rooms.until_event(COMPLETE)
    rooms.drain()

    assert joined == {"type": "joined", "room": f"batch:{batch['batchId']}", "seq": 0}
    told = rooms.landmarks()
    assert (told[0], told[-1]) == ((START, None), (COMPLETE, None))
    assert sorted(told[1:-1]) == sorted((name, one) for name in (BEGUN, DONE) for one in ids)
    assert {one["step"] for one in rooms.events(UNDER_WAY) if one["storyId"] == ids[1]} >= {
        "story",
        "audio",
        "images",
    }
    shown = [one["progress"] for one in rooms.events(UNDER_WAY) if one["storyId"] == ids[1]]
    assert shown == sorted(shown)
    assert any(one["currentFile"] == "slow.txt" and one["currentStep"] for one in rooms.events(PROGRESS))
    assert all(one["batchId"] == batch["batchId"] for one in rooms.events(PROGRESS) + rooms.events(UNDER_WAY))
    end = rooms.events(COMPLETE)[-1]
    assert (end["status"], end["completed"], end["total"], end["progress"]) == ("completed", 2, 2, 100)
    assert unsigned(end["stories"]) == unsigned(stories_api.batch_status(batch["batchId"])["stories"])


def test_a_storys_own_room_tells_of_it_alone(stories_api: StoriesApi, rooms: BatchProcessingSocket) -> None:
    batch = created(stories_api, "lamp.txt", "boat.txt")
    story = batch["stories"][1]["id"]

    rooms.join(f"story:{story}", since=0)
    rooms.until_event(DONE)
    rooms.drain()

    assert rooms.landmarks() == [(BEGUN, story), (DONE, story)]
    assert not rooms.events(PROGRESS)


def test_a_failed_story_is_told_and_the_batch_goes_on(
    stories_api: StoriesApi, rooms: BatchProcessingSocket
) -> None:
    batch = created(stories_api, "bad.txt", "lamp.txt")
    bad, good = (one["id"] for one in batch["stories"])

    rooms.join(f"batch:{batch['batchId']}", since=0)
    rooms.until_event(COMPLETE)

    assert rooms.landmarks().count((ERROR, bad)) == 1
    assert rooms.landmarks().count((FAILED, bad)) == 1
    assert (DONE, good) in rooms.landmarks()
    assert rooms.events(ERROR)[0]["error"] == "The story says so. Send another."
    assert (rooms.events(COMPLETE)[0]["completed"], rooms.events(COMPLETE)[0]["failed"]) == (1, 1)


def test_a_passing_fault_is_no_failure(stories_api: StoriesApi, rooms: BatchProcessingSocket) -> None:
    batch = created(stories_api, "shaky.txt")

    rooms.join(f"batch:{batch['batchId']}", since=0)
    rooms.until_event(COMPLETE)

    assert any("tried again" in one["message"] for one in rooms.events(UNDER_WAY))
    assert rooms.events(ERROR) == rooms.events(FAILED) == []
    assert rooms.events(COMPLETE)[0]["completed"] == 1


def test_on_request_only_the_batch_is_told_and_each_piece_of_work_has_its_end(
    stories_api: StoriesApi, rooms: BatchProcessingSocket
) -> None:
    batch = created(stories_api, "lamp.txt", "boat.txt", autoMode=False)
    first, second = (one["id"] for one in batch["stories"])
    rooms.join(f"batch:{batch['batchId']}", since=0)
    rooms.join(f"story:{first}", since=0)

    stories_api.generate(first)
    rooms.until_event(COMPLETE)
    stories_api.generate(second)
    rooms.until_event(COMPLETE)
    stories_api.generate(first)
    rooms.until_event(COMPLETE)
    rooms.drain()

    assert rooms.landmarks() == [(START, None), (COMPLETE, None)] * 3
    ends = [(one["status"], one["completed"]) for one in rooms.events(COMPLETE)]
    assert ends == [("pending", 1), ("completed", 2), ("completed", 2)]


@pytest.mark.parametrize("auto", [True, False])
def test_a_line_that_was_lost_is_taken_up_again_and_nothing_is_missed(
    stories_api: StoriesApi, rooms: BatchProcessingSocket, witness: BatchProcessingSocket, auto: bool
) -> None:
    batch = created(stories_api, "lamp.txt", "slow.txt", "bad.txt", autoMode=False)
    batch = batch if not auto else created(stories_api, "slow.txt", "lamp.txt", "bad.txt", "slow boat.txt")
    room = f"batch:{batch['batchId']}"
    for line in (rooms, witness):
        line.join(room, since=0)
    if not auto:
        for one in batch["stories"]:
            stories_api.generate(one["id"])
    rooms.until_event(START)

    rooms.lose()
    witness.until_event(ERROR)
    rooms.come_back()
    for line in (rooms, witness):
        line.until(lambda message: message.get("event") == COMPLETE and not _works(message["data"]))
        line.drain()

    assert rooms.landmarks() == witness.landmarks()
    failed = [one["storyId"] for one in rooms.events(ERROR)]
    assert len(failed) == len(set(failed)) == 1


def _works(data: Json) -> bool:
    return bool(data["completed"] + data["failed"] < data["total"])


def test_everything_is_told_again_from_the_beginning(
    stories_api: StoriesApi, rooms: BatchProcessingSocket
) -> None:
    batch = created(stories_api, "lamp.txt", "bad.txt")
    room = f"batch:{batch['batchId']}"
    rooms.join(room, since=0)
    rooms.until_event(COMPLETE)
    rooms.drain()
    first = rooms.landmarks()
    rooms.leave(room)
    rooms.seen.clear()

    rooms.join(room, since=0)
    rooms.until_event(COMPLETE)
    rooms.drain()

    assert rooms.landmarks() == first


def test_a_number_that_never_was_brings_the_state_of_every_story(
    stories_api: StoriesApi, rooms: BatchProcessingSocket
) -> None:
    batch = created(stories_api, "lamp.txt", "bad.txt")
    good, bad = (one["id"] for one in batch["stories"])
    room = f"batch:{batch['batchId']}"
    rooms.join(room, since=0)
    rooms.until_event(COMPLETE)
    rooms.leave(room)
    rooms.seen.clear()

    rooms.join(room, since=1_000_000)
    rooms.until_event(COMPLETE)

    assert rooms.landmarks() == [(DONE, good), (ERROR, bad), (FAILED, bad), (COMPLETE, None)]


def test_a_cancelled_batch_ends_for_its_listeners(
    stories_api: StoriesApi, rooms: BatchProcessingSocket, stories: Served
) -> None:
    batch = created(stories_api, "slow.txt")
    rooms.join(f"batch:{batch['batchId']}", since=0)
    rooms.until_event(BEGUN)

    stories.http.post(f"/batches/{batch['batchId']}/cancel").raise_for_status()
    end = rooms.until_event(COMPLETE)["data"]

    assert end["status"] == "cancelled"
    assert "cancelled" in rooms.events(FAILED)[0]["message"]
    assert not rooms.events(ERROR)


def test_a_batch_that_is_deleted_under_its_listeners_is_not_found_any_more(
    stories_api: StoriesApi, rooms: BatchProcessingSocket, stories: Served
) -> None:
    batch = created(stories_api, "lamp.txt", autoMode=False)
    kinds = [f"batch:{batch['batchId']}", f"story:{batch['stories'][0]['id']}"]
    for room in kinds:
        rooms.join(room)

    stories.http.delete(f"/batches/{batch['batchId']}").raise_for_status()
    told = [rooms.until(lambda message: message.get("type") == "error") for _ in kinds]

    assert {one["room"]: one["message"] for one in told} == dict(
        zip(kinds, ("Batch not found", "Story not found"), strict=True)
    )


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (f"batch:{NOBODYS}", "Batch not found"),
        ("batch:nope", "Batch not found"),
        (f"story:{NOBODYS}", "Story not found"),
    ],
)
def test_an_unknown_room_is_told_and_the_line_kept(
    rooms: BatchProcessingSocket, room: str, said: str
) -> None:
    told = rooms.join(room)

    assert told == {"type": "error", "room": room, "message": said}
    assert rooms.join(room) == told


@pytest.mark.parametrize(
    "message", ["", "gibberish", "[]", "{}", '{"type": "join"}', '{"type": "join", "room": 7}',
                '{"type": "join", "room": "kitchen:1"}', '{"type": "dance", "room": "batch:1"}'],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_and_the_line_kept(
    rooms: BatchProcessingSocket, message: str
) -> None:
    rooms.send(message)

    assert rooms.next()["type"] == "error"
    assert rooms.join("batch:nope")["type"] == "error"
