"""Plain texts and Markdown: what their lines mean."""
# ruff: noqa: RUF001 - letters and signs of other languages are meant

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.document import Block, BlockKind
from reelyard.testing.documents import markdown, txt
from reelyard.testing.languages import STORIES, story
from reelyard.tools.documents import markdown as markdown_reader
from reelyard.tools.documents import txt as txt_reader
from reelyard.tools.documents.reading_child import title_of
from reelyard.tools.documents.txt import blocks_of

HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM
ROW, QUOTE, BREAK = BlockKind.ROW, BlockKind.QUOTE, BlockKind.BREAK
PROSE = "She read the inventory twice, because figures calmed her."


def read(text: str) -> list[tuple[BlockKind, str]]:
    return [(one.kind, one.text) for one in blocks_of(text)]


def read_markdown(text: str) -> list[tuple[BlockKind, str]]:
    return [(one.kind, one.text) for one in markdown_reader.read(io.BytesIO(text.encode())).blocks]


EVERY_KIND = (
    Block(HEADING, "The Keeper", 1),
    Block(PARAGRAPH, PROSE),
    Block(ITEM, "a lamp"),
    Block(ITEM, "a spare one", 1),
    Block(ROW, "Thing, Number, State"),
    Block(ROW, "Stairs, 187, worn"),
    Block(BREAK, ""),
    Block(HEADING, "Chapter Two", 2),
    Block(PARAGRAPH, f"{PROSE} {PROSE}"),
)


def test_a_plain_text_is_read_as_it_was_meant() -> None:
    assert tuple(blocks_of(txt(EVERY_KIND))) == EVERY_KIND


def test_markdown_is_read_as_it_was_meant() -> None:
    blocks = (*EVERY_KIND, Block(QUOTE, "Said."), Block(PARAGRAPH, "Out."))

    assert markdown_reader.read(io.BytesIO(markdown(blocks).encode())).blocks == blocks


# --- lines of a plain text -------------------------------------------------------------------------------


def test_lines_cut_at_a_width_are_one_paragraph() -> None:
    text = (
        "It was a dark and stormy night when the old\nkeeper set out from the harbour, and nobody\n"
        "saw him leave, for the fog was thick.\n\nThe next day was bright."
    )

    assert read(text) == [
        (PARAGRAPH, text.partition("\n\n")[0].replace("\n", " ")),
        (PARAGRAPH, "The next day was bright."),
    ]


def test_lines_of_a_poem_stay_lines() -> None:
    lines = ["The sun was warm,", "the sea was blue,", "I sat and thought", "of none but you."]

    assert read("\n".join(lines)) == [(PARAGRAPH, line) for line in lines]


def test_a_line_may_be_a_whole_paragraph() -> None:
    assert read(f"{PROSE} {PROSE}\n{PROSE}\n{PROSE} {PROSE} {PROSE}") == [
        (PARAGRAPH, f"{PROSE} {PROSE}"),
        (PARAGRAPH, PROSE),
        (PARAGRAPH, f"{PROSE} {PROSE} {PROSE}"),
    ]


def test_an_indented_line_begins_a_paragraph() -> None:
    text = (
        "   It was a dark and stormy night when the old\nkeeper set out from the harbour.\n"
        "   He had not slept for three days, and the sea\nwas dark behind him."
    )

    assert [text.split()[0] for _, text in read(text)] == ["It", "He"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("the old light-", "house keeper went. A lighthouse!", "lighthouse keeper"),
        ("the self-", "made man. Another self-made one.", "self-made man"),
        ("the well-", "known man. Well, he is known here.", "well-known man"),
        ("the extra\u00ad", "ordinary man.", "extraordinary man"),
        ("the Jean-", "Paul of that story.", "Jean- Paul of"),
    ],
)
def test_a_word_divided_at_a_line_s_end_is_whole_again(first: str, second: str, expected: str) -> None:
    before = "It was a dark and stormy night for all of them,"

    text = read(f"{before}\nand nobody knew when he would see {first}\n{second}\n\nIt ends.")[0][1]

    assert expected in text


