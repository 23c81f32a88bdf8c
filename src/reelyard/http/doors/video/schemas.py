"""The types of the founding document's front end (4.2), the bodies of its calls (3.2): snake_case, null where unknown."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.core.exports.models import ExportStatus


class Stage(StrEnum):
    """The five larger steps that this front end knows."""

    UPLOADING = "uploading"
    TRANSCRIBING = "transcribing"
    REMOVING_SILENCE = "removing_silence"
    DETECTING_HIGHLIGHTS = "detecting_highlights"
    EXPORTING = "exporting"


class EventName(StrEnum):
    STARTED = "video_started"
    PROGRESS = "video_progress"
    COMPLETED = "video_completed"
    FAILED = "video_failed"
    CANCELLED = "video_cancelled"
    BATCH_PAUSED = "batch_paused"
    BATCH_RESUMED = "batch_resumed"
    BATCH_COMPLETED = "batch_completed"  # however it ended: `status` says how


class _Foreign(BaseModel):
    """What this door takes and gives; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


Moment = Annotated[
    AwareDatetime,
    PlainSerializer(
        lambda moment: moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        return_type=str,
        when_used="json",
    ),
]


class BatchJobCreate(_Foreign):
    name: str = Field(description="1 to 100 characters.")
    description: str | None = Field(None, max_length=10_000)
    settings: dict[str, Any] | None = Field(None, description="BatchSettings, each of them optional.")
    video_count: int = Field(0, ge=0, description="Videos to be uploaded; 0 when they come by id.")
    file_names: list[str] | None = Field(None, description="Of the videos to be uploaded, in order.")
    concurrency: int | None = Field(None, ge=1, le=10, description="Videos worked on at once; 1 if left out.")
    priority: int | None = Field(None, ge=0, le=10, description="Left out: what your plan gives.")


class AddVideosRequest(_Foreign):
    video_ids: list[str]


class RetryRequest(_Foreign):
    video_ids: list[str] | None = Field(None, description="Which failed videos; all of them when left out.")


class BatchSettings(_Foreign):
    transcribe: bool
    remove_silence: bool
    detect_highlights: bool
    silence_threshold: float  # dB
    min_silence_duration: float  # seconds
    padding: float  # seconds
    highlight_sensitivity: str
    keywords: list[str]
    export_format: str
    export_quality: str
    language: str | None  # null: detected
    model: str | None


class BatchJobResponse(_Foreign):
    id: str
    user_id: str
    name: str
    description: str | None
    settings: BatchSettings
    status: BatchStatus
    progress_percentage: int = Field(description="(completed + failed) / total, 0 when empty.")
    total_videos: int
    completed_videos: int
    failed_videos: int
    cancelled_videos: int
    total_duration_seconds: float
    processed_duration_seconds: float
    estimated_time_remaining: int | None = Field(description="Seconds; null while unknown.")
    priority: int
    concurrency: int
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    updated_at: Moment


class BatchVideoResponse(_Foreign):
    id: str
    batch_job_id: str
    video_id: str = Field(description="Of the video in the library.")
    position: int
    status: ItemStatus
    progress: int
    progress_percentage: int
    current_stage: Stage | None
    error_message: str | None
    retry_count: int
    max_retries: int
    processing_result: dict[str, Any] | None
    output_video_url: str | None = Field(description="A signed link, for about two hours.")
    file_name: str
    duration_seconds: float | None
    thumbnail_url: str | None
    upload_url: str | None = Field(
        description="Where a video that has not come is to be PUT, for 15 minutes."
    )
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    updated_at: Moment


class BatchJobDetails(BatchJobResponse):
    videos: list[BatchVideoResponse]


class BatchJobRetried(BatchJobResponse):
    retried_count: int


class BatchJobCreated(_Foreign):
    batch_job: BatchJobResponse
    upload_urls: list[str] = Field(description="One PUT of the whole file to each, begun within 15 minutes.")


class BatchJobStarted(_Foreign):
    job_id: str
    batch_job: BatchJobResponse


class BatchJobPage(_Foreign):
    batch_jobs: list[BatchJobResponse]
    total: int
    limit: int
    offset: int


class BatchProgress(_Foreign):
    batch_job_id: str
    progress_percentage: int
    current_video_id: str | None
    current_video_name: str | None
    current_stage: Stage | None
    completed_count: int
    failed_count: int
    pending_count: int
    estimated_time_remaining: int | None


class BatchProgressEvent(_Foreign):
    """One message of the stream."""

    type: str  # as `event`, but “progress” for video_progress
    event: EventName
    batch_id: str
    video_id: str | None
    batch_video_id: str | None
    progress: int
    current_stage: Stage | None
    message: str
    batch: BatchProgress
    status: BatchStatus | None = None  # with batch_completed: how it ended


class ErrorBody(_Foreign):
    """Every refusal and every fault: `error` for programs, `detail` for people."""

    error: str
    detail: str


class BatchExportRequest(_Foreign):
    format: str = Field("zip", max_length=20, description="zip, merged or playlist.")
    include_failed: bool = False
    use_original_filenames: bool = True
    batch_name_prefix: bool = False
    custom_naming: str | None = Field(
        None, description="Of {position}, {name}, {ext} and plain text, such as {position}_{name}.{ext}."
    )


class BatchExportOrdered(_Foreign):
    export_id: str
    export_job_id: str  # the same
    status: ExportStatus


class BatchExportResponse(_Foreign):
    id: str
    export_id: str  # the same
    batch_job_id: str
    format: str
    status: ExportStatus
    progress: int
    download_url: str | None
    file_size: int | None
    created_at: Moment
    expires_at: Moment | None
    error: str | None
