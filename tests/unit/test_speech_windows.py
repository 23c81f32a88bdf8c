from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.transcript import Gap, GapReason, Segment, Word
from reelyard.tools.speech.windows import (
    HOP,
    RATE,
    Span,
    Window,
    clock,
    find_gaps,
    gap_warnings,
    make_windows,
    near,
    placed,
    split,
    tidied,
)


def seconds(start: float, end: float) -> Span:
    return Span(round(start * RATE), round(end * RATE))


def even(span: Span) -> Sequence[float]:
    return [1.0] * (len(span) // HOP)


def test_speech_is_gathered_into_windows_of_at_most_a_minute() -> None:
    spans = [seconds(0, 20), seconds(25, 50), seconds(55, 70)]

    assert make_windows(spans, even) == (Window((spans[0], spans[1])), Window((spans[2],)))


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    def levels(span: Span) -> Sequence[float]:
        return [0.1 if 42.0 <= (span.start + i * HOP) / RATE < 42.3 else 1.0 for i in range(len(span) // HOP)]

    first, second = split(seconds(0, 100), levels, 60 * RATE)

    assert 42.0 <= first.end_s <= 42.3
    assert second == Span(first.end, 100 * RATE)


def test_a_window_survives_json() -> None:
    window = Window((Span(1, 5), Span(7, 9)))

    assert Window.from_json(window.to_json()) == window
    assert window.seconds == 8 / RATE


spans_of_speech = st.lists(st.tuples(st.integers(0, 40 * RATE), st.integers(1, 200 * RATE)), max_size=12)


@given(spans_of_speech)
def test_windows_hold_every_sample_of_speech_once_and_in_order(lengths: list[tuple[int, int]]) -> None:
    spans, at = [], 0
    for silence, speech in lengths:
        spans.append(Span(at + silence, at + silence + speech))
        at += silence + speech

    windows = make_windows(spans, even)

    pieces = [piece for window in windows for piece in window.spans]
    assert all(window.end - window.start <= 60 * RATE for window in windows)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    assert sum(map(len, pieces)) == sum(map(len, spans))


def test_silences_of_two_seconds_are_gaps_and_shorter_ones_are_pauses() -> None:
    gaps = find_gaps([seconds(3, 4), seconds(5, 6), seconds(9, 10)], 11 * RATE)

    assert gaps == (Gap(0.0, 3.0, GapReason.NO_SPEECH), Gap(6.0, 9.0, GapReason.NO_SPEECH))


def test_a_recording_without_speech_is_one_gap() -> None:
    assert find_gaps([], 30 * RATE) == (Gap(0.0, 30.0, GapReason.NO_SPEECH),)


def test_users_are_told_of_long_silences_and_of_failures() -> None:
    gaps = (
        Gap(0, 59, GapReason.NO_SPEECH),
        Gap(720, 960, GapReason.NO_SPEECH),
        Gap(3600, 3661, GapReason.FAILED),
    )

    assert gap_warnings(gaps) == (
        "no speech from 12:00 to 16:00",
        "the recogniser failed from 1:00:00 to 1:01:01",
    )


def test_spans_a_pause_apart_are_near() -> None:
    assert near([seconds(0, 1), seconds(2.9, 4), seconds(6, 7)]) == (seconds(0, 4), seconds(6, 7))


def test_text_is_brought_back_to_where_it_was_said() -> None:
    laid_out = Segment(1, 0.5, 3.0, "yes no", (Word(0.5, 0.9, "yes"), Word(2.2, 3.0, "no")))

    first, second = placed([laid_out], [seconds(10, 12), seconds(100, 102)])

    assert (first.text, first.start, first.end) == ("yes", 10.5, 10.9)
    assert (second.text, second.start, second.end) == ("no", 100.2, 101.0)


def test_text_without_word_times_stays_in_one_span() -> None:
    (segment,) = placed([Segment(1, 1.0, 3.5, "over the gap")], [seconds(10, 12), seconds(100, 102)])

    assert (segment.start, segment.end) == (100.0, 101.5)


def test_segments_that_run_into_each_other_are_put_in_order() -> None:
    window = Window((seconds(10, 20),))
    rough = [
        Segment(7, 9.9, 12.0, "a b", (Word(9.9, 11.0, "a"), Word(10.8, 12.0, "b"))),
        Segment(8, 11.8, 20.5, "c"),
        Segment(9, 19.0, 19.5, "after the end of the one before"),
        Segment(9, 20.0, 20.0, ""),
    ]

    tidy = tidied(rough, window)

    assert [(s.id, s.start, s.end, s.text) for s in tidy] == [(1, 10.0, 12.0, "a b"), (2, 12.0, 20.0, "c")]
    assert [(w.start, w.end) for w in tidy[0].words] == [(10.0, 11.0), (11.0, 12.0)]


def test_times_are_written_as_people_read_them() -> None:
    assert [clock(5), clock(754.6), clock(3723)] == ["00:05", "12:35", "1:02:03"]
