"""What a state forbids, and what is not found, at the founding front end for films."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.acceptance.video_batches import created, library, ordered
from tests.acceptance.video_front_end import ApiClient, refusal_of
from tests.support.served import OWNER_HEADER, Served

Json = dict[str, Any]


CALLS: list[Callable[[ApiClient, str], Any]] = [
    lambda client, job_id: client.get_batch_job(job_id),
    lambda client, job_id: client.add_videos_to_batch(job_id, []),
    lambda client, job_id: client.start_batch_processing(job_id),
    lambda client, job_id: client.pause_batch_job(job_id),
    lambda client, job_id: client.resume_batch_job(job_id),
    lambda client, job_id: client.cancel_batch_job(job_id),
    lambda client, job_id: client.retry_failed_videos(job_id),
    lambda client, job_id: client.delete_batch_job(job_id),
    lambda client, job_id: client.call("GET", f"/batch-jobs/{job_id}/progress"),
    lambda client, job_id: client.export_batch(job_id, {"format": "zip"}),
    lambda client, job_id: client.get_export_status(job_id, str(uuid.uuid4())),
    lambda client, job_id: client.cancel_export(job_id, str(uuid.uuid4())),
]


@pytest.mark.parametrize("call", CALLS)
def test_anothers_batch_and_one_that_never_was_are_not_found(
    films: Served, front_end: ApiClient, call: Callable[[ApiClient, str], Any]
) -> None:
    stranger = ApiClient(films.address, {OWNER_HEADER: films.stranger()})
    foreign = created(stranger)["id"]

    for job_id in (foreign, str(uuid.uuid4()), "not-an-id"):
        error = refusal_of(lambda job_id=job_id: call(front_end, job_id))  # type: ignore[misc]
        assert (error.status, error.error) == (404, "batch_job_not_found")
        assert error.detail == "Batch job not found"
    stranger.close()


def refusals(client: ApiClient, job_id: str, *calls: str) -> dict[str, str]:
    """What each of the calls is told, all of them with 400."""
    told: dict[str, str] = {}
    for name in calls:
        error = refusal_of(lambda name=name: getattr(client, name)(job_id))  # type: ignore[misc]
        assert (error.status, error.error) == (400, "invalid_status"), (name, error)
        told[name] = error.detail
    return told


def test_a_waiting_batch_is_neither_paused_resumed_nor_deleted(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "one.mp4", start=False)

    told = refusals(front_end, job_id, "pause_batch_job", "resume_batch_job", "delete_batch_job")

    assert told == {
        "pause_batch_job": "Batch is not processing",
        "resume_batch_job": "Batch is not paused",
        "delete_batch_job": "Batch must be completed, failed or cancelled before it can be deleted",
    }


def test_a_batch_at_work_is_not_started_again_nor_changed(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "slow.mp4", "slow too.mp4")

    told = refusals(front_end, job_id, "start_batch_processing", "resume_batch_job", "delete_batch_job")
    added = refusal_of(lambda: front_end.add_videos_to_batch(job_id, library(films, "late.mp4")))
    front_end.pause_batch_job(job_id)
    paused = refusals(front_end, job_id, "start_batch_processing", "pause_batch_job", "delete_batch_job")

    assert told == {
        "start_batch_processing": "Batch is already processing",
        "resume_batch_job": "Batch is not paused",
        "delete_batch_job": "Batch must be completed, failed or cancelled before it can be deleted",
    }
    assert (added.status, added.error) == (400, "invalid_status")
    assert added.detail == "Videos can only be added before the batch is started"
    assert paused["start_batch_processing"] == "Batch is paused"
    assert paused["pause_batch_job"] == "Batch is not processing"
    front_end.cancel_batch_job(job_id)


def test_a_batch_that_has_ended_takes_no_command_and_can_be_deleted(
    films: Served, front_end: ApiClient
) -> None:
    job_id = ordered(films, front_end, "one.mp4")
    front_end.until_ended(job_id)

    told = refusals(
        front_end,
        job_id,
        "start_batch_processing",
        "pause_batch_job",
        "resume_batch_job",
        "cancel_batch_job",
    )
    front_end.delete_batch_job(job_id)

    assert told == {
        "start_batch_processing": "Batch has already ended",
        "pause_batch_job": "Batch is not processing",
        "resume_batch_job": "Batch is not paused",
        "cancel_batch_job": "Batch has already ended",
    }
    assert refusal_of(lambda: front_end.get_batch_job(job_id)).error == "batch_job_not_found"


def test_an_empty_batch_is_not_started(front_end: ApiClient) -> None:
    job_id = created(front_end)["id"]

    error = refusal_of(lambda: front_end.start_batch_processing(job_id))

    assert (error.status, error.error, error.detail) == (400, "empty_batch", "Batch has no videos")
