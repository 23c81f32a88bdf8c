"""When words and sentences are said, by an engine's marks or by estimate."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from reelyard.tools.narration.order import ChunkOrder, in_sentences, sayable
from reelyard.tools.narration.words import loud_parts, sentence_cuts, tokens, word_spans
from reelyard.tools.voices.engine import Mark, Samples
from reelyard.tools.voices.voice import EngineName, Voice

RATE = 1_000
VOICE = Voice("espeak:en", "English", "en", EngineName.ESPEAK)


def sound(*stretches: tuple[float, bool]) -> Samples:
    """Stretches of so many seconds, heard or not."""
    return np.concatenate([np.full(round(s * RATE), 5_000 * heard, np.int16) for s, heard in stretches])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two words.", ["Two", "words."]),
        ("“Yes” — (no)!", ["“Yes”", "—", "(no)!"]),
        ("你好、世界。", ["你", "好、", "世", "界。"]),
        ("「はいはい」。", ["「は", "い", "は", "い」。"]),
        ("今天 hello 世界", ["今天", "hello", "世界"]),
        ("unbelievable", ["unbelievable"]),
        ("—", ["—"]),
    ],
)
def test_words_are_what_stands_between_spaces_or_the_signs_of_a_script_without_them(
    text: str, words: list[str]
) -> None:
    found = [text[token.begin : token.end] for token in tokens(text)]

    assert found == words
    assert text in ("".join(found), " ".join(found))


def test_marks_give_the_begin_of_words_and_pauses_belong_to_none() -> None:
    text = "One, two three."
    loud = loud_parts(sound((0.1, False), (0.4, True), (0.3, False), (0.4, True), (0.5, True)), RATE)

    found = word_spans(text, [Mark(100, 0), Mark(800, 5), Mark(1200, 9)], loud, RATE)

    assert found == [(100, 500, "One,"), (800, 1200, "two"), (1200, 1700, "three.")]


def test_a_word_without_a_mark_shares_the_time_of_the_one_before() -> None:
    loud = loud_parts(sound((1.2, True)), RATE)

    found = word_spans("abcd — ef gh", [Mark(0, 0), Mark(900, 10)], loud, RATE)

    assert found == [(0, 600, "abcd"), (600, 600, "—"), (600, 900, "ef"), (900, 1200, "gh")]


def test_marks_out_of_order_or_outside_keep_words_in_order() -> None:
    loud = loud_parts(sound((1.0, True)), RATE)

    found = word_spans("a b c d", [Mark(700, 2), Mark(300, 4), Mark(5_000, 6), Mark(1, 99)], loud, RATE)

    times = [time for begin, end, _ in found for time in (begin, end)]
    assert times == sorted(times)
    assert max(times) <= 1_000


def test_without_marks_words_are_shared_out_over_what_is_heard() -> None:
    loud = loud_parts(sound((0.5, True), (1.0, False), (0.5, True)), RATE)

    found = word_spans("abcde fghij", (), loud, RATE)

    assert [word for *_, word in found] == ["abcde", "fghij"]
    assert found[0][0] == 0
    assert found[0][1] <= 500
    assert found[1][1] == 2_000


def test_the_sound_of_a_paragraph_is_cut_at_the_pauses_that_fit_its_sentences() -> None:
    # a comma's short pause stands nearer to where letters alone would cut
    heard = sound(
        (1.0, True), (0.15, False), (0.8, True), (0.5, False), (0.9, True), (0.5, False), (0.3, True)
    )
    sentences = ["a" * 20 + ", " + "b" * 14, "c" * 20, "d" * 6]

    cuts = sentence_cuts(heard, RATE, sentences)

    assert cuts == [2_450, 3_850]
    assert sentence_cuts(heard, RATE, ["all of it"]) == []


def test_without_enough_pauses_it_is_cut_by_letters() -> None:
    cuts = sentence_cuts(sound((3.0, True)), RATE, ["a" * 10, "b" * 10, "c" * 10])

    assert cuts == [1_000, 2_000]


def test_silence_is_cut_somewhere_and_nothing_is_lost() -> None:
    cuts = sentence_cuts(sound((1.0, False)), RATE, ["a", "b"])

    assert all(0 <= a <= b <= 1_000 for a, b in pairwise([0, *cuts, 1_000]))


def test_what_has_no_sound_is_taken_out_of_a_text_and_words_are_kept() -> None:
    assert sayable("a\0b\x1bc\u00add  e\n\tf\ufeff") == "abcd e f"
    assert sayable("\ud800half") == "half"
    assert sayable("naïve — “œuvre” 你好 🎉") == "naïve — “œuvre” 你好 🎉"


def test_a_heading_has_a_longer_pause_and_empty_paragraphs_are_left_out() -> None:
    order = ChunkOrder(("Title", "", "One. Two."), VOICE, "en", heading=True)

    found = in_sentences(order, lambda text, _: tuple(text.split(". ")))

    assert [paragraph.sentences for paragraph in found] == [("Title",), ("One", "Two.")]
    assert [paragraph.pause for paragraph in found] == pytest.approx([0.9, 0.6])
