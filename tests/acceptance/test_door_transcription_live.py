"""The transcription front end against a running server: recordings go in, every event that comes is checked."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.transcription_front_end import ApiClient, ApiError, Live
from tests.acceptance.transcription_types import check_item, check_job, check_job_with_items, check_message
from tests.support.served import Served

from reelyard.testing.media import MediaMaker

Json = dict[str, Any]
SENTENCES = ("The weather is fine today.", "Please open the window.", "We will meet again tomorrow.")
LONG = " ".join(("The old man walked slowly down the hill to the river.",) * 2)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    maker = MediaMaker(tmp_path_factory.mktemp("recordings"))
    return [maker.speech(f"{n}.wav", sentence) for n, sentence in enumerate(SENTENCES, start=1)]


@pytest.fixture(scope="module")
def long_recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    maker = MediaMaker(tmp_path_factory.mktemp("long"))
    return [maker.speech(f"long-{n}.wav", f"Number {n}. {LONG}") for n in range(1, 4)]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Begins like a recording, and is none."""
    path = tmp_path_factory.mktemp("broken") / "broken.wav"
    path.write_bytes(b"RIFF\xff\xff\x00\x00WAVEfmt " + bytes(range(256)) * 40)
    return path


def a_job(client: ApiClient, files: list[Path], concurrency: int = 3) -> str:
    job_id: str = client.create_batch_job("talks", concurrency)["id"]
    client.add_files_to_batch(job_id, files)
    return job_id


def statuses(client: ApiClient, job_id: str) -> list[str]:
    return [item["status"] for item in client.get_batch_job(job_id)["items"]]


def subscribed(live: Live, job_id: str, since: int | None = None) -> Json:
    live.subscribe_to_batch_job(job_id, since)
    return live.until(lambda message: message.get("type") == "subscribed")


def told(live: Live) -> list[tuple[str, str]]:
    """The events of items and job as they came, progress apart: name and whose it is."""
    progress = ("batch:job_progress", "batch:item_progress")
    events = [message for message in live.seen if message.get("event") not in (None, *progress)]
    return [(message["event"], message["data"].get("itemId", message["data"]["jobId"])) for message in events]


def check_all(live: Live) -> None:
    for message in live.seen:
        if "event" in message:
            check_message(message)
    numbers = [message["seq"] for message in live.seen if "event" in message]
    assert numbers == sorted(numbers)


def test_a_job_is_worked_through_and_every_event_is_as_the_types_say(
    client: ApiClient, live: Live, recordings: list[Path]
) -> None:
    job_id = a_job(client, recordings)
    subscribed(live, job_id)

    started = check_job(client.start_batch_job(job_id))
    ended = live.until_event("batch:job_completed")
    live.drain()

    check_all(live)
    job = check_job_with_items(client.get_batch_job(job_id))
    assert started["status"] == "RUNNING"
    assert ended["data"]["job"]["status"] == job["status"] == "COMPLETED"
    assert (job["totalItems"], job["completedItems"], job["failedItems"]) == (3, 3, 0)
    completed = {data["itemId"]: data for data in live.events("batch:item_completed")}
    assert completed.keys() == {item["id"] for item in job["items"]}
    for item in job["items"]:
        assert (item["status"], item["progress"]) == ("COMPLETED", 100)
        assert completed[item["id"]]["transcriptId"] == item["transcriptId"]
        assert completed[item["id"]]["duration"] == item["duration"] > 0
    assert {data["stage"] for data in live.events("batch:item_progress")} >= {"transcribe"}
    assert live.events("batch:job_progress")[-1]["progress"] == 100


def test_the_transcript_that_an_item_names_can_be_read(
    served: Served, client: ApiClient, live: Live, recordings: list[Path]
) -> None:
    job_id = a_job(client, recordings[:1])
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    live.until_event("batch:job_completed")

    transcript_id = client.get_batch_job(job_id)["items"][0]["transcriptId"]

    answer = client.http.get(f"{served.address}/api/v1/transcripts/{transcript_id}")
    assert answer.status_code == 200


