"""Headings in a text that has no marks for them: short lines that stand alone before longer ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reelyard.media.document import Block, BlockKind, count_words

LONGEST = 80  # characters
MOST_WORDS = 10
LEAST_AFTER = 8  # words of the paragraph that follows
NUMERAL = r"(?:\d{1,3}|[ivxlcdm]{1,7}|[\w-]{1,14})"
PART = re.compile(
    rf"(?:(?:chapter|part|book|section|act|scene|kapitel|teil|buch|abschnitt|chapitre|partie|livre|cap[íi]tulo|parte"
    rf"|libro|capitolo|rozdzia[łl]|cz[ęe][śs][ćc]|kapitola|hoofdstuk|deel|глава|часть|розділ|частина)\s+{NUMERAL}"
    r"|prologue|epilogue|prolog|epilog|prólogo|epílogo|prologo|epilogo|пролог|эпилог|introduction|preface|foreword"
    r"|第\s*[0-9一二三四五六七八九十百]+\s*[章回部話节])(?:\s*$|\s*[.:–—-]\s*|\s+)",  # noqa: RUF001 - the dash is meant
    re.IGNORECASE,
)
ENDS = tuple('.!?,;:…。！？，、；：।؟"”»)')  # noqa: RUF001 - signs of other scripts
BEGINS = ("-", "–", "—", "“", '"', "«", "„", "‘", "'", "(", "[", "•", "*", "「", "『")  # noqa: RUF001


def with_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """The same blocks; paragraphs that are headings are said to be such."""
    for index, one in enumerate(blocks):
        before = blocks[index - 1] if index else None
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if one.kind is BlockKind.PARAGRAPH and _is_heading(one.text, before, after):
            yield Block(BlockKind.HEADING, one.text, 1 if index == 0 else 2)
        else:
            yield one


def _is_heading(text: str, before: Block | None, after: Block | None) -> bool:
    if len(text) > LONGEST or after is None or after.kind is BlockKind.BREAK:
        return False
    if PART.match(text) and count_words(text) <= MOST_WORDS and not text.endswith((",", ";")):
        return True
    if text.endswith(ENDS) or text.startswith(BEGINS) or count_words(text) > MOST_WORDS:
        return False
    first = text[0]
    if not (first.isupper() or first.isdigit() or (first.isalpha() and first.lower() == first.upper())):
        return False
    if sum(char.isalpha() for char in text) < 2:
        return False
    leads = after.kind is BlockKind.HEADING or PART.match(after.text) is not None
    leads = leads or (before is None and after.text.endswith(ENDS))
    is_prose = after.kind is BlockKind.PARAGRAPH and count_words(after.text) >= LEAST_AFTER
    # In a table or a poem that lost its form, lines of the same sort stand before it.
    alone = before is None or before.kind is not BlockKind.PARAGRAPH or before.text.endswith(ENDS)
    return alone and (leads or is_prose or text.isupper())