def test_chinese_lines_are_joined_without_a_space() -> None:
    text = (
        "老灯塔看守人深夜回到了家里他的妻子问道他去哪儿\n了他沉默了很久望着大海什么也没有说然后就离开了\n家。"
    )

    assert read(text) == [(PARAGRAPH, text.replace("\n", ""))]


@pytest.mark.parametrize("line", ["* * *", "***", "---", "⁂", "~~~", "•  •  •", "_____"])
def test_a_line_of_signs_is_a_break(line: str) -> None:
    assert read(f"{PROSE}\n\n{line}\n\n{PROSE}") == [(PARAGRAPH, PROSE), (BREAK, ""), (PARAGRAPH, PROSE)]


@pytest.mark.parametrize(
    "line",
    [
        "Monday",
        "What the inventory said",
        "CHAPTER ONE",
        "Kapitel 3: Die Rückkehr",
        "第三章",
        "Глава 5",
        "IV. The Fog",
    ],
)
def test_a_short_line_before_prose_is_a_heading(line: str) -> None:
    assert read(f"{PROSE}\n\n{line}\n\n{PROSE}")[1] == (HEADING, line)


@pytest.mark.parametrize(
    "line",
    [
        "He left.",
        "“No”",
        "– Where are you",
        "and so on",
        "Dear Mr. Pell,",
        "187",
        f"{'very ' * 12}long line without end",
    ],
)
def test_a_line_that_only_looks_short_is_none(line: str) -> None:
    assert read(f"{PROSE}\n\n{line}\n\n{PROSE}")[1][0] is not HEADING


def test_an_underlined_line_is_a_heading() -> None:
    assert read("The end of it\n=============\n\nYes.") == [(HEADING, "The end of it"), (PARAGRAPH, "Yes.")]


def test_list_items_lose_their_bullets_and_keep_their_numbers() -> None:
    text = "Take:\n - a lamp with a very long name that goes\n   on below\n • bread\n\n1. first\n2) second\n(3) third"

    assert read(text) == [
        (PARAGRAPH, "Take:"),
        (ITEM, "a lamp with a very long name that goes on below"),
        (ITEM, "bread"),
        (ITEM, "1. first"),
        (ITEM, "2) second"),
        (ITEM, "(3) third"),
    ]


def test_a_number_that_begins_a_line_of_prose_is_no_item() -> None:
    text = "It was a dark and stormy night, and the year was\n1999. The keeper set out from there, and nobody\nsaw him."

    assert read(text) == [(PARAGRAPH, text.replace("\n", " "))]


@pytest.mark.parametrize(
    "table",
    [
        "| Name | Age |\n|------|-----|\n| Anna | 41  |",
        "+------+-----+\n| Name | Age |\n+------+-----+\n| Anna | 41  |\n+------+-----+",
        "Name\tAge\nAnna\t41",
        "Name    Age\n====    ===\nAnna    41\n",
    ],
)
def test_a_drawn_table_becomes_rows(table: str) -> None:
    assert read(table)[:2] == [(ROW, "Name, Age"), (ROW, "Anna, 41")]


def test_quoted_lines_are_a_quotation() -> None:
    assert read("> They said\n\nNo.") == [(QUOTE, "They said"), (PARAGRAPH, "No.")]


def test_the_title_is_the_first_line_that_is_one() -> None:
    content = txt_reader.read(io.BytesIO(f"The Long Way Home\n\n{PROSE}\n".encode()))

    assert title_of(content) == "The Long Way Home"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_sort_of_line_end_is_one(end: str) -> None:
    assert read(f"One.{end}{end}Two.") == [(PARAGRAPH, "One."), (PARAGRAPH, "Two.")]


WORDS = st.sampled_from(
    [*(each for one in STORIES.values() for each in one), "e.g.", "1.", "-x", "3.14", "🐟", "(a)"]
)


