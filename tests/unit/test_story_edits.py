"""What may be changed in a story's chunks, and how it is kept."""

from __future__ import annotations

from typing import Any

import pytest

from reelyard.errors import InvalidInput
from reelyard.media.story import Chunk, Story
from reelyard.media.story_edits import MOST_TEXT, ChunkChange, edited

STORY = Story(
    "The keeper",
    "en",
    (Chunk(1, "The keeper\n\nHe lit the lamp.", heading="The keeper"), Chunk(2, "Then he slept.", seed=7)),
)


def changed(number: int, **values: Any) -> Chunk:
    return edited(STORY, [ChunkChange(number, values)]).chunk(number)


def test_only_what_is_named_changes() -> None:
    after = edited(STORY, [ChunkChange(2, {"voice": "espeak:de"}), ChunkChange(2, {"seed": None})])

    assert after.chunk(1) == STORY.chunk(1)
    assert after.chunk(2) == Chunk(2, "Then he slept.", voice="espeak:de")


def test_paragraphs_are_parted_by_blank_lines_and_words_by_single_spaces() -> None:
    text = "\r\n One\twide \r\nline.\r\n \t\r\n\r\n\n Another   paragraph. \n"

    assert changed(2, text=text).text == "One wide line.\n\nAnother paragraph."


def test_a_heading_goes_with_the_words_that_were_it() -> None:
    assert changed(1, text="The keeper\n\nHe slept.").heading == "The keeper"
    assert changed(1, text="He slept.").heading is None


def test_an_empty_voice_or_description_is_the_storys_own() -> None:
    after = changed(2, voice=" ", picture_prompt="", seed=None)

    assert (after.voice, after.picture_prompt, after.seed) == (None, None, None)


@pytest.mark.parametrize("length", [1, MOST_TEXT])
def test_texts_of_any_length_allowed_are_kept(length: int) -> None:
    assert len(changed(2, text="x" * length).text) == length


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t\n "}, "text"),
        ({"text": "x" * (MOST_TEXT + 1)}, "text"),
        ({"text": "x" * (3 * MOST_TEXT)}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\x07b"}, "text"),
        ({"text": "a\x85b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"text": None}, "text"),
        ({"voice": "x" * 201}, "voice"),
        ({"voice": "a\x00"}, "voice"),
        ({"picture_prompt": "x" * 2_001}, "picture_prompt"),
        ({"picture_prompt": "\x1b[2J"}, "picture_prompt"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": "7"}, "seed"),
    ],
)
def test_what_cannot_be_taken_names_chunk_and_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        changed(2, **values)

    assert refused.value.details == {"field": field, "chunk": 2}
    assert "chunk 2" in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_chunk_that_is_not_there_is_named(number: int) -> None:
    with pytest.raises(InvalidInput, match=f"1 to 2; {number} "):
        changed(number, text="x")
