from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from tests.acceptance.transcription_types import check_item, check_job, check_job_with_items

from reelyard.core.batches.models import Item
from reelyard.core.batches.states import BatchStatus, Counts, ItemStatus
from reelyard.core.batches.views import BatchView, ItemView, item_view
from reelyard.core.events.live import LiveBoard, Progress
from reelyard.core.library.models import LibraryFile
from reelyard.http.doors.transcription import schemas, translate
from reelyard.http.figures import per_cent

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
FOUR = Counts(pending=4)


def a_batch(status: BatchStatus = BatchStatus.PENDING, counts: Counts = FOUR, **facts: Any) -> BatchView:
    unknown: dict[str, Any] = dict.fromkeys((each.name for each in fields(BatchView)), None)
    given = {"id": "b", "name": "talks", "concurrency": 3, "created_at": THEN, "updated_at": THEN, **facts}
    return BatchView(**{**unknown, **given, "status": status, "counts": counts})


def an_item(live: Progress | None = None, file: LibraryFile | None = None, **facts: Any) -> ItemView:
    board = LiveBoard()
    if live is not None:
        board.show(live)
    row = Item(**{"id": "i", "status": ItemStatus.PENDING, "source_ready": True, "progress": 0.0, **facts})
    return item_view(row, file or a_file(), board)


def a_file(**facts: Any) -> LibraryFile:
    return LibraryFile(**{"id": "f", "name": "a.wav", "size": 1_000, "duration_s": 61.4, **facts})


def as_json(value: schemas.BatchJob | schemas.BatchItem) -> dict[str, Any]:
    return value.model_dump(mode="json", by_alias=True, exclude_none=True)


@pytest.mark.parametrize(
    ("status", "completed", "reads"),
    [
        (BatchStatus.PENDING, 0, "DRAFT"),
        (BatchStatus.PROCESSING, 1, "RUNNING"),
        (BatchStatus.PAUSED, 1, "PAUSED"),
        (BatchStatus.COMPLETED, 1, "COMPLETED"),
        (BatchStatus.FAILED, 0, "ERROR"),
        (BatchStatus.CANCELLED, 1, "COMPLETED"),
        (BatchStatus.CANCELLED, 0, "ERROR"),
    ],
)
def test_every_state_of_a_batch_reads_as_one_of_the_jobs(
    status: BatchStatus, completed: int, reads: str
) -> None:
    job = translate.job(a_batch(status, Counts(completed=completed)))

    assert job.status == reads


@pytest.mark.parametrize(
    ("status", "reads"),
    [
        (ItemStatus.PENDING, "PENDING"),
        (ItemStatus.UPLOADING, "PENDING"),
        (ItemStatus.PROCESSING, "PROCESSING"),
        (ItemStatus.COMPLETED, "COMPLETED"),
        (ItemStatus.FAILED, "ERROR"),
        (ItemStatus.CANCELLED, "CANCELLED"),
    ],
)
def test_every_state_of_an_item_reads_as_one_of_the_documents(status: ItemStatus, reads: str) -> None:
    assert translate.item(an_item(status=status)).status == reads


def test_no_state_of_the_core_is_left_without_a_word() -> None:
    assert {translate.job_status(status, 0) for status in BatchStatus} | {"COMPLETED"} == set(
        schemas.JobStatus
    )
    assert {translate.item_status(status) for status in ItemStatus} == set(schemas.ItemStatus)


def test_a_job_has_the_documents_keys_and_leaves_out_what_is_unknown() -> None:
    job = as_json(translate.job(a_batch()))

    check_job(job)
    assert "estimatedTimeRemaining" not in job
    assert "throughputMbps" not in job


def test_a_job_at_work_tells_seconds_left_and_megabytes_a_second() -> None:
    job = as_json(translate.job(a_batch(BatchStatus.PROCESSING, eta_s=12.2, throughput_mbps=1.23456)))

    check_job(job)
    assert job["estimatedTimeRemaining"] == 13
    assert job["throughputMbps"] == 1.2346


def test_a_job_is_given_with_its_items() -> None:
    whole = translate.job_with_items(translate.job(a_batch()), [translate.item(an_item())])

    check_job_with_items(as_json(whole))


def test_an_item_that_has_not_begun_has_only_what_is_known() -> None:
    item = as_json(translate.item(an_item(file=a_file(size=None, duration_s=None))))

    assert item == {
        "id": "i",
        "fileName": "a.wav",
        "fileSize": 0,
        "duration": 0,
        "status": "PENDING",
        "progress": 0,
    }


