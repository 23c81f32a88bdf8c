"""Signs that stand for something other than themselves."""

from __future__ import annotations

import re

BREAK = re.compile(r"(?:[*•·#~_=–—-]\s*){3,}$|[⁂❦❧§†✻✽❖◆]+$|[*•·#~⁂]$")  # noqa: RUF001 - dashes are meant

# The Greek letters of the font "Symbol", from 0x41; and the few of its signs that are spoken.
SYMBOL = dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
SYMBOL |= dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
SYMBOL |= {0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB9: "≠", 0xBB: "≈"}  # noqa: RUF001
SYMBOL |= {0xA0: "€", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD6: "√", 0xE5: "∑", 0xF2: "∫"}
PICTOGRAMS = ("wingdings", "webdings", "zapf", "marlett", "dingbats")


def is_break(text: str) -> bool:
    """Whether a line is a mark between two scenes, such as "* * *"."""
    return BREAK.match(text) is not None


def symbol(font: str, code: str) -> str:
    """The letter for a character of a symbol font; nothing for a pictogram."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    low = number - 0xF000 if 0xF000 <= number <= 0xF0FF else number
    if font.lower() == "symbol":
        return SYMBOL.get(low, chr(low) if 0x20 <= low < 0x7F else "")
    if font.lower().startswith(PICTOGRAMS) or not 0x20 <= number < 0xE000:
        return ""
    return chr(number)
