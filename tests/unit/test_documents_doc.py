"""Word 97: text, tables, notes and what is hidden, in files that a small writer made."""
# ruff: noqa: RUF001 - signs of print are meant

import contextlib
import io
import struct

import pytest

from reelyard.errors import Reject
from reelyard.media.document import Block, BlockKind
from reelyard.testing.languages import STORIES, story
from reelyard.testing.word97 import IN_TABLE, ROW_END, Extras, Paragraph, compound, doc, doc_of
from reelyard.tools.documents.content import Content
from reelyard.tools.documents.doc import read as read_doc
from reelyard.tools.documents.doc_summary import title_of

HEADING, PARAGRAPH, ITEM, ROW = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW


def content(data: bytes) -> Content:
    return read_doc(io.BytesIO(data))


def texts(*paragraphs: Paragraph, extras: Extras | None = None) -> list[str]:
    return [one.text for one in content(doc_of(paragraphs, extras)).blocks]


def test_every_kind_of_block_is_read_as_it_was_meant() -> None:
    blocks = (
        Block(HEADING, "The Keeper", 1),
        Block(PARAGRAPH, "Once, a “fish” 🐟."),
        Block(ITEM, "a lamp"),
        Block(ITEM, "a spare one", 2),
        Block(ROW, "Thing, Number, State"),
        Block(ROW, "Stairs, 187, worn"),
        Block(BlockKind.BREAK, ""),
        Block(HEADING, "Two", 2),
        *[Block(PARAGRAPH, f"Paragraph {number}.") for number in range(200)],
    )

    assert content(doc(blocks)).blocks == blocks


@pytest.mark.parametrize("language", STORIES)
def test_each_language_is_read_whole(language: str) -> None:
    assert content(doc([Block(PARAGRAPH, story(language))])).blocks == (Block(PARAGRAPH, story(language)),)


def test_instructions_of_fields_are_gone_and_their_results_are_not() -> None:
    assert texts(Paragraph('See \x13 HYPERLINK "x" \x01\x14the page\x15.')) == ["See the page."]
    assert texts(Paragraph("\x13 IF \x13 PAGE \x147\x15 = 7 \x14seven\x15.")) == ["seven."]


def test_a_field_that_never_ends_hides_nothing() -> None:
    assert texts(Paragraph("\x13all"), Paragraph("of it")) == ["all", "of it"]


def test_hidden_and_deleted_words_are_gone() -> None:
    found = texts(
        Paragraph("One hidden two deleted three."), extras=Extras(hidden=[(4, 11)], deleted=[(15, 23)])
    )

    assert found == ["One two three."]


def test_a_text_of_one_byte_a_letter_is_read_with_its_formats() -> None:
    paragraphs = [Paragraph("Über “Köln”", style=1), Paragraph("One hidden two – five €."), Paragraph("End.")]

    found = content(doc_of(paragraphs, Extras(small=True, hidden=[(16, 23)])))

    assert found.blocks == (
        Block(HEADING, "Über “Köln”", 1),
        Block(PARAGRAPH, "One two – five €."),
        Block(PARAGRAPH, "End."),
    )


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    assert texts(Paragraph("one "), Paragraph("two"), extras=Extras(deleted=[(4, 5)])) == ["one two"]


def test_notes_follow_the_paragraph_that_names_them() -> None:
    found = texts(
        Paragraph("A word\x02."), Paragraph("Next."), extras=Extras(footnotes=[(6, "\x02 The note.")])
    )

    assert found == ["A word.", "The note.", "Next."]


def test_signs_of_its_own_are_words_or_nothing() -> None:
    assert texts(Paragraph("a\x0bb\tc\x1ed\x1fe\xa0f\x0cg\x0eh\x01")) == ["a b c-de f", "g h"]


def test_a_table_without_formats_loses_no_word() -> None:
    assert (
        " ".join(texts(Paragraph("a", mark="\x07"), Paragraph("b", mark="\x07"), Paragraph("end")))
        == "a b end"
    )


def test_a_table_inside_a_cell_is_read_in_its_place() -> None:
    depth = IN_TABLE + b"\x49\x66\x02\x00\x00\x00"
    inner = [
        Paragraph("x", properties=depth + b"\x4b\x24\x01"),
        Paragraph("y", properties=depth + b"\x4b\x24\x01"),
    ]
    end = Paragraph("", properties=depth + b"\x4b\x24\x01\x4c\x24\x01")

    found = texts(
        Paragraph("a", properties=IN_TABLE, mark="\x07"),
        *inner,
        end,
        Paragraph("b", properties=IN_TABLE, mark="\x07"),
        Paragraph("", properties=IN_TABLE + ROW_END, mark="\x07"),
        Paragraph("after"),
    )

    assert found == ["a", "x, y", "b", "after"]


@pytest.mark.parametrize(
    ("extras", "code", "word"),
    [
        (Extras(flags=0x0300), "encrypted", "password"),
        (Extras(magic=0xA5DC, version=0x0068), "unsupported_type", "older"),
        (Extras(version=0x0065), "unsupported_type", "older"),
        (Extras(magic=0x1234), "invalid_media", "damaged"),
        (Extras(flags=0x0000), "invalid_media", "damaged"),  # its tables would be in another stream
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(extras: Extras, code: str, word: str) -> None:
    with pytest.raises(Reject, match=word) as refused:
        content(doc_of([Paragraph("Secret.")], extras))

    assert refused.value.code == code
    assert refused.value.hint


@pytest.mark.parametrize(
    ("at", "value"), [(76, 0xFFFFFFF0), (76, 10_000_000), (418, 0xFFFFFF), (422, 0xFFFFFF)]
)
def test_lengths_that_lie_are_refused(at: int, value: int) -> None:
    data = bytearray(doc_of([Paragraph("Text.")]))
    struct.pack_into("<L", data, 512 + at, value)

    with pytest.raises(Reject):
        content(bytes(data))


def test_pieces_outside_of_the_file_are_refused() -> None:
    data = doc_of([Paragraph("Text.")])
    piece = struct.pack("<HLH", 0, 2048, 0)

    with pytest.raises(Reject):
        content(data.replace(piece, struct.pack("<HLH", 0, 0x3FFFFF00, 0)))


def test_a_chain_of_sectors_that_bites_its_tail_ends() -> None:
    data = bytearray(doc_of([Paragraph("Text.")]))
    table = data.rfind(struct.pack("<2L", 1, 2))
    for number in range(1, 8):
        struct.pack_into("<L", data, table + 4 * number, 1)

    with contextlib.suppress(Reject):
        content(bytes(data))


def test_the_title_is_read_in_its_code_page() -> None:
    def summary(raw: bytes, code_page: int) -> bytes:
        values = struct.pack("<LHH", 2, code_page, 0) + struct.pack("<2L", 0x1E, len(raw)) + raw
        section = struct.pack("<2L4L", 0, 2, 1, 24, 2, 32) + values
        return bytes(44) + struct.pack("<L", 48) + section

    assert title_of(summary("Смотритель\0".encode("cp1251"), 1251)) == "Смотритель"
    assert title_of(summary("Hüter\0".encode(), 65001)) == "Hüter"
    assert title_of(summary(b"x", 9999)) == ""
    assert title_of(b"short") == ""


def test_a_compound_file_of_something_else_is_refused() -> None:
    with pytest.raises(Reject):
        content(compound({"Workbook": b"cells"}))
