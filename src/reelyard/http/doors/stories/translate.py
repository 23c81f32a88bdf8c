"""The core's words and the door's: options into settings, views into the types of the front end. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelyard.core.batches.service import BatchOrder
from reelyard.core.batches.states import ItemStatus
from reelyard.core.batches.views import BatchView, ItemView
from reelyard.http.doors.stories import schemas
from reelyard.http.doors.stories.schemas import Step
from reelyard.http.facts import phase_of
from reelyard.http.figures import per_cent, seconds_left, sentence
from reelyard.kit.file_names import stem_of
from reelyard.pipeline.pipeline import Pipeline

PIPELINE = "story"
NAME = "Stories"  # of a batch that was given none
ENDINGS = (".txt", ".doc", ".docx")
MOST_BYTES = 10 * 1024 * 1024  # of one file
SETTINGS: Mapping[str, str] = {  # the film follows from pictures and sound
    "generateImages": "images",
    "generateAudio": "audio",
    "audioVoice": "voice",
    "wordsPerChunk": "words_per_chunk",
    "imageStyle": "image_style",
    "customImagePrompt": "image_prompt",
    "customAudioPrompt": "audio_prompt",
}


def settings(asked: schemas.StoryOptions) -> dict[str, Any]:
    """The pipeline's settings: what was not given is left out."""
    given = asked.model_dump(by_alias=True, exclude_none=True)
    found = {setting: given[name] for name, setting in SETTINGS.items() if name in given}
    if "image_style" in found:
        found["image_style"] = "-".join(found["image_style"].lower().split())
    if "voice" in found:
        found["voice"] = found["voice"].strip()
    return found


def order(asked: schemas.CreateStoriesRequest) -> BatchOrder:
    """A new batch of this door's pipeline; without auto mode it waits to be asked."""
    name = (asked.name or "").strip() or NAME
    return BatchOrder(name, PIPELINE, settings=settings(asked), on_request=not asked.auto_mode)


def step(pipeline: Pipeline, status: str, stage: str | None) -> Step | None:
    """The larger step at which a story is, None where it is at none."""
    phase = phase_of(pipeline, stage) if status == ItemStatus.PROCESSING else None
    return Step(phase) if phase in set(Step) else None


def title_in(facts: Mapping[str, Any] | None) -> str | None:
    """The text's own title in what the stages returned; None before it was read."""
    for one in (facts or {}).values():
        if isinstance(one, Mapping) and isinstance(one.get("title"), str) and one["title"].strip():
            return str(one["title"])
    return None


def glance(view: ItemView, pipeline: Pipeline, title: str | None) -> schemas.StoryGlance:
    """A story, by its file's name where no title is known.

    Why it failed is told only while it is failed, not while it waits for its next try.
    """
    failed = view.error if view.status is ItemStatus.FAILED else None
    return schemas.StoryGlance(
        id=view.id,
        title=title or stem_of(view.file.name),
        file_name=view.file.name,
        status=view.status,
        step=step(pipeline, view.status, view.stage),
        progress=per_cent(view.progress),
        error=failure(failed.message, failed.hint) if failed else None,
    )


def story(seen: schemas.StoryGlance, outputs: schemas.Outputs) -> schemas.Story:
    return schemas.Story(**seen.model_dump(), outputs=outputs)


def created(seen: schemas.StoryGlance) -> schemas.CreatedStory:
    return schemas.CreatedStory(id=seen.id, title=seen.title, status=seen.status)


def batch(view: BatchView, current: schemas.StoryGlance | None) -> schemas.BatchFacts:
    """How the batch stands; `current` is a story that is being made."""
    return schemas.BatchFacts(
        batch_id=view.id,
        status=view.status,
        progress=per_cent(view.progress),
        current_file=current.file_name if current else None,
        current_step=current.step if current else None,
        completed=view.counts.completed,
        failed=view.counts.failed,
        total=view.total,
        estimated_time_remaining=seconds_left(view.eta_s),
    )


def failure(message: str | None, hint: str | None) -> str:
    """Why there is no story, as one text."""
    return sentence(message, hint, otherwise="The story could not be made.")
