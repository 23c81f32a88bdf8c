"""Whole ways through the founding front end for films (5.1), and what goes wrong on them (5.4)."""

from __future__ import annotations

import itertools
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.acceptance.video_batches import ordered, statuses, tiered
from tests.acceptance.video_front_end import ApiClient, ApiError, refusal_of
from tests.acceptance.video_types import check_details, check_job
from tests.support.relay import relay
from tests.support.served import OWNER_HEADER, Served

from reelyard.core.batches import repository
from reelyard.core.library.models import Upload

Json = dict[str, Any]


# --- uploads ----------------------------------------------------------------------------------------------


def test_videos_are_uploaded_and_the_batch_is_started_right_after(
    films: Served, front_end: ApiClient, film_bytes: bytes
) -> None:
    told: list[tuple[int, str]] = []

    opened = front_end.create_batch_job(
        {"name": "Episodes", "video_count": 3, "file_names": ["first.mp4", "folder/second.mp4"]}
    )
    job_id, urls = opened["batch_job"]["id"], opened["upload_urls"]
    waiting = check_details(front_end.get_batch_job(job_id))["videos"]
    sent = front_end.upload_batch_videos(
        urls, [film_bytes] * 3, lambda index, progress: told.append((index, progress["status"]))
    )
    started = front_end.start_batch_processing(job_id)
    job = check_details(front_end.until_ended(job_id))

    assert check_job(opened["batch_job"])["total_videos"] == len(urls) == len(set(urls)) == 3
    assert [video["status"] for video in waiting] == ["pending"] * 3
    assert [urlsplit(video["upload_url"]).path for video in waiting] == [urlsplit(url).path for url in urls]
    assert [each["status"] for each in sent] == ["completed"] * 3
    assert sorted(told) == sorted((n, s) for n in range(3) for s in ("uploading", "completed"))
    assert started["batch_job"]["status"] == "processing"
    assert [video["file_name"] for video in job["videos"]] == ["first.mp4", "second.mp4", "Video 3"]
    assert [video["status"] for video in job["videos"]] == ["completed"] * 3
    assert {video["upload_url"] for video in job["videos"]} == {None}
    assert job["total_duration_seconds"] == pytest.approx(6, abs=0.3)
    picture = httpx.get(front_end.until(job_id, _has_picture)["videos"][0]["thumbnail_url"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")


def _has_picture(job: Json) -> bool:
    return job["videos"][0]["thumbnail_url"] is not None


def test_a_batch_with_a_video_still_to_come_is_not_started(front_end: ApiClient, film_bytes: bytes) -> None:
    opened = front_end.create_batch_job({"name": "Episodes", "video_count": 2})
    job_id = opened["batch_job"]["id"]
    front_end.upload_batch_videos(opened["upload_urls"][:1], [film_bytes])

    error = refusal_of(lambda: front_end.start_batch_processing(job_id))
    left = [video for video in front_end.get_batch_job(job_id)["videos"] if video["upload_url"]]
    front_end.upload_batch_videos([left[0]["upload_url"]], [film_bytes])
    front_end.start_batch_processing(job_id)

    assert (error.status, error.error) == (400, "video_not_uploaded")
    assert error.detail == "All videos must be uploaded before starting"
    assert [video["position"] for video in left] == [2]
    assert front_end.until_ended(job_id)["completed_videos"] == 2


def test_a_video_that_proves_unreadable_fails_alone_and_a_retry_looks_again(
    front_end: ApiClient, film_bytes: bytes
) -> None:
    opened = front_end.create_batch_job({"name": "Episodes", "video_count": 2})
    job_id = opened["batch_job"]["id"]
    broken = b"\x00\x00\x00\x20ftypisom" + os.urandom(5_000)
    front_end.upload_batch_videos(opened["upload_urls"], [broken, film_bytes])

    front_end.start_batch_processing(job_id)
    job = front_end.until_ended(job_id)
    retried = front_end.retry_failed_videos(job_id)
    again = front_end.until_ended(job_id)

    assert [video["status"] for video in job["videos"]] == ["failed", "completed"]
    assert job["status"] == "completed"
    assert job["videos"][0]["error_message"]
    assert retried["retried_count"] == 1
    assert [video["retry_count"] for video in again["videos"]] == [1, 0]
    assert [video["status"] for video in again["videos"]] == ["failed", "completed"]


def test_an_upload_that_never_comes_expires_and_the_video_fails(films: Served, front_end: ApiClient) -> None:
    opened = front_end.create_batch_job({"name": "Episodes", "video_count": 1})
    job_id = opened["batch_job"]["id"]
    container = films.container
    with container.db.write() as tx:
        batch = repository.batch_for_reading(tx, films.owner, job_id)
        file_id = repository.items_of(tx, batch)[0].file_id
        upload = tx.session.query(Upload).filter_by(file_id=file_id).one()
        assert upload.expires_at - upload.created_at == timedelta(hours=24)
        upload.expires_at = tx.now

    container.uploads.expire()

    video = front_end.get_batch_job(job_id)["videos"][0]
    assert (video["status"], video["upload_url"]) == ("failed", None)
    assert "not sent in time" in video["error_message"]
    late = front_end.storage.put(opened["upload_urls"][0], content=b"late")
    assert late.status_code == 409


def test_an_upload_whose_line_breaks_is_sent_again(films: Served, film_bytes: bytes) -> None:
    told: list[str] = []
    with relay(films.address, cuts=[10**9, 1_000, 2_000]) as line:  # the API's connection, then the uploads'
        client = ApiClient(line.address, {OWNER_HEADER: films.owner})
        opened = client.create_batch_job({"name": "Episodes", "video_count": 1})

        sent = client.upload_batch_videos(
            opened["upload_urls"], [film_bytes], lambda _, progress: told.append(progress["status"])
        )
        client.start_batch_processing(opened["batch_job"]["id"])
        job = client.until_ended(opened["batch_job"]["id"])
        client.close()

    assert [each["status"] for each in sent] == ["completed"]
    assert told == ["uploading"] * 3 + ["completed"]
    assert job["videos"][0]["status"] == "completed"


def test_an_upload_link_is_good_for_its_own_video_alone(front_end: ApiClient, film_bytes: bytes) -> None:
    opened = front_end.create_batch_job({"name": "Episodes", "video_count": 2})
    one, two = opened["upload_urls"]
    crossed = urlsplit(one)._replace(path=urlsplit(two).path).geturl()

    assert front_end.storage.put(crossed, content=film_bytes).status_code == 403
    assert front_end.storage.get(one).status_code in (403, 404, 405)


# --- processing -------------------------------------------------------------------------------------------


def test_a_paused_batch_starts_no_other_video_and_goes_on_where_it_stood(
    films: Served, front_end: ApiClient
) -> None:
    job_id = ordered(films, front_end, "slow one.mp4", "slow two.mp4", "three.mp4")
    front_end.until(job_id, lambda job: job["videos"][0]["status"] == "processing")

    paused = check_job(front_end.pause_batch_job(job_id))
    rested = front_end.until(job_id, lambda job: job["completed_videos"] == 1)
    resumed = check_job(front_end.resume_batch_job(job_id))
    job = front_end.until_ended(job_id)

    assert paused["status"] == rested["status"] == "paused"
    assert [video["status"] for video in rested["videos"]] == ["completed", "pending", "pending"]
    assert (resumed["status"], resumed["completed_videos"]) == ("processing", 1)
    assert [video["status"] for video in job["videos"]] == ["completed"] * 3
    assert [video["retry_count"] for video in job["videos"]] == [0, 0, 0]


def test_a_cancelled_batch_stops_at_once_and_keeps_what_was_done(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "one.mp4", "slow two.mp4", "three.mp4")
    front_end.until(job_id, lambda job: job["videos"][1]["status"] == "processing")

    cancelled = check_job(front_end.cancel_batch_job(job_id))

    assert (cancelled["status"], cancelled["completed_videos"], cancelled["cancelled_videos"]) == (
        "cancelled",
        1,
        2,
    )
    job = check_details(front_end.get_batch_job(job_id))
    assert [video["status"] for video in job["videos"]] == ["completed", "cancelled", "cancelled"]
    assert job["progress_percentage"] == 33
    assert [video["output_video_url"] is None for video in job["videos"]] == [False, True, True]
    assert job["completed_at"] is not None
    front_end.delete_batch_job(job_id)


def test_a_batch_cancelled_before_its_start_takes_its_uploads_with_it(
    films: Served, front_end: ApiClient, film_bytes: bytes
) -> None:
    opened = front_end.create_batch_job({"name": "Episodes", "video_count": 2})
    job_id, urls = opened["batch_job"]["id"], opened["upload_urls"]
    front_end.upload_batch_videos(urls[:1], [film_bytes])

    front_end.cancel_batch_job(job_id)

    assert statuses(front_end, job_id) == ["cancelled", "cancelled"]
    assert front_end.storage.put(urls[1], content=film_bytes).status_code in (404, 409)
    with films.container.db.read() as tx:
        from reelyard.core.library.repository import FileQuery

        assert films.container.library.page(tx, films.owner, FileQuery())[1] == 0


def test_a_video_that_fails_in_passing_is_tried_again_by_itself(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "shaky.mp4", "good.mp4")

    job = front_end.until_ended(job_id)

    shaky, good = job["videos"]
    assert (shaky["status"], shaky["retry_count"]) == ("failed", 3)
    assert (good["status"], good["retry_count"]) == ("completed", 0)
    retried = front_end.retry_failed_videos(
        job_id
    )  # its automatic retries do not count against those by hand
    assert retried["retried_count"] == 1
    assert front_end.until_ended(job_id)["videos"][0]["retry_count"] == 4


def test_a_batch_of_which_every_video_failed_has_failed(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "bad one.mp4", "bad two.mp4", concurrency=2)

    job = front_end.until_ended(job_id)

    assert (job["status"], job["failed_videos"], job["progress_percentage"]) == ("failed", 2, 100)


def test_work_goes_on_when_the_workers_are_killed(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "slow.mp4", "good.mp4")
    front_end.until(job_id, lambda job: job["videos"][0]["status"] == "processing")

    for worker in films.container.cluster.capacity():
        os.kill(worker.pid, signal.SIGKILL)

    job = front_end.until_ended(job_id)
    assert [video["status"] for video in job["videos"]] == ["completed", "completed"]


def test_several_users_and_batches_run_side_by_side_and_see_only_their_own(films: Served) -> None:
    users = [tiered(films, "pro") for _ in range(3)]

    with ThreadPoolExecutor(6) as pool:
        both = pool.map(lambda user: [ordered(*user, "a.mp4", "b.mp4") for _ in range(2)], users)
        jobs = list(zip(users, both, strict=True))
    for (_, client), mine in jobs:
        for job_id in mine:
            assert client.until_ended(job_id)["completed_videos"] == 2
        assert {job["id"] for job in client.get_batch_jobs()["batch_jobs"]} == set(mine)
    for ((_, client), _), (_, others) in itertools.pairwise(jobs):
        assert refusal_of(lambda c=client, j=others[0]: c.get_batch_job(j)).status == 404  # type: ignore[misc]
    for _, client in users:
        client.close()


def test_of_many_who_command_the_same_batch_at_once_one_is_heard(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "slow.mp4", start=False)

    def outcome(call: Any) -> int:
        try:
            call(job_id)
        except ApiError as error:
            return error.status
        return 200

    with ThreadPoolExecutor(8) as pool:
        starts = list(pool.map(outcome, [front_end.start_batch_processing] * 8))
        mixed = [front_end.pause_batch_job, front_end.cancel_batch_job] * 4
        ends = list(pool.map(outcome, mixed))

    assert sorted(starts) == [200] + [400] * 7
    assert [
        status for call, status in zip(mixed, ends, strict=True) if call == front_end.cancel_batch_job
    ].count(200) == 1
    assert set(ends) <= {200, 400}
    job = check_details(front_end.get_batch_job(job_id))
    assert job["status"] == "cancelled"
    assert job["cancelled_videos"] == job["total_videos"] == 1
