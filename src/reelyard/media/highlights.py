"""Highlights: the moments of a film that stand out, each with the reasons why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject
from reelyard.media.cut_list import FilmClock
from reelyard.media.ranges import exact

SCHEMA = "reelyard.highlights/1"
MOST_POINTS = 500  # of the curve, for a drawing
LEAST_LEFT_S = 0.5  # of a highlight; when cuts leave less, it is gone
NOTHING = "Nothing stood out."


class Sensitivity(StrEnum):
    """How much must stand out. A more sensitive one keeps what the one before it found, and adds to it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    MAX = "max"

    @property
    def looks_at_pictures(self) -> bool:
        """Whether pictures are decoded to find changes of scene, which takes longer than all the rest."""
        return self in {Sensitivity.HIGH, Sensitivity.MAX}


class ReasonKind(StrEnum):
    """What can make a highlight."""

    KEYWORD = "keyword"
    LOUD = "loud"
    SUDDEN = "sudden"
    AFTER_SILENCE = "after silence"
    FAST_SPEECH = "fast speech"
    EXCLAMATION = "exclamation"
    QUESTION = "question"
    QUICK_CUTS = "quick cuts"
    NEW_SCENE = "new scene"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stood out. The weights of a highlight's reasons add up to 1."""

    kind: ReasonKind
    weight: float
    text: str  # such as "12 dB louder than the rest"


@dataclass(frozen=True, slots=True)
class Highlight:
    """One stretch that stands out; times are seconds on the file's clock."""

    id: int  # from 1, in order of time
    start: float
    end: float
    score: float  # 0 to 1
    title: str
    reasons: tuple[Reason, ...]  # strongest first
    film_start: float | None = None  # seconds of the cut film; None when not known yet, or cut away
    film_end: float | None = None

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Highlights:
    """What was found in one film, and the score over time that it was found by."""

    duration_s: float
    sensitivity: Sensitivity
    keywords: tuple[str, ...] = ()
    looked_at: tuple[str, ...] = ()  # of "sound", "words", "pictures"
    found: tuple[Highlight, ...] = ()  # in order of time, not overlapping
    curve: tuple[float, ...] = ()  # the score, 0 to 1, at most MOST_POINTS values evenly over the film

    @property
    def summary(self) -> str:
        """One sentence for people."""
        if not self.found:
            return NOTHING
        return "1 highlight." if len(self.found) == 1 else f"{len(self.found)} highlights."

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "duration_s": self.duration_s,
            "sensitivity": self.sensitivity.value,
            "keywords": list(self.keywords),
            "looked_at": list(self.looked_at),
            "summary": self.summary,
            "highlights": [_to_json(highlight) for highlight in self.found],
            "curve": list(self.curve),
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises InvalidInput that names what is wrong."""
        if value.get("schema") != SCHEMA:
            raise InvalidInput(f"These are no highlights of schema {SCHEMA}.")
        data: dict[str, Any] = dict(value)
        try:
            return cls(
                float(data["duration_s"]),
                Sensitivity(data["sensitivity"]),
                tuple(str(word) for word in data["keywords"]),
                tuple(str(name) for name in data["looked_at"]),
                tuple(_from_json(one) for one in data["highlights"]),
                tuple(float(point) for point in data["curve"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InvalidInput(f"The highlights cannot be read: {error}.") from error

    def in_film(self, clock: FilmClock) -> Highlights:
        """The same with the times of the cut film."""
        return replace(self, found=in_film(self.found, clock))


def in_film(highlights: Iterable[Highlight], clock: FilmClock) -> tuple[Highlight, ...]:
    """The highlights with the times at which the cut film shows them, None for those that were cut away.

    A cut inside a highlight makes it shorter; at an edge it moves the edge to the join.
    """
    return tuple(_placed(highlight, clock) for highlight in highlights)


def clock_time(seconds: float) -> str:
    """A time as people say it: "1:23", "1:02:03"."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, full = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{full:02}" if hours else f"{minutes}:{full:02}"


def _placed(highlight: Highlight, clock: FilmClock) -> Highlight:
    start, end = clock.nearest(exact(highlight.start)), clock.nearest(exact(highlight.end))
    if end - start < min(LEAST_LEFT_S, highlight.length):
        return replace(highlight, film_start=None, film_end=None)
    return replace(highlight, film_start=round(float(start), 3), film_end=round(float(end), 3))


def _to_json(highlight: Highlight) -> dict[str, Any]:
    return {
        "id": highlight.id,
        "start": highlight.start,
        "end": highlight.end,
        "film_start": highlight.film_start,
        "film_end": highlight.film_end,
        "score": highlight.score,
        "title": highlight.title,
        "reasons": [
            {"kind": reason.kind.value, "weight": reason.weight, "text": reason.text}
            for reason in highlight.reasons
        ],
    }


def _from_json(value: Any) -> Highlight:
    return Highlight(
        int(value["id"]),
        float(value["start"]),
        float(value["end"]),
        float(value["score"]),
        str(value["title"]),
        tuple(
            Reason(ReasonKind(reason["kind"]), float(reason["weight"]), str(reason["text"]))
            for reason in value["reasons"]
        ),
        _seconds(value.get("film_start")),
        _seconds(value.get("film_end")),
    )


def _seconds(value: Any) -> float | None:
    return None if value is None else float(value)
