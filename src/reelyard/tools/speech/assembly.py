"""A transcript put together from what was recognised window by window; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reelyard.kit.json import JsonObject
from reelyard.media.transcript import Gap, GapReason, Segment, Transcript, joined, read_segments
from reelyard.tools.speech.recogniser import Detected, Identity
from reelyard.tools.speech.windows import RATE, Span, Window, find_gaps, gap_warnings

NO_SPEECH = "no speech found"


@dataclass(frozen=True, slots=True)
class SpeechMap:
    """Where there is speech in a recording: what the detector answered."""

    total: int  # samples
    spans: tuple[Span, ...]
    windows: tuple[Window, ...]

    @classmethod
    def from_json(cls, value: JsonObject) -> SpeechMap:
        data: Any = value
        spans = tuple(Span(start, end) for start, end in data["spans"])
        return cls(data["total"], spans, tuple(Window.from_json(window) for window in data["windows"]))

    @property
    def seconds(self) -> float:
        return round(self.total / RATE, 3)

    @property
    def speech_s(self) -> float:
        return round(sum(map(len, self.spans)) / RATE, 3)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return find_gaps(self.spans, self.total)


@dataclass(frozen=True, slots=True)
class WindowText:
    """What came of one window: its segments, or why the recogniser failed on it."""

    window: Window
    segments: tuple[Segment, ...] = ()
    failure: str | None = None

    @classmethod
    def from_answer(cls, window: Window, answer: JsonObject) -> WindowText:
        return cls(window, read_segments(answer["segments"], window.end / RATE))


def assemble(
    speech: SpeechMap, texts: Sequence[WindowText], language: Detected | None, by: Identity
) -> Transcript:
    """The transcript of the whole recording, with its gaps and what its reader should know."""
    failed = [
        Gap(t.window.spans[0].start_s, t.window.end / RATE, GapReason.FAILED) for t in texts if t.failure
    ]
    gaps = tuple(sorted((*speech.gaps, *failed), key=lambda gap: gap.start))
    segments = joined([text.segments for text in texts])
    warnings = gap_warnings(gaps) if segments or failed else (NO_SPEECH,)
    return Transcript(
        duration_s=speech.seconds,
        recogniser=by.recogniser,
        model=by.model,
        versions=dict(by.versions),
        language=language.language if language else None,
        language_probability=language.probability if language else None,
        segments=segments,
        gaps=gaps,
        warnings=warnings,
    )


def summary(transcript: Transcript) -> dict[str, Any]:
    """What lists and doors show of a transcript."""
    return {
        "words": transcript.word_count,
        "segments": len(transcript.segments),
        "confidence": transcript.confidence,
        "language": transcript.language,
        "language_probability": transcript.language_probability,
        "recogniser": transcript.recogniser,
        "model": transcript.model,
        "duration_s": transcript.duration_s,
        "gaps": len(transcript.gaps),
        "preview": " ".join(transcript.text.split())[:300],
    }
