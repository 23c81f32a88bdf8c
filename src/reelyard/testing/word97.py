"""Small Word 97 files for tests: a compound file with a text, styles, lists, tables, notes and hidden words."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reelyard.media.document import Block, BlockKind

SECTOR = 512
LEAST = 4096  # bytes of a stream that is kept in sectors of its own
END, FREE, IS_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
TEXT_AT = 2048
PER_PAGE = 8
IN_TABLE, ROW_END = b"\x16\x24\x01", b"\x17\x24\x01"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with its mark, and how it is formatted."""

    text: str
    style: int = 0
    properties: bytes = b""
    mark: str = "\r"


@dataclass(frozen=True, slots=True)
class Extras:
    """What a file may have besides its paragraphs."""

    hidden: Sequence[tuple[int, int]] = ()  # characters from and up to
    deleted: Sequence[tuple[int, int]] = ()
    footnotes: Sequence[tuple[int, str]] = ()  # at which character, and what they say
    flags: int = 0x0200  # the tables are in "1Table"; 0x0100 more: encrypted
    magic: int = 0xA5EC
    version: int = 0x00C1
    small: bool = False  # a byte for each letter, as Word writes western texts
    streams: Mapping[str, bytes] = field(default_factory=dict)


def doc(blocks: Sequence[Block]) -> bytes:
    """A DOC of these blocks; rows become a table."""
    return doc_of([one for block in blocks for one in _paragraphs(block)])


def doc_of(paragraphs: Sequence[Paragraph], extras: Extras | None = None) -> bytes:
    """A DOC of these paragraphs."""
    extras = extras or Extras()
    main = "".join(one.text + one.mark for one in paragraphs)
    notes = [text + "\r" for _, text in extras.footnotes]
    text = main + "".join(notes)
    word = bytearray(TEXT_AT) + text.encode("cp1252" if extras.small else "utf-16-le")
    tables = bytearray()
    fields = {33: _clx(_units(text), small=extras.small), 1: _styles()}
    fields[13] = _paragraph_pages(word, paragraphs, 1 if extras.small else 2)
    fields[12] = _character_pages(word, extras)
    if notes:
        places = [place for place, _ in extras.footnotes]
        fields[2] = struct.pack(f"<{len(places) + 1}L", *places, _units(main)) + b"\1\0" * len(places)
        starts = [sum(map(_units, notes[:n])) for n in range(len(notes) + 1)]
        fields[3] = struct.pack(f"<{len(starts)}L", *starts)
    struct.pack_into("<2H", word, 0, extras.magic, extras.version)
    struct.pack_into("<H", word, 10, extras.flags)
    struct.pack_into("<H", word, 32, 14)
    struct.pack_into("<H", word, 62, 22)
    struct.pack_into("<2L", word, 76, _units(main), sum(map(_units, notes)))
    struct.pack_into("<H", word, 152, 0x5D)
    for index, data in fields.items():
        struct.pack_into("<2L", word, 154 + 8 * index, len(tables), len(data))
        tables += data
    return compound({"WordDocument": bytes(word), "1Table": bytes(tables), **extras.streams})


