"""The types of the founding document's front end (section 2.3): camelCase, unknown values left out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from reelyard.http.camel import Foreign


class JobStatus(StrEnum):
    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"


class ItemStatus(StrEnum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"
    CANCELLED = "CANCELLED"


class EventName(StrEnum):
    JOB_PROGRESS = "batch:job_progress"
    ITEM_PROGRESS = "batch:item_progress"
    ITEM_COMPLETED = "batch:item_completed"
    ITEM_ERROR = "batch:item_error"
    JOB_COMPLETED = "batch:job_completed"
    JOB_PAUSED = "batch:job_paused"
    JOB_RESUMED = "batch:job_resumed"


Concurrency = Annotated[int, Field(strict=True, ge=1, le=10)]


class CreateBatchJobRequest(Foreign):
    name: str
    concurrency: Concurrency | None = None


class UpdateBatchJobRequest(Foreign):
    name: str | None = None
    concurrency: Concurrency | None = None


class BatchJob(Foreign):
    id: str
    name: str
    status: JobStatus
    concurrency: int
    total_items: int
    completed_items: int
    failed_items: int
    estimated_time_remaining: int | None = None  # seconds
    throughput_mbps: float | None = None  # megabytes a second
    created_at: datetime
    updated_at: datetime


class BatchItem(Foreign):
    id: str
    file_name: str
    file_size: int  # bytes
    duration: int  # seconds of media, 0 while unknown
    status: ItemStatus
    progress: int  # 0 to 100
    error_message: str | None = None
    eta: int | None = None  # seconds
    confidence: float | None = None  # 0 to 1
    transcript_id: str | None = None


class BatchJobWithItems(BatchJob):
    items: list[BatchItem]


class Pagination(Foreign):
    page: int
    limit: int
    total: int
    total_pages: int


class BatchJobPage(Foreign):
    data: list[BatchJob]
    pagination: Pagination


class FileError(Foreign):
    """A file that was not taken, and why."""

    file_name: str
    message: str


class AddedItems(Foreign):
    items: list[BatchItem]
    errors: list[FileError]


class ErrorFacts(Foreign):
    code: str
    message: str


class ErrorBody(Foreign):
    error: ErrorFacts


class JobProgress(Foreign):
    job_id: str
    status: JobStatus
    progress: int
    total_items: int
    completed_items: int
    failed_items: int
    estimated_time_remaining: int | None = None
    throughput_mbps: float | None = None


class ItemProgress(Foreign):
    job_id: str
    item_id: str
    status: ItemStatus
    progress: int
    stage: str
    eta: int | None = None


class ItemCompleted(Foreign):
    job_id: str
    item_id: str
    transcript_id: str
    confidence: float | None = None
    duration: int


class ItemError(Foreign):
    job_id: str
    item_id: str
    error_message: str
    will_retry: bool


class JobMoved(Foreign):
    job_id: str
    job: BatchJob


EventData = JobProgress | ItemProgress | ItemCompleted | ItemError | JobMoved


class EventMessage(Foreign):
    """One message of the socket."""

    event: EventName
    seq: int
    data: EventData
