"""The core's events and live progress as this door's messages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reelyard.core.batches.progress import batch_progress
from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.http.doors.stories import schemas, translate
from reelyard.http.doors.stories.schemas import EventMessage, EventName, Step
from reelyard.http.facts import counts_then
from reelyard.http.figures import per_cent, places
from reelyard.pipeline.pipeline import Pipeline

STARTS = ("batch.started", "batch.redone", "batch.retried")
ENDS = (
    "batch.ended",
    "batch.waiting",
)  # what was asked for is done, even if other stories wait to be asked for
FAILED = ("item.failed", "items.failed")
STORY_EVENTS = {
    "item.started": EventName.STORY_START,
    "item.completed": EventName.STORY_COMPLETE,
    "item.failed": EventName.STORY_ERROR,
    "item.cancelled": EventName.STORY_ERROR,
    "items.failed": EventName.STORY_ERROR,
    "items.cancelled": EventName.STORY_ERROR,
}
BY_STATUS = {
    ItemStatus.COMPLETED: EventName.STORY_COMPLETE,
    ItemStatus.FAILED: EventName.STORY_ERROR,
    ItemStatus.CANCELLED: EventName.STORY_ERROR,
}
SAID = {
    EventName.STORY_START: "“{}” is begun",
    EventName.STORY_COMPLETE: "“{}” is completed",
    EventName.STORY_ERROR: "“{}” was cancelled",
}
DOING = {Step.STORY: "reading the text", Step.AUDIO: "speaking", Step.IMAGES: "drawing"}

Told = tuple[EventName, schemas.BatchNews | schemas.StoryNews]


@dataclass(frozen=True, slots=True)
class Known:
    """What messages tell beside the events: how the batch stands now, and its stories."""

    pipeline: Pipeline
    facts: schemas.BatchFacts
    auto: bool  # whether its stories are made without being asked for
    titles: Mapping[str, str] = field(default_factory=dict)  # by story
    stories: Sequence[schemas.StoryGlance] | None = None  # None: too many to tell
    whole: Sequence[schemas.Story] | None = None  # with their links, for the end


def of_event(seen: Mapping[str, Any], known: Known) -> list[EventMessage]:
    """The messages of one event as the feed tells it; none where only the batch's progress changed."""
    told = list(_told(seen["kind"], seen["data"], known))
    numbers = places(len(told), seen["seq"] or 0)
    return [EventMessage(event=name, seq=n, data=data) for (name, data), n in zip(told, numbers, strict=True)]


def of_progress(value: Mapping[str, Any], known: Known, seq: int) -> list[EventMessage]:
    """How far a running story is: `value` is what the live feed tells of it."""
    if not known.auto:
        return []
    step = translate.step(known.pipeline, ItemStatus.PROCESSING, value["stage"])
    data = schemas.StoryNews(
        batch_id=known.facts.batch_id,
        story_id=value["item_id"],
        step=step,
        progress=per_cent(value["progress"]),
        message=_doing(known, value["item_id"], step),
    )
    return [EventMessage(event=EventName.STORY_PROGRESS, seq=seq, data=data)]


def of_batch(known: Known, seq: int) -> EventMessage:
    """How far the batch is as a whole."""
    data = schemas.BatchNews(**_now(known), **_stories(known.stories))
    return EventMessage(event=EventName.BATCH_PROGRESS, seq=seq, data=data)


def of_state(known: Known, stories: Sequence[schemas.StoryGlance], seq: int) -> list[EventMessage]:
    """Where every story stands: for a client whose last number is older than the oldest event kept."""
    told: list[Told] = []
    for one in stories:
        if one.status is ItemStatus.FAILED:
            told.append(_failure(_now(known), one.id, one.error or "", known))
        if known.auto and one.status is not ItemStatus.PENDING:
            name = BY_STATUS.get(one.status, EventName.STORY_PROGRESS)
            message = one.error or SAID.get(name, "").format(one.title) or _doing(known, one.id, one.step)
            told.append((name, _story(known, one.id, one.step, one.progress, message)))
    if known.facts.status.ended:
        told.append((EventName.BATCH_COMPLETE, _end(_now(known), known)))
    return [EventMessage(event=name, seq=seq, data=data) for name, data in told]


