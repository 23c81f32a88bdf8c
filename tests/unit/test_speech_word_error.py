import pytest

from reelyard.tools.speech.word_error import WordError, word_error


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("the cat sat", "The cat, sat!", 0),
        ("the cat sat", "the cat", 1),
        ("the cat sat", "the fat cat sat", 1),
        ("the cat sat", "the dog sat", 1),
        ("don\u2019t stop", "don't stop", 0),
        ("", "noise", 1),
        ("the cat", "", 2),
    ],
)
def test_errors_are_the_words_to_insert_delete_or_replace(said: str, heard: str, errors: int) -> None:
    assert word_error(said, heard).errors == errors


def test_a_rate_is_over_the_words_that_were_said() -> None:
    both = word_error("one two three", "one two") + word_error("four", "four")

    assert both == WordError(1, 4)
    assert both.rate == 0.25


def test_nothing_said_and_nothing_heard_is_no_error() -> None:
    assert word_error("", "").rate == 0.0
    assert word_error("", "noise").rate == 1.0
