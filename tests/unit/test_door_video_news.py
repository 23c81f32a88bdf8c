"""The core's events as messages of the stream for films."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.films import FILMS

from reelyard.core.batches.states import BatchStatus, Counts
from reelyard.http.doors.video import news
from reelyard.http.doors.video.news import Current, Known, Video
from reelyard.http.doors.video.schemas import EventName, Stage
from reelyard.http.doors.video.stream import sse

BATCH = "00000000-0000-4000-8000-00000000000b"
NAMES = {"i1": Video("v1", "one.mp4"), "i2": Video("v2", "two.mp4")}
KNOWN = Known(
    BATCH, FILMS, Counts(pending=1, processing=1), 12.3, Current(NAMES["i2"], Stage.EXPORTING), NAMES
)


def facts(**counts: Any) -> dict[str, Any]:
    known = {"uploading": 0, "processing": 0, "completed": 0, "failed": 0, "cancelled": 0}
    return {"status": "processing", "total": 4, **known, **counts}


def item(status: str, **more: Any) -> dict[str, Any]:
    return {"id": "i1", "status": status, "stage": None, "progress": 0.0, **more}


def event(kind: str, seq: int = 7, item_id: str | None = None, **data: Any) -> dict[str, Any]:
    return {"kind": kind, "seq": seq, "item_id": item_id, "data": {"batch": facts(), **data}}


@pytest.mark.parametrize(
    ("kind", "row", "name", "stage", "message"),
    [
        ("item.started", item("processing", stage="transcribe"), EventName.STARTED, "transcribing", "“one.mp4” started"),
        (
            "item.stage",
            item("processing", stage="render", progress=60.7),
            EventName.PROGRESS,
            "exporting",
            "“one.mp4”: exporting",
        ),
        ("item.uploading", item("uploading"), EventName.PROGRESS, "uploading", "“one.mp4”: uploading"),
        ("item.ready", item("pending"), EventName.PROGRESS, None, "“one.mp4”: pending"),
        ("item.completed", item("completed", progress=100.0), EventName.COMPLETED, None, "“one.mp4” completed"),
        ("item.failed", item("failed", error_message="No.", error_hint="Go."), EventName.FAILED, None, "No. Go."),
        (
            "item.retrying",
            item("pending", error_message="Lost."),
            EventName.PROGRESS,
            None,
            "“one.mp4” will be tried again: Lost.",
        ),
    ],
)  # fmt: skip
def test_what_happens_to_a_video_is_told(
    kind: str, row: dict[str, Any], name: EventName, stage: str | None, message: str
) -> None:
    (told,) = news.of_event(event(kind, item_id="i1", item=row), KNOWN)

    assert told.id == 7
    assert (told.event.event, told.event.current_stage, told.event.message) == (name, stage, message)
    assert told.event.type == ("progress" if name is EventName.PROGRESS else name)
    assert (told.event.video_id, told.event.batch_video_id) == ("v1", "i1")
    assert told.event.progress == int(row["progress"])


def test_the_batch_beside_an_event_is_as_it_stood_then() -> None:
    seen = event("item.completed", item_id="i1", item=item("completed", progress=100.0))
    seen["data"]["batch"] = facts(processing=1, completed=1, failed=1)

    batch = news.of_event(seen, KNOWN)[0].event.batch

    assert (batch.completed_count, batch.failed_count, batch.pending_count) == (1, 1, 1)
    assert (batch.progress_percentage, batch.estimated_time_remaining) == (50, 13)
    assert (batch.current_video_id, batch.current_stage) == ("v2", Stage.EXPORTING)


def test_many_videos_of_one_event_share_its_number_so_that_none_is_missed() -> None:
    cancelled = news.of_event(event("items.cancelled", item_ids=["i1", "i2"]), KNOWN)
    failed = news.of_event(event("items.failed", item_ids=["i2"], message="Timed out."), KNOWN)

    assert [(each.id, each.event.event) for each in cancelled] == [
        (6, EventName.CANCELLED),
        (7, EventName.CANCELLED),
    ]
    assert cancelled[0].event.message == "“one.mp4” cancelled"
    assert [(each.id, each.event.message) for each in failed] == [(7, "Timed out.")]


@pytest.mark.parametrize(
    ("kind", "name", "status", "ended"),
    [
        ("batch.paused", EventName.BATCH_PAUSED, "paused", None),
        ("batch.resumed", EventName.BATCH_RESUMED, "processing", None),
        ("batch.ended", EventName.BATCH_COMPLETED, "cancelled", BatchStatus.CANCELLED),
    ],
)
def test_what_happens_to_the_batch_is_told_and_how_it_ended(
    kind: str, name: EventName, status: str, ended: BatchStatus | None
) -> None:
    seen = event(kind)
    seen["data"]["batch"]["status"] = status

    (told,) = news.of_event(seen, KNOWN)

    assert (told.event.event, told.event.status, told.event.video_id) == (name, ended, None)
    assert ('"status"' in sse(told)) is (ended is not None)


@pytest.mark.parametrize(
    "kind", ["batch.created", "batch.changed", "items.added", "item.removed", "items.reordered"]
)
def test_what_this_front_end_has_no_word_for_is_not_told(kind: str) -> None:
    assert news.of_event(event(kind, item={"id": "i1"}), KNOWN) == []


def test_progress_between_changes_has_no_number() -> None:
    told = news.of_progress({"item_id": "i1", "progress": 41.9, "stage": "remove_silence"}, KNOWN)

    assert told.id is None
    assert (told.event.type, told.event.event, told.event.progress) == ("progress", EventName.PROGRESS, 41)
    assert told.event.message == "“one.mp4”: removing silence, 41%"
    assert told.event.batch.current_video_name == "one.mp4"
    assert sse(told).startswith("data: {")
    assert sse(told).endswith("}\n\n")


def test_a_video_that_was_removed_meanwhile_is_still_told_of() -> None:
    gone = event("item.failed", item_id="i9", item={**item("failed"), "id": "i9"})

    assert news.of_event(gone, KNOWN)[0].event.batch_video_id == "i9"
