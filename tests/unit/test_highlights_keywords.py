"""Where keywords are said: whole words in any of their forms, phrases, any script."""

from __future__ import annotations

import pytest

from reelyard.media.transcript import Segment, Transcript, Word
from reelyard.tools.highlights.keywords import groups, hits, keyword_part
from reelyard.tools.highlights.signals import Signals
from reelyard.tools.highlights.titles import title


def film(*sentences: str, language: str | None = "en", pause: float = 0.5) -> Signals:
    """Sentences with a word every half second, and pauses between them."""
    segments: list[Segment] = []
    at = 0.0
    for sentence in sentences:
        words = []
        for text in sentence.split():
            words.append(Word(at, round(at + 0.4, 3), text))
            at = round(at + 0.5, 3)
        segments.append(Segment(len(segments) + 1, words[0].start, words[-1].end, sentence, tuple(words)))
        at += pause
    return Signals(at, None, Transcript(at, "test", "none", language, segments=tuple(segments)))


def found(signals: Signals, *keywords: str) -> list[str]:
    """What was said where the keywords were found."""
    return [
        " ".join(word.text for word in signals.words[hit.first : hit.last]) for hit in hits(signals, keywords)
    ]


@pytest.mark.parametrize(
    ("language", "keyword", "text", "expected"),
    [
        ("en", "art", "Start the art of a party, ART!", ["art", "ART!"]),
        ("en", "country", "Countries and a country's countryside", ["Countries", "country's"]),
        ("en", "running", "He runs", ["runs"]),
        ("en", "don't", "You don\u2019t know", ["don\u2019t"]),
        ("en", "C++", "The C of C++ and C#", ["C++"]),
        ("en", "42", "It is 42, not 420", ["42,"]),
        ("de", "Häuser", "Das Haus und die HÄUSER", ["Haus", "HÄUSER"]),
        ("de", "STRASSE", "Die Straße", ["Straße"]),
        ("fr", "art", "C'est l\u2019art de partir", ["l\u2019art"]),
        ("es", "niño", "los niños", ["niños"]),
        ("ru", "книга", "много книг и книжка", ["книг"]),
        ("el", "λόγος", "ΛΌΓΟΣ", ["ΛΌΓΟΣ"]),
        ("hi", "किताब", "यह किताब है", ["किताब"]),
        ("en", "cafe\u0301", "The caf\u00e9 is shut", ["caf\u00e9"]),
        ("zh", "国家", "这 个国 家很 大", ["个国 家很"]),
        (None, "country", "Countries of a country", ["country"]),
        ("sw", "nchi", "nchi yangu", ["nchi"]),
        ("en", "!!!", "Stop !!! there", []),
    ],
)
def test_a_word_is_found_in_its_forms_and_never_within_another(
    language: str | None, keyword: str, text: str, expected: list[str]
) -> None:
    assert found(film(text, language=language), keyword) == expected


def test_a_phrase_is_found_over_the_end_of_a_segment_and_with_other_endings() -> None:
    said = film("We talk of climate", "change and of climates changing, not of changing climate.")

    assert found(said, "climate change") == ["climate change", "climates changing,"]


def test_a_phrase_is_none_over_a_long_pause() -> None:
    assert found(film("This is the climate", "Change the wheel", pause=3.5), "climate change") == []


def test_a_hyphen_parts_words_and_binds_phrases() -> None:
    said = film("A well-known man", "He is well known")

    assert found(said, "well known") == ["well-known", "well known"]
    assert found(said, "known") == ["well-known", "known"]


def test_a_segment_whose_words_are_not_timed_is_searched_too() -> None:
    segments = (Segment(1, 0.0, 4.0, "Nobody had heard of the lighthouse"),)
    said = Signals(10, None, Transcript(10, "test", "none", "en", segments=segments, edited=True))

    (hit,) = hits(said, ["lighthouses"])

    assert 2.5 < said.words[hit.first].start < 4


def test_how_often_each_is_said_is_told() -> None:
    said = film("The sea, the sea", "the open sea and the shore")
    part = keyword_part(said, hits(said, ["sea", "open sea", "the", "shore"]))

    assert part.tell(0, said.duration_s) == (
        "the word “the” is said 4 times, the word “sea” is said 3 times, "
        "the phrase “open sea” is said, the word “shore” is said"
    )


def test_hits_that_are_near_make_one_group_and_endless_ones_several_of_bearable_length() -> None:
    near = film("sea and the sea", "nothing of it is said here at all for a while you see", "sea")
    endless = film(*["sea " * 10] * 20)

    apart = groups(near.words, hits(near, ["sea"]))
    pieces = groups(endless.words, hits(endless, ["sea"]))

    assert len(apart) == 2
    assert len(pieces) == 4
    assert all(18 < end - start <= 37 for start, end in pieces)


def test_a_title_begins_near_what_counts_in_a_long_sentence() -> None:
    long = "it was in the year of the great storm when all the boats were lost that they lit the new lighthouse for us"
    said = film(long)
    (hit,) = hits(said, ["lighthouse"])

    named = title(said.words, said.words[hit.first].start)

    assert named == "… Lit the new lighthouse for us…"
    assert title((), 0) is None
    assert title(said.words[:2], 0) == "It was"
