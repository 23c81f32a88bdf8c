import pytest

from reelyard.errors import InvalidInput
from reelyard.media.transcript import Segment, Transcript, Word
from reelyard.media.transcript_edits import edited

ORIGINAL = Transcript(
    duration_s=10.0,
    recogniser="whisper",
    model="tiny",
    segments=(
        Segment(
            1,
            0.0,
            4.0,
            "the quick fox jumps",
            (
                Word(0, 1, "the", 0.9),
                Word(1, 2, "quick", 0.9),
                Word(2, 3, "fox", 0.5),
                Word(3, 4, "jumps", 0.9),
            ),
            0.8,
        ),
        Segment(2, 5.0, 6.0, "again", (Word(5, 6, "again", 0.9),), 0.9),
    ),
)


def test_untouched_segments_stay_as_they_were() -> None:
    result = edited(
        ORIGINAL, [{"start": 0, "end": 4, "text": "changed"}, {"start": 5, "end": 6, "text": "again"}]
    )

    assert result.segments[1] == ORIGINAL.segments[1]
    assert result.edited


def test_words_that_stayed_keep_their_times_and_new_ones_share_the_room() -> None:
    result = edited(ORIGINAL, [{"start": 0, "end": 4, "text": "The quick brown ox jumps."}])

    words = [(w.text, w.start, w.end) for w in result.segments[0].words]
    assert words[:2] == [("The", 0, 1), ("quick", 1, 2)]
    assert words[-1] == ("jumps.", 3, 4)
    assert words[2][:2] == ("brown", 2)
    assert words[3] == ("ox", words[2][2], 3)


def test_a_changed_segment_has_no_confidence() -> None:
    result = edited(ORIGINAL, [{"start": 0, "end": 4, "text": "something else"}])

    assert result.segments[0].confidence is None
    assert [w.text for w in result.segments[0].words] == ["something", "else"]


def test_segments_can_be_split_removed_and_emptied() -> None:
    result = edited(
        ORIGINAL,
        [
            {"start": 0, "end": 2, "text": "the quick"},
            {"start": 2, "end": 4, "text": "fox jumps"},
            {"start": 5, "end": 6, "text": "  "},
        ],
    )

    assert [(s.id, s.text, len(s.words)) for s in result.segments] == [
        (1, "the quick", 2),
        (2, "fox jumps", 2),
    ]
    assert result.segments[1].words[0].start == 2


def test_an_impossible_edit_names_the_segment() -> None:
    with pytest.raises(InvalidInput, match="Segment 2"):
        edited(ORIGINAL, [{"start": 0, "end": 4, "text": "x"}, {"start": 3, "end": 5, "text": "y"}])
