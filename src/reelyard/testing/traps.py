"""Documents made to harm: bombs, entities, lies about sizes, references to the outside. Harmless where refused."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator, Mapping

from reelyard.testing.documents import (
    DECLARATION,
    NAMESPACES,
    RELATIONS,
    TYPES,
    docx_of,
    packed,
    paragraph,
    part,
)
from reelyard.testing.word97 import compound

MIB = 1024 * 1024
OUTSIDE = "http://127.0.0.1:9/secret"


def bomb(mebibytes: int, *, ratio: int = 1000) -> bytes:
    """A DOCX of which the text inflates to that size; the smaller `ratio`, the more it looks like honest text."""
    chance = random.Random(1)  # noqa: S311 - the same bytes each time
    filling = bytes(chance.randrange(97, 123) for _ in range(MIB // max(ratio, 1) if ratio < 1000 else 0))
    return _swollen("word/document.xml", filling.ljust(MIB), mebibytes)


def _swollen(name: str, block: bytes, times: int) -> bytes:
    """An archive with one part of which the middle is `block`, again and again; it is packed once only."""
    begin = part("document", "<w:body>\0").partition("\0")[0].encode()
    end = b"<w:p><w:r><w:t>The end.</w:t></w:r></w:p></w:body></w:document>"
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeezed.compress(begin) + squeezed.flush(zlib.Z_FULL_FLUSH)
    data += (squeezed.compress(block) + squeezed.flush(zlib.Z_FULL_FLUSH)) * times
    data += squeezed.compress(end) + squeezed.flush()
    crc = zlib.crc32(begin)
    for _ in range(times):
        crc = zlib.crc32(block, crc)
    size = len(begin) + len(block) * times + len(end)
    return archive({name: (data, zlib.crc32(end, crc), size)})


def archive(
    parts: Mapping[str, tuple[bytes, int, int]], *, overlapping: bool = False, claimed: int | None = None
) -> bytes:
    """A ZIP archive of parts that are packed already: data, CRC and size; its headers lie as is asked."""
    body, directory = bytearray(), bytearray()
    for name, (data, crc, size) in parts.items():
        said = size if claimed is None else claimed
        fields = struct.pack("<5H3L2H", 20, 0, 8, 0, 0x21, crc, len(data), said, len(name), 0)
        at = 0 if overlapping else len(body)
        if not (overlapping and body):
            body += b"PK\x03\x04" + fields + name.encode() + data
        directory += (
            b"PK\x01\x02"
            + struct.pack("<H", 20)
            + fields
            + struct.pack("<3H2L", 0, 0, 0, 0, at)
            + name.encode()
        )
    count = min(len(parts), 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def crowded(entries: int) -> bytes:
    """A DOCX with so many empty parts."""
    nothing = (b"\x03\0", 0, 0)
    return archive({"word/document.xml": nothing, **{f"x{n}": nothing for n in range(entries)}})


def overlapping() -> bytes:
    """A DOCX of which two parts lie over each other, so that the same bytes are unpacked twice."""
    text = part("document", f"<w:body>{paragraph('Twice.')}</w:body>").encode()
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeezed.compress(text) + squeezed.flush()
    both = (data, zlib.crc32(text), len(text))
    return archive({"word/document.xml": both, "word/styles.xml": both}, overlapping=True)


def forged(claimed: int) -> bytes:
    """A DOCX whose text claims to have `claimed` bytes and has 2 MiB."""
    text = part("document", f"<w:body>{paragraph('word ' * 400_000)}</w:body>").encode()
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeezed.compress(text) + squeezed.flush()
    return archive({"word/document.xml": (data, zlib.crc32(text), len(text))}, claimed=claimed)


def deep(levels: int) -> bytes:
    """A DOCX with tables inside tables inside tables."""
    return docx_of("<w:tbl><w:tr><w:tc>" * levels + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * levels)


def declarations() -> Iterator[tuple[str, bytes]]:
    """DOCX whose XML declares entities or a document type, by the name of the trick."""
    tricks = {
        "xxe": f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{_root("&x;")}',
        "remote": f'<!DOCTYPE d [<!ENTITY x SYSTEM "{OUTSIDE}">]>{_root("&x;")}',
        "external-dtd": f'<!DOCTYPE d SYSTEM "{OUTSIDE}.dtd">{_root("plain")}',
        "parameter": f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{OUTSIDE}"> %p;]>{_root("plain")}',
        "laughs": f"<!DOCTYPE d [{_laughs()}]>{_root('&l9;')}",
        "quadratic": f'<!DOCTYPE d [<!ENTITY q "{"q" * 50_000}">]>{_root("&q;" * 5_000)}',
    }
    for name, text in tricks.items():
        yield (
            name,
            packed(
                {
                    "[Content_Types].xml": TYPES,
                    "_rels/.rels": RELATIONS,
                    "word/document.xml": DECLARATION + text,
                }
            ),
        )


def _laughs() -> str:
    lines = (f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return '<!ENTITY l0 "ha">' + "".join(lines)


def _root(text: str) -> str:
    return f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"


def pointing_outside(text: str) -> bytes:
    """A DOCX with this text, a template, a picture and an object elsewhere, and macros."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{n}" Type="{relation}/{kind}" Target="{OUTSIDE}" TargetMode="External"/>'
        for n, kind in enumerate(("attachedTemplate", "image", "oleObject", "frame", "subDocument"))
    )
    relations = f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}'
    return docx_of(
        paragraph(text),
        parts={
            "word/_rels/settings.xml.rels": f"{relations}</Relationships>",
            "word/_rels/document.xml.rels": f"{relations}</Relationships>",
            "word/settings.xml": part("settings", '<w:attachedTemplate w:val="r0"/>'),
            "word/vbaProject.bin": compound({"VBA": b"Sub AutoOpen()"}),
            "word/embeddings/inner.docx": bomb(64),
        },
    )


def locked_docx() -> bytes:
    """What Word makes of a DOCX with a password: a compound file."""
    return compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(range(256)) * 20})


def mutants(data: bytes, chance: random.Random, count: int) -> Iterator[bytes]:
    """Copies with a few bits turned over, cut off, or with a stretch of bytes from elsewhere in the file."""
    for number in range(count):
        found = bytearray(data)
        for _ in range(chance.choice((1, 2, 8, 40))):
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
        if number % 3 == 1:
            del found[chance.randrange(len(found)) :]
        elif number % 3 == 2:
            begin, end = sorted(chance.randrange(len(found)) for _ in range(2))
            found[begin:end] = found[chance.randrange(len(found)) :][: end - begin]
        yield bytes(found)
