"""Stories and voices on the wire."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StrictInt

from reelyard.http.v1.schemas.common import Given, Moment, Told
from reelyard.http.v1.schemas.items import OutputTold
from reelyard.http.v1.schemas.transcripts import RevisionTold
from reelyard.media.story import MOST_CHUNKS
from reelyard.media.story_edits import MOST_SEED


class StoryChunkTold(Told):
    """One chunk. `narration`, `picture`, times and `alt` are of the story as it was told last; null when not made."""

    number: int
    text: str = Field(description="Paragraphs with a blank line between them.")
    heading: str | None = Field(
        description="When the chunk begins with one: its words, which stand in the text too."
    )
    words: int
    voice: str | None = Field(description="null: the story's.")
    picture_prompt: str | None = Field(description="null: taken from the text.")
    seed: int | None = Field(description="null: the story's.")
    start_s: float | None = Field(description="Seconds from the beginning of the narration.")
    end_s: float | None
    narration: OutputTold | None
    picture: OutputTold | None
    alt: str | None = Field(description="What the picture shows, in a sentence.")


class StoryTold(Told):
    """A story in its chunks."""

    item_id: str
    revision: int = Field(description="0 as it was cut; each change adds one.")
    told: bool = Field(description="Whether sound, pictures and film were made after it.")
    created_at: Moment
    title: str
    language: str | None
    words: int
    duration_s: float | None = Field(description="Of the narration.")
    chunks: list[StoryChunkTold]


class StoryRevisionsTold(Told):
    revisions: list[RevisionTold]


class ChunkGiven(Given):
    """New values for a chunk: what is left out stays, null is the story's own."""

    number: Annotated[StrictInt, Field(ge=1, le=MOST_CHUNKS)]
    text: str = Field("", description="1 to 20,000 characters; a blank line parts paragraphs.")
    voice: str | None = None
    picture_prompt: str | None = None
    seed: Annotated[StrictInt, Field(ge=0, le=MOST_SEED)] | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What is to change."""
        return self.model_dump(exclude={"number"}, exclude_unset=True)


class StoryChanges(Given):
    """Changes over revision `revision`, the newest; with `begin_from` over that earlier one instead."""

    chunks: list[ChunkGiven] = Field(max_length=MOST_CHUNKS)
    revision: StrictInt = Field(ge=0)
    begin_from: Annotated[StrictInt, Field(ge=0)] | None = Field(
        None, description="0, and no chunks: back to the story as it was cut."
    )


class VoiceTold(Told):
    """A voice that reads stories aloud."""

    id: str = Field(description="What the setting `voice` is given.")
    name: str
    language: str = Field(description="BCP 47; “mul” where it speaks any.")
    engine: str
    gender: str | None


class VoicesTold(Told):
    data: list[VoiceTold] = Field(description="The better ones first.")
