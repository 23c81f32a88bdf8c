"""Texts of several parts as one document, a heading for each; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reelyard.tools.bundles.titles import one_line

SCHEMA = "reelyard.transcripts/1"
SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")  # those that Markdown reads inside a heading
TAGS = re.compile(r"([<\\])")
# What would begin a heading, underline the line before into one, draw a rule, or open a block of code.
OPENERS = re.compile(r"^( {0,3})(#{1,6}(?=\s|$)|=+(?=\s*$)|-+(?=\s*$)|`{3,}|~{3,})")
INDENT = re.compile(r"^(?: {4,}| *\t[ \t]*)")


def merge_texts(entries: Sequence[tuple[str, str]]) -> str:
    """One Markdown document of (title, text) pairs: each a heading and its text, which makes no heading of its own.

    The words stay as they are; only what Markdown would take for structure is escaped.
    """
    return "\n".join(
        f"# {heading(title) or f'Part {number}'}\n\n{_body(text)}"
        for number, (title, text) in enumerate(entries, 1)
    )


def heading(title: str) -> str:
    """A title that reads in Markdown as it is written."""
    return SIGNS.sub(r"\\\1", one_line(title))


def merge_transcripts(entries: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """One JSON document of (title, transcript) pairs, in order; times stay those of each recording."""
    parts = [
        {"position": number, "title": title, "transcript": dict(transcript)}
        for number, (title, transcript) in enumerate(entries, 1)
    ]
    return {"schema": SCHEMA, "parts": parts}


def _body(text: str) -> str:
    lines = [_escaped(line.rstrip()) for line in text.splitlines()]
    body = "\n".join(lines).strip("\n")
    return f"{body}\n" if body else ""


def _escaped(line: str) -> str:
    return OPENERS.sub(r"\1\\\2", TAGS.sub(r"\\\1", INDENT.sub("", line)))
