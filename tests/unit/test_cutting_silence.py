"""Which frames of a film are silence and go: whole frames, padding, words spared, clicks, nothing left."""

from __future__ import annotations

from array import array
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.cut_list import CutList, Reason
from reelyard.media.ranges import TimeRange
from reelyard.media.transcript import Word
from reelyard.tools.cutting.silence import (
    CLICK_S,
    SPEECH_MARGIN_S,
    Decision,
    Frames,
    SilenceRules,
    by_level,
    by_speech,
    decide,
    trusted,
)
from reelyard.tools.sound.levels import Levels
from reelyard.tools.speech.assembly import SpeechMap
from reelyard.tools.speech.windows import Span

FILM = Frames(Fraction(25), Fraction(0), 250)  # ten seconds
TIGHT = SilenceRules(1.0, 0.0, 0.0)


def sound(*parts: tuple[float, int]) -> Levels:
    """Seconds and dB, one after another."""
    return Levels(array("b", [db for seconds, db in parts for _ in range(round(seconds * 100))]))


def cuts(list_: CutList) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in list_.spans if not span.keep]


def reasons(list_: CutList) -> list[str]:
    return [span.reason.value for span in list_.spans]


def test_silence_at_both_ends_and_between_goes_but_for_its_padding() -> None:
    heard = by_level(sound((2, -60), (2, -10), (2, -55), (2, -10), (2, -70)), -40)

    made = decide(FILM, heard, SilenceRules(1.0, before_s=0.2, after_s=0.4)).cuts

    assert cuts(made) == [(0, 45), (110, 145), (210, 250)]
    assert reasons(made) == [
        "silence", "padding", "sound", "padding", "silence", "padding", "sound", "padding", "silence",
    ]  # fmt: skip
    assert [span.level_db for span in made.spans if not span.keep] == [-60.0, -55.0, -70.0]


def test_a_silence_shorter_than_asked_for_stays() -> None:
    heard = by_level(sound((4, -10), (0.9, -60), (5.1, -10)), -40)

    made = decide(FILM, heard, TIGHT).cuts

    assert made.cuts_nothing
    assert reasons(made) == ["sound", "short", "sound"]


def test_edges_that_fall_within_a_frame_keep_the_whole_frame() -> None:
    heard = by_level(sound((2.01, -10), (1.98, -60), (6.01, -10)), -40)  # 50.25 to 99.75 frames

    made = decide(FILM, heard, TIGHT).cuts

    assert cuts(made) == [(51, 99)]


def test_frames_are_counted_from_where_the_picture_begins() -> None:
    film = Frames(Fraction(30000, 1001), Fraction(1, 2), 285)
    heard = by_level(sound((2, -10), (3, -60), (5.1, -10)), -40)

    made = decide(film, heard, TIGHT).cuts

    assert cuts(made) == [(45, 134)]  # 1.5 s and 4.5 s after it: 44.96 and 134.87 frames


def test_a_film_without_sound_stays_whole_and_nobody_is_warned() -> None:
    assert decide(FILM, None, TIGHT) == Decision(CutList.whole(FILM.rate, FILM.start, FILM.count))


@pytest.mark.parametrize("parts", [[(10, -60)], [(5, -60), (0.02, -3), (4.98, -60)], []])
def test_where_nothing_would_remain_the_film_stays_whole_and_says_so(parts: list[tuple[float, int]]) -> None:
    made = decide(FILM, by_level(sound(*parts), -40), SilenceRules())

    assert made.cuts == CutList.whole(FILM.rate, FILM.start, FILM.count)
    assert len(made.warnings) == 1
    assert "nothing was cut" in made.warnings[0]
    assert "-40 dB" in made.warnings[0]


def test_a_click_alone_does_not_leave_a_flash_of_picture_but_one_beside_a_word_stays() -> None:
    heard = by_level(
        sound((1, -10), (2, -60), (0.03, -5), (1.97, -60), (3, -10), (0.1, -60), (0.02, -5), (2, -60)), -40
    )

    made = decide(FILM, heard, TIGHT).cuts

    assert cuts(made) == [(25, 125), (203, 250)]
    assert made.spans[1].level_db == -5.0


def test_what_lies_after_the_end_of_the_sound_is_silence() -> None:
    made = decide(FILM, by_level(sound((3, -10)), -40), TIGHT).cuts

    assert cuts(made) == [(75, 250)]
    assert made.spans[-1].level_db is None


def test_padding_that_fills_a_silence_leaves_no_jump() -> None:
    heard = by_level(sound((4, -10), (1.05, -60), (4.95, -10)), -40)

    made = decide(FILM, heard, SilenceRules(1.0, 0.5, 0.5)).cuts

    assert reasons(made) == ["sound", "padding", "sound"]


def test_an_edge_within_a_word_moves_out_of_it() -> None:
    heard = by_level(sound((4, -10), (3, -60), (3, -10)), -40)
    words = [Word(3.8, 4.3, "fading"), Word(6.52, 7.2, "rising")]

    made = decide(FILM, heard, TIGHT, words).cuts

    assert cuts(made) == [(108, 163)]  # 4.3 s is 107.5 frames, 6.52 s exactly 163
    assert reasons(made) == ["sound", "word", "silence", "word", "sound"]


