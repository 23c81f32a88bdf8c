"""Every call of the founding front end for films against a running server, and what each is refused with."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from tests.acceptance.video_batches import created, library, ordered
from tests.acceptance.video_front_end import ApiClient, ApiError, refusal_of
from tests.acceptance.video_types import DEFAULTS, check_details, check_job
from tests.support.served import Served

Json = dict[str, Any]


def test_a_batch_is_created_with_the_documents_body_and_its_defaults(
    films: Served, front_end: ApiClient
) -> None:
    answer = front_end.create_batch_job({"name": "Episodes", "video_count": 0})

    assert answer.keys() == {"batch_job", "upload_urls"}
    job = check_job(answer["batch_job"])
    assert answer["upload_urls"] == []
    assert (job["name"], job["description"], job["status"]) == ("Episodes", None, "pending")
    assert (job["concurrency"], job["priority"], job["user_id"]) == (1, 5, films.owner)
    assert (job["total_videos"], job["progress_percentage"], job["started_at"]) == (0, 0, None)
    assert job["settings"] == DEFAULTS
    assert check_details(front_end.get_batch_job(job["id"]))["videos"] == []


def test_settings_are_read_without_regard_to_case_and_unknown_ones_are_passed_over(
    front_end: ApiClient,
) -> None:
    job = created(
        front_end,
        description="All of season two",
        priority=9,
        concurrency=4,
        user_id=str(uuid.uuid4()),
        status="completed",
        settings={
            "transcribe": False,
            "remove_silence": True,
            "detect_highlights": True,
            "silence_threshold": -35,
            "min_silence_duration": 0.5,
            "padding": 0.1,
            "highlight_sensitivity": "HIGH",
            "keywords": "goal, own goal ,penalty",
            "export_format": "WebM",
            "export_quality": "4K",
            "language": "EN",
            "resolution": "640x480",
            "made_up": 1,
        },
    )

    assert (job["description"], job["priority"], job["concurrency"]) == ("All of season two", 9, 4)
    assert (job["status"], job["total_videos"]) == ("pending", 0)
    assert job["settings"] == {
        "transcribe": False,
        "remove_silence": True,
        "detect_highlights": True,
        "silence_threshold": -35.0,
        "min_silence_duration": 0.5,
        "padding": 0.1,
        "highlight_sensitivity": "high",
        "keywords": ["goal", "own goal", "penalty"],
        "export_format": "webm",
        "export_quality": "4K",
        "language": "en",
        "model": None,
    }
    assert created(front_end, settings={"keywords": ["goal"]})["settings"]["keywords"] == ["goal"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": None}, "name"),
        ({"video_count": -1}, "video_count"),
        ({"video_count": "many"}, "video_count"),
        ({"concurrency": 0}, "concurrency"),
        ({"concurrency": 11}, "concurrency"),
        ({"priority": 11}, "priority"),
        ({"priority": -1}, "priority"),
        ({"settings": {"silence_threshold": -61}}, "silence_threshold"),
        ({"settings": {"silence_threshold": -19.9}}, "silence_threshold"),
        ({"settings": {"silence_threshold": "loud"}}, "silence_threshold"),
        ({"settings": {"min_silence_duration": 0.4}}, "min_silence_duration"),
        ({"settings": {"padding": 3}}, "padding"),
        ({"settings": {"highlight_sensitivity": "extreme"}}, "highlight_sensitivity"),
        ({"settings": {"export_format": "avi"}}, "export_format"),
        ({"settings": {"export_quality": "8k"}}, "export_quality"),
        ({"settings": {"language": "klingon"}}, "language"),
        ({"settings": {"keywords": 5}}, "keywords"),
        ({"settings": {"transcribe": "perhaps"}}, "transcribe"),
        ({"settings": "all"}, "settings"),
    ],
)
def test_what_is_out_of_range_is_refused_by_the_name_of_its_field(
    front_end: ApiClient, data: Json, field: str
) -> None:
    error = refusal_of(lambda: created(front_end, **data))

    assert (error.status, error.error) == (422, "validation_error")
    assert field in error.detail


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "few"}, "limit"),
        ({"offset": -1}, "offset"),
        ({"status": "running"}, "status"),
        ({"sort": "size"}, "sort"),
    ],
)
def test_parameters_of_the_list_are_checked(front_end: ApiClient, params: Json, field: str) -> None:
    error = refusal_of(lambda: front_end.get_batch_jobs(**params))

    assert (error.status, error.error) == (422, "validation_error")
    assert field in error.detail


def test_batches_are_listed_in_pages_the_newest_first(front_end: ApiClient) -> None:
    made = [created(front_end, name=f"series {n}")["id"] for n in range(5)]

    first = front_end.get_batch_jobs(limit=2)
    last = front_end.get_batch_jobs(limit=2, offset=4)
    whole = front_end.get_batch_jobs()

    assert [check_job(job)["id"] for job in first["batch_jobs"]] == [made[4], made[3]]
    assert [job["id"] for job in last["batch_jobs"]] == [made[0]]
    assert (first["total"], first["limit"], first["offset"]) == (5, 2, 0)
    assert (whole["limit"], whole["offset"], len(whole["batch_jobs"])) == (20, 0, 5)


def test_batches_are_sorted_as_asked_and_turned_round_by_a_minus(films: Served, front_end: ApiClient) -> None:
    for name, priority in (("b", 2), ("c", 9), ("a", 5)):
        created(front_end, name=name, priority=priority)
    ordered(films, front_end, "slow.mp4", name="d", priority=0)

    def names(sort: str) -> str:
        return "".join(job["name"] for job in front_end.get_batch_jobs(sort=sort)["batch_jobs"])

    assert (names("created_at"), names("-created_at")) == ("dacb", "bcad")
    assert (names("priority"), names("-priority")) == ("cabd", "dbac")
    assert (names("name"), names("-name")) == ("abcd", "dcba")
    assert (names("status")[-1], names("-status")[0]) == ("d", "d")
    assert len(names("progress")) == len(names("-progress")) == 4


def test_batches_are_filtered_by_status_and_only_those_of_films_are_shown(
    films: Served, front_end: ApiClient
) -> None:
    waiting = created(front_end)["id"]
    ended = ordered(films, front_end, "one.mp4")
    front_end.until_ended(ended)

    def ids(**params: Any) -> list[str]:
        return [job["id"] for job in front_end.get_batch_jobs(**params)["batch_jobs"]]

    assert ids(status="pending") == [waiting]
    assert ids(status="completed") == [ended]
    assert ids(status="failed") == []


def test_videos_of_the_library_join_a_batch_once_each_and_in_order(
    films: Served, front_end: ApiClient
) -> None:
    job_id = created(front_end)["id"]
    one, two, three = library(films, "one.mp4", "two.mp4", "three.mp4")

    job = check_job(front_end.add_videos_to_batch(job_id, [two, one]))

    assert job["total_videos"] == 2
    videos = check_details(front_end.get_batch_job(job_id))["videos"]
    assert [(video["video_id"], video["position"]) for video in videos] == [(two, 1), (one, 2)]
    assert [video["file_name"] for video in videos] == ["two.mp4", "one.mp4"]
    assert job["total_duration_seconds"] == 2.0
    for again in ([one], [three, three]):
        error = refusal_of(lambda again=again: front_end.add_videos_to_batch(job_id, again))  # type: ignore[misc]
        assert (error.status, error.error) == (409, "duplicate_video")
        assert error.detail == "Video is already in this batch"
    for unknown in (str(uuid.uuid4()), "no id"):
        error = refusal_of(lambda unknown=unknown: front_end.add_videos_to_batch(job_id, [unknown]))  # type: ignore[misc]
        assert (error.status, error.error, error.detail) == (404, "video_not_found", "Video not found")


def test_a_batch_is_started_once_and_gives_its_films(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "one.mp4", "two.mp4", start=False)

    started = front_end.start_batch_processing(job_id)
    front_end.until_ended(job_id)

    assert started.keys() == {"job_id", "batch_job"}
    assert started["job_id"] == job_id
    assert check_job(started["batch_job"])["status"] == "processing"
    job = check_details(front_end.get_batch_job(job_id))
    assert (job["status"], job["completed_videos"], job["progress_percentage"]) == ("completed", 2, 100)
    assert (job["total_duration_seconds"], job["processed_duration_seconds"]) == (2.0, 2.0)
    for video in job["videos"]:
        assert (video["status"], video["progress"], video["current_stage"]) == ("completed", 100, None)
        assert "render" in video["processing_result"]
        film = httpx.get(video["output_video_url"])
        assert film.status_code == 200
        assert film.headers["content-type"] == "video/mp4"
        stem = video["file_name"].removesuffix(".mp4")
        assert stem in film.headers["content-disposition"]


def test_a_failed_video_is_retried_by_hand_up_to_the_limit(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "bad.mp4", "good.mp4")
    front_end.until_ended(job_id)

    for count in (1, 2, 3):
        retried = front_end.retry_failed_videos(job_id)
        assert check_job({k: v for k, v in retried.items() if k != "retried_count"})["status"] == "processing"
        assert retried["retried_count"] == 1
        job = front_end.until_ended(job_id)
        assert [video["retry_count"] for video in job["videos"]] == [count, 0]
    error = refusal_of(lambda: front_end.retry_failed_videos(job_id))

    assert (error.status, error.error) == (400, "retry_limit_reached")
    bad, good = front_end.get_batch_job(job_id)["videos"]
    assert (bad["status"], good["status"]) == ("failed", "completed")
    assert bad["error_message"] == "The film says so. Send another."
    assert (bad["retry_count"], bad["max_retries"]) == (3, 3)


def test_only_the_videos_that_are_named_are_retried(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "bad one.mp4", "bad two.mp4", "good.mp4")
    one, two, good = (video["video_id"] for video in front_end.until_ended(job_id)["videos"])

    retried = front_end.retry_failed_videos(job_id, [two, good])
    job = front_end.until_ended(job_id)

    assert retried["retried_count"] == 1
    assert [video["retry_count"] for video in job["videos"]] == [0, 1, 0]
    none_failed = refusal_of(lambda: front_end.retry_failed_videos(job_id, [good]))
    unknown = refusal_of(lambda: front_end.retry_failed_videos(job_id, [one, str(uuid.uuid4())]))
    assert (none_failed.status, none_failed.error) == (400, "nothing_to_retry")
    assert (unknown.status, unknown.error) == (404, "video_not_found")


def test_nothing_is_retried_where_nothing_failed_or_all_was_cancelled(
    films: Served, front_end: ApiClient
) -> None:
    fine = ordered(films, front_end, "good.mp4")
    front_end.until_ended(fine)
    cancelled = ordered(films, front_end, "bad.mp4", "slow.mp4")
    front_end.until(cancelled, lambda job: job["failed_videos"] == 1)
    front_end.cancel_batch_job(cancelled)

    nothing = refusal_of(lambda: front_end.retry_failed_videos(fine))
    over = refusal_of(lambda: front_end.retry_failed_videos(cancelled))

    assert (nothing.status, nothing.error) == (400, "nothing_to_retry")
    assert (over.status, over.error, over.detail) == (400, "invalid_status", "Batch has already ended")


def test_a_retry_goes_on_with_a_paused_batch(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "bad.mp4", "slow.mp4", "good.mp4")
    front_end.until(job_id, lambda job: job["failed_videos"] == 1)
    assert front_end.pause_batch_job(job_id)["status"] == "paused"

    retried = front_end.retry_failed_videos(job_id)

    assert (retried["status"], retried["retried_count"]) == ("processing", 1)
    job = front_end.until_ended(job_id)
    assert [video["status"] for video in job["videos"]] == ["failed", "completed", "completed"]


def test_a_body_that_cannot_be_read_is_refused_in_the_same_form(front_end: ApiClient) -> None:
    for content, kind in ((b'{"name":', "application/json"), (b"name=x", "text/plain")):
        headers = {"content-type": kind}
        with pytest.raises(ApiError) as error:
            front_end.call("POST", "/batch-jobs", content=content, headers=headers)
        assert error.value.status in (400, 422)
        assert error.value.detail
