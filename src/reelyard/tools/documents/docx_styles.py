"""The styles of a Word file: which are headings, lists or hidden, whatever they are called in its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reelyard.tools.documents.archive import Archive
from reelyard.tools.documents.xml import parse

# Word keeps the English name of a built-in style in the file, in whatever language it shows it.
HEADING = re.compile(r"heading\s*([1-9])$", re.IGNORECASE)
QUOTES = frozenset({"quote", "intense quote", "quotations", "block text"})
BODY_LEVEL = 9
LONGEST_CHAIN = 30


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs; None: what the style that it is based on says."""

    based_on: str | None = None
    outline: int | None = None  # 0 for the highest heading, 9 for body text
    number_id: str | None = None  # of a list; "0": of none
    number_level: int | None = None
    hidden: bool | None = None
    quote: bool | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """All of a document."""

    by_id: Mapping[str, Style] = field(default_factory=dict)

    def resolved(self, name: str | None) -> Style:
        """A style with all that those below it say."""
        found = Style()
        for _ in range(LONGEST_CHAIN):
            one = self.by_id.get(name or "")
            if one is None:
                break
            found = Style(
                one.based_on,
                found.outline if found.outline is not None else one.outline,
                found.number_id if found.number_id is not None else one.number_id,
                found.number_level if found.number_level is not None else one.number_level,
                found.hidden if found.hidden is not None else one.hidden,
                found.quote if found.quote is not None else one.quote,
            )
            name = one.based_on
        return found


def is_on(attributes: Mapping[str, str]) -> bool:
    """Whether a switch such as w:vanish is on; without a value it is."""
    return attributes.get("w:val", "1") not in ("0", "false", "off")


def read_styles(archive: Archive, part: str) -> Styles:
    """Read the part with the styles; raises Reject."""
    listener = _Listener()
    parse(archive.part(part), listener)
    return Styles(listener.found)


class _Listener:
    def __init__(self) -> None:
        self.found: dict[str, Style] = {}
        self._id: str | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("w:val", "")
        if name == "w:style":
            self._id = attributes.get("w:styleId")
            if self._id is not None:
                self.found[self._id] = Style()
        elif self._id is None:
            return
        elif name == "w:name":
            self._named(value.strip())
        elif name == "w:basedOn":
            self._set(based_on=value)
        elif name == "w:outlineLvl" and value.isdecimal():
            self._set(outline=int(value))
        elif name == "w:numId":
            self._set(number_id=value)
        elif name == "w:ilvl" and value.isdecimal():
            self._set(number_level=int(value))
        elif name == "w:vanish":
            self._set(hidden=is_on(attributes))

    def end(self, name: str) -> None:
        if name == "w:style":
            self._id = None

    def text(self, data: str) -> None:
        pass

    def _named(self, name: str) -> None:
        heading = HEADING.match(name)
        if heading is not None:
            self._set(outline=int(heading[1]) - 1)
        elif name.lower() == "title":
            self._set(outline=0)
        elif name.lower() in QUOTES:
            self._set(quote=True)

    def _set(self, **changes: object) -> None:
        if self._id is not None:
            self.found[self._id] = replace(self.found[self._id], **changes)  # type: ignore[arg-type]
