"""A document as chunks of about N words: a narration and a picture each.

Chosen by least cost over all ends of sentences between two headings: each chunk costs the square of how far it is
from N words, and each end costs by its place. A change in the text so moves the ends near it and no others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reelyard.errors import Reject
from reelyard.media.document import Block, BlockKind, Document, count_words
from reelyard.media.story import MOST_CHUNKS, PARAGRAPH, Chunk, Story
from reelyard.tools.sentences.clauses import pieces
from reelyard.tools.sentences.quotes import open_quotes
from reelyard.tools.sentences.splitting import split

LONGEST = 3  # times N: a chunk of several sentences never has more words, and a longer sentence is cut
FINEST = 40  # with many words to a chunk, sentences are taken together up to N / FINEST words
MOST_WORDS_PER_CHUNK = 2_000
CERTAINLY_TOO_MANY = 1.5  # times the words that fit: refused without being divided first
SPARE = 1.2

# What an end costs. A chunk of N/2 or 3N/2 words costs 0.25.
AT_SCENE = -0.35
AT_PARAGRAPH = 0.0
IN_LIST = 0.03
IN_PARAGRAPH = 0.06
BEFORE_LIST = 0.3
IN_QUOTE = 0.6
AFTER_HEADING = 1e6


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: a sentence, or a few short ones."""

    text: str  # with the space that follows it inside its paragraph
    words: int
    ends_paragraph: bool
    end_cost: float


def chunked(document: Document, words_per_chunk: int) -> Story:
    """Tell `document` in chunks of about `words_per_chunk` words that end where sentences end.

    A heading begins a chunk. The words of all chunks are those of the document, in order; the same document
    gives the same chunks. Raises Reject when there is no text, or too much of it for so small chunks.
    """
    words = document.words
    if not words:
        raise Reject("There are no words in this text.", code="no_text", hint="Send a text with words in it.")
    if words > MOST_CHUNKS * words_per_chunk * CERTAINLY_TOO_MANY:
        raise _too_many(words, words_per_chunk, words / MOST_CHUNKS)
    chunks: list[Chunk] = []
    sections = _sections(document.blocks)
    for section in sections:
        for number, text in enumerate(_texts(section, words_per_chunk, document.language)):
            heading = section[0].text if section[0].kind is BlockKind.HEADING and not number else None
            chunks.append(Chunk(len(chunks) + 1, text, heading))
    if len(chunks) > MOST_CHUNKS:
        divided = len(chunks) - len(sections)  # what larger chunks would make fewer
        room = MOST_CHUNKS - len(sections)
        raise _too_many(words, words_per_chunk, words_per_chunk * divided / room if room > 0 else math.inf)
    return Story(document.title, document.language, tuple(chunks))


def _too_many(words: int, words_per_chunk: int, least: float) -> Reject:
    """The refusal of more than MOST_CHUNKS chunks; with `least` words each there might just be so many."""
    enough = math.ceil(least * SPARE / 10) * 10 if least < MOST_WORDS_PER_CHUNK else math.inf
    hint = (
        f"Set words per chunk to {enough} or more."
        if enough <= MOST_WORDS_PER_CHUNK
        else "Divide the text into several files."
    )
    message = f"The text has {words:,} words: at {words_per_chunk} words each these are more than {MOST_CHUNKS:,} chunks."
    return Reject(message, code="too_many_chunks", hint=hint)


def _sections(blocks: Sequence[Block]) -> list[list[Block]]:
    """From heading to heading; one that no text follows stays with the next, or at the end with the last."""
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind is BlockKind.HEADING and _has_text(sections[-1]):
            sections.append([])
        if block.text or (block.kind is BlockKind.BREAK and sections[-1]):
            sections[-1].append(block)
    if len(sections) > 1 and not _has_text(sections[-1]):
        sections[-2:] = [[*sections[-2], *sections[-1]]]
    return sections


def _has_text(section: Sequence[Block]) -> bool:
    return any(block.kind not in (BlockKind.HEADING, BlockKind.BREAK) for block in section)


def _texts(section: Sequence[Block], target: int, language: str | None) -> Iterator[str]:
    units = list(_units(section, target, language))
    begin = 0
    for end in _ends(units, target):
        yield _joined(units[begin:end])
        begin = end


def _joined(units: Sequence[_Unit]) -> str:
    text = "".join(unit.text.rstrip() + PARAGRAPH if unit.ends_paragraph else unit.text for unit in units)
    return text.strip()


# --- what may be parted ---------------------------------------------------------------------------------


def _units(section: Sequence[Block], target: int, language: str | None) -> Iterator[_Unit]:
    blocks = list(section)
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.kind is not BlockKind.BREAK:
            yield from _of_block(block, _cost_after(block, following), target, language)


def _cost_after(block: Block, following: Block | None) -> float:
    if following is None:
        return AT_PARAGRAPH
    if block.kind is BlockKind.HEADING:
        return AFTER_HEADING
    if following.kind is BlockKind.BREAK:
        return AT_SCENE
    listed = (BlockKind.ITEM, BlockKind.ROW)
    if following.kind in listed and (block.kind not in listed or block.text.endswith(":")):
        return BEFORE_LIST
    return IN_LIST if block.kind in listed and following.kind is block.kind else AT_PARAGRAPH


def _of_block(block: Block, last_cost: float, target: int, language: str | None) -> Iterator[_Unit]:
    """The sentences of one block; short ones together where many words make a chunk."""
    if block.kind is BlockKind.HEADING:
        yield _Unit(block.text, count_words(block.text), ends_paragraph=True, end_cost=last_cost)
        return
    depths = open_quotes(parts := list(_parts(block.text, target, language)))
    held, words = "", 0
    for index, (part, depth) in enumerate(zip(parts, depths, strict=True)):
        held, words = held + part, words + count_words(part)
        last = index + 1 == len(parts)
        if last:
            yield _Unit(held, words, ends_paragraph=True, end_cost=last_cost + (IN_QUOTE / 3 if depth else 0))
        elif words > target / FINEST:
            yield _Unit(held, words, ends_paragraph=False, end_cost=IN_QUOTE if depth else IN_PARAGRAPH)
            held, words = "", 0


def _parts(text: str, target: int, language: str | None) -> Iterator[str]:
    for sentence in split(text, language):
        if count_words(sentence) > LONGEST * target:
            yield from pieces(sentence, target)
        else:
            yield sentence


# --- where it is parted ---------------------------------------------------------------------------------


def _ends(units: Sequence[_Unit], target: int) -> list[int]:
    """The indices behind the last unit of each chunk, by least cost; of equal ones the longer last chunk."""
    best, come_from = [0.0], [0]
    for end in range(1, len(units) + 1):
        least, chosen, words = math.inf, end - 1, 0
        for begin in range(end - 1, -1, -1):
            words += units[begin].words
            if words > LONGEST * target and begin < end - 1:
                break
            cost = best[begin] + ((words - target) / target) ** 2
            if cost <= least:
                least, chosen = cost, begin
        best.append(least + (units[end - 1].end_cost if end < len(units) else 0.0))
        come_from.append(chosen)
    ends = [len(units)]
    while come_from[ends[-1]] > 0:
        ends.append(come_from[ends[-1]])
    return ends[::-1]
