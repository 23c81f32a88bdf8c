import pytest

from reelyard.errors import InvalidInput
from reelyard.media.transcript import GapReason, Segment
from reelyard.tools.speech.assembly import SpeechMap, WindowText, assemble, summary
from reelyard.tools.speech.recogniser import Detected, Identity
from reelyard.tools.speech.windows import RATE, Span, Window

BY = Identity("whisper", "small", "digest", {"faster-whisper": "1.2"})
FIRST, SECOND = Window((Span(0, 5 * RATE),)), Window((Span(100 * RATE, 110 * RATE),))
SPEECH = SpeechMap(120 * RATE, (*FIRST.spans, *SECOND.spans), (FIRST, SECOND))


def test_windows_become_one_transcript_with_its_gaps() -> None:
    texts = [
        WindowText(FIRST, (Segment(1, 0.0, 5.0, "one", confidence=0.5),)),
        WindowText(SECOND, (Segment(1, 100.0, 110.0, "two words", confidence=0.8),)),
    ]

    transcript = assemble(SPEECH, texts, Detected("de", 0.9), BY)

    assert [(s.id, s.start) for s in transcript.segments] == [(1, 0.0), (2, 100.0)]
    assert [(g.start, g.end) for g in transcript.gaps] == [(5.0, 100.0), (110.0, 120.0)]
    assert transcript.warnings == ("no speech from 00:05 to 01:40",)
    assert summary(transcript) == {
        "words": 3,
        "segments": 2,
        "confidence": 0.7,
        "language": "de",
        "language_probability": 0.9,
        "recogniser": "whisper",
        "model": "small",
        "duration_s": 120.0,
        "gaps": 2,
        "preview": "one two words",
    }


def test_a_window_that_failed_is_a_gap_of_its_own() -> None:
    texts = [WindowText(FIRST, failure="it broke"), WindowText(SECOND, (Segment(1, 100.0, 110.0, "two"),))]

    transcript = assemble(SPEECH, texts, Detected("en", None), BY)

    assert (transcript.gaps[0].start, transcript.gaps[0].reason) == (0.0, GapReason.FAILED)
    assert transcript.warnings[0] == "the recogniser failed from 00:00 to 00:05"


def test_a_recording_without_speech_says_so() -> None:
    transcript = assemble(SpeechMap(30 * RATE, (), ()), [], None, BY)

    assert transcript.warnings == ("no speech found",)
    assert (transcript.segments, transcript.language, transcript.duration_s) == ((), None, 30.0)


def test_an_answer_is_checked_before_it_is_believed() -> None:
    with pytest.raises(InvalidInput, match="after the recording"):
        WindowText.from_answer(FIRST, {"segments": [{"start": 0, "end": 9, "text": "too long"}]})
