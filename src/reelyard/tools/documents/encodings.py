"""In which encoding a plain text is written: said by its bytes where they can, else judged by what makes words."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from reelyard.errors import Reject
from reelyard.media.sniffing import wide_without_mark
from reelyard.tools.documents.alphabets import ASIAN, ENCODINGS, LETTERS, OWN_SCRIPT, Asian

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ASCII = bytes(range(128))
SAMPLE = 24 * 1024  # bytes of lines that hold more than ASCII
GOOD = 0.4  # a guess below is worth asking another opinion
BROKEN_UTF8 = 0.2  # of the characters beyond ASCII: no other encoding gives so many that are whole
FEW = 0.1  # of the bytes are beyond ASCII: then what they mean is no reason to refuse the rest
SIGNS = frozenset("“”„‟‘’‚‛«»‹›–—…•·§©®°±×€£¥™¿¡ºª№´\u00a0\u00ad")  # noqa: RUF001 - signs of print are meant
WORDS = frozenset("àáâèéêíîòóôùúåöøæœ")  # of one letter
FIRST_OWN_SCRIPT = "\u0370"  # Greek and what comes after it
LEAST_KANA = 0.1  # of the letters of any Japanese text
FREQUENT = 3  # the first part in so many of an alphabet of its own
OPENS = frozenset("“„«‹¿¡")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the name of its encoding, and what its owner should know."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode a whole file: by its mark, as UTF-8, as UTF-16 without a mark, else by what makes words of it."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], name)
    wide = wide_without_mark(data)
    if wide is not None:
        return _lenient(data, wide)
    if data.isascii() and b"\x1b$" in data:
        return _lenient(data, "iso2022_jp")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _guessed(data)


def _lenient(data: bytes, name: str) -> Decoded:
    text = data.decode(name, errors="replace")
    lost = text.count("\ufffd")
    warnings = (f"Characters that could not be read and are left out: {lost:,}.",) if lost else ()
    return Decoded(text.replace("\ufffd", " ") if lost else text, name, warnings)


def _damaged_utf8(data: bytes) -> Decoded | None:
    decoded = _lenient(data, "utf-8")
    beyond = sum(char > "\x7f" for char in decoded.text)
    lost = data.decode("utf-8", errors="replace").count("\ufffd")
    return decoded if lost <= BROKEN_UTF8 * beyond else None


def _guessed(data: bytes) -> Decoded:
    name = best_encoding(_sample(data)) or _other_opinion(data)
    found = _lenient(data, name)
    guess = (
        f"The file does not say its encoding; it was read as {name}. If letters are wrong, save it as UTF-8."
    )
    return Decoded(found.text, name, (guess, *found.warnings))


def best_encoding(sample: bytes) -> str | None:
    """The old encoding that makes the best sense of `sample`; None when none does."""
    best, chosen = GOOD, None
    for asian in ASIAN:
        score = _asian_score(sample, asian)
        if score > best + 0.01:
            best, chosen = score, asian.name
    for name, languages in ENCODINGS:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            text = sample.decode(name, errors="replace")
        score = max(_score(text, language) for language in languages)
        if score > best + 0.01:
            best, chosen = score, name
    return chosen


def _sample(data: bytes) -> bytes:
    """Lines with more than ASCII in them, from all over the text."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    step = max(1, sum(map(len, lines)) // SAMPLE)
    return b"\n".join(line[:SAMPLE] for line in lines[::step])[: 2 * SAMPLE]


def _score(text: str, language: str) -> float:
    """How much the letters beyond ASCII look like that language: 1 for all of them, less than 0 for none."""
    letters = LETTERS[language]
    frequent = frozenset(letters[: len(letters) // FREQUENT]) if language in OWN_SCRIPT else frozenset()
    known = frozenset(letters)
    points, seen = 0.0, 0
    before = " "
    for char, after in zip(text, text[1:] + " ", strict=True):
        if char > "\x7f":
            seen += 1
            points += _points(char, before, after, known)
            if frequent and char.isalpha():
                mixed = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
                points += -2.0 if mixed else 0.1 if char.lower() in frequent else -0.1
        before = char
    return points / seen if seen else 0.0


def _points(char: str, before: str, after: str, known: frozenset[str]) -> float:
    if char in SIGNS:
        # A sign between two letters is another encoding's letter, except an apostrophe or a dash.
        inside = before.isalpha() and after.isalpha() and char not in "’‘–—·\u00ad"  # noqa: RUF001
        opens_late = char in OPENS and before.isalpha()
        return -2.0 if inside or opens_late else 1.0
    if char.lower() not in known and char not in known:
        return -2.0
    if char.isupper() and before.islower():
        return -1.0
    alone = not before.isalpha() and not after.isalpha() and char < FIRST_OWN_SCRIPT
    return 0.0 if alone and char.lower() not in WORDS else 1.0


def _asian_score(sample: bytes, asian: Asian) -> float:
    """How many of the pairs are common ones; less than 0 when the bytes are no text of this encoding at all."""
    try:
        sample.decode(asian.name)
    except UnicodeDecodeError as problem:
        if problem.start < len(sample) - 3:
            return -1.0
    points, seen, at, kana = 0.0, 0, 0, 0
    while at < len(sample) - 1:
        lead = sample[at]
        if lead < 0x80:
            at += 1
            continue
        seen += 1
        points += 1.0 if asian.common(lead, sample[at + 1]) else -1.0
        kana += lead in asian.kana
        at += 2
    if asian.kana and kana < LEAST_KANA * seen:
        return 0.0
    return points / seen if seen else 0.0


def _other_opinion(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - asked for few texts

    best = from_bytes(_sample(data)).best()
    if best is None and len(data.translate(None, ASCII)) < FEW * len(data):
        return "cp1252"
    if best is None:
        raise Reject(
            "It cannot be told in which encoding the text is written.",
            code="invalid_media",
            hint="Save it as UTF-8 and send that.",
        )
    return best.encoding
