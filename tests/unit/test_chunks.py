from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelyard.errors import Reject
from reelyard.media.document import Block, BlockKind, Document
from reelyard.media.story import MOST_CHUNKS, Story
from reelyard.testing.languages import STORIES, story
from reelyard.tools.sentences import chunked

SENTENCES = [each for one in STORIES.values() for each in one]
ODD = [
    "🐟 🎣",
    "3.14",
    "1,000 W",
    "…",
    "(see p. 5)",
    "a",
    "“",
    "«",
    "”",
    '"',
    "e.g. this",
    "x" * 300,
    "你好" * 200,
]
KINDS = [kind for kind in BlockKind if kind is not BlockKind.BREAK]


def document(*texts: str, language: str = "en") -> Document:
    return Document("A title", tuple(Block(BlockKind.PARAGRAPH, text) for text in texts), language)


def block(kind: BlockKind, text: str = "", level: int = 0) -> Block:
    return Block(kind, text, level)


def told(*blocks: Block, words: int = 20) -> Story:
    return chunked(Document("A title", blocks, "en"), words)


def sentence(words: int, name: str = "word") -> str:
    return " ".join([name.capitalize(), *[name] * (words - 1)]) + "."


def letters(text: str) -> str:
    return "".join(text.split())


blocks = st.builds(
    lambda kind, parts, level: Block(kind, " ".join(parts), level),
    st.sampled_from(KINDS),
    st.lists(
        st.sampled_from([*SENTENCES, *ODD]) | st.from_regex(r"\S{1,12}", fullmatch=True),
        min_size=1,
        max_size=25,
    ),
    st.integers(0, 3),
)
documents = st.builds(
    lambda parts, language: Document("Any", tuple(parts), language),
    st.lists(blocks | st.just(Block(BlockKind.BREAK, "")), max_size=25),
    st.sampled_from([*STORIES, None]),
)


@settings(max_examples=80, deadline=None)
@given(documents, st.sampled_from([20, 33, 80, 2_000]))
def test_the_words_told_are_the_words_written(text: Document, words_per_chunk: int) -> None:
    if not text.words:
        return

    found = chunked(text, words_per_chunk)

    assert letters(found.text) == letters(" ".join(one.text for one in text.blocks))
    assert [chunk.number for chunk in found.chunks] == list(range(1, len(found.chunks) + 1))
    assert all(chunk.text.strip() for chunk in found.chunks)


@settings(max_examples=50, deadline=None)
@given(documents, st.sampled_from([20, 80]))
def test_no_chunk_is_longer_than_three_times_what_was_asked(text: Document, words_per_chunk: int) -> None:
    if not text.words:
        return
    heads = max((one.text.count(" ") + 1 for one in text.blocks if one.kind is BlockKind.HEADING), default=0)
    headings = sum(one.kind is BlockKind.HEADING for one in text.blocks)

    found = chunked(text, words_per_chunk)

    assert all(chunk.words <= 3 * words_per_chunk + 150 * heads * headings for chunk in found.chunks)


@pytest.mark.parametrize("language", STORIES)
def test_each_language_is_told_whole_and_cut_at_its_sentences(language: str) -> None:
    text = document(*[story(language)] * 12, language=language)

    found = chunked(text, 20)

    assert letters(found.text) == letters(story(language)) * 12
    assert len(found.chunks) > 3
    ends = {one[-1] for one in STORIES[language]}
    assert all(chunk.text[-1] in ends for chunk in found.chunks)


def test_the_same_text_always_gives_the_same_chunks() -> None:
    text = document(*[story("en")] * 30)

    assert chunked(text, 40).to_json() == chunked(text, 40).to_json()


def test_chunks_have_about_as_many_words_as_were_asked_for() -> None:
    text = document(*[" ".join([sentence(9), sentence(14), sentence(6)])] * 40)

    counts = [chunk.words for chunk in chunked(text, 80).chunks]

    assert sum(counts) == text.words
    assert all(55 <= count <= 110 for count in counts)


def test_there_is_no_crumb_at_the_end() -> None:
    counts = [chunk.words for chunk in chunked(document(*[sentence(10)] * 9), 40).chunks]

    assert sorted(counts) == [40, 50]


