"""Settings, orders and errors of the founding front end for films, in the core's words and back."""

from __future__ import annotations

from typing import Any

import pytest
from tests.acceptance.video_types import DEFAULTS
from tests.support.films import FILMS

from reelyard import errors
from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.http.doors.video import settings, translate
from reelyard.http.doors.video.errors import RetryLimitReached, told
from reelyard.http.doors.video.schemas import BatchJobCreate, Stage
from reelyard.http.errors import status_of
from reelyard.pipelines.video_settings import VideoSettings


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, {}),
        ({}, {}),
        ({"transcribe": None, "unknown": 1}, {}),
        ({"Remove_Silence": "TRUE"}, {"remove_silence": "true"}),
        ({"export_format": ".MP4"}, {"export_format": "mp4"}),
        ({"export_quality": " 4K "}, {"export_quality": "4k"}),
        ({"quality": 1080}, {"export_quality": 1080}),
        ({"resolution": "1920x1080"}, {"export_quality": "1080p"}),
        ({"resolution": "640x480"}, {}),
        ({"export_quality": "720p", "resolution": "1080p"}, {"export_quality": "720p"}),
        ({"sensitivity": "Max"}, {"highlight_sensitivity": "max"}),
        ({"threshold": -30, "min_duration": 2}, {"silence_threshold": -30, "min_silence_duration": 2}),
        ({"language": ""}, {"language": "auto"}),
        ({"language": "Auto"}, {"language": "auto"}),
        ({"language": "German"}, {"language": "de"}),
        ({"language": "en-US"}, {"language": "en"}),
        ({"keywords": "a, b\nc,,"}, {"keywords": ["a", "b", "c"]}),
        ({"keywords": [" a ", "b"]}, {"keywords": ["a", "b"]}),
        ({"keywords": ""}, {"keywords": []}),
        ({"model": ""}, {"model": None}),
        ({"model": "large-V3"}, {"model": "large-V3"}),
    ],
)
def test_settings_are_read_as_this_front_end_may_write_them(given: Any, read: dict[str, Any]) -> None:
    assert settings.read(given) == read


def test_settings_that_nothing_was_said_of_are_the_pipelines() -> None:
    whole = VideoSettings.model_validate(settings.read({})).model_dump(mode="json")

    shown = settings.shown(whole).model_dump()

    assert shown == DEFAULTS
    assert settings.shown({**whole, "export_quality": "4k", "language": "de"}).export_quality == "4K"


def test_an_order_has_the_doors_defaults_and_leaves_the_priority_to_the_plan() -> None:
    order = translate.order(BatchJobCreate(name="a"))

    assert (order.pipeline, order.concurrency, order.priority, order.description) == ("video", 1, None, "")


@pytest.mark.parametrize(
    ("count", "given", "names"),
    [
        (0, ["a.mp4"], []),
        (2, None, ["Video 1", "Video 2"]),
        (3, ["a.mp4", "  "], ["a.mp4", "Video 2", "Video 3"]),
        (1, ["a.mp4", "b.mp4"], ["a.mp4"]),
    ],
)
def test_videos_to_come_are_named(count: int, given: list[str] | None, names: list[str]) -> None:
    assert translate.names(BatchJobCreate(name="a", video_count=count, file_names=given)) == names


@pytest.mark.parametrize(
    ("sort", "core"),
    [
        ("created_at", "-created_at"),
        ("-created_at", "created_at"),
        ("priority", "-priority"),
        ("-priority", "priority"),
        ("name", "name"),
        ("-status", "-status"),
        ("progress", "progress"),
    ],
)
def test_the_newest_and_the_highest_come_first_unless_turned_round(sort: str, core: str) -> None:
    query = translate.query("paused", sort, 5, 10)

    assert (query.sort, query.status, query.limit, query.offset, query.pipeline) == (
        core,
        "paused",
        5,
        10,
        "video",
    )