def _told(kind: str, data: Mapping[str, Any], known: Known) -> Iterable[Told]:
    then = _then(data.get("batch"), known)
    if kind in STARTS and then["status"] == BatchStatus.PROCESSING:
        yield EventName.BATCH_START, schemas.BatchNews(**then, **_stories(known.stories))
    elif kind in ENDS:
        yield EventName.BATCH_COMPLETE, _end(then, known)
    elif kind in ("items.failed", "items.cancelled"):
        for item_id in data.get("item_ids", ()):
            yield from _of_story(kind, {"id": item_id, "error_message": data.get("message")}, then, known)
    elif "status" in (data.get("item") or {}):
        yield from _of_story(kind, data["item"], then, known)


def _of_story(kind: str, item: Mapping[str, Any], then: dict[str, Any], known: Known) -> Iterable[Told]:
    if kind in FAILED:
        error = translate.failure(item.get("error_message"), item.get("error_hint"))
        yield _failure(then, item["id"], error, known)
    name = STORY_EVENTS.get(kind, EventName.STORY_PROGRESS)
    if known.auto and (
        name is not EventName.STORY_PROGRESS
        or item["status"] == ItemStatus.PROCESSING
        or kind == "item.retrying"
    ):
        step = translate.step(known.pipeline, item.get("status", ""), item.get("stage"))
        message = _message(kind, name, item, step, known)
        yield name, _story(known, item["id"], step, per_cent(item.get("progress") or 0.0), message)


def _message(kind: str, name: EventName, item: Mapping[str, Any], step: Step | None, known: Known) -> str:
    error = translate.failure(item.get("error_message"), item.get("error_hint"))
    title = known.titles.get(item["id"], "A story")
    if kind in FAILED:
        return error
    if kind == "item.retrying":
        return f"“{title}” will be tried again: {error}"
    return SAID[name].format(title) if name in SAID else _doing(known, item["id"], step)


def _doing(known: Known, story_id: str, step: Step | None) -> str:
    doing = DOING[step] if step is not None else "at work"
    return f"“{known.titles.get(story_id, 'A story')}”: {doing}"


def _story(known: Known, story_id: str, step: Step | None, progress: int, message: str) -> schemas.StoryNews:
    return schemas.StoryNews(
        batch_id=known.facts.batch_id, story_id=story_id, step=step, progress=progress, message=message
    )


def _failure(then: dict[str, Any], story_id: str, error: str, known: Known) -> Told:
    told = schemas.BatchFailure(**then, **_stories(known.stories), story_id=story_id, error=error)
    return EventName.BATCH_ERROR, told


def _end(then: dict[str, Any], known: Known) -> schemas.BatchNews:
    over = {"current_file": None, "current_step": None, "estimated_time_remaining": None}
    return schemas.BatchNews(**{**then, **over}, **_stories(known.whole))


def _now(known: Known) -> dict[str, Any]:
    return known.facts.model_dump()


def _then(facts: Mapping[str, Any] | None, known: Known) -> dict[str, Any]:
    """The batch with its state and counters as they stood at the event."""
    now = _now(known)
    if facts is None:
        return now
    counts = counts_then(facts)
    return {
        **now,
        "status": BatchStatus(facts["status"]),
        "progress": per_cent(batch_progress(counts)),
        "completed": counts.completed,
        "failed": counts.failed,
        "total": counts.total,
    }


def _stories(told: Sequence[schemas.StoryGlance] | Sequence[schemas.Story] | None) -> dict[str, Any]:
    return {} if told is None else {"stories": list(told)}
