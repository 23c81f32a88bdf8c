"""Batches on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field, StrictBool, StrictInt

from reelyard.core.batches.lifecycle import BatchStatus
from reelyard.core.batches.states import BatchAction
from reelyard.http.v1.schemas.common import Given, GivenId, Moment, Told

SettingsGiven = dict[str, Any]


class NewBatch(Given):
    """An order: files, one pipeline, settings. What is left out has the pipeline's or the product's default."""

    name: str = Field(max_length=200, description="1 to 100 characters.")
    pipeline: str = Field(max_length=60, description="One of GET /pipelines.")
    description: str = Field("", max_length=2000)
    settings: SettingsGiven = Field(default_factory=dict, description="By the pipeline's schema.")
    concurrency: StrictInt = Field(3, description="Items worked on at once.")
    priority: StrictInt | None = Field(
        None, description="0 to 10; higher goes first among your batches. Left out: what your plan gives."
    )
    on_request: StrictBool = Field(False, description="Items wait until each is asked for.")
    file_ids: list[GivenId] = Field(
        default_factory=list, max_length=10_000, description="Files of your library, in order."
    )
    start: StrictBool = Field(False, description="Start at once; when that is refused, nothing was created.")


class BatchChanges(Given):
    """What is to be different; what is left out stays. Settings only before the start."""

    name: str | None = Field(None, max_length=200)
    description: str | None = Field(None, max_length=2000)
    settings: SettingsGiven | None = None
    concurrency: StrictInt | None = None
    priority: StrictInt | None = None


class RetryOrder(Given):
    """Which failed items; all of them when left out."""

    item_ids: list[GivenId] | None = Field(None, min_length=1, max_length=1000)


class CountsTold(Told):
    """How many items are in each state."""

    total: int
    pending: int
    uploading: int
    processing: int
    completed: int
    failed: int
    cancelled: int


class BatchTold(Told):
    """A batch as it is now. Sizes in bytes, durations in seconds; what is unknown is null."""

    id: str
    name: str
    description: str
    pipeline: str
    settings: dict[str, Any]
    concurrency: int
    priority: int
    on_request: bool
    status: BatchStatus
    partial: bool = Field(description="Completed, though some items were not.")
    counts: CountsTold
    progress: float = Field(description="0 to 100; 100 when every item has ended.")
    strip: list[str] = Field(
        description="At most 200 cells: “c40f2” is forty completed and two failed items."
    )
    media_s: float
    media_done_s: float
    bytes: int
    bytes_done: int
    eta_s: float | None
    eta_spread_s: float | None = Field(description="The estimate may be off by so much, up or down.")
    throughput_mbps: float | None = Field(description="1,000,000 bytes of finished input a second.")
    allowed: list[BatchAction] = Field(description="What may be done to it now.")
    seq: int = Field(description="Number of its newest event.")
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    updated_at: Moment


class StageReport(Told):
    """What one stage took, over all items."""

    stage: str
    runs: int
    cached: int
    failed: int
    seconds: float
    longest_s: float


class FailureReport(Told):
    """Items that failed for one reason."""

    code: str
    items: int
    message: str


class ReportTold(Told):
    """How a batch went: kept when it ends, and of the moment before."""

    batch_id: str
    name: str
    pipeline: str
    status: BatchStatus
    final: bool = Field(description="Whether the batch has ended; before, these are the figures of now.")
    counts: CountsTold
    success_rate: float | None = Field(description="Completed among completed and failed, 0 to 1.")
    elapsed_s: float | None = Field(description="From start to end, pauses included.")
    work_s: float = Field(description="Seconds of work on all slots together.")
    media_s: float
    media_done_s: float
    bytes: int
    bytes_done: int
    speed: float | None = Field(description="Seconds of finished media for each second that passed.")
    throughput_mbps: float | None
    retries: int
    stages: list[StageReport]
    failures: list[FailureReport]
