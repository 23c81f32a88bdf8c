"""A document in pieces that a text server can tell anew, and its answers as blocks again. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from reelyard.media.document import Block, BlockKind, count_words
from reelyard.tools.sentences import sentences

PIECE_WORDS = 800
FENCE = "```"
RULE = "***"


def pieces_of(blocks: Sequence[Block], language: str | None) -> tuple[tuple[Block, ...], ...]:
    """The blocks in pieces of about PIECE_WORDS. A heading begins one where the piece before has half of that."""
    found: list[list[Block]] = [[]]
    words = 0
    for block in chain.from_iterable(_bearable(block, language) for block in blocks):
        more = count_words(block.text)
        full = words + more > PIECE_WORDS or (block.kind is BlockKind.HEADING and words * 2 >= PIECE_WORDS)
        if full and words:
            heading = (
                found[-1].pop() if found[-1][-1].kind is BlockKind.HEADING and len(found[-1]) > 1 else None
            )
            found.append([heading] if heading is not None else [])
            words = count_words(heading.text) if heading is not None else 0
        found[-1].append(block)
        words += more
    return tuple(tuple(piece) for piece in found if any(block.text for block in piece))


def _bearable(block: Block, language: str | None) -> Iterator[Block]:
    """The block, or one that is too long for a piece by its sentences."""
    if count_words(block.text) <= PIECE_WORDS:
        yield block
        return
    held: list[str] = []
    words = 0
    for sentence in sentences(block.text, language):
        more = count_words(sentence)
        if held and words + more > PIECE_WORDS:
            yield replace(block, text=" ".join(held))
            held, words = [], 0
        held.append(sentence)
        words += more
    if held:
        yield replace(block, text=" ".join(held))


def as_markdown(blocks: Sequence[Block]) -> str:
    """The blocks as a server reads them: headings with #, items with -, quotes with >, scenes parted by ***."""
    return "\n\n".join(map(_line, blocks))


def _line(block: Block) -> str:
    match block.kind:
        case BlockKind.HEADING:
            return f"{'#' * min(6, max(1, block.level))} {block.text}"
        case BlockKind.ITEM:
            return f"- {block.text}"
        case BlockKind.QUOTE:
            return f"> {block.text}"
        case BlockKind.BREAK:
            return RULE
        case _:
            return block.text


def as_blocks(answer: str, marks: Sequence[str]) -> tuple[Block, ...]:
    """The answer as blocks, without the marks round the text and the fence that some servers set round all."""
    from reelyard.tools.documents.markdown import blocks_of  # noqa: PLC0415 - 100 ms, where a text is rewritten
    from reelyard.tools.documents.txt import blocks_of as plain_blocks_of  # noqa: PLC0415

    lines = [line for line in answer.strip().splitlines() if line.strip() not in marks]
    if len(lines) > 1 and lines[0].startswith(FENCE) and lines[-1].strip() == FENCE:
        lines = lines[1:-1]
    text = "\n".join(lines)
    found = blocks_of(text)
    return tuple(plain_blocks_of(text) if found is None else found)


def with_headings(original: Sequence[Block], told: Sequence[Block]) -> tuple[tuple[Block, ...], bool]:
    """`told` with the headings of `original`, word for word; and whether each was found again.

    Where their numbers differ, only the heading with which the piece began is certain.
    """
    wanted = [block for block in original if block.kind is BlockKind.HEADING]
    there = [block for block in told if block.kind is BlockKind.HEADING]
    if len(wanted) == len(there):
        left = iter(wanted)
        return tuple(next(left) if block.kind is BlockKind.HEADING else block for block in told), True
    if wanted and original[0] is wanted[0]:
        rest = told[1:] if told and told[0].kind is BlockKind.HEADING else told
        return (wanted[0], *rest), False
    return tuple(told), False
