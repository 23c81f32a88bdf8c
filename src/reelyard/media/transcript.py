"""What was said in a recording, and when: what recognisers make and captions are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject

SCHEMA = "reelyard.transcript/1"


@dataclass(frozen=True, slots=True)
class Word:
    start: float  # seconds from the beginning of the recording, as all times here
    end: float
    text: str  # without spaces around it
    probability: float | None = None  # 0 to 1; None when the recogniser cannot tell

    def shifted(self, by: float) -> Word:
        return replace(self, start=_ms(self.start + by), end=_ms(self.end + by))


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech that belongs together, about a sentence long."""

    id: int  # from 1, in order
    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()
    confidence: float | None = None  # 0 to 1; None when the recogniser cannot tell

    @property
    def joiner(self) -> str:
        """What stands between its words: nothing in scripts without spaces."""
        unspaced = len(self.words) > 1 and "".join(word.text for word in self.words) == self.text
        return "" if unspaced else " "

    def shifted(self, by: float) -> Segment:
        words = tuple(word.shifted(by) for word in self.words)
        return replace(self, start=_ms(self.start + by), end=_ms(self.end + by), words=words)


class GapReason(StrEnum):
    NO_SPEECH = "no speech"
    FAILED = "failed"  # there is speech, but the recogniser failed on it


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without text, and why there is none."""

    start: float
    end: float
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of one recording. Segments are in order and do not overlap; none reaches into a gap."""

    duration_s: float
    recogniser: str
    model: str
    language: str | None = None  # ISO 639 code; None when nothing was said
    language_probability: float | None = None  # None: it was given, or the recogniser knows only one
    versions: Mapping[str, str] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()
    edited: bool = False

    @property
    def text(self) -> str:
        """All of it, a line per segment."""
        return "\n".join(segment.text for segment in self.segments)

    @property
    def word_count(self) -> int:
        return sum(len(segment.words) or len(segment.text.split()) for segment in self.segments)

    @property
    def confidence(self) -> float | None:
        """The segments' mean, weighted by their length; None when no segment has one."""
        known = [(s.confidence, s.end - s.start) for s in self.segments if s.confidence is not None]
        weight = sum(length for _, length in known)
        if not known or weight <= 0:
            return None
        return round(sum(value * length for value, length in known) / weight, 4)

    def without_words(self) -> Transcript:
        return replace(self, segments=tuple(replace(segment, words=()) for segment in self.segments))

    def to_json(self) -> dict[str, Any]:
        return {"schema": SCHEMA, **asdict(self), "confidence": self.confidence}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises InvalidInput that names what is wrong."""
        if value.get("schema") != SCHEMA:
            raise InvalidInput(f"This is not a transcript of schema {SCHEMA}.")
        data: dict[str, Any] = {k: v for k, v in value.items() if k not in {"schema", "confidence"}}
        try:
            data["gaps"] = tuple(
                Gap(g["start"], g["end"], GapReason(g["reason"])) for g in data.get("gaps", ())
            )
            data["segments"] = read_segments(data.get("segments", ()), float(data["duration_s"]))
            data["warnings"] = tuple(data.get("warnings", ()))
            return cls(**data)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidInput(f"The transcript cannot be read: {error}.") from error


def joined(windows: Sequence[Sequence[Segment]]) -> tuple[Segment, ...]:
    """The segments of consecutive windows (times from the recording's beginning), numbered anew."""
    flat = [segment for window in windows for segment in window if segment.text.strip()]
    return tuple(replace(segment, id=number) for number, segment in enumerate(flat, 1))


def read_segments(values: Any, duration_s: float) -> tuple[Segment, ...]:
    """Segments out of JSON, checked: in order, inside the recording, words inside their segment.

    Raises InvalidInput that names the segment by its number.
    """
    if not isinstance(values, list | tuple):
        raise InvalidInput("The segments have to be a list.")
    segments: list[Segment] = []
    for number, value in enumerate(values, 1):
        segment = _read_segment(number, value)
        _check(segment, segments[-1].end if segments else 0.0, duration_s)
        segments.append(segment)
    return tuple(segments)


def _read_segment(number: int, value: Any) -> Segment:
    try:
        words = tuple(
            Word(_ms(w["start"]), _ms(w["end"]), str(w["text"]), _share(w.get("probability")))
            for w in value.get("words") or ()
        )
        return Segment(
            number,
            _ms(value["start"]),
            _ms(value["end"]),
            " ".join(_text(value["text"]).split()),
            words,
            _share(value.get("confidence")),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"Segment {number} cannot be read: {error!s}.",
            hint="It needs start, end and text.",
            segment=number,
        ) from error


def _check(segment: Segment, earliest: float, duration_s: float) -> None:
    problem = None
    if not segment.start < segment.end:
        problem = f"ends at {segment.end:g} s, which is not after its start at {segment.start:g} s"
    elif segment.start < earliest - 0.0005:
        problem = f"starts at {segment.start:g} s, before the one ahead of it has ended at {earliest:g} s"
    elif segment.end > duration_s + 0.5:  # containers and decoders differ by a few frames
        problem = f"ends at {segment.end:g} s, after the recording, which lasts {duration_s:g} s"
    elif any(w.start < segment.start - 0.0005 or w.end > segment.end + 0.0005 for w in segment.words):
        problem = "has a word outside its own times"
    if problem:
        raise InvalidInput(f"Segment {segment.id} {problem}.", segment=segment.id)


def _ms(value: Any) -> float:
    seconds = round(float(value), 3)
    if not 0 <= seconds < 1e7:  # also refuses NaN
        raise ValueError(f"{value} is not a time in seconds")
    return seconds


def _share(value: Any) -> float | None:
    return None if value is None else min(1.0, max(0.0, float(value)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text has to be a string")
    return value
