import json
from typing import Any

import pytest

from reelyard.errors import InvalidInput
from reelyard.media.transcript import Gap, GapReason, Segment, Transcript, Word, joined, read_segments

SAID = Transcript(
    duration_s=10.0,
    recogniser="whisper",
    model="tiny",
    language="en",
    language_probability=0.98,
    versions={"faster-whisper": "1.2"},
    segments=(
        Segment(
            1, 0.5, 1.5, "Hello there.", (Word(0.5, 0.9, "Hello", 0.9), Word(1.0, 1.5, "there.", 0.7)), 0.8
        ),
        Segment(2, 6.0, 9.0, "Goodbye.", (Word(6.0, 9.0, "Goodbye.", 0.4),), 0.4),
    ),
    gaps=(Gap(1.5, 6.0, GapReason.NO_SPEECH),),
    warnings=("a warning",),
)


def test_a_transcript_survives_json() -> None:
    assert Transcript.from_json(json.loads(json.dumps(SAID.to_json()))) == SAID


def test_its_text_has_a_line_for_each_segment() -> None:
    assert SAID.text == "Hello there.\nGoodbye."
    assert SAID.word_count == 3


def test_confidence_is_weighted_by_duration() -> None:
    assert SAID.confidence == pytest.approx((0.8 * 1 + 0.4 * 3) / 4)


def test_confidence_is_unknown_when_no_segment_has_one() -> None:
    transcript = Transcript(5.0, "pocketsphinx", "en-us", segments=(Segment(1, 0, 1, "yes"),))

    assert transcript.confidence is None


def test_windows_are_joined_in_order_and_numbered_anew() -> None:
    first, second = Segment(1, 0.0, 1.0, "one"), Segment(1, 61.0, 62.0, "two")

    segments = joined([[first, Segment(2, 1.0, 2.0, " ")], [second]])

    assert [(s.id, s.start, s.text) for s in segments] == [(1, 0.0, "one"), (2, 61.0, "two")]


def segment(start: Any, end: Any, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "text": "words", **more}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([segment(0, 1), segment(0.5, 2)], "Segment 2 starts at 0.5 s, before the one ahead of it has ended"),
        ([segment(2, 2)], "Segment 1 ends at 2 s, which is not after its start"),
        ([segment(0, 12)], "Segment 1 ends at 12 s, after the recording, which lasts 10 s"),
        ([segment(0, 1, words=[{"start": 0, "end": 3, "text": "x"}])], "Segment 1 has a word outside"),
        ([segment("soon", 1)], "Segment 1 cannot be read"),
        ([segment(float("nan"), 1)], "Segment 1 cannot be read"),
        ([{"start": 0, "end": 1}], "Segment 1 cannot be read"),
        ([{"start": 0, "end": 1, "text": 5}], "Segment 1 cannot be read"),
        (["text"], "Segment 1 cannot be read"),
        ("text", "have to be a list"),
    ],
)
def test_segments_that_cannot_be_are_refused_by_number(values: Any, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_segments(values, 10.0)

    assert reason in str(refused.value)


@pytest.mark.parametrize("change", [{"schema": "other/1"}, {"gaps": [{"start": 1}]}, {"unknown": 1}])
def test_json_that_is_no_transcript_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Transcript.from_json({**SAID.to_json(), **change})
