# ruff: noqa: RUF001 - letters and signs of other languages are meant

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.document import count_words
from reelyard.testing.languages import STORIES, story
from reelyard.tools.sentences import sentences, shortened, split, supported

HARD = [
    ("en", ["Dr. Holt lived in the U.S. for 41 years.", "Mr. Pell agreed."]),
    ("en", ["It was J. R. R. Tolkien.", "He counted 3.14 sheep."]),
    ("en", ["Wait... what?", "No… really.", "Yes."]),
    ("en", ["The boat came at 5:12 p.m.", "There were three."]),
    ("en", ["See e.g. the padlock; i.e. the key.", "Visit example.com now!", "Fine?"]),
    ("en", ["Mr. Smith vs. Mrs. Jones, Ph.D. et al. wrote it in Jan. 2020.", "Good."]),
    ("en", ["“Switched off?” she said.", "“By whom? It isn’t a radio.”", "The cat left."]),
    ("de", ["Das ist z. B. ein Test.", "Am 3. Mai kam er.", "Dr. Müller sagte: „Komm! Jetzt.“", "Er ging."]),
    ("de", ["Der 1. FC Köln gewann.", "Gut."]),
    ("fr", ["Il a dit : « Viens ici ! Vite. »", "Puis M. Dupont partit."]),
    ("es", ["¿Cómo estás?", "¡Muy bien!", "El Sr. López llegó."]),
    ("ru", ["«Где ты был?» — спросила жена.", "Он молчал."]),
    ("ru", ["А. С. Пушкин родился в 1799 г. в Москве.", "Он писал и т. д. и т. п."]),
    ("hi", ["यह एक वाक्य है।", "दूसरा वाक्य है?", "हाँ।"]),
    ("ar", ["كيف حالك؟", "أنا بخير."]),
    ("ko", ["안녕하세요.", "오늘은 날씨가 좋습니다."]),
]


@pytest.mark.parametrize(("language", "expected"), HARD)
def test_sentences_end_where_a_reader_ends_them(language: str, expected: list[str]) -> None:
    assert list(sentences(" ".join(expected), language)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ["你好。", "今天天气很好！", "他说：“走吧。快点！”", "然后离开了。"]),
        ("ja", ["今日は。", "「どこへ行くの？早く。」と彼は言った。", "終わり！"]),
    ],
)
def test_sentences_without_spaces_between_them_are_found_too(language: str, expected: list[str]) -> None:
    assert list(sentences("".join(expected), language)) == expected


@pytest.mark.parametrize("language", STORIES)
def test_the_languages_that_are_said_to_be_known_are(language: str) -> None:
    assert supported(language)
    assert sentences(story(language), language) == STORIES[language]


def test_a_language_that_is_not_known_gets_the_general_rule_and_it_is_said() -> None:
    assert not supported("sw")
    assert not supported(None)
    assert sentences("Habari yako? Nzuri sana. Asante!", "sw") == ("Habari yako?", "Nzuri sana.", "Asante!")


def test_a_script_without_marks_is_cut_at_spaces_when_it_is_long() -> None:
    clause = "สวัสดีครับวันนี้อากาศดี"

    found = sentences(" ".join([clause] * 40), "th")

    assert len(found) > 5
    assert all(count_words(one) <= 40 for one in found)
    assert " ".join(found) == " ".join([clause] * 40)


@given(st.text(max_size=400), st.sampled_from([*STORIES, "th", None]))
def test_no_character_is_lost_or_changed(paragraph: str, language: str | None) -> None:
    assert "".join(split(paragraph, language)) == paragraph


@given(st.lists(st.sampled_from([each for one in STORIES.values() for each in one]), max_size=60))
def test_joined_sentences_are_the_paragraph(parts: list[str]) -> None:
    paragraph = " ".join(parts)

    assert "".join(sentences(paragraph, "en")).replace(" ", "") == paragraph.replace(" ", "")


@pytest.mark.parametrize("piece", ["你好。", "“a. ", "a. ", "word ", "* a ", "(a. "])
def test_a_monstrous_paragraph_is_split_in_linear_time(piece: str) -> None:
    paragraph = piece * (200_000 // len(piece))

    assert "".join(split(paragraph, "en")) == paragraph


def test_a_sentence_across_the_library_s_window_is_not_torn() -> None:
    one = "The keeper " + "walked and " * 200 + "came home."

    found = sentences(" ".join([one] * 6), "en")

    assert found == (one,) * 6


def test_a_long_sentence_is_cut_at_its_clauses_first() -> None:
    clause = "he went over the bridge and saw the sea"
    sentence = f"{clause}; {clause}, {clause}; {clause}."

    assert [one[-1] for one in shortened(sentence, 20)] == [";", ";", "."]
    assert " ".join(shortened(sentence, 20)) == sentence
    assert shortened(sentence, 200) == (sentence,)


@given(st.text(max_size=300), st.integers(1, 30))
def test_pieces_of_a_sentence_are_all_of_it_and_short_enough(sentence: str, most: int) -> None:
    pieces = shortened(sentence, most)

    assert "".join("".join(pieces).split()) == "".join(sentence.split())
    # One more where a script without spaces touches one that has them.
    assert all(count_words(one) <= most + 1 for one in pieces)
