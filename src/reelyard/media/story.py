"""A story as it is told: chunks of text in order, each with what its teller changed about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject
from reelyard.media.document import count_words

SCHEMA = "reelyard.story/1"
MOST_CHUNKS = 2_000
PARAGRAPH = "\n\n"  # between the paragraphs of a chunk


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a story: some paragraphs with one narration and one picture.

    None in `voice`, `picture_prompt` and `seed` means the story's own.
    """

    number: int  # from 1
    text: str  # paragraphs with PARAGRAPH between them; a heading is a paragraph
    heading: str | None = None  # when the chunk begins with one: its words, which also stand in `text`
    voice: str | None = None
    picture_prompt: str | None = None
    seed: int | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.text.split(PARAGRAPH))

    @property
    def words(self) -> int:
        return count_words(self.text)

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """The same with other fields; a changed text drops the heading that it no longer begins with."""
        new = replace(self, **changes)
        stale = new.heading is not None and new.paragraphs[0] != new.heading
        return replace(new, heading=None) if stale else new


@dataclass(frozen=True, slots=True)
class Story:
    """What is narrated and drawn."""

    title: str
    language: str | None  # ISO 639-1
    chunks: tuple[Chunk, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return PARAGRAPH.join(chunk.text for chunk in self.chunks)

    @property
    def words(self) -> int:
        return sum(chunk.words for chunk in self.chunks)

    def chunk(self, number: int) -> Chunk:
        """The chunk of that number; raises InvalidInput."""
        if not 1 <= number <= len(self.chunks):
            raise InvalidInput(
                f"This story has chunks 1 to {len(self.chunks)}; {number} was named.", field="number"
            )
        return self.chunks[number - 1]

    def to_json(self) -> dict[str, Any]:
        chunks = [{**asdict(chunk), "words": chunk.words} for chunk in self.chunks]
        return {"schema": SCHEMA, "title": self.title, "language": self.language, "chunks": chunks}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises InvalidInput."""
        data: dict[str, Any] = dict(value)
        if data.get("schema") != SCHEMA:
            raise InvalidInput(f"This is not a story of schema {SCHEMA}.")
        chunks = tuple(
            Chunk(**{name: each for name, each in one.items() if name != "words"}) for one in data["chunks"]
        )
        return cls(data["title"], data["language"], chunks)