def test_a_heading_begins_a_chunk_and_stays_with_what_follows() -> None:
    found = told(
        block(BlockKind.HEADING, "One", 1),
        block(BlockKind.HEADING, "The beginning", 2),
        *[block(BlockKind.PARAGRAPH, sentence(18))] * 2,
        block(BlockKind.HEADING, "Two", 1),
        block(BlockKind.PARAGRAPH, sentence(5)),
    )

    assert [chunk.heading for chunk in found.chunks] == ["One", None, "Two"]
    assert found.chunks[0].paragraphs[:2] == ("One", "The beginning")
    assert len(found.chunks[0].paragraphs) == 3


def test_a_heading_at_the_very_end_is_told_with_what_came_before() -> None:
    found = told(block(BlockKind.PARAGRAPH, sentence(10)), block(BlockKind.HEADING, "The end", 1))

    assert [chunk.paragraphs for chunk in found.chunks] == [(sentence(10), "The end")]
    assert found.chunks[0].heading is None


def test_headings_alone_are_told_all_the_same() -> None:
    assert told(block(BlockKind.HEADING, "Nothing else", 1)).chunks[0].heading == "Nothing else"


def test_a_scene_ends_a_chunk_rather_than_a_paragraph() -> None:
    scene = [block(BlockKind.PARAGRAPH, sentence(8))] * 2

    found = told(*scene, block(BlockKind.BREAK), *scene, block(BlockKind.BREAK), *scene)

    assert [chunk.words for chunk in found.chunks] == [16, 16, 16]


def test_a_quotation_is_not_torn_when_it_can_be_helped() -> None:
    quoted = "“" + " ".join([sentence(6, "said")] * 3) + "”"
    text = document(" ".join([sentence(7), sentence(7), quoted, sentence(6), sentence(6)]))

    found = chunked(text, 20)

    assert [chunk.text.count("“") == chunk.text.count("”") for chunk in found.chunks] == [True] * len(
        found.chunks
    )


def test_a_list_is_kept_with_the_line_that_announces_it() -> None:
    items = [block(BlockKind.ITEM, sentence(4, f"item{number}")) for number in range(4)]

    found = told(
        block(BlockKind.PARAGRAPH, sentence(17)), block(BlockKind.PARAGRAPH, "Take with you:"), *items
    )

    assert found.chunks[1].paragraphs[0] == "Take with you:"
    assert len(found.chunks[1].paragraphs) == 5


def test_a_sentence_longer_than_a_chunk_is_not_cut() -> None:
    found = chunked(document(sentence(5), sentence(50), sentence(5)), 20)

    assert any(sentence(50) in chunk.text for chunk in found.chunks)


def test_a_run_without_any_end_is_cut_at_words() -> None:
    run = " ".join(f"w{number}" for number in range(500))

    found = chunked(document(run), 20)

    assert " ".join(chunk.text for chunk in found.chunks) == run
    assert max(chunk.words for chunk in found.chunks) <= 60


def test_a_change_moves_only_the_ends_near_it() -> None:
    texts = [
        " ".join(sentence(4 + (number * step) % 11, f"w{number}") for step in range(1, 6))
        for number in range(60)
    ]
    before = [chunk.text for chunk in chunked(document(*texts), 40).chunks]

    texts[30] = sentence(13, "new") + " " + texts[30]
    after = [chunk.text for chunk in chunked(document(*texts), 40).chunks]

    assert len(set(before) - set(after)) <= 4


def test_no_words_are_refused() -> None:
    with pytest.raises(Reject) as refused:
        chunked(document("…", "* 🐟 *"), 80)

    assert refused.value.code == "no_text"


@pytest.mark.parametrize("texts", [[sentence(25)] * 2_500, [" ".join([sentence(12)] * 9)] * 1_500])
def test_too_many_chunks_are_refused_and_what_is_named_would_do(texts: list[str]) -> None:
    text = document(*texts)

    with pytest.raises(Reject) as refused:
        chunked(text, 20)

    enough = int(_number(refused.value.hint))
    assert refused.value.code == "too_many_chunks"
    assert len(chunked(text, enough).chunks) <= MOST_CHUNKS
    assert enough < 200


def _number(text: Any) -> str:
    return "".join(char for char in text if char.isdigit())
