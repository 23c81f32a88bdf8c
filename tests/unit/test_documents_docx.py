"""DOCX: what a reader of the page sees, and nothing else."""
# ruff: noqa: RUF001 - letters and signs of other languages are meant

import io

import pytest

from reelyard.media.document import Block, BlockKind
from reelyard.testing.documents import docx, docx_of, packed, paragraph, part, run, table
from reelyard.testing.languages import STORIES, story
from reelyard.tools.documents.content import Content
from reelyard.tools.documents.docx import read as read_docx
from reelyard.tools.documents.reading_child import title_of

HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM
ROW, QUOTE, BREAK = BlockKind.ROW, BlockKind.QUOTE, BlockKind.BREAK


def content(data: bytes) -> Content:
    return read_docx(io.BytesIO(data))


def read(body: str, **parts: str) -> list[tuple[BlockKind, str]]:
    named = {f"word/{name}.xml": part(name, inside) for name, inside in parts.items()}
    return [(one.kind, one.text) for one in content(docx_of(body, parts=named)).blocks]


def words(*runs: str) -> str:
    return " ".join(text for _, text in read(paragraph(*runs)))


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_every_kind_of_block_is_read_as_it_was_meant() -> None:
    blocks = (
        Block(HEADING, "The Keeper", 1),
        Block(PARAGRAPH, "Once."),
        Block(ITEM, "a lamp"),
        Block(ITEM, "a spare one", 2),
        Block(ROW, "Thing, Number, State"),
        Block(ROW, "Stairs, 187, worn"),
        Block(BREAK, ""),
        Block(HEADING, "Two", 2),
        Block(QUOTE, "Said."),
    )

    assert content(docx(blocks)).blocks == blocks


@pytest.mark.parametrize("language", STORIES)
def test_each_language_is_read_whole(language: str) -> None:
    assert read(paragraph(story(language))) == [(PARAGRAPH, story(language))]


# --- words that are not text, and text that is no word ------------------------------------------------------


def test_runs_tabs_and_line_breaks_are_one_paragraph() -> None:
    assert (
        words(run("one "), run("two"), "<w:r><w:tab/></w:r>", run("three"), "<w:r><w:br/></w:r>", "four")
        == "one two three four"
    )


def test_tab_stops_are_no_spaces() -> None:
    stops = "<w:tabs><w:tab w:val='left' w:pos='720'/></w:tabs>"

    assert read(paragraph("word", properties=stops)) == [(PARAGRAPH, "word")]


def test_soft_hyphens_are_gone_and_hard_ones_are_kept() -> None:
    assert (
        words("ex\u00adtra", "<w:r><w:softHyphen/></w:r>", "<w:r><w:noBreakHyphen/></w:r>", "one")
        == "extra-one"
    )


def test_what_was_deleted_is_gone_and_what_was_inserted_is_kept() -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>old </w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="2">{run("there ")}</w:moveFrom><w:moveTo w:id="3">{run("here ")}</w:moveTo>'

    assert (
        words(run("the "), deleted, f'<w:ins w:id="4">{run("new ")}</w:ins>', moved, run("word"))
        == "the new here word"
    )


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    first = paragraph("one ", properties='<w:rPr><w:del w:id="1"/></w:rPr>')

    assert read(first + paragraph("two")) == [(PARAGRAPH, "one two")]


def test_a_deleted_row_is_gone() -> None:
    rows = table(["a", "b"], ["c", "d"]).replace("<w:tr>", '<w:tr><w:trPr><w:del w:id="1"/></w:trPr>', 1)

    assert read(rows) == [(ROW, "c, d")]


@pytest.mark.parametrize("properties", ["<w:vanish/>", '<w:vanish w:val="1"/>', '<w:rStyle w:val="Geheim"/>'])
def test_hidden_words_are_not_read(properties: str) -> None:
    assert words(run("seen "), run("secret ", properties), run("too")) == "seen too"


def test_what_a_style_hides_a_run_can_show() -> None:
    assert words(run("seen", '<w:rStyle w:val="Geheim"/><w:vanish w:val="0"/>')) == "seen"


def test_results_of_fields_are_read_and_instructions_are_not() -> None:
    link = '<w:r><w:instrText> HYPERLINK "http://x" </w:instrText></w:r>'
    nested = (
        field("begin")
        + run("IF ")
        + field("begin")
        + run("PAGE")
        + field("separate")
        + run("7")
        + field("end")
    )

    assert (
        words(field("begin"), link, field("separate"), run("the link"), field("end"), run(".")) == "the link."
    )
    assert words(nested, field("separate"), run("seven"), field("end")) == "seven"
    assert words(f'<w:fldSimple w:instr="DATE">{run("Monday")}</w:fldSimple>') == "Monday"


def test_a_field_that_never_ends_hides_nothing() -> None:
    assert read(paragraph(field("begin"), run("all")) + paragraph("of it")) == [
        (PARAGRAPH, "all"),
        (PARAGRAPH, "of it"),
    ]