def test_the_jobs_progress_comes_at_most_twice_a_second_and_never_falls(
    client: ApiClient, live: Live, recordings: list[Path]
) -> None:
    job_id = a_job(client, recordings, concurrency=1)
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    live.until_event("batch:job_completed")
    live.drain()

    overall = [message for message in live.seen if message.get("event") == "batch:job_progress"]
    progress = [message["data"]["progress"] for message in overall]
    # By the clock of who listens, which may be late: one message may come just before the next.
    assert all(
        later["_at"] - earlier["_at"] > 0.9 for earlier, later in zip(overall, overall[2:], strict=False)
    )
    assert progress == sorted(progress)


def test_a_recording_that_cannot_be_read_fails_alone_and_can_be_tried_again(
    client: ApiClient, live: Live, recordings: list[Path], broken: Path
) -> None:
    job_id = client.create_batch_job("talks")["id"]
    subscribed(live, job_id)
    client.add_files_to_batch(job_id, [recordings[0], broken])
    failed = live.until_event("batch:item_error")["data"]
    client.start_batch_job(job_id)
    live.until_event("batch:job_completed")

    job = check_job_with_items(client.get_batch_job(job_id))
    assert [item["status"] for item in job["items"]] == ["COMPLETED", "ERROR"]
    assert (job["status"], job["completedItems"], job["failedItems"]) == ("COMPLETED", 1, 1)
    assert failed["itemId"] == job["items"][1]["id"]
    assert failed["errorMessage"] == job["items"][1]["errorMessage"] != ""
    assert failed["willRetry"] is False

    retried = check_item(client.retry_batch_item(job_id, failed["itemId"]))
    live.until_event("batch:item_error")
    live.until_event("batch:job_completed")
    live.drain()

    check_all(live)
    assert retried["status"] == "PENDING"
    assert statuses(client, job_id) == ["COMPLETED", "ERROR"]
    assert len(live.events("batch:item_completed")) == 1


def test_work_whose_worker_dies_is_told_as_an_error_that_is_tried_again(
    served: Served, client: ApiClient, live: Live, long_recordings: list[Path]
) -> None:
    job_id = a_job(client, long_recordings[:1])
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    live.until(lambda message: message.get("data", {}).get("stage") == "transcribe")

    for worker in served.container.cluster.capacity():
        os.kill(worker.pid, signal.SIGKILL)
    error = live.until_event("batch:item_error")["data"]
    live.until_event("batch:job_completed")

    check_all(live)
    assert error["willRetry"] is True
    assert error["errorMessage"]
    item = client.get_batch_job(job_id)["items"][0]
    assert (item["status"], "errorMessage" in item) == ("COMPLETED", False)


def test_a_completed_item_is_neither_tried_again_nor_removed(
    client: ApiClient, live: Live, recordings: list[Path]
) -> None:
    job_id = a_job(client, recordings[:1])
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    live.until_event("batch:job_completed")
    item_id = client.get_batch_job(job_id)["items"][0]["id"]

    for refused in (client.retry_batch_item, client.remove_batch_item):
        with pytest.raises(ApiError) as error:
            refused(job_id, item_id)
        assert error.value.status == 409
    for again in (
        client.start_batch_job,
        client.pause_batch_job,
        client.resume_batch_job,
        client.cancel_batch_job,
    ):
        with pytest.raises(ApiError) as error:
            again(job_id)
        assert (error.value.status, error.value.code) == (409, "illegal_transition")
        assert "COMPLETED" in error.value.message
    client.delete_batch_job(job_id)
    with pytest.raises(ApiError) as error:
        client.get_batch_job(job_id)
    assert error.value.status == 404


