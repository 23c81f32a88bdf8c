"""Markdown: what its reader sees, without the marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING, BinaryIO

from reelyard.media.document import Block, BlockKind
from reelyard.tools.documents.content import MOST_BLOCKS, Content, block, bounded, row, too_long
from reelyard.tools.documents.encodings import decode
from reelyard.tools.documents.txt import blocks_of as plain_blocks_of
from reelyard.tools.documents.txt import whole

if TYPE_CHECKING:
    from markdown_it.token import Token

DEEPEST = 100  # lists in quotes in lists; what is deeper the parser drops without a word
TOO_DEEP = "The text is nested too deeply for Markdown and was read as plain text."
FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
# A footnote's text would be taken for a link's target, and be gone.
FOOTNOTE = re.compile(r"^( {0,3})\[\^([^\]\s]{1,80})\]:[ \t]*", re.MULTILINE)
FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,80}\]")
TASK = re.compile(r"^\[[ xX]\]\s+")
BREAKS = ("softbreak", "hardbreak")


def read(stream: BinaryIO) -> Content:
    """Read a Markdown text; raises Reject."""
    decoded = decode(whole(stream))
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    front = FRONT.match(text)
    title = TITLE.search(front[1]) if front is not None and ":" in front[1] else None
    if front is not None and ":" in front[1]:
        text = text[front.end() :]
    if text.count("\n\n") > MOST_BLOCKS:
        raise too_long()
    blocks = blocks_of(text)
    deep = (TOO_DEEP,) if blocks is None else ()
    return Content(
        tuple(bounded(plain_blocks_of(text) if blocks is None else blocks)),
        title[1].strip("\"'") if title else None,
        decoded.encoding,
        (*decoded.warnings, *deep),
    )


def blocks_of(text: str) -> Iterator[Block] | None:
    """The blocks of a Markdown text: CommonMark with tables and strikethrough; None when it is too deep."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 100 ms, only here

    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    tokens = parser.parse(FOOTNOTE_MARK.sub("", FOOTNOTE.sub(r"\1", text)))
    if any(token.level >= DEEPEST - 1 for token in tokens):
        return None
    return _Walk().blocks(tokens)


class _Walk:
    """Goes through the tokens once and remembers in which lists and quotes it is."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []  # the number of the next item; None: no numbers
        self._quotes = 0
        self._mark: str | None = None  # of an item whose first paragraph has not come yet
        self._cells: list[str] | None = None

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        html = _Html()
        for index, token in enumerate(tokens):
            if token.type in ("fence", "code_block"):
                found = self._paragraph(token.content)
            elif token.type == "inline":
                found = self._inline(token, tokens[index - 1])
            elif token.type == "html_block":
                yield from filter(None, (self._paragraph(part) for part in html.paragraphs(token.content)))
                continue
            else:
                found = self._structure(token)
            if found is not None:
                yield found

    def _structure(self, token: Token) -> Block | None:
        match token.type:
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                self._lists.pop()
                self._mark = None
            case "list_item_open":
                self._open_item(token)
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "tr_open":
                self._cells = []
            case "tr_close":
                cells, self._cells = self._cells or [], None
                return block(BlockKind.ROW, row(cells))
            case "hr":
                return Block(BlockKind.BREAK, "")
        return None

    def _open_item(self, token: Token) -> None:
        number = self._lists[-1]
        self._mark = "" if number is None else f"{number}{token.markup} "
        if number is not None:
            self._lists[-1] = number + 1

    def _inline(self, token: Token, opened: Token) -> Block | None:
        text = "".join(_visible(token.children or []))
        if opened.type == "heading_open":
            return block(BlockKind.HEADING, text, int(opened.tag[1:]))
        if self._cells is not None:
            self._cells.append(text)
            return None
        return self._paragraph(text)

    def _paragraph(self, text: str) -> Block | None:
        if self._mark is not None:
            mark, self._mark = self._mark, None
            return block(BlockKind.ITEM, mark + TASK.sub("", text), len(self._lists) - 1)
        return block(BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH, text)


def _visible(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type in BREAKS:
            yield " "
        elif token.type == "image":
            yield from _visible(token.children or [])
        elif token.type == "html_inline":
            yield " " if re.match(r"<br\b", token.content, re.IGNORECASE) else ""


class _Html(HTMLParser):
    """The text between tags; scripts, styles and comments say nothing to a reader."""

    BLOCKS = frozenset(
        "p div br li tr td th h1 h2 h3 h4 h5 h6 table ul ol blockquote summary details hr pre".split()  # noqa: SIM905
    )
    SILENT = frozenset({"script", "style", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._text: list[str] = []
        self._silent = 0

    def paragraphs(self, html: str) -> list[str]:
        """The paragraphs of a piece of HTML."""
        self.reset()
        self._text, self._silent = [], 0
        self.feed(html)
        self.close()
        return "".join(self._text).split("\0")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent += 1
        elif tag in self.BLOCKS:
            self._text.append("\0")
        elif tag == "img":
            self._text.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self.BLOCKS:
            self._text.append("\0")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data.replace("\0", ""))
