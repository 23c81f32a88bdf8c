from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.acceptance.transcription_types import EVENTS, check_message

from reelyard.core.events.live import Progress
from reelyard.core.events.repository import Seen
from reelyard.http.doors.transcription import news, schemas
from reelyard.http.live import progress_data
from reelyard.http.tail import fact

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOB = schemas.BatchJob(
    id="b",
    name="talks",
    status=schemas.JobStatus.RUNNING,
    concurrency=3,
    total_items=4,
    completed_items=1,
    failed_items=0,
    estimated_time_remaining=30,
    throughput_mbps=1.5,
    created_at=THEN,
    updated_at=THEN,
)
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
    "stage": "transcribe",
    "progress": 41.0,
    "error_message": None,
    "error_hint": None,
}


def an_event(
    kind: str, item: dict[str, Any] | None = None, batch: dict[str, Any] | None = None, **told: Any
) -> Seen:
    data: dict[str, Any] = {"batch": {**BATCH, **(batch or {})}, **told}
    if item is not None:
        data["item"] = {**ITEM, **item}
    return Seen("o", 107, "b", 7, kind, "i" if item is not None else None, data, THEN + timedelta(seconds=5))


def done(**facts: Any) -> schemas.BatchItem:
    whole = {
        "id": "i",
        "file_name": "a.wav",
        "file_size": 1,
        "duration": 12,
        "status": "COMPLETED",
        "progress": 100,
    }
    return schemas.BatchItem(**{**whole, "transcript_id": "t", **facts})


def messages(seen: Seen, known: news.Known | None = None) -> list[dict[str, Any]]:
    told = news.of_event(seen, known or news.Known(JOB))
    sent = [message.model_dump(mode="json", by_alias=True, exclude_none=True) for message in told]
    for message in sent:
        check_message(message)
    return sent


@pytest.mark.parametrize(
    ("kind", "facts", "status", "stage"),
    [
        ("item.uploading", {"status": "uploading", "stage": None, "progress": 0.0}, "PENDING", "uploading"),
        ("item.ready", {"status": "pending", "stage": None, "progress": 0.0}, "PENDING", "pending"),
        ("item.started", {"status": "processing", "stage": "prepare"}, "PROCESSING", "prepare"),
        ("item.stage", {"status": "processing", "stage": "write"}, "PROCESSING", "write"),
        ("item.requeued", {"status": "pending", "stage": "write"}, "PENDING", "write"),
        ("item.retried", {"status": "pending", "stage": None, "progress": 0.0}, "PENDING", "pending"),
        ("item.redone", {"status": "pending", "stage": None, "progress": 0.0}, "PENDING", "pending"),
        ("item.cancelled", {"status": "cancelled", "stage": None}, "CANCELLED", "cancelled"),
    ],
)
def test_a_move_of_an_item_is_told_as_its_progress(
    kind: str, facts: dict[str, Any], status: str, stage: str
) -> None:
    [message] = messages(an_event(kind, facts))

    assert message["event"] == "batch:item_progress"
    assert message["seq"] == 7
    assert (message["data"]["status"], message["data"]["stage"]) == (status, stage)


def test_a_completed_item_is_told_with_what_it_gave() -> None:
    known = news.Known(JOB, completed={"i": done(confidence=0.9)})
    [message] = messages(an_event("item.completed", {"status": "completed", "stage": None}), known)

    assert message["event"] == "batch:item_completed"
    assert message["data"] == {
        "jobId": "b",
        "itemId": "i",
        "transcriptId": "t",
        "confidence": 0.9,
        "duration": 12,
    }


def test_a_completed_item_without_confidence_leaves_it_out() -> None:
    known = news.Known(JOB, completed={"i": done()})
    [message] = messages(an_event("item.completed", {"status": "completed"}), known)

    assert "confidence" not in message["data"]


@pytest.mark.parametrize(
    ("kind", "status", "told", "will_retry"),
    [
        ("item.retrying", "pending", {"will_retry": True}, True),
        ("item.failed", "failed", {"will_retry": False}, False),
        ("item.failed", "failed", {}, False),
    ],
)
def test_an_error_says_why_and_whether_it_is_tried_again(
    kind: str, status: str, told: dict[str, Any], will_retry: bool
) -> None:
    facts = {
        "status": status,
        "error_message": "The worker went away.",
        "error_hint": "Nothing is to be done.",
    }
    [message] = messages(an_event(kind, facts, **told))

    assert message["event"] == "batch:item_error"
    assert message["data"] == {
        "jobId": "b",
        "itemId": "i",
        "errorMessage": "The worker went away. Nothing is to be done.",
        "willRetry": will_retry,
    }


