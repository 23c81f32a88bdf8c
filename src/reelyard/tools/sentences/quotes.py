"""Which sentences end inside a quotation."""

from __future__ import annotations

from collections.abc import Sequence

OPENING = dict(zip("«‹「『《〈“„", "»›」』》〉””", strict=True))  # noqa: RUF001 - signs of quotation


def open_quotes(sentences: Sequence[str]) -> list[bool]:
    """For each sentence of a paragraph, whether a quotation is still open behind it."""
    stack: list[str] = []
    found = []
    for sentence in sentences:
        for char in sentence:
            _see(char, stack)
        found.append(bool(stack))
    return found


def _see(char: str, stack: list[str]) -> None:
    if char == '"':
        if stack and stack[-1] == '"':
            stack.pop()
        else:
            stack.append('"')
    elif stack and _closes(char, stack[-1]):
        stack.pop()
    elif char in OPENING:
        stack.append(char)


def _closes(char: str, opened: str) -> bool:
    if opened == "„":  # German closes with the sign that English opens with
        return char in "“”"
    return char == OPENING.get(opened)