def test_words_that_follow_without_a_frame_between_stay_with_the_one_that_is_half_heard() -> None:
    heard = by_level(sound((4, -10), (3, -60), (3, -10)), -40)
    words = [Word(3.8, 4.3, "and"), Word(4.3, 4.71, "so"), Word(4.8, 5.0, "on")]

    made = decide(FILM, heard, TIGHT, words).cuts

    assert cuts(made) == [(118, 175)]


def test_words_that_lie_in_the_silence_altogether_go_with_it() -> None:
    heard = by_level(sound((4, -10), (3, -60), (3, -10)), -40)

    made = decide(FILM, heard, TIGHT, [Word(5.0, 5.5, "whispered")]).cuts

    assert cuts(made) == [(100, 175)]


@pytest.mark.parametrize("doubtful", [Word(3, 6.5, "stretched"), Word(4.5, 4.5, "empty"), Word(3.5, 6, "so")])
def test_words_of_doubtful_times_protect_nothing(doubtful: Word) -> None:
    heard = by_level(sound((4, -10), (3, -60), (3, -10)), -40)

    made = decide(FILM, heard, TIGHT, [doubtful]).cuts

    assert not trusted(doubtful)
    assert cuts(made) == [(100, 175)]


def test_by_speech_noise_is_cut_and_the_detectors_margin_counts_as_padding() -> None:
    speech = SpeechMap(160_000, (Span(32_000, 64_000), Span(112_000, 144_000)), ())  # 2 to 4 and 7 to 9 s
    loud = sound((10, -12))

    made = decide(FILM, by_speech(speech, loud), SilenceRules(3.4, before_s=0.1, after_s=0.4)).cuts

    assert cuts(made) == [(105, 175)]  # the ends are shorter than 3.4 s; between lie 3 s and two margins
    assert [span.level_db for span in made.spans if not span.keep] == [-12.0]
    assert decide(FILM, by_speech(SpeechMap(160_000, (), ())), TIGHT).warnings


def test_the_margin_is_the_detectors() -> None:
    pytest.importorskip("numpy")
    from reelyard.tools.speech import detection

    assert Fraction(detection.PAD_MS, 1000) == SPEECH_MARGIN_S


levels = st.lists(
    st.tuples(st.integers(1, 220), st.sampled_from([-90, -62, -45, -38, -25, -8])), min_size=1, max_size=12
).map(lambda parts: sound(*((length / 100, db) for length, db in parts)))
rules = st.builds(
    SilenceRules,
    st.sampled_from([0.5, 0.9, 1.0, 2.5]),
    st.sampled_from([0.0, 0.05, 0.2, 1.0]),
    st.sampled_from([0.0, 0.13, 0.2, 2.0]),
)
films = st.builds(
    Frames,
    st.sampled_from([Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60), Fraction(5)]),
    st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(-1, 50), Fraction(7, 5)]),
    st.integers(1, 500),
)


@st.composite
def spoken(draw: st.DrawFn) -> list[Word]:
    at, words = 0.0, []
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 1400)), max_size=12)):
        at = round(at + gap / 1000, 3)
        words.append(Word(at, round(at + length / 1000, 3), "word"))
        at = words[-1].end
    return words


@given(films, levels, rules, spoken(), st.sampled_from([-60, -40, -30, -20]))
def test_every_decision_keeps_its_promises(
    film: Frames, heard: Levels, wanted: SilenceRules, words: list[Word], threshold: int
) -> None:
    made = decide(
        film, by_level(heard, threshold), wanted, words
    ).cuts  # a CutList checks that it covers the film

    assert made.kept_frames > 0
    for span in made.spans:
        if span.keep:
            continue
        cut = TimeRange(film.start + span.start / film.rate, film.start + span.end / film.rate)
        assert span.reason is Reason.SILENCE
        _spares_words(film, (span.start, span.end), words)
        _holds_no_sound(cut, heard, threshold)
    plain = decide(film, by_level(heard, threshold), wanted).cuts
    for start, end in cuts(plain):
        edges = (start > 0) * wanted.after_s + (end < film.count) * wanted.before_s
        assert (end - start + 2) / film.rate >= Fraction(str(wanted.shortest_s)) - Fraction(str(edges))
    assert made.kept_frames >= plain.kept_frames


def _spares_words(film: Frames, cut: tuple[int, int], words: list[Word]) -> None:
    for frame in cut:
        at = film.start + frame / film.rate
        inside = [w for w in words if trusted(w) and Fraction(str(w.start)) < at < Fraction(str(w.end))]
        assert frame in (0, film.count) or not inside, (at, inside)


def _holds_no_sound(cut: TimeRange, heard: Levels, threshold: int) -> None:
    loud = [
        step
        for step, level in enumerate(heard.db)
        if level >= threshold and cut.overlaps(TimeRange.of(f"{step}/100", f"{step + 1}/100"))
    ]
    clicks = CLICK_S * 100
    assert all(len([other for other in loud if abs(other - step) < 30]) < clicks for step in loud)


@given(films, levels, rules, spoken())
def test_a_lower_threshold_never_cuts_more(
    film: Frames, heard: Levels, wanted: SilenceRules, words: list[Word]
) -> None:
    gone: set[int] = set()
    for threshold in (-60, -50, -40, -30, -20):
        made = decide(film, by_level(heard, threshold), wanted, words)
        if made.warnings:
            break  # nothing would remain: the film is kept whole from here on

        now = {frame for start, end in cuts(made.cuts) for frame in range(start, end)}
        assert gone <= now
        gone = now
