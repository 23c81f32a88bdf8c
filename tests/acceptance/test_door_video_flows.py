"""Whole ways through the founding front end for films (5.1), and what goes wrong on them (5.4)."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.acceptance.test_door_video import created, library, ordered
from tests.acceptance.video_front_end import ApiClient, ApiError, refusal_of
from tests.acceptance.video_types import check_details, check_export, check_job
from tests.support.relay import relay
from tests.support.served import OWNER_HEADER, Served

from reelyard.core.accounts.service import ensure_owner
from reelyard.core.batches import repository
from reelyard.core.library.models import Upload

Json = dict[str, Any]


def tiered(films: Served, tier: str) -> tuple[Served, ApiClient]:
    """A new user of this plan."""
    owner = ensure_owner(films.container.db, str(uuid.uuid4()), tier, tier)
    user = Served(films.running, owner)
    user.close()
    return user, ApiClient(films.address, {OWNER_HEADER: owner})


def statuses(client: ApiClient, job_id: str) -> list[str]:
    return [video["status"] for video in client.get_batch_job(job_id)["videos"]]


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


# --- plans ------------------------------------------------------------------------------------------------


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


# --- exports ----------------------------------------------------------------------------------------------


def until_exported(client: ApiClient, job_id: str, export_id: str) -> Json:
    client.until(
        job_id,
        lambda _: client.get_export_status(job_id, export_id)["status"] not in ("pending", "processing"),
    )
    return check_export(client.get_export_status(job_id, export_id))


def test_a_batch_is_exported_as_an_archive_and_downloaded(
    films: Served, front_end: ApiClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import io
    import zipfile

    job_id = ordered(films, front_end, "one.mp4", "bad.mp4", "two.mp4", name="Series")
    front_end.until_ended(job_id)

    asked = front_end.export_batch(job_id, {"format": "zip", "include_failed": False})
    export = until_exported(front_end, job_id, asked["export_id"])
    named = front_end.export_batch(job_id, {"format": "ZIP", "custom_naming": "{name}-{position}.{ext}"})
    again = front_end.export_batch(job_id, {"format": "zip"})

    assert asked.keys() == {"export_id", "export_job_id", "status"}
    assert asked["export_id"] == asked["export_job_id"] == again["export_id"] != named["export_id"]
    assert (export["status"], export["progress"], export["error"]) == ("completed", 100, None)
    data = httpx.get(export["download_url"]).content
    assert len(data) == export["file_size"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        films_in = [name for name in archive.namelist() if name.endswith(".mp4")]
        assert archive.testzip() is None
        assert sorted(hashlib.sha256(archive.read(name)).hexdigest() for name in films_in)
    assert [name[:4] for name in sorted(films_in)] == ["001_", "003_"]
    other = until_exported(front_end, job_id, named["export_id"])
    with zipfile.ZipFile(io.BytesIO(httpx.get(other["download_url"]).content)) as archive:
        assert any(name.startswith("one") and name.endswith("-001.mp4") for name in archive.namelist())


def test_exports_are_refused_as_agreed(films: Served, front_end: ApiClient) -> None:
    waiting = ordered(films, front_end, "one.mp4", start=False)
    failed = ordered(films, front_end, "bad.mp4")
    done = ordered(films, front_end, "good.mp4")
    front_end.until_ended(failed)
    front_end.until_ended(done)

    def told(job_id: str, **config: Any) -> tuple[int, str]:
        error = refusal_of(lambda: front_end.export_batch(job_id, config))
        return error.status, error.error

    assert told(waiting, format="zip") == (400, "invalid_status")
    assert told(failed, format="zip") == (400, "nothing_to_export")
    assert told(done, format="rar") == (422, "validation_error")
    for pattern in ("{number}.{ext}", "../{name}", "{name"):
        error = refusal_of(lambda p=pattern: front_end.export_batch(done, {"custom_naming": p}))  # type: ignore[misc]
        assert (error.status, error.error) == (422, "validation_error")
        assert "custom_naming" in error.detail
    for unknown in (str(uuid.uuid4()), "none"):
        error = refusal_of(lambda u=unknown: front_end.get_export_status(done, u))  # type: ignore[misc]
        assert (error.status, error.error) == (404, "export_not_found")
    export_id = front_end.export_batch(done, {"format": "zip"})["export_id"]
    until_exported(front_end, done, export_id)
    over = refusal_of(lambda: front_end.cancel_export(done, export_id))
    assert (over.status, over.error) == (400, "invalid_status")