@pytest.mark.parametrize(
    ("kind", "facts", "event", "status"),
    [
        ("batch.paused", {"status": "paused"}, "batch:job_paused", "PAUSED"),
        ("batch.resumed", {"status": "processing"}, "batch:job_resumed", "RUNNING"),
        ("batch.ended", {"status": "completed", "completed": 4}, "batch:job_completed", "COMPLETED"),
        ("batch.ended", {"status": "failed", "completed": 0, "failed": 4}, "batch:job_completed", "ERROR"),
        (
            "batch.ended",
            {"status": "cancelled", "completed": 1, "cancelled": 3},
            "batch:job_completed",
            "COMPLETED",
        ),
        (
            "batch.ended",
            {"status": "cancelled", "completed": 0, "cancelled": 4},
            "batch:job_completed",
            "ERROR",
        ),
    ],
)
def test_a_move_of_the_job_is_told_with_the_job_as_it_then_was(
    kind: str, facts: dict[str, Any], event: str, status: str
) -> None:
    [message] = messages(an_event(kind, batch=facts))

    assert message["event"] == event
    assert message["data"]["job"]["status"] == status
    assert message["data"]["job"]["completedItems"] == facts.get("completed", 1)
    assert message["data"]["job"]["updatedAt"] == "2026-03-01T12:00:05Z"


@pytest.mark.parametrize(
    "kind", ["batch.started", "batch.changed", "batch.retried", "items.added", "items.reordered"]
)
def test_what_changes_only_the_jobs_progress_has_no_message_of_its_own(kind: str) -> None:
    assert messages(an_event(kind)) == []


def test_items_that_end_at_once_are_told_one_by_one_and_none_is_lost_between_two() -> None:
    failed = messages(an_event("items.failed", item_ids=["i", "j", "k"], count=3, message="Too late."))
    cancelled = messages(an_event("items.cancelled", item_ids=["i", "j"], count=2))

    assert [message["data"]["itemId"] for message in failed] == ["i", "j", "k"]
    assert [message["seq"] for message in failed] == [6, 6, 7]
    assert {message["data"]["errorMessage"] for message in failed} == {"Too late."}
    assert [message["data"]["status"] for message in cancelled] == ["CANCELLED", "CANCELLED"]


def test_live_progress_of_an_item_carries_its_stage_and_eta() -> None:
    told = news.of_progress(progress_data(Progress("o", "b", "i", "transcribe", 41.9, eta_s=7.2)), 9)
    message = told.model_dump(mode="json", by_alias=True, exclude_none=True)

    check_message(message)
    assert message["data"] == {
        "jobId": "b",
        "itemId": "i",
        "status": "PROCESSING",
        "progress": 41,
        "stage": "transcribe",
        "eta": 8,
    }


def test_the_jobs_progress_tells_its_figures() -> None:
    told = news.of_job(news.Known(JOB, 37.5), 9)
    message = told.model_dump(mode="json", by_alias=True, exclude_none=True)

    check_message(message)
    assert message["data"] == {
        "jobId": "b",
        "status": "RUNNING",
        "progress": 37,
        "totalItems": 4,
        "completedItems": 1,
        "failedItems": 0,
        "estimatedTimeRemaining": 30,
        "throughputMbps": 1.5,
    }


@pytest.mark.parametrize(
    ("item", "event"),
    [
        ({"status": "PENDING"}, "batch:item_progress"),
        ({"status": "PROCESSING", "progress": 5, "eta": 3}, "batch:item_progress"),
        ({"status": "COMPLETED", "transcript_id": "t", "confidence": 0.5}, "batch:item_completed"),
        ({"status": "ERROR", "error_message": "No."}, "batch:item_error"),
        ({"status": "CANCELLED"}, "batch:item_progress"),
    ],
)
def test_a_client_that_was_away_too_long_is_told_where_every_item_stands(
    item: dict[str, Any], event: str
) -> None:
    whole = {"id": "i", "file_name": "a.wav", "file_size": 1, "duration": 2, "progress": 0, **item}
    [told] = news.of_state(JOB, [schemas.BatchItem(**whole)], 9)
    message = told.model_dump(mode="json", by_alias=True, exclude_none=True)

    check_message(message)
    assert message["event"] == event


def test_an_event_is_read_as_the_live_feed_tells_it() -> None:
    seen = an_event("item.started", {"status": "processing", "stage": "prepare"})

    again = news.told_by(fact(seen).data)

    assert (again.seq, again.kind, again.at, again.data) == (seen.seq, seen.kind, seen.at, seen.data)
    assert messages(again) == messages(seen)


def test_the_seven_events_of_the_document_are_known() -> None:
    assert set(schemas.EventName) == EVENTS.keys()
