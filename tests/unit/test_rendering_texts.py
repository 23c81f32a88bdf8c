"""Chapters, languages and captions as the tools read them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.support.film_orders import film

from reelyard.media.chapters import Chapter
from reelyard.tools.captions import Cue
from reelyard.tools.rendering.captions import Lettering, captions_file
from reelyard.tools.rendering.chapters import chapters_file
from reelyard.tools.rendering.languages import iso_639_2, letters_for
from reelyard.tools.rendering.target import Container, Wishes, target_of


def test_chapters_are_escaped_and_one_line_each() -> None:
    text = chapters_file((Chapter("a=b;\n#c\\", Fraction(0), Fraction(3, 2)),))

    assert text.splitlines() == [
        *(";FFMETADATA1", "[CHAPTER]", "TIMEBASE=1/1000", "START=0", "END=1500", r"title=a\=b\; \#c\\"),
    ]


@pytest.mark.parametrize(
    ("tag", "letters"),
    [
        ("en", "eng"),
        ("en-GB", "eng"),
        ("pt_BR", "por"),
        ("deu", "deu"),
        ("und", None),
        ("xx", None),
        (None, None),
    ],
)
def test_languages_get_three_letters(tag: str | None, letters: str | None) -> None:
    assert iso_639_2(tag) == letters


def test_quicktime_has_letters_of_its_own() -> None:
    assert letters_for("de", Container.MOV) == "ger"
    assert letters_for("de", Container.MP4) == "deu"


def test_captions_are_sized_by_the_shorter_side_and_nothing_in_them_is_a_command() -> None:
    landscape, portrait = (target_of(film(rotation=turn), Wishes()) for turn in (0, 90))
    cues = (Cue(1.004, 62.5, (r"{\b1}bold\N", "two")), Cue(3, 3, ("never",)))

    text = captions_file(cues, landscape, Lettering(size=6))

    assert "DejaVu Sans,65," in text
    assert "DejaVu Sans,65," in captions_file(cues, portrait, Lettering(size=6))
    assert "PlayResX: 1920" in text
    events = [line for line in text.splitlines() if line.startswith("Dialogue")]
    assert events == ["Dialogue: 0,0:00:01.00,0:01:02.50,Default,\\{\\\u2060b1\\}bold\\\u2060N\\Ntwo"]
