"""Word files since 2007: which parts there are, and what is read of them.

Read are the text itself, foot- and endnotes (each behind the paragraph that names it), text boxes and tables. Left
out are headers and footers, comments, what was deleted or hidden, and pictures. Nothing outside is ever opened.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import BinaryIO

from reelyard.tools.documents.archive import Archive, damaged
from reelyard.tools.documents.content import Content
from reelyard.tools.documents.docx_body import Body
from reelyard.tools.documents.docx_lists import read_lists
from reelyard.tools.documents.docx_styles import Styles, read_styles
from reelyard.tools.documents.titles import is_title
from reelyard.tools.documents.xml import parse

USUAL = "word/document.xml"


def read(stream: BinaryIO) -> Content:
    """Read a DOCX; raises Reject."""
    archive = Archive(stream)
    main = _main(archive)
    folder = posixpath.dirname(main)
    styles = read_styles(archive, f"{folder}/styles.xml") if f"{folder}/styles.xml" in archive else Styles()
    lists = read_lists(archive, f"{folder}/numbering.xml")
    notes = {
        **_notes(archive, f"{folder}/footnotes.xml", "footnote", styles),
        **_notes(archive, f"{folder}/endnotes.xml", "endnote", styles),
    }
    body = Body(styles, notes, lists)
    body.read(lambda: archive.part(main))
    return Content(tuple(body.blocks), _title(archive), warnings=tuple(body.warnings))


def _main(archive: Archive) -> str:
    """The part with the text, by the package's relations where it is not where it usually is."""
    if USUAL in archive:
        return USUAL
    if "_rels/.rels" not in archive:
        raise damaged()
    relations = _Relations()
    parse(archive.part("_rels/.rels"), relations)
    if relations.main not in archive:
        raise damaged()
    return relations.main


def _notes(archive: Archive, part: str, kind: str, styles: Styles) -> dict[str, list[str]]:
    if part not in archive:
        return {}
    body = Body(styles, {})
    body.read(lambda: archive.part(part))
    return {f"{kind} {number}": texts for number, texts in body.notes_read.items()}


def _title(archive: Archive) -> str | None:
    if "docProps/core.xml" not in archive:
        return None
    properties = _Properties()
    parse(archive.part("docProps/core.xml"), properties)
    title = " ".join(properties.title.split())
    return title if is_title(title) else None


class _Relations:
    """Finds the main part of the package."""

    def __init__(self) -> None:
        self.main = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "rel:Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = attributes.get("Target", "").lstrip("/")

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class _Properties:
    """Finds the title among the core properties."""

    def __init__(self) -> None:
        self.title = ""
        self._inside = False

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._inside = name == "dc:title"

    def end(self, _name: str) -> None:
        self._inside = False

    def text(self, data: str) -> None:
        if self._inside and len(self.title) < 1_000:
            self.title += data