@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), max_size=30),
    st.sampled_from(["\n", "\n\n", "\n   "]),
)
def test_no_word_is_lost_whatever_the_lines_are(lines: list[str], between: str) -> None:
    text = between.join(lines)

    found = "".join(one.text for one in blocks_of(text))

    assert [char for char in found if char.isalnum()] == [char for char in text if char.isalnum()]


@given(st.text(max_size=500))
def test_any_text_at_all_is_read(text: str) -> None:
    found = "".join(one.text for one in blocks_of(text))

    assert [char for char in found if char.isalnum()] == [char for char in text if char.isalnum()]


# --- Markdown --------------------------------------------------------------------------------------------


def test_marks_of_markdown_are_gone_and_its_words_are_not() -> None:
    text = (
        'A *very* **old** `lamp`, ~~or~~ [link](http://x.example "T") and ![a picture](p.png) &amp; &copy;\\\n'
        "next<br>line <b>bold</b> <!-- silent --> <http://y.example>"
    )

    assert read_markdown(text) == [
        (PARAGRAPH, "A very old lamp, or link and a picture & © next line bold http://y.example")
    ]


def test_html_blocks_lose_their_tags_only() -> None:
    text = "<div>\n<p>One &eacute;</p><p>Two</p>\n<script>evil()</script><style>p {}</style>\n</div>"

    assert read_markdown(text) == [(PARAGRAPH, "One é"), (PARAGRAPH, "Two")]


def test_front_matter_gives_the_title_and_is_not_told() -> None:
    content = markdown_reader.read(io.BytesIO(b'---\ntitle: "The Keeper"\ntags: [x]\n---\n\n# One\n\nText.'))

    assert title_of(content) == "The Keeper"
    assert [one.text for one in content.blocks] == ["One", "Text."]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read_markdown("---\n\nText.\n\n---\n\nMore.") == [
        (BREAK, ""),
        (PARAGRAPH, "Text."),
        (BREAK, ""),
        (PARAGRAPH, "More."),
    ]


def test_lists_keep_their_numbers_and_levels() -> None:
    content = markdown_reader.read(
        io.BytesIO(b"3. three\n4. four\n   - deeper\n\n     and more\n- [x] done\n")
    )

    assert content.blocks == (
        Block(ITEM, "3. three"),
        Block(ITEM, "4. four"),
        Block(ITEM, "deeper", 1),
        Block(PARAGRAPH, "and more"),
        Block(ITEM, "done"),
    )


def test_footnotes_and_code_are_told() -> None:
    text = "Word[^1].\n\n```python\nx = 1\n```\n\n[^1]: http://z.example\n"

    assert read_markdown(text) == [
        (PARAGRAPH, "Word."),
        (PARAGRAPH, "x = 1"),
        (PARAGRAPH, "http://z.example"),
    ]


def test_both_styles_of_headings_and_rows_of_tables() -> None:
    text = "Title\n=====\n\n### Deep *one* ###\n\n| a | b |\n|---|--:|\n| `c` | **d** |\n|   | e |\n"

    assert read_markdown(text) == [
        (HEADING, "Title"),
        (HEADING, "Deep one"),
        (ROW, "a, b"),
        (ROW, "c, d"),
        (ROW, "e"),
    ]


@pytest.mark.parametrize("language", STORIES)
def test_each_language_is_read_whole(language: str) -> None:
    assert read_markdown(story(language)) == read(story(language)) == [(PARAGRAPH, story(language))]


@pytest.mark.parametrize(
    "text", [">" * 1_000 + " deep\n\nmore", "".join(f"{'  ' * n}- deep\n" for n in range(90)) + "more"]
)
def test_what_is_nested_too_deeply_for_markdown_loses_no_word(text: str) -> None:
    found = markdown_reader.read(io.BytesIO(text.encode()))

    assert " ".join(one.text for one in found.blocks).count("deep") == text.count("deep")
    assert found.blocks[-1].text.endswith("more")
    assert found.warnings
