"""Setting words: which letters a typeface has, how wide they run, where lines break."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "fonts"
SERIF = HERE / "EBGaramond-Regular.otf"
SANS = Path(__file__).parents[1] / "rendering" / "fonts" / "DejaVuSans.ttf"
FAMILY = {SERIF: "EB Garamond", SANS: "DejaVu Sans"}
MOST_LETTERS = 160
FONT_FILES = (SERIF, SANS)


@dataclass(frozen=True)
class Face:
    """A typeface: its letters and their widths in thousandths of its size."""

    path: Path
    widths: Mapping[int, float]

    @property
    def family(self) -> str:
        return FAMILY[self.path]

    def has(self, text: str) -> bool:
        """Whether it has all letters of the text."""
        return all(ord(letter) in self.widths for letter in text)

    def width(self, text: str, size: float) -> float:
        """How wide the text runs, in the unit of `size`."""
        return sum(self.widths.get(ord(letter), 500.0) for letter in text) * size / 1000


def face_for(text: str) -> Face | None:
    """The best face that has all letters of a text; None when none has, so that no boxes are ever shown."""
    for path in (SERIF, SANS):
        face = face_of(path)
        if face.has(text):
            return face
    return None


def cleaned(text: str) -> str:
    """A title as it can be set: single spaces, no emoji or control characters, not too long."""
    kept = "".join(
        letter if letter.isprintable() else " "
        for letter in text
        if ord(letter) < 0x2600 or ord(letter) > 0x27BF
    )
    words = "".join(letter for letter in kept if ord(letter) < 0x1F000).split()
    line = ""
    for word in words:
        if len(line) + len(word) > MOST_LETTERS:
            return (line or word[: MOST_LETTERS - 1]).rstrip(" ,;:") + "…"
        line = f"{line} {word}".strip()
    return line


def broken(text: str, face: Face, size: float, wide: float) -> list[str]:
    """Lines no wider than `wide`, as even as can be; a word that is wider stands alone."""
    count = max(1, round(face.width(text, size) / wide + 0.49))
    for target in (face.width(text, size) / count * 1.08, wide):
        lines = _filled(text.split(), face, size, min(wide, target))
        if len(lines) <= count:
            return lines
    return lines


def _filled(words: Sequence[str], face: Face, size: float, wide: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and face.width(f"{lines[-1]} {word}", size) <= wide:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


@cache
def face_of(path: Path) -> Face:
    """Read a font file's table of letters (`cmap`) and widths (`hmtx`); see the OpenType specification."""
    data = path.read_bytes()
    tables = {}
    for i in range(struct.unpack(">H", data[4:6])[0]):
        tag, _, offset, _length = struct.unpack(">4sIII", data[12 + 16 * i : 28 + 16 * i])
        tables[tag] = offset
    per_em = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    long_ones = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    widths = {}
    for letter, glyph in _letters(data, tables[b"cmap"]).items():
        place = tables[b"hmtx"] + 4 * min(glyph, long_ones - 1)
        widths[letter] = struct.unpack_from(">H", data, place)[0] * 1000 / per_em
    return Face(path, widths)


def _letters(data: bytes, cmap: int) -> dict[int, int]:
    """Letter to glyph, from a subtable of format 4 (all that are needed have one)."""
    for i in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)[2]
        if struct.unpack_from(">H", data, start)[0] == 4:
            return _format_4(data, start)
    return {}


def _format_4(data: bytes, start: int) -> dict[int, int]:
    twice = struct.unpack_from(">H", data, start + 6)[0]
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    begins = struct.unpack_from(f">{count}H", data, start + 16 + twice)
    deltas = struct.unpack_from(f">{count}H", data, start + 16 + 2 * twice)
    offsets = start + 16 + 3 * twice
    found = {}
    for i in range(count):
        offset = struct.unpack_from(">H", data, offsets + 2 * i)[0]
        for letter in range(begins[i], min(ends[i], 0xFFFE) + 1):
            glyph = letter
            if offset:
                glyph = struct.unpack_from(">H", data, offsets + 2 * i + offset + 2 * (letter - begins[i]))[0]
            if glyph or not offset:
                found[letter] = (glyph + deltas[i]) % 65536
    return {letter: glyph for letter, glyph in found.items() if glyph}
