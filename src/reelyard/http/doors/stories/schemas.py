"""What the founding plan's front end sends and reads."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AliasChoices, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from reelyard.core.batches.states import BatchStatus, ItemStatus
from reelyard.http.camel import Foreign

MOST_FILES = 10  # in one batch


class Step(StrEnum):
    STORY = "story"
    AUDIO = "audio"
    IMAGES = "images"  # the film, too


class EventName(StrEnum):
    BATCH_START = "batch-stories-start"
    BATCH_PROGRESS = "batch-stories-progress"
    BATCH_COMPLETE = "batch-stories-complete"
    BATCH_ERROR = "batch-stories-error"
    STORY_START = "auto-mode-start"
    STORY_PROGRESS = "auto-mode-progress"
    STORY_COMPLETE = "auto-mode-complete"
    STORY_ERROR = "auto-mode-error"


class StoryOptions(Foreign):
    """What is to be made; null and empty texts are as if they were not given."""

    generate_images: bool | None = None
    generate_audio: bool | None = None
    audio_voice: str | None = None
    words_per_chunk: Annotated[
        int | None,
        Field(validation_alias=AliasChoices("wordsPerChunk", "wordPerChunk", "words_per_chunk")),
    ] = None
    image_style: str | None = None
    custom_image_prompt: str | None = None
    custom_audio_prompt: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {
            name: one
            for name, one in value.items()
            if one is not None and not (isinstance(one, str) and not one.strip())
        }


class CreateStoriesRequest(StoryOptions):
    """A batch of stories from files that were uploaded. Without `autoMode` they wait to be asked for."""

    file_ids: list[str] = Field(min_length=1, max_length=MOST_FILES)
    name: str | None = None
    auto_mode: bool = False


class UploadedFile(Foreign):
    id: str
    file_name: str
    size: int  # bytes
    words: int | None = None  # absent while it is not known


class FileError(Foreign):
    """A file that was not taken, and why."""

    file_name: str
    message: str


class UploadedFiles(Foreign):
    files: list[UploadedFile]
    errors: list[FileError]


class CreatedStory(Foreign):
    id: str
    title: str
    status: ItemStatus


class CreatedStories(Foreign):
    batch_id: str
    stories: list[CreatedStory]


class GenerationStarted(Foreign):
    id: str
    status: ItemStatus


class Outputs(Foreign):
    """Links that hold for two hours; what was not made is absent."""

    text: str | None = None
    chunks: str | None = None
    audio: str | None = None
    images: list[str] = Field(default_factory=list)
    captions: str | None = None
    film: str | None = None

    @model_serializer(mode="wrap")
    def _made(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialise(self).items() if value is not None}


class Story(Foreign):
    id: str
    title: str
    file_name: str
    status: ItemStatus
    step: Step | None
    progress: int  # 0 to 100
    error: str | None
    outputs: Outputs


class BatchFacts(Foreign):
    """How a batch stands."""

    batch_id: str
    status: BatchStatus
    progress: int  # 0 to 100
    current_file: str | None
    current_step: Step | None
    completed: int
    failed: int
    total: int
    estimated_time_remaining: int | None  # seconds


class StoriesStatus(BatchFacts):
    stories: list[Story]


class StoryGlance(Foreign):
    """A story in an event; its links are in the status."""

    id: str
    title: str
    file_name: str
    status: ItemStatus
    step: Step | None
    progress: int
    error: str | None


class BatchNews(BatchFacts):
    """What is told of a batch; its stories as they are now, unless there are too many to tell each time."""

    stories: list[StoryGlance | Story] | None = None


class BatchFailure(BatchNews):
    """One story failed; the batch goes on."""

    story_id: str
    error: str


class StoryNews(Foreign):
    batch_id: str
    story_id: str
    step: Step | None
    progress: int
    message: str


class EventMessage(Foreign):
    """One message of the socket."""

    event: EventName
    seq: int
    data: BatchFailure | BatchNews | StoryNews


class ErrorBody(Foreign):
    status_code: int
    message: str
    error: str
