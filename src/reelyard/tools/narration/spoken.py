"""The file of one chunk's speech: a line of JSON with its times, and behind it the sound as plain samples.

Samples, not FLAC: FLAC halves the file but costs a tenth of the whole narration's time, and these files live
only as long as the story may be redone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reelyard.errors import InvalidInput
from reelyard.media.transcript import Segment, Word
from reelyard.tools.narration.order import RATE

SCHEMA = "reelyard.spoken/1"
LONGEST_LINE = 64 * 1024 * 1024
SHORTEST_S = 0.001
NOT_WHOLE = f"This is no whole file of speech of schema {SCHEMA}."


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is known of a chunk's speech. All times are from the chunk's own beginning."""

    key: str  # digest of all it depends on
    voice: str  # its id
    samples: int
    segments: tuple[Segment, ...]  # one per sentence
    offset: int  # bytes of the file before the sound
    silent: int = 0  # sentences that have nothing to say
    estimated: bool = False  # whether times within a paragraph are
    loudness: float | None = None  # LUFS before its gain; None for silence
    gain_db: float = 0.0
    warnings: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return self.samples / RATE


def header(key: str, voice: str, facts: dict[str, Any]) -> bytes:
    """The file's first line."""
    said = {"schema": SCHEMA, "key": key, "voice": voice, "rate": RATE, **facts}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def write(target: Path, first_line: bytes, sound: Iterable[bytes]) -> None:
    """The whole file."""
    with target.open("wb") as file:
        file.write(first_line)
        file.writelines(sound)


def read(path: Path) -> Spoken:
    """What the file says; raises InvalidInput when it is none, or cut off."""
    with path.open("rb") as file:
        line = file.readline(LONGEST_LINE)
    try:
        data: dict[str, Any] = json.loads(line)
        if data["schema"] != SCHEMA or path.stat().st_size != len(line) + 2 * data["samples"]:
            raise InvalidInput(NOT_WHOLE)
        told = [one for one in data["sentences"] if one["start"] is not None]
        segments = tuple(_segment(number, one) for number, one in enumerate(told, 1))
        return Spoken(
            data["key"],
            data["voice"],
            data["samples"],
            segments,
            len(line),
            data["silent"],
            data["estimated"],
            data["loudness"],
            data["gain_db"],
            tuple(data["warnings"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(NOT_WHOLE) from error


def _segment(number: int, one: dict[str, Any]) -> Segment:
    words = tuple(Word(begin, end, text) for begin, end, text in one["words"])
    return Segment(number, one["start"], max(one["end"], one["start"] + SHORTEST_S), one["text"], words)


def sound_of(path: Path, spoken: Spoken) -> bytes:
    """Its samples: 16 bit, little-endian, one channel at RATE."""
    with path.open("rb") as file:
        file.seek(spoken.offset)
        return file.read(2 * spoken.samples)
