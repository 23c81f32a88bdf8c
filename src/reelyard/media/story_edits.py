"""What a user may change in a story: text, voice, picture and seed of its chunks. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reelyard.errors import InvalidInput
from reelyard.media.story import PARAGRAPH, Story

MOST_TEXT = 20_000  # characters
MOST_VOICE = 200
MOST_PROMPT = 2_000
MOST_SEED = 2**31 - 1
_BETWEEN = re.compile(r"\n[^\S\n]*\n\s*")
_BROKEN = frozenset({"Cc", "Cs"})  # control characters, halves of characters
_SPACES = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class ChunkChange:
    """New values for fields of one chunk; None in any but the text means the story's own."""

    number: int
    values: Mapping[str, Any]  # text, voice, picture_prompt, seed: those that are to change


def edited(story: Story, changes: Sequence[ChunkChange]) -> Story:
    """The story with these changes, a later one over an earlier. Raises InvalidInput that names chunk and field."""
    chunks = {chunk.number: chunk for chunk in story.chunks}
    for one in changes:
        story.chunk(one.number)  # whether it is there
        values = {name: _READERS[name](one.number, value) for name, value in one.values.items()}
        chunks[one.number] = chunks[one.number].changed(values)
    return replace(story, chunks=tuple(chunks.values()))


def normal_text(number: int, value: Any) -> str:
    """The text of a chunk as it is kept: paragraphs are parted by blank lines, words by single spaces."""
    text = _plain(number, "text", value, 2 * MOST_TEXT)
    paragraphs = (" ".join(paragraph.split()) for paragraph in _BETWEEN.split(text))
    whole = PARAGRAPH.join(paragraph for paragraph in paragraphs if paragraph)
    if not whole:
        raise _refusal(number, "text", "it is empty", "Write at least one word.")
    if len(whole) > MOST_TEXT:
        raise _too_long(number, "text", len(whole), MOST_TEXT)
    return whole


def _plain(number: int, field: str, value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise _refusal(number, field, "it is not a text", "Send a string.")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > most:
        raise _too_long(number, field, len(text), most)
    for char in text:
        if unicodedata.category(char) in _BROKEN and char not in _SPACES:
            raise _refusal(
                number, field, f"it holds the character U+{ord(char):04X}, which is no text", "Take it out."
            )
    return text


def _line(field: str, most: int) -> Any:
    """Reads a text of one line; empty or null is the story's own."""

    def read(number: int, value: Any) -> str | None:
        return (" ".join(_plain(number, field, value, most).split()) or None) if value is not None else None

    return read


def _seed(number: int, value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_SEED:
        raise _refusal(
            number, "seed", f"it is not a whole number from 0 to {MOST_SEED}", "Leave it empty, or change it."
        )
    return value


_READERS: Mapping[str, Any] = {
    "text": normal_text,
    "voice": _line("voice", MOST_VOICE),
    "picture_prompt": _line("picture_prompt", MOST_PROMPT),
    "seed": _seed,
}
NAMES = {"text": "text", "voice": "voice", "picture_prompt": "picture's description", "seed": "seed"}


def _too_long(number: int, field: str, length: int, most: int) -> InvalidInput:
    return _refusal(number, field, f"it has {length:,} characters", f"At most {most:,} are taken.")


def _refusal(number: int, field: str, why: str, way_out: str) -> InvalidInput:
    return InvalidInput(
        f"The {NAMES[field]} of chunk {number} cannot be taken: {why}.",
        hint=way_out,
        field=field,
        chunk=number,
    )