def test_a_running_item_shows_its_live_progress_and_eta() -> None:
    live = Progress("o", "b", "i", "transcribe", 41.9, eta_s=7.1)
    item = as_json(translate.item(an_item(live, status=ItemStatus.PROCESSING, progress=20.0)))

    check_item(item)
    assert (item["progress"], item["eta"]) == (41, 8)


def test_live_progress_that_outlived_its_item_is_not_shown() -> None:
    live = Progress("o", "b", "i", "transcribe", 41.9, eta_s=7.1)
    item = as_json(translate.item(an_item(live, status=ItemStatus.COMPLETED, progress=100.0)))

    assert item["progress"] == 100
    assert "eta" not in item


def test_a_completed_item_has_its_transcript_and_confidence() -> None:
    result = {
        "prepare": {"duration_s": 61.4},
        "assemble": {"confidence": 0.87654321},
        "write": {"confidence": None},
    }
    row = an_item(status=ItemStatus.COMPLETED, progress=100.0, result=result)
    item = as_json(translate.item(row, "t"))

    check_item(item)
    assert (item["transcriptId"], item["confidence"], item["duration"]) == ("t", 0.8765, 61)


def test_confidence_is_left_out_when_the_recogniser_gives_none() -> None:
    row = an_item(status=ItemStatus.COMPLETED, progress=100.0, result={"assemble": {"confidence": None}})

    assert "confidence" not in as_json(translate.item(row))


def test_a_failed_item_says_why_and_what_to_do() -> None:
    row = an_item(
        status=ItemStatus.FAILED,
        error_code="no_sound",
        error_message="The file has no sound.",
        error_hint="Choose another.",
    )

    assert translate.item(row).error_message == "The file has no sound. Choose another."


def test_an_item_that_waits_for_its_next_try_is_no_error() -> None:
    row = an_item(status=ItemStatus.PENDING, error_code="worker_crash", error_message="The worker went away.")

    assert translate.item(row).error_message is None


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, 0), (0.9, 0), (99.9, 99), (100.0, 100), (123.0, 100), (-1.0, 0)]
)
def test_progress_is_whole_per_cent_and_full_only_at_the_end(value: float, shown: int) -> None:
    assert per_cent(value) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(None, 0), (0.0, 0), (0.2, 1), (1.6, 2), (3600.0, 3600)])
def test_a_short_recording_is_not_of_unknown_length(seconds: float | None, shown: int) -> None:
    assert translate.duration(seconds) == shown


def test_a_job_is_ordered_with_the_documents_concurrency() -> None:
    order = translate.order(schemas.CreateBatchJobRequest.model_validate({"name": "talks"}))

    assert (order.name, order.pipeline, order.concurrency, order.settings) == (
        "talks",
        "transcription",
        3,
        {},
    )


def test_unknown_fields_are_ignored_and_never_applied() -> None:
    body = {
        "name": "talks",
        "concurrency": 5,
        "status": "RUNNING",
        "userId": "x",
        "pipeline": "video",
        "priority": 9,
    }
    order = translate.order(schemas.CreateBatchJobRequest.model_validate(body))
    changes = translate.changes(schemas.UpdateBatchJobRequest.model_validate(body))

    assert (order.pipeline, order.priority) == ("transcription", None)
    assert changes == {"name": "talks", "concurrency": 5}


def test_what_is_not_given_is_not_changed() -> None:
    assert translate.changes(schemas.UpdateBatchJobRequest.model_validate({"concurrency": 7})) == {
        "concurrency": 7
    }
    assert translate.changes(schemas.UpdateBatchJobRequest.model_validate({})) == {}


@pytest.mark.parametrize("value", [0, 11, 2.5, "3", True, [], -1])
def test_concurrency_is_a_whole_number_from_one_to_ten(value: Any) -> None:
    with pytest.raises(ValidationError):
        schemas.CreateBatchJobRequest.model_validate({"name": "talks", "concurrency": value})


@pytest.mark.parametrize(
    ("total", "limit", "pages"), [(0, 20, 0), (1, 20, 1), (20, 20, 1), (21, 20, 2), (5, 2, 3)]
)
def test_pages_are_counted_up(total: int, limit: int, pages: int) -> None:
    assert translate.pagination(1, limit, total).total_pages == pages


def test_a_page_begins_after_those_before_it() -> None:
    query = translate.query(3, 20)

    assert (query.offset, query.limit, query.pipeline, query.sort) == (40, 20, "transcription", "-created_at")
