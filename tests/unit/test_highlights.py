"""What stands out in a film, and what does not."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelyard.media.highlights import MOST_POINTS, NOTHING, Highlight, ReasonKind, Sensitivity
from reelyard.media.transcript import Segment, Transcript, Word
from reelyard.tools.highlights import Signals, find, look
from reelyard.tools.highlights.edges import LEAST_S, MOST_S
from reelyard.tools.highlights.keywords import hits
from reelyard.tools.sound.levels import Levels

LOW, MEDIUM, HIGH, MAX = Sensitivity


def sound(*runs: tuple[int, float]) -> Levels:
    """Levels of which each run is (dB, seconds)."""
    db = array("b")
    for level, seconds in runs:
        db.extend([level] * round(seconds * 100))
    return Levels(db)


def said(*sentences: tuple[float, str], pace: float = 0.4, duration: float = 120.0) -> Transcript:
    """Sentences from their starts on, a word every `pace` seconds."""
    segments = []
    for number, (start, text) in enumerate(sentences, 1):
        words = tuple(
            Word(round(start + i * pace, 3), round(start + (i + 0.9) * pace, 3), word)
            for i, word in enumerate(text.split())
        )
        segments.append(Segment(number, words[0].start, words[-1].end, text, words))
    return Transcript(duration, "test", "none", "en", segments=tuple(segments))


def kinds(highlight: Highlight) -> list[ReasonKind]:
    return [reason.kind for reason in highlight.reasons]


def covers(found: Sequence[Highlight], time: float) -> bool:
    return any(one.start <= time < one.end for one in found)


# --- sound ---------------------------------------------------------------------------------------------------


def test_a_loud_stretch_is_found_where_it_is_and_its_loudness_told() -> None:
    levels = sound((-30, 60), (-18, 8), (-30, 52))

    found = find(Signals(120, levels), LOW)

    assert len(found) == 1
    assert found[0].start == pytest.approx(60, abs=2.5)
    assert found[0].end == pytest.approx(68, abs=2.5)
    assert found[0].reasons[0].text == "12 dB louder than the rest"
    assert found[0].title == "Loud moment at 1:00"
    assert sum(reason.weight for reason in found[0].reasons) == pytest.approx(1, abs=0.01)


def test_the_louder_of_two_stretches_comes_first_in_score() -> None:
    levels = sound((-30, 60), (-18, 5), (-30, 60), (-22, 5), (-30, 60))

    loudest, louder = find(Signals(190, levels), MAX)

    assert loudest.score > louder.score


@pytest.mark.parametrize("sensitivity", Sensitivity)
@pytest.mark.parametrize("level", [-96, -50, -12, 0])
def test_nothing_stands_out_of_a_sound_that_never_changes(level: int, sensitivity: Sensitivity) -> None:
    looked = look(Signals(300, sound((level, 300))), sensitivity)

    assert looked.found == ()
    assert looked.summary == NOTHING


@pytest.mark.parametrize("sensitivity", Sensitivity)
def test_nothing_stands_out_of_even_speech_with_pauses(sensitivity: Sensitivity) -> None:
    levels = sound(*[(-20, 2.5), (-60, 0.8), (-22, 3.1), (-60, 0.5)] * 30)
    sentences = [(7 * i + 0.1, "here is one sentence of seven words") for i in range(29)]

    assert find(Signals(207, levels, said(*sentences, pace=0.3, duration=207)), sensitivity) == ()


def test_what_is_heard_stands_out_of_a_film_that_is_silent_otherwise() -> None:
    found = find(Signals(60, sound((-96, 20), (-20, 6), (-96, 34))), MEDIUM)

    assert len(found) == 1
    assert covers(found, 23)
    assert "heard while most of the film is silent" in [reason.text for reason in found[0].reasons]


def test_a_word_after_a_long_silence_stands_out() -> None:
    levels = sound((-20, 30), (-90, 25), (-20, 1), (-90, 4))

    found = find(Signals(60, levels), MEDIUM)

    assert covers(found, 55.5)
    assert found[-1].reasons[0].text == "heard after 25 s of silence"


def test_a_sudden_rise_is_told() -> None:
    levels = sound((-30, 60), (-55, 2), (-14, 0.8), (-30, 60))

    found = find(Signals(122, levels), HIGH)

    assert covers(found, 62.2)
    assert any(reason.text == "suddenly 41 dB louder" for one in found for reason in one.reasons)


# --- speech --------------------------------------------------------------------------------------------------


def test_speech_faster_than_usual_stands_out() -> None:
    slow = [(8.0 * i, "we go on in the way that we always do here") for i in range(14)]
    fast = said((56.0, "now it all happens at once and nobody knows why it did"), pace=0.2).segments[0]
    transcript = said(*slow, pace=0.5)
    segments = tuple(fast if segment.start == 56.0 else segment for segment in transcript.segments)

    found = find(Signals(120, None, Transcript(120, "test", "none", "en", segments=segments)), HIGH)

    assert [kinds(one) for one in found] == [[ReasonKind.FAST_SPEECH]]
    assert covers(found, 57)
    assert found[0].reasons[0].text == "spoken 2.5 times as fast as usual"
    assert found[0].title == "Now it all happens at once and nobody knows why it did"


def test_a_rare_question_stands_out_at_the_highest_sensitivity_and_a_usual_one_does_not() -> None:
    plain = [(8.0 * i, "This is told as it was.") for i in range(12)]
    once = said(*plain[:5], (40.0, "Who could have known of it?"), *plain[6:])
    always = said(*((start, "Is it as it was, or not?") for start, _ in plain))

    assert [kinds(one) for one in find(Signals(120, None, once), MAX)] == [[ReasonKind.QUESTION]]
    assert find(Signals(120, None, always), MAX) == ()


# --- pictures ------------------------------------------------------------------------------------------------


def test_a_film_without_sound_has_highlights_by_its_pictures() -> None:
    calm, quick = [20.0 * i for i in range(1, 30)], [305.0, 306, 307, 308, 309, 310, 311]

    found = find(Signals(600, scenes=sorted([*calm, *quick])), HIGH)

    assert len(found) == 1
    assert covers(found, 308)
    assert found[0].title.startswith("Quick cuts at 5:0")
    assert "times within 10 s" in found[0].reasons[0].text


def test_the_one_change_of_a_still_picture_stands_out() -> None:
    found = find(Signals(120, scenes=[70.0]), HIGH)

    assert covers(found, 70.5)
    assert found[0].reasons[0].text == "the picture changes after 70 s without a cut"


@pytest.mark.parametrize("scenes", [None, (), tuple(range(4, 120, 4))])
def test_nothing_stands_out_of_pictures_that_change_evenly(scenes: tuple[float, ...] | None) -> None:
    assert find(Signals(120, scenes=scenes), MAX) == ()


# --- keywords ------------------------------------------------------------------------------------------------


def test_each_place_of_a_keyword_is_a_highlight_at_any_sensitivity() -> None:
    transcript = said(
        (10, "Ask not what your country can do for you, this country asks."),
        (60, "Many countries took part in the start of it."),
        (90, "Nothing more was said of it on that day."),
    )

    found = find(Signals(120, None, transcript), LOW, ["Country", "art"])

    assert [(one.start, one.end) for one in found] == [(9.85, 14.91), (59.85, 63.71)]
    assert [one.reasons[0].text for one in found] == [
        "the word “Country” is said twice",
        "the word “Country” is said",
    ]
    assert [one.title for one in found] == [
        "Ask not what your country can do for you, this country asks.",
        "Many countries took part in the start of it.",
    ]


def test_highlights_are_told_in_order_of_time_and_numbered_so() -> None:
    transcript = said((30, "the lighthouse is lit"), (100, "the lighthouse is dark"))
    levels = sound((-30, 70), (-12, 6), (-30, 44))

    found = find(Signals(120, levels, transcript), MEDIUM, ["lighthouse"])

    assert [one.id for one in found] == [1, 2, 3]
    assert [kinds(one)[0] for one in found] == [ReasonKind.KEYWORD, ReasonKind.LOUD, ReasonKind.KEYWORD]


# --- any film ------------------------------------------------------------------------------------------------

VOCABULARY = ("the", "country", "start", "art", "why?", "go!", "well-known", "naïve", "end.", "and")


@st.composite
def transcripts(draw: st.DrawFn, duration: float) -> Transcript:
    segments: list[Segment] = []
    at = 0.0
    for _ in range(draw(st.integers(0, 12))):
        at += draw(st.floats(0, duration / 6))
        words = []
        for text in draw(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=14)):
            length = draw(st.floats(0.05, 1.5))
            words.append(Word(round(at, 3), round(at + length, 3), text))
            at = words[-1].end + draw(st.sampled_from([0, 0, 0.1, 1.0, 4.0]))
        if words[-1].end > duration:
            break
        timed = tuple(words) if draw(st.booleans()) else ()
        text = " ".join(word.text for word in words)
        segments.append(Segment(len(segments) + 1, words[0].start, words[-1].end, text, timed))
    return Transcript(duration, "test", "none", draw(st.sampled_from(["en", None])), segments=tuple(segments))


@st.composite
def films(draw: st.DrawFn) -> Signals:
    duration = draw(st.floats(0.05, 240))
    runs = st.lists(st.tuples(st.integers(-96, 0), st.floats(0.1, 60)), max_size=12)
    return Signals(
        duration,
        sound(*draw(runs)) if draw(st.booleans()) else None,
        draw(st.none() | transcripts(duration)),
        draw(st.none() | st.lists(st.floats(0, duration), max_size=30)),
    )


keywords = st.lists(st.sampled_from(["country", "art", "start the", "naïve", "the", "!!"]), max_size=3)


@settings(max_examples=100, deadline=None)
@given(films(), keywords)
def test_highlights_of_any_film_lie_in_it_in_order_apart_and_between_words(
    film: Signals, wanted: list[str]
) -> None:
    looked = look(film, MAX, wanted)

    assert len(looked.curve) <= MOST_POINTS
    assert all(0 <= value <= 1 for value in looked.curve)
    for one in looked.found:
        assert 0 <= one.start < one.end <= film.duration_s
        assert min(LEAST_S, film.duration_s) - 0.002 <= one.length <= MOST_S
        assert 0 < one.score <= 1
        assert one.reasons
        assert 0 < len(one.title) <= 60
        for word in film.words:
            assert not word.start < one.start < word.end
            assert not word.start < one.end < word.end
    assert all(before.end <= after.start for before, after in pairwise(looked.found))


@settings(max_examples=50, deadline=None)
@given(films(), keywords)
def test_whatever_the_film_each_place_of_a_keyword_is_in_a_highlight(
    film: Signals, wanted: list[str]
) -> None:
    found = find(film, LOW, wanted)

    for hit in hits(film, wanted):
        assert covers(found, film.words[hit.first].start)
        assert covers(found, film.words[hit.last - 1].start)


@settings(max_examples=50, deadline=None)
@given(films(), keywords)
def test_a_higher_sensitivity_finds_all_that_a_lower_one_finds(film: Signals, wanted: list[str]) -> None:
    found = [{(one.start, one.end) for one in find(film, each, wanted)} for each in Sensitivity]

    assert all(fewer <= more for fewer, more in pairwise(found))


def test_low_finds_few_and_max_many_and_they_spread_over_the_film() -> None:
    stretches = [(-30 + 3 * (i % 5), 6.0) if i % 4 == 3 else (-30, 6.0) for i in range(300)]

    found = {each: find(Signals(1800, sound(*stretches)), each) for each in Sensitivity}

    assert 0 < len(found[LOW]) < len(found[MEDIUM]) < len(found[HIGH]) < len(found[MAX])
    assert len(found[LOW]) <= 8
    halves = [one.start < 900 for one in found[MEDIUM]]
    assert 0.3 < sum(halves) / len(halves) < 0.7
