"""Users of the founding front end for films whose plans have limits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.acceptance.video_batches import created, library, ordered, statuses, tiered
from tests.acceptance.video_front_end import ApiError, refusal_of
from tests.support.served import Served

from reelyard.core.batches import repository

Json = dict[str, Any]


@pytest.mark.parametrize(("tier", "most", "priority"), [("free", 3, 5), ("creator", 20, 5), ("pro", 50, 7)])
def test_a_batch_holds_as_many_videos_as_the_plan_says(
    films: Served, tier: str, most: int, priority: int
) -> None:
    _, client = tiered(films, tier)

    full = client.create_batch_job({"name": "full", "video_count": most})
    error = refusal_of(lambda: client.create_batch_job({"name": "more", "video_count": most + 1}))

    assert len(full["upload_urls"]) == most
    assert full["batch_job"]["priority"] == priority
    assert (error.status, error.error) == (403, "quota_exceeded")
    assert error.detail == "Batch size exceeds your plan limit"
    assert client.get_batch_jobs()["total"] == 1
    client.close()


def test_videos_that_come_by_id_count_too(films: Served) -> None:
    user, client = tiered(films, "free")
    job_id = created(client)["id"]
    client.add_videos_to_batch(job_id, library(user, "a.mp4", "b.mp4"))

    error = refusal_of(lambda: client.add_videos_to_batch(job_id, library(user, "c.mp4", "d.mp4")))
    client.add_videos_to_batch(job_id, library(user, "c.mp4"))

    assert (error.status, error.detail) == (403, "Batch size exceeds your plan limit")
    assert client.get_batch_job(job_id)["total_videos"] == 3
    client.close()


def test_so_many_batches_an_hour_and_no_more_however_they_come(films: Served) -> None:
    _, client = tiered(films, "free")

    def make(number: int) -> int:
        try:
            client.create_batch_job({"name": f"series {number}"})
        except ApiError as error:
            return error.status
        return 201

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(make, range(12)))
    jobs = client.get_batch_jobs()["batch_jobs"]
    client.cancel_batch_job(jobs[0]["id"])
    client.delete_batch_job(jobs[0]["id"])
    error = refusal_of(lambda: created(client))

    assert sorted(told) == [201] * 5 + [429] * 7
    assert (error.status, error.error, error.detail) == (429, "rate_limited", "Too many batches this hour")
    assert 3500 < int(error.headers["retry-after"]) <= 3600
    client.close()


def test_minutes_are_used_up_by_what_was_done_and_what_is_under_way(films: Served) -> None:
    user, client = tiered(films, "free")
    ids = library(user, "hour.mp4", "another hour.mp4", "short.mp4", "bad.mp4")
    with films.container.db.write() as tx:
        for file_id, minutes in zip(ids, (60, 60, 1, 60), strict=True):
            films.container.library.get(tx, user.owner, file_id).duration_s = minutes * 60.0
    jobs = [created(client)["id"] for _ in ids]
    for job_id, file_id in zip(jobs, ids, strict=True):
        client.add_videos_to_batch(job_id, [file_id])

    client.start_batch_processing(jobs[3])
    client.until_ended(jobs[3])  # it fails, and costs nothing
    client.start_batch_processing(jobs[0])
    client.start_batch_processing(jobs[1])
    error = refusal_of(lambda: client.start_batch_processing(jobs[2]))
    client.until_ended(jobs[1])
    later = refusal_of(lambda: client.start_batch_processing(jobs[2]))
    retried = refusal_of(lambda: client.retry_failed_videos(jobs[3]))

    for each in (error, later, retried):
        assert (each.status, each.error) == (403, "quota_exceeded")
        assert each.detail == "Processing minutes of your plan are used up"
    assert client.get_batch_job(jobs[2])["status"] == "pending"
    assert statuses(client, jobs[3]) == ["failed"]
    client.close()


def test_the_plan_bounds_how_many_videos_are_at_work_and_the_batch_keeps_what_was_asked(
    films: Served,
) -> None:
    user, client = tiered(films, "free")
    jobs = [ordered(user, client, "slow a.mp4", "slow b.mp4", concurrency=5) for _ in range(2)]
    most = 0

    def ended(_: Json) -> bool:
        nonlocal most
        with films.container.db.read() as tx:  # both batches at one moment
            most = max(most, dict(repository.processing_by_owner(tx)).get(user.owner, 0))
        return all(client.get_batch_job(job_id)["status"] == "completed" for job_id in jobs)

    client.until(jobs[0], ended)

    assert most == 1
    assert client.get_batch_job(jobs[0])["concurrency"] == 5
    client.close()
