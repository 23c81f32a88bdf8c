"""Titles in a file's properties: many are what a program put there and nobody ever chose."""

from __future__ import annotations

import re

JUNK = re.compile(
    r"""(microsoft\s+word|untitled|unbenannt|sans\s+titre|sin\s+t[íi]tulo|senza\s+titolo|sem\s+t[íi]tulo|bez\s+tytu[łl]u
        |без\s+имени|無題|无标题
        |(document|dokument|documento|doc|документ|文档|文書|word\s+document|powerpoint\s+presentation|title|titel)\s*\d*$
        |.*\.(docx?|dot[xm]?|odt|rtf|txt|tmp|pdf)$
        |[\W\d_]*$)""",
    re.IGNORECASE | re.VERBOSE,
)
LONGEST = 200


def is_title(text: str) -> bool:
    """Whether a person may have chosen it as the title of this text."""
    return bool(text) and len(text) <= LONGEST and JUNK.match(text) is None
