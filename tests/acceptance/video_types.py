"""The TypeScript types of the documents (4.2) with what the agreed contract adds, checked key by key."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BATCH_STATUSES = {"pending", "processing", "paused", "completed", "failed", "cancelled"}
VIDEO_STATUSES = {"pending", "uploading", "processing", "completed", "failed", "cancelled"}
STAGES = {"uploading", "transcribing", "removing_silence", "detecting_highlights", "exporting"}
EXPORT_STATUSES = {"pending", "processing", "completed", "failed", "cancelled", "expired"}
NUMBER = (int, float)
AN_ID, MOMENT, WHOLE, PERCENT, LINK = "an id", "a moment", "a whole number", "per cent", "a link"


class Or:
    """The kind, or null."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind


SETTINGS: Json = {
    "transcribe": bool,
    "remove_silence": bool,
    "detect_highlights": bool,
    "silence_threshold": NUMBER,
    "min_silence_duration": NUMBER,
    "padding": NUMBER,
    "highlight_sensitivity": {"low", "medium", "high", "max"},
    "keywords": list,
    "export_format": {"mp4", "mov", "webm"},
    "export_quality": {"720p", "1080p", "4K", "source"},
    "language": Or(str),
    "model": Or(str),
}
DEFAULTS: Json = {
    "transcribe": True,
    "remove_silence": False,
    "detect_highlights": False,
    "silence_threshold": -40.0,
    "min_silence_duration": 1.0,
    "padding": 0.2,
    "highlight_sensitivity": "medium",
    "keywords": [],
    "export_format": "mp4",
    "export_quality": "1080p",
    "language": None,
    "model": None,
}
BATCH_JOB: Json = {
    "id": AN_ID,
    "user_id": AN_ID,
    "name": str,
    "description": Or(str),
    "settings": SETTINGS,
    "status": BATCH_STATUSES,
    "progress_percentage": PERCENT,
    "total_videos": WHOLE,
    "completed_videos": WHOLE,
    "failed_videos": WHOLE,
    "cancelled_videos": WHOLE,
    "total_duration_seconds": NUMBER,
    "processed_duration_seconds": NUMBER,
    "estimated_time_remaining": Or(WHOLE),
    "priority": WHOLE,
    "concurrency": WHOLE,
    "created_at": MOMENT,
    "started_at": Or(MOMENT),
    "completed_at": Or(MOMENT),
    "updated_at": MOMENT,
}
BATCH_VIDEO: Json = {
    "id": AN_ID,
    "batch_job_id": AN_ID,
    "video_id": AN_ID,
    "position": WHOLE,
    "status": VIDEO_STATUSES,
    "progress": PERCENT,
    "progress_percentage": PERCENT,
    "current_stage": Or(STAGES),
    "error_message": Or(str),
    "retry_count": WHOLE,
    "max_retries": WHOLE,
    "processing_result": Or(dict),
    "output_video_url": Or(LINK),
    "file_name": str,
    "duration_seconds": Or(NUMBER),
    "thumbnail_url": Or(LINK),
    "upload_url": Or(LINK),
    "created_at": MOMENT,
    "started_at": Or(MOMENT),
    "completed_at": Or(MOMENT),
    "updated_at": MOMENT,
}
BATCH_PROGRESS: Json = {
    "batch_job_id": AN_ID,
    "progress_percentage": PERCENT,
    "current_video_id": Or(AN_ID),
    "current_video_name": Or(str),
    "current_stage": Or(STAGES),
    "completed_count": WHOLE,
    "failed_count": WHOLE,
    "pending_count": WHOLE,
    "estimated_time_remaining": Or(WHOLE),
}
EVENT: Json = {
    "type": str,
    "event": {
        "video_started",
        "video_progress",
        "video_completed",
        "video_failed",
        "video_cancelled",
        "batch_paused",
        "batch_resumed",
        "batch_completed",
    },
    "batch_id": AN_ID,
    "video_id": Or(AN_ID),
    "batch_video_id": Or(AN_ID),
    "progress": PERCENT,
    "current_stage": Or(STAGES),
    "message": str,
    "batch": BATCH_PROGRESS,
}
EXPORT: Json = {
    "id": AN_ID,
    "export_id": AN_ID,
    "batch_job_id": AN_ID,
    "format": {"zip", "merged", "playlist"},
    "status": EXPORT_STATUSES,
    "progress": PERCENT,
    "download_url": Or(LINK),
    "file_size": Or(WHOLE),
    "created_at": MOMENT,
    "expires_at": Or(MOMENT),
    "error": Or(str),
}


def check_job(value: Json) -> Json:
    return check(value, BATCH_JOB)


def check_details(value: Json) -> Json:
    check_job({name: part for name, part in value.items() if name != "videos"})
    for video in value["videos"]:
        check(video, BATCH_VIDEO)
        assert video["progress"] == video["progress_percentage"]
        assert video["batch_job_id"] == value["id"]
    return value


def check_export(value: Json) -> Json:
    return check(value, EXPORT)


def check_event(message: Json) -> Json:
    """A message of the stream; `_id` is what the browser noted."""
    told = {name: part for name, part in message.items() if name != "_id"}
    if told["event"] == "batch_completed":
        assert told.pop("status") in ("completed", "failed", "cancelled")
    check(told, EVENT)
    expected = "progress" if told["event"] == "video_progress" else told["event"]
    assert told["type"] == expected
    assert (told["video_id"] is None) == told["event"].startswith("batch_")
    assert (told["batch_video_id"] is None) == told["event"].startswith("batch_")
    assert told["message"]
    return message


def check(value: Json, shape: Json) -> Json:
    """No key too many, none missing, each of its type."""
    assert value.keys() == shape.keys(), f"{value.keys() ^ shape.keys()}"
    for name, part in value.items():
        _check_value(name, part, shape[name])
    return value


def _check_value(name: str, value: Any, kind: Any) -> None:
    if isinstance(kind, Or):
        if value is not None:
            _check_value(name, value, kind.kind)
    elif isinstance(kind, dict):
        check(value, kind)
    elif isinstance(kind, set):
        assert value in kind, f"{name}: {value}"
    elif kind == AN_ID:
        assert ID.fullmatch(value), f"{name}: {value}"
    elif kind == LINK:
        assert re.match(r"https?://[^/]+/", value), f"{name}: {value}"
    elif kind == MOMENT:
        assert datetime.fromisoformat(value).utcoffset() == timedelta(0), f"{name}: {value}"
    elif kind in (WHOLE, PERCENT):
        assert type(value) is int, f"{name}: {value!r}"
        assert 0 <= value <= (100 if kind == PERCENT else value), f"{name}: {value}"
    else:
        assert isinstance(value, kind), f"{name}: {value!r}"
        assert kind is bool or not isinstance(value, bool), f"{name}: {value!r}"
