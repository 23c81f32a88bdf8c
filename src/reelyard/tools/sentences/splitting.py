"""The sentences of a paragraph: found by rules of its language, and never a character lost or changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reelyard.tools.sentences.clauses import pieces

# The library has rules and abbreviations for these; Chinese and Korean need its signs only.
KNOWN = frozenset(
    "am ar bg bn ca da de el en es fi fr gu hi hy it ja kk kn ko ml mr my nl pa pl pt ru sk ta te zh".split()  # noqa: SIM905
)
WITHOUT_SIGNS = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff]")  # Thai, Lao, Khmer: spaces part clauses
LONGEST_WITHOUT_SIGNS = 40  # words
QUOTED = ("”", "“", '"', "»", "«", "’", "」", "』")  # noqa: RUF001 - what closes a quotation somewhere
# The library takes more than linear time; a window of so many characters keeps it quick, and seldom matters.
WINDOW = 2_000
LONGEST_WINDOW = 32_000

# What the library takes for the end of a sentence though the next word shows that it is none.
JOINED = {
    "fr": re.compile(r"(?:^|[\s(«“\"'’])(?:M|MM|Mgr|Me|St|Ste)\.\s$"),  # noqa: RUF001
    "de": re.compile(
        r"(?:^|\s)(?:der|die|das|dem|den|des|am|im|vom|zum|beim|ein|eine|einen|einem|seit)\s\d{1,4}\.\s$",
        re.IGNORECASE,
    ),
}


def supported(language: str | None) -> bool:
    """Whether abbreviations and marks of this language (ISO 639-1) are known.

    Others are split by a general rule: at . ? ! … and their like in other scripts, with English abbreviations.
    """
    return language in KNOWN


def sentences(paragraph: str, language: str | None) -> tuple[str, ...]:
    """The sentences of `paragraph`, without the spaces between them; none for an empty one."""
    return tuple(found for one in split(paragraph, language) if (found := one.strip()))


def split(paragraph: str, language: str | None) -> tuple[str, ...]:
    """The same with the spaces that follow them: joined they are `paragraph`, character by character.

    A text of a script that has no marks for sentences (Thai, Lao, Khmer) is cut at spaces when it is long.
    """
    found = tuple(_repaired(_windows(paragraph, language or "en"), language or "en"))
    if "".join(found) != paragraph:  # never seen; a word lost would be worse than a sentence too long
        found = (paragraph,) if paragraph else ()
    if WITHOUT_SIGNS.search(paragraph):
        return tuple(each for one in found for each in _at_spaces(one))
    return found


def _windows(text: str, language: str) -> Iterator[str]:
    """Split a window, give all but its last sentence, which may go on, and begin the next one with that."""
    from sentencex import segment  # noqa: PLC0415 - native code, needed only here

    at, width = 0, WINDOW
    while at + width < len(text):
        found = list(segment(language, text[at : at + width]))
        kept = found[:-1]
        if not kept and width < LONGEST_WINDOW:
            width *= 2
            continue
        kept = kept or [text[at : at + width]]
        yield from kept
        at, width = at + sum(map(len, kept)), WINDOW
    yield from segment(language, text[at:])


def _repaired(found: Iterator[str], language: str) -> Iterator[str]:
    """Join what the library cut where the sentence goes on; blanks go with the one before."""
    rule = JOINED.get(language)
    held = ""
    for one in found:
        joined = one.isspace() or _goes_on(held, one) or (rule is not None and rule.search(held) is not None)
        if held and not joined:
            yield held
            held = ""
        held += one
    if held:
        yield held


def _goes_on(before: str, after: str) -> bool:
    """Whether a quotation ends here and its sentence does not: “Go!”, and then who says it."""
    if not before.rstrip().endswith(QUOTED):
        return False
    return after[0].islower() or after.startswith(("– ", "— ", "- ", "と"))  # noqa: RUF001


def _at_spaces(sentence: str) -> tuple[str, ...]:
    return pieces(sentence, LONGEST_WITHOUT_SIGNS) if WITHOUT_SIGNS.search(sentence) else (sentence,)
