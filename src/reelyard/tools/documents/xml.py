"""XML by a stranger, read as a stream: without entities, without outside, without depth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol
from xml.parsers import expat

from reelyard.errors import Reject
from reelyard.tools.documents.archive import damaged

DEEPEST = 500  # elements; Word itself stops far earlier

# Word writes the first, and by choice ("strict") the second of these for the same things.
PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
}


class Listener(Protocol):
    """Who is told what stands in the XML; names are `w:p`, `mc:Choice` …, attributes have the same."""

    def start(self, name: str, attributes: Mapping[str, str], /) -> None: ...

    def end(self, name: str, /) -> None: ...

    def text(self, data: str, /) -> None: ...


def parse(pieces: Iterable[bytes], listener: Listener) -> None:
    """Read XML and tell `listener`; raises Reject when it is damaged, declares a document type or is too deep."""
    # pyexpat is C with its own guard against amplification; nothing of the outside is ever opened by it.
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Reject("The document is nested too deeply.", code="limits")
        listener.start(_short(name), {_short(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        listener.end(_short(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):  # of the XML, or of an encoding that it claims
        raise damaged() from None


def _refuse(*_declaration: object) -> None:
    raise Reject(
        "The document declares entities or a document type of its own, which no word processor writes.",
        code="invalid_media",
        hint="Save it anew in a word processor and send that.",
    )


def _short(name: str) -> str:
    space, blank, local = name.rpartition(" ")
    if not blank:
        return name
    return f"{PREFIXES.get(space, '')}:{local}"
