"""The TypeScript types of section 2.3 and the payloads of the events, checked key by key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
JOB_STATUSES = {"DRAFT", "RUNNING", "PAUSED", "COMPLETED", "ERROR"}
ITEM_STATUSES = {"PENDING", "PROCESSING", "COMPLETED", "ERROR", "CANCELLED"}
NUMBER = (int, float)
STATUS, MOMENT, JOB, WHOLE = "a status", "a moment", "a BatchJob", "a whole number"

BATCH_JOB = {
    "id": str,
    "name": str,
    "status": JOB_STATUSES,
    "concurrency": WHOLE,
    "totalItems": WHOLE,
    "completedItems": WHOLE,
    "failedItems": WHOLE,
    "estimatedTimeRemaining?": NUMBER,
    "throughputMbps?": NUMBER,
    "createdAt": MOMENT,
    "updatedAt": MOMENT,
}
BATCH_ITEM = {
    "id": str,
    "fileName": str,
    "fileSize": WHOLE,
    "duration": NUMBER,
    "status": ITEM_STATUSES,
    "progress": NUMBER,
    "errorMessage?": str,
    "eta?": NUMBER,
    "confidence?": NUMBER,
    "transcriptId?": str,
}
JOB_MOVED: Json = {"jobId": str, "job": JOB}
EVENTS: dict[str, Json] = {
    "batch:job_progress": {
        "jobId": str,
        "status": JOB_STATUSES,
        "progress": NUMBER,
        "totalItems": WHOLE,
        "completedItems": WHOLE,
        "failedItems": WHOLE,
        "estimatedTimeRemaining?": NUMBER,
        "throughputMbps?": NUMBER,
    },
    "batch:item_progress": {
        "jobId": str,
        "itemId": str,
        "status": ITEM_STATUSES,
        "progress": NUMBER,
        "stage": str,
        "eta?": NUMBER,
    },
    "batch:item_completed": {
        "jobId": str,
        "itemId": str,
        "transcriptId": str,
        "confidence?": NUMBER,
        "duration": NUMBER,
    },
    "batch:item_error": {"jobId": str, "itemId": str, "errorMessage": str, "willRetry": bool},
    "batch:job_completed": JOB_MOVED,
    "batch:job_paused": JOB_MOVED,
    "batch:job_resumed": JOB_MOVED,
}


def check_job(value: Json) -> Json:
    return check(value, BATCH_JOB)


def check_item(value: Json) -> Json:
    return check(value, BATCH_ITEM)


def check_job_with_items(value: Json) -> Json:
    check_job({name: part for name, part in value.items() if name != "items"})
    for item in value["items"]:
        check_item(item)
    return value


def check_message(message: Json) -> None:
    """A message of the socket, the test's own time stamp apart."""
    assert set(message) - {"_at"} == {"event", "seq", "data"}
    assert type(message["seq"]) is int
    check(message["data"], EVENTS[message["event"]])


def check(value: Json, shape: Json) -> Json:
    """No key too many, none missing, each of its type."""
    required = {name for name in shape if not name.endswith("?")}
    known = {name.removesuffix("?"): kind for name, kind in shape.items()}
    assert required <= value.keys(), f"missing: {required - value.keys()}"
    assert value.keys() <= known.keys(), f"unknown: {value.keys() - known.keys()}"
    for name, part in value.items():
        _check_value(name, part, known[name])
    return value


def _check_value(name: str, value: Any, kind: Any) -> None:
    if isinstance(kind, set):
        assert value in kind, f"{name}: {value}"
    elif kind == MOMENT:
        assert datetime.fromisoformat(value).utcoffset() == timedelta(0), f"{name}: {value}"
    elif kind == WHOLE:
        assert type(value) is int, f"{name}: {value!r}"
        assert value >= 0, f"{name}: {value}"
    elif kind == JOB:
        check_job(value)
    else:
        assert isinstance(value, kind), f"{name}: {value!r}"
        assert kind is bool or not isinstance(value, bool), f"{name}: {value!r}"
