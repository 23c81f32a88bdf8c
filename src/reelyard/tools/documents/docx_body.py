"""The text of a Word file as its XML goes by: paragraphs, lists, tables, text boxes and notes.

[ECMA-376-1] 17. What is seen on paper or screen is kept; what tracks changes, hides or computes text is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from reelyard.media.document import Block, BlockKind
from reelyard.tools.documents.archive import damaged
from reelyard.tools.documents.content import MOST_BLOCKS, MOST_CHARACTERS, block, plain, too_long
from reelyard.tools.documents.docx_lists import Counters, Lists
from reelyard.tools.documents.docx_styles import BODY_LEVEL, Style, Styles, is_on
from reelyard.tools.documents.docx_tables import Row, blocks_of_row
from reelyard.tools.documents.marks import is_break, symbol
from reelyard.tools.documents.xml import parse

# Deleted, moved away, instructions, the second way to say the same, and what is set in small above a word.
SKIPPED = frozenset(
    {"w:moveFrom", "w:instrText", "w:delText", "w:delInstrText", "mc:Fallback", "w:pPrChange", "w:rPrChange"}
    | {"w:rt", "w:sdtPr", "w:sectPr", "w:tblPrChange", "w:trPrChange", "w:tcPrChange", "w:numberingChange"}
)
TEXTS = frozenset({"w:t", "m:t"})
LONGEST_HEADING = 300  # characters; a whole paragraph in the style of a heading is none
EMBEDDED = "A part of the text lies in another document inside this one and is left out."

T = TypeVar("T")


@dataclass(slots=True)
class _Paragraph:
    style: str | None = None
    outline: int | None = None
    number_id: str | None = None
    number_level: int | None = None
    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)  # of text boxes that hang on it
    hidden: bool = False  # by its style
    goes_on: bool = False  # its end was deleted: the next one is the rest of it


@dataclass(slots=True)
class _Run:
    hidden: bool | None = None  # by itself
    style_hidden: bool | None = None


class Body:
    """Reads one part; `blocks` is what stands in it, `notes_read` the texts of notes by their ids."""

    def __init__(self, styles: Styles, notes: Mapping[str, list[str]], lists: Lists | None = None) -> None:
        self._styles, self._notes, self._lists = styles, notes, lists or Lists()
        self._begin(with_fields=True)
        self._starts: dict[str, Callable[[Mapping[str, str]], None]] = {
            "w:p": lambda _: self._open_paragraph(),
            "w:r": lambda _: self._runs.append(_Run()),
            "w:tr": lambda _: self._rows.append(Row()),
            "w:tc": lambda _: self._sinks.append([]),
            "w:txbxContent": lambda _: self._sinks.append([]),
            "w:footnote": self._open_note,
            "w:endnote": self._open_note,
            "w:tab": lambda _: self._space(),
            "w:ptab": lambda _: self._space(),
            "w:br": lambda _: self._space(),
            "w:cr": lambda _: self._space(),
            "w:noBreakHyphen": lambda _: self._add("-"),
            "w:sym": lambda values: self._add(symbol(values.get("w:font", ""), values.get("w:char", ""))),
            "w:fldChar": lambda values: self._field(values.get("w:fldCharType", "")),
            "w:footnoteReference": lambda values: self._refer("footnote", values),
            "w:endnoteReference": lambda values: self._refer("endnote", values),
            "w:altChunk": lambda _: self._warn(EMBEDDED),
            "w:subDoc": lambda _: self._warn(EMBEDDED),
        }
        self._ends: dict[str, Callable[[], None]] = {
            "w:p": self._close_paragraph,
            "w:r": self._close_run,
            "w:tc": self._close_cell,
            "w:tr": self._close_row,
            "w:txbxContent": self._close_box,
            "w:footnote": self._close_note,
            "w:endnote": self._close_note,
        }

    def read(self, content: Callable[[], Iterator[bytes]]) -> None:
        """Read the part that `content` gives; raises Reject."""
        parse(content(), self)
        if self._fields:
            # A field that never ends would hide all behind it: then its instructions are the lesser evil.
            self._begin(with_fields=False)
            parse(content(), self)

    def _begin(self, *, with_fields: bool) -> None:
        self.blocks: list[Block] = []
        self.notes_read: dict[str, list[str]] = {}
        self.warnings: list[str] = []
        self._with_fields = with_fields
        self._counters = Counters(self._lists)
        self._path: list[str] = []
        self._skipped = 0  # elements open since the one that is skipped
        self._sinks: list[list[Block]] = [self.blocks]
        self._paragraphs: list[_Paragraph] = []
        self._runs: list[_Run] = []
        self._rows: list[Row] = []
        self._fields: list[bool] = []  # of each open field whether it is still in its instructions
        self._note: str | None = None
        self._rest = ""  # of a paragraph whose end was deleted
        self._characters = self._blocks = 0

    # --- what the parser tells ----------------------------------------------------------------------------

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if (
            self._skipped
            or name in SKIPPED
            or (name == "w:del" and self._path[-1:] not in (["w:rPr"], ["w:trPr"]))
        ):
            self._skipped += 1
            return
        if name == "mc:Choice" and self._path[-1:] == ["mc:AlternateContent+"]:
            self._skipped += 1  # a second choice says the same again
            return
        if name == "mc:Choice" and self._path:
            self._path[-1] = "mc:AlternateContent+"
        handler = self._starts.get(name)
        if handler is not None and not (name == "w:tab" and self._path[-1:] == ["w:tabs"]):
            handler(attributes)
        elif self._path and self._path[-1] in ("w:pPr", "w:rPr", "w:numPr", "w:trPr"):
            self._property(name, attributes)
        self._path.append(name)

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._path.pop()
        handler = self._ends.get(name)
        if handler is not None:
            handler()

    def text(self, data: str) -> None:
        if not self._skipped and self._path and self._path[-1] in TEXTS:
            self._add(data)

    # --- words --------------------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        if not self._paragraphs or True in self._fields or self._hidden():
            return
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise too_long()
        self._paragraphs[-1].parts.append(text)

    def _space(self) -> None:
        if self._runs:  # elsewhere a tab is a property of the paragraph
            self._add(" ")

    def _hidden(self) -> bool:
        run = self._runs[-1] if self._runs else _Run()
        if run.hidden is not None:
            return run.hidden
        return run.style_hidden if run.style_hidden is not None else self._paragraphs[-1].hidden

    def _field(self, kind: str) -> None:
        if not self._with_fields:
            return
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _refer(self, kind: str, attributes: Mapping[str, str]) -> None:
        texts = self._notes.get(f"{kind} {attributes.get('w:id', '')}", ())
        if self._paragraphs and not self._hidden():
            self._paragraphs[-1].notes.extend(texts)

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    # --- properties ---------------------------------------------------------------------------------------

    def _property(self, name: str, attributes: Mapping[str, str]) -> None:
        inside, around = self._path[-1], self._path[-2] if len(self._path) > 1 else ""
        value = attributes.get("w:val", "")
        if inside == "w:rPr" and around == "w:r" and self._runs:
            if name == "w:vanish":
                self._runs[-1].hidden = is_on(attributes)
            elif name == "w:rStyle":
                self._runs[-1].style_hidden = self._styles.resolved(value).hidden
        elif inside == "w:trPr" and name == "w:del" and self._rows:
            self._rows[-1].deleted = True
        elif self._paragraphs:
            self._paragraph_property(inside, name, value)

    def _paragraph_property(self, inside: str, name: str, value: str) -> None:
        paragraph = self._paragraphs[-1]
        if inside == "w:pPr" and name == "w:pStyle":
            paragraph.style = value
            paragraph.hidden = bool(self._styles.resolved(value).hidden)
        elif inside == "w:pPr" and name == "w:outlineLvl" and value.isdecimal():
            paragraph.outline = int(value)
        elif inside == "w:numPr" and name == "w:numId":
            paragraph.number_id = value
        elif inside == "w:numPr" and name == "w:ilvl" and value.isdecimal():
            paragraph.number_level = int(value)
        elif inside == "w:rPr" and name == "w:del":
            paragraph.goes_on = True

    # --- structure ----------------------------------------------------------------------------------------

    def _open_paragraph(self) -> None:
        paragraph = _Paragraph()
        self._paragraphs.append(paragraph)

    def _close_paragraph(self) -> None:
        paragraph = self._pop(self._paragraphs)
        text, self._rest = plain(self._rest + "".join(paragraph.parts)), ""
        if paragraph.goes_on:
            self._rest = text + " " if paragraph.parts and paragraph.parts[-1][-1:].isspace() else text
        elif text:
            self._put(self._classified(paragraph, text))
        for note in paragraph.notes:
            self._put_note(note)
        for one in paragraph.after:
            self._put(one)

    def _classified(self, paragraph: _Paragraph, text: str) -> Block:
        style = self._styles.resolved(paragraph.style)
        outline = paragraph.outline if paragraph.outline is not None else style.outline
        mark, level = self._listed(paragraph, style)
        numbered = f"{mark} {text}" if mark else text
        if is_break(text):
            return Block(BlockKind.BREAK, "")
        if outline is not None and outline < BODY_LEVEL and len(numbered) <= LONGEST_HEADING:
            return Block(BlockKind.HEADING, numbered, outline + 1)
        if level is not None:
            return Block(BlockKind.ITEM, numbered, level)
        return Block(BlockKind.QUOTE if style.quote else BlockKind.PARAGRAPH, text)

    def _listed(self, paragraph: _Paragraph, style: Style) -> tuple[str, int | None]:
        """The mark of a list item, and its level; None when it is none."""
        number_id = paragraph.number_id if paragraph.number_id is not None else style.number_id
        if number_id is None or number_id == "0":
            return "", None
        known = paragraph.number_level if paragraph.number_level is not None else style.number_level
        return self._counters.mark(number_id, known or 0), known or 0

    def _put(self, one: Block) -> None:
        self._sinks[-1].append(one)
        self._blocks += 1
        if self._blocks > MOST_BLOCKS:
            raise too_long()

    def _put_note(self, text: str) -> None:
        found = block(BlockKind.PARAGRAPH, text)
        if found is not None:
            (self._rows[-1].notes if self._rows else self._sinks[-1]).append(found)

    def _close_run(self) -> None:
        self._pop(self._runs)

    def _close_cell(self) -> None:
        cell = self._close_sink()
        if self._rows:
            self._rows[-1].cells.append(cell)
        else:
            self._sinks[-1].extend(cell)

    def _close_row(self) -> None:
        row = self._pop(self._rows)
        if not row.deleted:
            self._sinks[-1].extend(blocks_of_row(row))

    def _close_box(self) -> None:
        found = self._close_sink()
        (self._paragraphs[-1].after if self._paragraphs else self._sinks[-1]).extend(found)

    def _open_note(self, attributes: Mapping[str, str]) -> None:
        self._sinks.append([])
        is_text = attributes.get("w:type", "normal") == "normal"
        self._note = attributes.get("w:id", "") if is_text else None

    def _close_note(self) -> None:
        found = self._close_sink()
        if self._note is not None:
            self.notes_read[self._note] = [one.text for one in found if one.text]

    def _close_sink(self) -> list[Block]:
        if self._rest:  # the paragraph it would have gone on in is elsewhere
            self._put(Block(BlockKind.PARAGRAPH, self._rest.strip()))
            self._rest = ""
        return self._pop(self._sinks)

    @staticmethod
    def _pop(stack: list[T]) -> T:
        if not stack:
            raise damaged()
        return stack.pop()
