"""Cut lists and highlights on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from reelyard.http.v1.schemas.common import Given, Moment, Told
from reelyard.http.v1.schemas.transcripts import RevisionTold
from reelyard.media.cut_list import Reason
from reelyard.media.highlights import ReasonKind, Sensitivity

MOST_DECISIONS = 1_000
MOST_SPANS = 100_000
Frame = Annotated[StrictInt, Field(ge=0, le=10_000_000_000)]
Moments = Annotated[float, Field(ge=0, le=1e7, allow_inf_nan=False)]


class SpanTold(Told):
    """Frames `start` up to, but not including, `end`: kept or cut, and why."""

    start: int
    end: int
    start_s: float = Field(description="Seconds from where the file begins: what a player shows.")
    end_s: float
    film_start_s: float | None = Field(description="Where the cut film shows it; null when it is cut.")
    keep: bool
    reason: Reason
    level_db: float | None = Field(description="The loudest moment of a silence; null when it is not known.")


class CutsTold(Told):
    """A cut list. Its spans cover the film in order, without gap or overlap."""

    item_id: str
    revision: int = Field(description="0 is what was decided from the sound; each change adds one.")
    rendered: bool = Field(description="Whether the film that is handed out was made after it.")
    created_at: Moment
    rate: str = Field(description="Frames a second, exact: 30000/1001.")
    frames: int
    duration_s: float = Field(description="Of the original.")
    kept_duration_s: float = Field(description="Of the cut film.")
    cut_duration_s: float
    cuts: int = Field(description="How many stretches are cut.")
    spans: list[SpanTold]


class CutRevisionsTold(Told):
    revisions: list[RevisionTold]


class SpanGiven(Given):
    """Frames `start` up to, but not including, `end`."""

    start: Frame
    end: Frame
    keep: StrictBool


class WholeList(Given):
    """The list as it should be: spans that cover the film. `revision` is the one that was changed."""

    spans: list[SpanGiven] = Field(max_length=MOST_SPANS)
    revision: StrictInt = Field(ge=0)


class DecisionGiven(Given):
    """A range to keep or cut: in frames (`start`, `end`, the end excluded) or in seconds (`start_s`, `end_s`)."""

    keep: StrictBool = Field(description="true restores what was cut.")
    start: Frame | None = None
    end: Frame | None = None
    start_s: Moments | None = Field(None, description="Seconds from where the file begins.")
    end_s: Moments | None = None


class Decisions(Given):
    """Changes over revision `revision`, the newest; with `begin_from` over that earlier one instead."""

    decisions: list[DecisionGiven] = Field(max_length=MOST_DECISIONS)
    revision: StrictInt = Field(ge=0)
    begin_from: Annotated[StrictInt, Field(ge=0)] | None = Field(
        None, description="0, and no decisions: back to what was decided from the sound."
    )


class WhyTold(Told):
    """One thing that stood out; the weights of a highlight's reasons add up to 1."""

    kind: ReasonKind
    weight: float
    text: str


class HighlightTold(Told):
    """A moment that stands out. Times are seconds of the original, `film_` ones those of the cut film."""

    id: int
    start: float
    end: float
    film_start: float | None = Field(description="null when it is cut away.")
    film_end: float | None
    score: float
    title: str
    reasons: list[WhyTold]


class HighlightsTold(Told):
    """What was found, and the score over time that it was found by."""

    duration_s: float
    sensitivity: Sensitivity
    keywords: list[str]
    looked_at: list[str]
    summary: str
    highlights: list[HighlightTold] = Field(validation_alias="found")
    curve: list[float]
