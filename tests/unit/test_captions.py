import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.transcript import Segment, Transcript, Word
from reelyard.tools.captions import CaptionFormat, CueStyle, cues, write, write_cues


def spoken(text: str, start: float = 0.0, per_word: float = 0.4) -> Segment:
    texts = text.split()
    words = tuple(
        Word(round(start + i * per_word, 3), round(start + (i + 1) * per_word, 3), one)
        for i, one in enumerate(texts)
    )
    return Segment(1, start, words[-1].end, text, words)


def transcript(*segments: Segment) -> Transcript:
    return Transcript(10_000.0, "whisper", "tiny", language="en", segments=segments)


LONG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in "
    "Liberty, and dedicated to the proposition that all men are created equal."
)

GOLDEN_SRT = """1
00:00:00,000 --> 00:00:05,200
Four score and seven years ago our
fathers brought forth on this continent,

2
00:00:05,200 --> 00:00:10,800
a new nation, conceived in Liberty, and
dedicated to the proposition that all men

3
00:00:10,800 --> 00:00:12,000
are created equal.
"""


def test_a_sentence_becomes_cues_cut_at_its_clauses() -> None:
    assert write(transcript(spoken(LONG)), CaptionFormat.SRT) == GOLDEN_SRT


def test_vtt_escapes_what_would_be_markup() -> None:
    text = write(transcript(spoken("Tom & <b>Jerry</b> --> fine")), CaptionFormat.VTT)

    assert text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nTom &amp; &lt;b&gt;Jerry&lt;/b&gt; --&gt; fine\n"
    )


def test_srt_leaves_nothing_that_a_player_takes_for_markup() -> None:
    text = write(transcript(spoken("<i>x</i> --> y")), CaptionFormat.SRT)

    assert "<" not in text
    assert text.count("-->") == 1


def test_a_pause_begins_a_new_cue() -> None:
    words = (Word(0.0, 0.5, "one"), Word(3.0, 3.5, "two"))

    shown = cues(transcript(Segment(1, 0.0, 3.5, "one two", words)))

    assert [cue.lines for cue in shown] == [("one",), ("two",)]


def test_short_cues_are_shown_for_a_second_where_there_is_room() -> None:
    shown = cues(transcript(spoken("Yes.", 0.0, 0.2), spoken("No.", 0.5, 0.2)))

    assert [(cue.start, cue.end) for cue in shown] == [(0.0, 0.5), (0.5, 1.5)]


def test_without_word_times_the_segment_is_shared_out_by_letters() -> None:
    shown = cues(transcript(Segment(1, 10.0, 24.0, LONG)))

    assert len(shown) == 3
    assert shown[0].start == 10.0
    assert shown[-1].end == 24.0


def test_hours_are_written() -> None:
    text = write(transcript(spoken("late", 3_723.5)), CaptionFormat.SRT)

    assert "01:02:03,500 --> 01:02:04,500" in text


def test_plain_text_has_a_line_for_each_segment() -> None:
    assert write(transcript(spoken("One."), spoken("Two.", 5)), CaptionFormat.TXT) == "One.\nTwo.\n"


@pytest.mark.parametrize(("form", "text"), [("txt", ""), ("srt", ""), ("vtt", "WEBVTT\n")])
def test_silence_gives_files_that_are_valid_and_empty(form: str, text: str) -> None:
    assert write(transcript(), CaptionFormat(form)) == text


def test_only_captions_have_cues() -> None:
    with pytest.raises(ValueError, match="txt has no cues"):
        write_cues((), CaptionFormat.TXT)


words = st.lists(
    st.tuples(
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=70),
        st.floats(0.01, 3),
        st.floats(0, 1.5),
    ),
    min_size=1,
    max_size=40,
)


@given(words, st.integers(16, 80), st.integers(1, 3))
def test_whatever_is_said_cues_keep_their_bounds(
    said: list[tuple[str, float, float]], length: int, lines: int
) -> None:
    at, spoken_words = 0.0, []
    for text, duration, pause in said:
        spoken_words.append(Word(at, at + duration, text))
        at += duration + pause
    full = " ".join(text for text, _, _ in said)
    segment = Segment(1, 0.0, spoken_words[-1].end, full, tuple(spoken_words))

    shown = cues(transcript(segment), CueStyle(length, lines))

    assert all(len(line) <= length for cue in shown for line in cue.lines)
    assert all(1 <= len(cue.lines) <= lines for cue in shown)
    assert all(a.end <= b.start for a, b in pairwise(shown))
    assert all(cue.start < cue.end for cue in shown)
    assert re.sub(r"\s", "", full) == re.sub(r"\s", "", "".join("".join(cue.lines) for cue in shown))