@pytest.mark.parametrize(
    ("status", "name", "stage"),
    [
        (ItemStatus.UPLOADING, None, Stage.UPLOADING),
        (ItemStatus.PROCESSING, "transcribe", Stage.TRANSCRIBING),
        (ItemStatus.PROCESSING, "render", Stage.EXPORTING),
        (ItemStatus.PROCESSING, "gone", None),
        (ItemStatus.PROCESSING, None, None),
        (ItemStatus.PENDING, "render", None),
        (ItemStatus.COMPLETED, None, None),
    ],
)
def test_a_stage_is_one_of_five_or_none(status: str, name: str | None, stage: Stage | None) -> None:
    assert translate.stage(FILMS, status, name) is stage


def refused(error: errors.ReelyardError) -> tuple[int, str, str]:
    return told(error, status_of(error))


def batch_is(status: BatchStatus, action: str) -> tuple[int, str, str]:
    return refused(errors.IllegalTransition("batch", status, action, ()))


P, R, S = BatchStatus.PENDING, BatchStatus.PROCESSING, BatchStatus.PAUSED
ENDED = (BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED)


@pytest.mark.parametrize(
    ("action", "states", "detail"),
    [
        ("start", (R,), "Batch is already processing"),
        ("start", (S,), "Batch is paused"),
        ("start", ENDED, "Batch has already ended"),
        ("pause", (P, S, *ENDED), "Batch is not processing"),
        ("resume", (P, R, *ENDED), "Batch is not paused"),
        ("cancel", ENDED, "Batch has already ended"),
        ("add items", (R, S, *ENDED), "Videos can only be added before the batch is started"),
        ("delete", (P, R, S), "Batch must be completed, failed or cancelled before it can be deleted"),
    ],
)
def test_what_a_state_forbids_reads_as_agreed(
    action: str, states: tuple[BatchStatus, ...], detail: str
) -> None:
    for status in states:
        assert batch_is(status, action) == (400, "invalid_status", detail)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.FilesMissing(), (400, "video_not_uploaded", "All videos must be uploaded before starting")),
        (errors.NothingToDo(), (400, "empty_batch", "Batch has no videos")),
        (errors.DuplicateFile(), (409, "duplicate_video", "Video is already in this batch")),
        (errors.QuotaExceeded(limit="files"), (403, "quota_exceeded", "Batch size exceeds your plan limit")),
        (
            errors.QuotaExceeded(limit="minutes"),
            (403, "quota_exceeded", "Processing minutes of your plan are used up"),
        ),
        (errors.QuotaExceeded("No room."), (403, "quota_exceeded", "No room.")),
        (
            errors.RateLimited("Too many.", retry_after_s=5, limit=5, window_s=3600),
            (429, "rate_limited", "Too many batches this hour"),
        ),
        (errors.NotFound(noun="batch"), (404, "batch_job_not_found", "Batch job not found")),
        (errors.NotFound(noun="file"), (404, "video_not_found", "Video not found")),
        (errors.NotFound(noun="export"), (404, "export_not_found", "Export not found")),
        (errors.NotFound("Nothing here."), (404, "not_found", "Nothing here.")),
        (errors.NothingToRetry("None."), (400, "nothing_to_retry", "None.")),
        (RetryLimitReached("Enough."), (400, "retry_limit_reached", "Enough.")),
        (errors.InvalidInput("Too long.", field="name"), (422, "validation_error", "name: Too long.")),
        (
            errors.InvalidInput("The setting “padding” is wrong.", field="settings.padding"),
            (422, "validation_error", "The setting “padding” is wrong."),
        ),
        (errors.InvalidInput("Bad.", field="pattern"), (422, "validation_error", "custom_naming: Bad.")),
        (errors.LanguageUnsupported("No."), (422, "validation_error", "No.")),
        (errors.Unauthorised("Who?"), (401, "unauthorised", "Who?")),
        (errors.StorageFull("Full."), (507, "storage_full", "Full.")),
    ],
)
def test_errors_read_as_agreed(error: errors.ReelyardError, expected: tuple[int, str, str]) -> None:
    assert refused(error) == expected
