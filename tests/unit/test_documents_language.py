import pytest

from reelyard.media.document import Block, BlockKind
from reelyard.testing.languages import STORIES, story
from reelyard.tools.documents.language import language_of


def told(*texts: str) -> str | None:
    return language_of([Block(BlockKind.PARAGRAPH, text) for text in texts])


@pytest.mark.parametrize("language", STORIES)
def test_the_language_is_told(language: str) -> None:
    assert told(story(language)) == language


def test_the_language_is_that_of_most_of_the_text() -> None:
    assert told(*[story("de")] * 20, "But the end is in English.") == "de"


@pytest.mark.parametrize("text", ["12 345 67", "ok", "🐟 1,000 W", "Hmm aaa oh um eh", ""])
def test_what_has_no_language_is_said_to_have_none(text: str) -> None:
    assert told(text) is None