def test_content_controls_links_and_tags_are_transparent() -> None:
    inside = (
        f'<w:sdt><w:sdtPr><w:alias w:val="no"/></w:sdtPr><w:sdtContent>{run("one ")}</w:sdtContent></w:sdt>'
    )

    assert (
        words(inside, f"<w:hyperlink>{run('two ')}</w:hyperlink>", f"<w:smartTag>{run('three')}</w:smartTag>")
        == "one two three"
    )


def test_letters_of_symbol_fonts_are_letters_and_pictograms_are_nothing() -> None:
    greek = '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>'
    smile = '<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'

    assert words(run("the "), greek, run("-rays"), smile, run(".")) == "the α-rays."


def test_small_print_above_a_word_is_left_out() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('かんじ')}</w:rt><w:rubyBase>{run('漢字')}</w:rubyBase></w:ruby></w:r>"

    assert words(ruby) == "漢字"


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('in the box')}</w:txbxContent>"
    both = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    assert read(paragraph(run("around "), both, run("it"))) == [
        (PARAGRAPH, "around it"),
        (PARAGRAPH, "in the box"),
    ]


def test_notes_follow_the_paragraph_that_names_them() -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="5"/></w:r>'
    footnotes = (
        f'<w:footnote w:type="separator" w:id="0">{paragraph("line")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph(run(" A note."))}{paragraph("Its rest.")}</w:footnote>'
    )

    found = read(
        paragraph("word", reference) + paragraph("next"),
        footnotes=footnotes,
        endnotes=f'<w:endnote w:id="5">{paragraph("The end.")}</w:endnote>',
    )

    assert [text for _, text in found] == ["word", "A note.", "Its rest.", "The end.", "next"]


def test_a_note_in_a_table_follows_its_row() -> None:
    cell = paragraph(run("b"), '<w:r><w:footnoteReference w:id="1"/></w:r>')

    found = read(
        table(["a", cell], ["c", "d"]), footnotes=f'<w:footnote w:id="1">{paragraph("note")}</w:footnote>'
    )

    assert found == [(ROW, "a, b"), (PARAGRAPH, "note"), (ROW, "c, d")]


# --- what a paragraph is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "level"),
    [
        ('<w:pStyle w:val="berschrift3"/>', 3),
        ('<w:pStyle w:val="Titel"/>', 1),
        ('<w:pStyle w:val="Meine"/>', 2),
        ('<w:outlineLvl w:val="4"/>', 5),
    ],
)
def test_headings_are_known_by_style_in_any_language_and_by_level(properties: str, level: int) -> None:
    assert content(docx_of(paragraph("Fog", properties=properties))).blocks == (Block(HEADING, "Fog", level),)


def test_a_style_of_headings_on_a_whole_page_makes_no_heading() -> None:
    assert read(paragraph("word " * 100, properties='<w:pStyle w:val="berschrift1"/>'))[0][0] is PARAGRAPH


def test_numbers_of_lists_are_said_and_bullets_are_not() -> None:
    def item(text: str, level: int, number: int = 2) -> str:
        return paragraph(
            text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        )

    body = (
        item("a", 0)
        + item("b", 1)
        + item("c", 1)
        + item("d", 0)
        + item("e", 1)
        + item("f", 0, 1)
        + item("g", 0, 0)
    )

    assert read(body) == [
        (ITEM, "1. a"),
        (ITEM, "1.a) b"),
        (ITEM, "1.b) c"),
        (ITEM, "2. d"),
        (ITEM, "2.a) e"),
        (ITEM, "f"),
        (PARAGRAPH, "g"),
    ]


def test_tables_in_tables_and_tables_for_layout_lose_nothing() -> None:
    inner = table(["x", "y"])

    assert read(table(["a", paragraph("b") + inner])) == [(PARAGRAPH, "a"), (PARAGRAPH, "b"), (ROW, "x, y")]
    assert read(table([paragraph("One.") + paragraph("Two.")])) == [(PARAGRAPH, "One."), (PARAGRAPH, "Two.")]
    assert read(table(["Total:", "", "5"])) == [(ROW, "Total:, 5")]


# --- titles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The Keeper", "The Keeper"),
        ("Microsoft Word - keeper.doc", "Heading"),
        ("Dokument1", "Heading"),
        ("final_v2.docx", "Heading"),
        ("", "Heading"),
    ],
)
def test_the_title_is_one_that_somebody_chose(said: str, expected: str) -> None:
    blocks = (Block(HEADING, "Heading", 1), Block(PARAGRAPH, "Text."))

    assert title_of(content(docx(blocks, title=said))) == expected


# --- packages -----------------------------------------------------------------------------------------------


def test_the_text_may_lie_elsewhere_in_the_package() -> None:
    target = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document2.xml"/>'
        "</Relationships>"
    )
    strict = part("document", f"<w:body>{paragraph('Here.')}</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )

    assert content(packed({"_rels/.rels": target, "word/document2.xml": strict})).blocks[0].text == "Here."


def test_what_is_embedded_as_a_document_is_said_to_be_missing() -> None:
    found = content(docx_of(paragraph("Text.") + "<w:altChunk/>"))

    assert [one.text for one in found.blocks] == ["Text."]
    assert "another document" in found.warnings[0]
