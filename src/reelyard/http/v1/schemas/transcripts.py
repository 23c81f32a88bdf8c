"""Transcripts on the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field, StrictInt

from reelyard.http.v1.schemas.common import Given, Moment, Told
from reelyard.media.transcript import Gap, Segment


class TranscriptTold(Told):
    """What is known of a transcript, without its text."""

    id: str
    batch_id: str
    item_id: str
    revision: int = Field(description="0 is what the recogniser made; each correction adds one.")
    language: str | None
    recogniser: str | None
    model: str | None
    confidence: float | None
    words: int
    created_at: Moment
    updated_at: Moment


class TranscriptFound(TranscriptTold):
    """One of a list: `excerpt` is around the words that were looked for, else the beginning."""

    file_name: str
    batch_name: str
    excerpt: str


class TranscriptText(Told):
    """One revision, whole. Times are seconds from the beginning of the recording."""

    duration_s: float
    language: str | None
    recogniser: str
    model: str
    edited: bool
    segments: list[Segment]
    gaps: list[Gap]
    warnings: list[str]


class TranscriptDetail(TranscriptTold):
    """A transcript with its newest text."""

    transcript: TranscriptText


class RevisionTold(Told):
    """One of its revisions."""

    revision: int
    size: int = Field(description="Bytes of it as JSON.")
    sha256: str
    created_at: Moment


class RevisionsTold(Told):
    revisions: list[RevisionTold]


class Correction(Given):
    """Segments as they should be, in order; `revision` is the one that was corrected."""

    segments: list[dict[str, Any]] = Field(
        max_length=100_000, description="Objects of start, end (seconds) and text; words are timed anew."
    )
    revision: StrictInt = Field(ge=0)
