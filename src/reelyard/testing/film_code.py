"""A number as blocks of light and dark that fill a picture: what a film shows can be read after any rendering.

Eight by four blocks. The upper three rows are the code: 14 bits of number, 10 of check, so that neither a blended nor
a wrongly turned picture passes for another. The lowest row only moves, and may be covered by captions.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

COLUMNS, ROWS = 8, 4
CODE_ROWS = 3
MOST = 1 << 14  # numbers
DARK, LIGHT = 70, 200  # far enough from black for its bars to be told from the picture
BAR = 45  # what is darker is a bar that was put round the picture
LEAST_CONTRAST = 40
DOUBT = 0.25  # from the middle between dark and light
MOST_DOUBTS = 3
MOVING = (110, 230)


def drawn(number: int) -> bytes:
    """The picture of `number`, one byte of grey a block, row after row."""
    bits = f"{_coded(number):024b}"
    code = bytes(LIGHT if bit == "1" else DARK for bit in bits)
    return code + bytes(MOVING[column == number // 2 % COLUMNS] for column in range(COLUMNS))


def read(picture: Any) -> int | None:
    """The number that an upright grey picture (a 2-D array) shows; None when it shows none."""
    levels = _levels(_without_bars(picture))
    if levels is None:
        return None
    # An encoder in want of bits leaves a block halfway; the check says what it was. Of a blend both pictures pass.
    halfway = [index for index, level in enumerate(levels) if abs(level - 0.5) < DOUBT]
    if len(halfway) > MOST_DOUBTS:
        return None
    found = {_decoded(levels, dict(zip(halfway, tried, strict=True))) for tried in _tries(len(halfway))}
    numbers = found - {None}
    return numbers.pop() if len(numbers) == 1 else None


def _tries(doubts: int) -> Iterable[tuple[bool, ...]]:
    return itertools.product((False, True), repeat=doubts)


def _decoded(levels: list[float], tried: Mapping[int, bool]) -> int | None:
    bits = (tried.get(index, level > 0.5) for index, level in enumerate(levels))
    value = int("".join("1" if bit else "0" for bit in bits), 2)
    number = value >> 10
    return number if _coded(number) == value else None


def _coded(number: int) -> int:
    if not 0 <= number < MOST:
        raise ValueError(f"a picture cannot show {number}: numbers go from 0 to {MOST - 1}")
    return number << 10 | zlib.crc32(number.to_bytes(2, "big")) & 0x3FF


def _without_bars(picture: Any) -> Any:
    bright = picture > BAR
    rows, columns = bright.any(axis=1).nonzero()[0], bright.any(axis=0).nonzero()[0]
    if not len(rows):
        return picture
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _levels(picture: Any) -> list[float] | None:
    """How light each block of the code is, by its middle: 0 as the darkest, 1 as the lightest."""
    height, width = picture.shape[0] / ROWS, picture.shape[1] / COLUMNS
    if height < 2 or width < 2:
        return None
    levels = []
    for row in range(CODE_ROWS):
        for column in range(COLUMNS):
            top, left = int((row + 0.3) * height), int((column + 0.3) * width)
            block = picture[top : int((row + 0.7) * height) + 1, left : int((column + 0.7) * width) + 1]
            levels.append(float(block.mean()))
    darkest, range_ = min(levels), max(levels) - min(levels)
    if range_ < LEAST_CONTRAST:
        return None
    return [(level - darkest) / range_ for level in levels]
