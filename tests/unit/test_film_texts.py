"""What was told of the original, told of the cut film."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.film_texts import FilmTexts
from reelyard.media.ranges import TimeRange, exact
from reelyard.media.transcript import Gap, GapReason, Segment, Transcript, Word
from reelyard.tools.captions import CueStyle, cues

RATE = Fraction(25)


def cut_list(*cut: tuple[int, int], frames: int = 500, start: Fraction = Fraction(0)) -> CutList:
    """Twenty seconds without some frames."""
    made = CutList.whole(RATE, start, frames)
    for begin, end in cut:
        made = made.decided(begin, end, keep=False)
    return made


def said(*segments: tuple[str, list[tuple[float, float, str]]], gaps: tuple[Gap, ...] = ()) -> Transcript:
    read = tuple(
        Segment(number, words[0][0], words[-1][1], text, tuple(Word(*word) for word in words), 0.8)
        for number, (text, words) in enumerate(segments, 1)
    )
    return Transcript(20.0, "whisper", "tiny", "en", segments=read, gaps=gaps, warnings=("no speech from …",))


def test_words_after_a_cut_come_earlier_by_it() -> None:
    texts = FilmTexts(cut_list((100, 150)))  # 4 s to 6 s

    film = texts.transcript(
        said(("One two.", [(1, 1.5, "One"), (2, 2.5, "two.")]), ("Three.", [(7.25, 8, "Three.")]))
    )

    assert [(s.start, s.end, s.text) for s in film.segments] == [
        (1.0, 2.5, "One two."),
        (5.25, 6.0, "Three."),
    ]
    assert film.segments[1].words == (Word(5.25, 6.0, "Three."),)
    assert film.duration_s == 18.0
    assert film.warnings == ()


def test_words_that_were_cut_vanish_and_their_segments_with_the_last_of_them() -> None:
    texts = FilmTexts(cut_list((100, 150), (200, 250)))
    original = said(
        ("Stay go away stay.", [(3, 3.5, "Stay"), (4.1, 4.6, "go"), (5, 5.9, "away"), (6.1, 6.6, "stay.")]),
        ("Gone.", [(8.2, 9, "Gone.")]),
        ("Here.", [(11, 12, "Here.")]),
    )

    film = texts.transcript(original)

    assert [s.text for s in film.segments] == ["Stay stay.", "Here."]
    assert [s.id for s in film.segments] == [1, 2]
    assert film.segments[0].words == (Word(3.0, 3.5, "Stay"), Word(4.1, 4.6, "stay."))


def test_a_word_stays_when_half_of_it_does_or_when_a_recogniser_stretched_it_over_a_pause() -> None:
    texts = FilmTexts(cut_list((100, 150)))  # 4 s to 6 s
    half, less, stretched = (3.8, 4.2, "half"), (3.95, 4.25, "less"), (4.0, 6.4, "stretched")

    kept = [
        [
            word.text
            for segment in texts.transcript(said((word[2], [word]))).segments
            for word in segment.words
        ]
        for word in (half, less, stretched)
    ]

    assert kept == [["half"], [], ["stretched"]]


def test_texts_without_spaces_are_joined_without() -> None:
    texts = FilmTexts(cut_list((25, 50)))

    film = texts.transcript(said(("今日は雨", [(0, 0.9, "今日"), (1.1, 1.8, "は"), (2, 3, "雨")])))

    assert film.segments[0].text == "今日雨"


def test_a_segment_whose_words_are_not_timed_is_clipped() -> None:
    segments = (Segment(1, 3.0, 5.0, "Half cut"), Segment(2, 5.0, 5.5, "Gone"), Segment(3, 5.5, 7.0, "Rest"))

    film = FilmTexts(cut_list((100, 150))).transcript(replace(said(("x", [(0, 1, "x")])), segments=segments))

    assert [(s.start, s.end, s.text) for s in film.segments] == [(3.0, 4.0, "Half cut"), (4.0, 5.0, "Rest")]


def test_gaps_shrink_and_short_ones_are_pauses_but_for_failures() -> None:
    gaps = (Gap(3, 9, GapReason.NO_SPEECH), Gap(10, 13, GapReason.NO_SPEECH), Gap(13, 14, GapReason.FAILED))

    film = FilmTexts(cut_list((100, 200), (260, 320))).transcript(said(("x", [(0, 1, "x")]), gaps=gaps))

    assert film.gaps == (Gap(3.0, 5.0, GapReason.NO_SPEECH), Gap(6.6, 7.6, GapReason.FAILED))[:2]


def test_times_are_counted_from_the_first_picture() -> None:
    texts = FilmTexts(cut_list(frames=100, start=Fraction(1, 2)))

    film = texts.transcript(said(("Early.", [(0.1, 0.4, "Early.")]), ("Late.", [(1, 1.5, "Late.")])))

    assert [(s.start, s.text) for s in film.segments] == [(0.5, "Late.")]


def test_a_stretch_reaches_from_its_first_moment_to_its_last_unless_it_was_cut() -> None:
    texts = FilmTexts(cut_list((100, 150)))

    assert texts.stretch(3, 7) == TimeRange.of(3, 5)
    assert texts.stretch(5, 7) == TimeRange.of(4, 5)
    assert texts.stretch(4.5, 5.5) is None
    assert texts.stretch(19, 40) == TimeRange.of(17, 18)


def test_chapters_move_to_the_join_when_their_beginning_was_cut_and_vanish_when_all_was() -> None:
    texts = FilmTexts(cut_list((100, 150), (450, 500)))
    chapters = [
        Chapter("Start", Fraction(0), Fraction("4.2")),
        Chapter("All cut", Fraction("4.2"), Fraction(5)),
        Chapter("Begins at the join", Fraction(5), Fraction("18.5")),
        Chapter("End", Fraction("18.5"), Fraction(20)),
    ]

    assert texts.chapters(chapters) == (
        Chapter("Start", Fraction(0), Fraction(4)),
        Chapter("Begins at the join", Fraction(4), Fraction(16)),
    )


@st.composite
def edits(draw: st.DrawFn) -> CutList:
    rate = draw(st.sampled_from([RATE, Fraction(30000, 1001), Fraction(60)]))
    lengths = draw(st.lists(st.integers(1, 90), min_size=1, max_size=12))
    spans, at, keep = [], 0, draw(st.booleans())
    for length in lengths:
        spans.append(Span(at, at + length, keep, Reason.SOUND if keep else Reason.SILENCE))
        at, keep = at + length, not keep
    return CutList(rate, draw(st.sampled_from([Fraction(0), Fraction(1, 7)])), at, tuple(spans))


@st.composite
def talks(draw: st.DrawFn) -> Transcript:
    at, segments = 0.0, []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        words = []
        for gap, length in draw(
            st.lists(st.tuples(st.integers(0, 800), st.integers(0, 900)), min_size=1, max_size=6)
        ):
            begins = round(at + gap / 1000, 3)
            at = round(begins + length / 1000, 3)
            words.append(Word(begins, at, "word"))
        at = max(at, round(words[0].start + 0.001, 3))
        text = " ".join(word.text for word in words)
        segments.append(Segment(number, words[0].start, at, text, tuple(words)))
    return Transcript(at, "whisper", "tiny", "en", segments=tuple(segments))


@given(edits(), talks())
def test_the_films_transcript_and_its_captions_lie_inside_the_film_and_in_order(
    edit: CutList, original: Transcript
) -> None:
    film = FilmTexts(edit).transcript(original)
    shown = cues(film, CueStyle())

    assert (
        Transcript.from_json(film.to_json()) == film
    )  # reading checks order, overlaps, words inside segments
    assert all(exact(segment.end) <= edit.duration for segment in film.segments)
    assert film.word_count <= original.word_count
    assert all(before.end <= after.start for before, after in pairwise(shown))
    assert all(0 <= cue.start < cue.end and exact(cue.end) <= edit.duration for cue in shown)


@given(talks())
def test_a_film_that_was_not_cut_keeps_its_transcript(original: Transcript) -> None:
    whole = CutList.whole(Fraction(1000), Fraction(0), round(original.duration_s * 1000))

    assert FilmTexts(whole).transcript(original) == original
