"""The words read are the words written, whatever they are and whatever they stand in."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from reelyard.media.document import Block, BlockKind
from reelyard.testing.documents import docx
from reelyard.testing.languages import STORIES
from reelyard.testing.word97 import doc
from reelyard.tools.documents.doc import read as read_doc
from reelyard.tools.documents.docx import read as read_docx

SENTENCES = [each for one in STORIES.values() for each in one]
ODD = ["🐟", "3.14", "1,000 W;", "…", "(p. 5)", "<b>", "&amp;", "]]>", "$1", "x" * 300]
texts = st.lists(st.sampled_from([*SENTENCES, *ODD]), min_size=1, max_size=6).map(" ".join)
# What a quotation is and which cells a row has is said by the format, and is another test's matter.
kinds = st.sampled_from([BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM])
documents = st.lists(st.builds(Block, kinds, texts, st.integers(1, 5)), min_size=1, max_size=20)


def words(blocks: tuple[Block, ...] | list[Block]) -> list[str]:
    return " ".join(block.text for block in blocks).split()


@settings(max_examples=60, deadline=None)
@given(documents)
def test_the_words_of_a_docx(blocks: list[Block]) -> None:
    found = read_docx(io.BytesIO(docx(blocks))).blocks

    assert words(found) == words(blocks)


@settings(max_examples=60, deadline=None)
@given(documents)
def test_the_words_of_a_doc(blocks: list[Block]) -> None:
    found = read_doc(io.BytesIO(doc(blocks))).blocks

    assert words(found) == words(blocks)