def _paragraphs(block: Block) -> Iterator[Paragraph]:
    match block.kind:
        case BlockKind.HEADING:
            yield Paragraph(block.text, style=block.level)
        case BlockKind.ITEM:
            yield Paragraph(block.text, properties=b"\x0b\x46\x01\x00\x0a\x26" + bytes([block.level]))
        case BlockKind.ROW:
            for cell in block.text.split(", "):
                yield Paragraph(cell, properties=IN_TABLE, mark="\x07")
            yield Paragraph("", properties=IN_TABLE + ROW_END, mark="\x07")
        case BlockKind.BREAK:
            yield Paragraph("* * *")
        case _:
            yield Paragraph(block.text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _clx(length: int, *, small: bool) -> bytes:
    place = 2 * TEXT_AT | 0x40000000 if small else TEXT_AT
    pieces = struct.pack("<2L", 0, length) + struct.pack("<HLH", 0, place, 0)
    return b"\x02" + struct.pack("<L", len(pieces)) + pieces


def _styles() -> bytes:
    described = b"".join(struct.pack("<H5H", 10, number, 0xFFF0 | 1, 0, 0, 0) for number in range(10))
    return struct.pack("<H9H", 18, 10, 10, *([0] * 7)) + described


def _paragraph_pages(word: bytearray, paragraphs: Sequence[Paragraph], width: int) -> bytes:
    runs, at = [], TEXT_AT
    for one in paragraphs:
        end = at + width * _units(one.text + one.mark)
        data = struct.pack("<H", one.style) + one.properties
        data += b"\0" * (len(data) % 2)
        runs.append((at, end, bytes([0, len(data) // 2]) + data))
        at = end
    return _pages(word, runs, 13)


def _character_pages(word: bytearray, extras: Extras) -> bytes:
    marked = [(span, b"\x3c\x08\x01") for span in extras.hidden] + [
        (span, b"\x00\x08\x01") for span in extras.deleted
    ]
    runs, at = [], TEXT_AT
    for (begin, end), data in sorted(marked):
        width = 1 if extras.small else 2
        first, last = TEXT_AT + width * begin, TEXT_AT + width * end
        runs += [(at, first, b""), (first, last, bytes([len(data)]) + data)]
        at = last
    return _pages(word, runs, 1) if runs else b""


def _pages(word: bytearray, runs: Sequence[tuple[int, int, bytes]], width: int) -> bytes:
    """Append pages of formats to the stream; the list of them."""
    bounds, numbers = [], []
    for first in range(0, len(runs), PER_PAGE):
        some = runs[first : first + PER_PAGE]
        page = bytearray(SECTOR)
        struct.pack_into(f"<{len(some) + 1}L", page, 0, *(run[0] for run in some), some[-1][1])
        at = SECTOR - 2
        for index, (_, _, data) in enumerate(some):
            if data:
                at = (at - len(data)) // 2 * 2
                page[at : at + len(data)] = data
                page[4 * (len(some) + 1) + width * index] = at // 2
        page[-1] = len(some)
        word += b"\0" * (-len(word) % SECTOR)
        numbers.append(len(word) // SECTOR)
        bounds.append(some[0][0])
        word += page
    return struct.pack(f"<{len(bounds) + 1}L{len(numbers)}L", *bounds, runs[-1][1], *numbers)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each in sectors of its own. [MS-CFB]"""
    fat: list[int] = []
    body = b""
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    for index, (name, data) in enumerate(streams.items(), 1):
        filled = data.ljust(LEAST, b"\0")
        filled += b"\0" * (-len(filled) % SECTOR)
        begin, count = len(fat), len(filled) // SECTOR
        fat += [*range(begin + 1, begin + count), END]
        body += filled
        follows = index + 1 if index < len(streams) else FREE
        entries.append(_entry(name, 2, begin, max(len(data), LEAST), right=follows))
    directory = b"".join(entries)
    directory += _entry("", 0, 0, 0) * (-len(entries) % 4)
    directory_at = len(fat)
    fat += [*range(directory_at + 1, directory_at + len(directory) // SECTOR), END]
    body += directory
    fats = -(-(len(fat) + 1) // (SECTOR // 4 - 1))
    fat_at = len(fat)
    fat += [IS_FAT] * fats
    fat += [FREE] * (-len(fat) % (SECTOR // 4))
    body += struct.pack(f"<{len(fat)}L", *fat)[: fats * SECTOR]
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    head += struct.pack("<9L", 0, fats, directory_at, 0, LEAST, END, 0, END, 0)
    places = [*range(fat_at, fat_at + fats), *([FREE] * (109 - fats))]
    return head + struct.pack("<109L", *places) + body


def _entry(name: str, kind: int, begin: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    raw = name.encode("utf-16-le")
    length = len(raw) + 2 if name else 0
    links = struct.pack("<3L", FREE, right, child)
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB", length, kind, 1)
        + links
        + bytes(36)
        + struct.pack("<LQ", begin, size)
    )