def test_a_job_pauses_resumes_and_takes_another_concurrency_while_it_runs(
    client: ApiClient, live: Live, long_recordings: list[Path]
) -> None:
    job_id = a_job(client, long_recordings, concurrency=1)
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    live.until(lambda message: message.get("data", {}).get("status") == "PROCESSING")

    paused = check_job(client.pause_batch_job(job_id))
    told_paused = live.until_event("batch:job_paused")["data"]
    running = [status for status in statuses(client, job_id) if status in ("PROCESSING", "COMPLETED")]
    for refused in (client.start_batch_job, client.pause_batch_job, client.delete_batch_job):
        with pytest.raises(ApiError) as error:
            refused(job_id)
        assert (error.value.status, "PAUSED" in error.value.message) == (409, True)

    changed = check_job(client.update_batch_job(job_id, {"concurrency": 2, "name": "talks of the week"}))
    resumed = check_job(client.resume_batch_job(job_id))
    told_resumed = live.until_event("batch:job_resumed")["data"]
    faster = check_job(client.update_batch_job(job_id, {"concurrency": 3}))
    with pytest.raises(ApiError) as error:
        client.add_files_to_batch(job_id, long_recordings[:1])
    assert error.value.status == 409
    live.until_event("batch:job_completed", seconds=90)
    live.drain()

    check_all(live)
    assert paused["status"] == told_paused["job"]["status"] == "PAUSED"
    assert len(running) == 1
    assert (changed["concurrency"], changed["name"], changed["status"]) == (2, "talks of the week", "PAUSED")
    assert resumed["status"] == told_resumed["job"]["status"] == "RUNNING"
    assert (faster["concurrency"], faster["status"]) == (3, "RUNNING")
    assert statuses(client, job_id) == ["COMPLETED"] * 3


def test_cancelling_ends_what_runs_and_what_waits(
    client: ApiClient, live: Live, long_recordings: list[Path]
) -> None:
    job_id = a_job(client, long_recordings, concurrency=1)
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    running = live.until(lambda message: message.get("data", {}).get("status") == "PROCESSING")["data"][
        "itemId"
    ]
    for refused in (client.remove_batch_item, client.retry_batch_item):
        with pytest.raises(ApiError) as error:
            refused(job_id, running)
        assert error.value.status == 409

    cancelled = check_job(client.cancel_batch_job(job_id))
    ended = live.until_event("batch:job_completed")["data"]["job"]
    live.drain()

    check_all(live)
    assert cancelled["status"] == ended["status"] == "ERROR"  # nothing was completed
    items = client.get_batch_job(job_id)["items"]
    assert {item["status"] for item in items} == {"CANCELLED"}
    last = {data["itemId"]: data["status"] for data in live.events("batch:item_progress")}
    assert last == {item["id"]: "CANCELLED" for item in items}
    with pytest.raises(ApiError) as error:
        client.retry_batch_item(job_id, items[0]["id"])
    assert (error.value.status, "cancelled" in error.value.message) == (409, True)
    client.remove_batch_item(job_id, items[0]["id"])
    client.delete_batch_job(job_id)


def test_a_line_that_was_lost_is_taken_up_again_and_nothing_is_missed(
    served: Served, headers: dict[str, str], client: ApiClient, live: Live, recordings: list[Path]
) -> None:
    job_id = a_job(client, recordings, concurrency=1)
    witness = Live(served.address, headers)
    subscribed(live, job_id)
    subscribed(witness, job_id)
    client.start_batch_job(job_id)
    live.until_event("batch:item_completed")

    live.lose()
    witness.until(lambda _: len(witness.events("batch:item_completed")) == 2)
    live.come_back()
    live.until_event("batch:job_completed")
    witness.until_event("batch:job_completed")
    witness.close()

    check_all(live)
    assert told(live) == told(witness)


def test_everything_is_told_again_from_the_beginning(
    client: ApiClient, live: Live, recordings: list[Path]
) -> None:
    job_id = a_job(client, recordings[:2])
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    live.until_event("batch:job_completed")
    live.drain()
    first = told(live)
    live.unsubscribe_from_batch_job(job_id)
    live.until(lambda message: message.get("type") == "unsubscribed")
    live.seen.clear()

    again = subscribed(live, job_id, since=0)
    live.until_event("batch:job_completed")

    assert again["seq"] == 0
    assert told(live) == first


def test_a_number_that_never_was_brings_the_state_of_every_item(
    client: ApiClient, live: Live, recordings: list[Path], broken: Path
) -> None:
    job_id = a_job(client, [recordings[0], broken])
    subscribed(live, job_id)
    client.start_batch_job(job_id)
    live.until_event("batch:job_completed")
    live.drain()
    live.seen.clear()

    subscribed(live, job_id, since=1_000_000)
    live.drain()

    check_all(live)
    items = client.get_batch_job(job_id)["items"]
    assert {data["itemId"] for data in live.events("batch:item_completed")} == {items[0]["id"]}
    assert {data["itemId"] for data in live.events("batch:item_error")} == {items[1]["id"]}
