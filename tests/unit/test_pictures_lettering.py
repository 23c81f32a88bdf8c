"""Titles are set in letters that exist, and strangers' words stay words."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from reelyard.tools.pictures.lettering import broken, cleaned, face_for
from reelyard.tools.pictures.painting.cards import Card, paint_card
from reelyard.tools.pictures.scene import PictureShape, Style

HOSTILE = '</text><script>alert(1)</script><image href="file:///etc/passwd"/> & "quotes" <![CDATA['


def test_the_serif_has_latin_greek_and_cyrillic_and_the_sans_the_rest() -> None:
    for text in ("The lamp at Skerrow", "Ärger über Straße, ça va", "Смотритель маяка", "Λίμνη"):
        face = face_for(text)
        assert face is not None
        assert face.family == "EB Garamond"
    other = face_for("א ב ג")
    assert other is not None
    assert other.family == "DejaVu Sans"


def test_letters_that_no_typeface_has_are_never_set() -> None:
    assert face_for("灯台") is None

    painting = paint_card(Card("灯台の物語", PictureShape.WIDE, Style.WATERCOLOUR, 0, 1))
    assert painting.over is None


def test_emoji_and_control_characters_are_left_out() -> None:
    assert cleaned("Thank\tyou \x07 for\u200b the light 🐟 ☀") == "Thank you for the light"


def test_a_long_title_is_cut_between_words() -> None:
    line = cleaned("word " * 100)

    assert len(line) <= 165
    assert line.endswith("word…")


def test_lines_are_no_wider_than_asked() -> None:
    face = face_for("x")
    assert face is not None

    lines = broken("What one generation calls excess another calls necessity", face, 100, 900)

    assert len(lines) > 1
    assert all(face.width(line, 100) <= 900 for line in lines)


@pytest.mark.parametrize("shape", list(PictureShape))
def test_hostile_words_are_set_as_words(shape: PictureShape) -> None:
    painting = paint_card(Card(HOSTILE, shape, Style.PAPER_CUT, 1, 2))

    assert painting.over is not None
    root = ET.fromstring(painting.over)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "g", "text", "path"}
    assert "alert(1)" in "".join(root.itertext())
    assert "alert" not in painting.seen
