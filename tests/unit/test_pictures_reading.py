"""Which drawable things and circumstances words name."""

from __future__ import annotations

import pytest

from reelyard.tools.pictures.lexicon import LANGUAGES, lexicon_for
from reelyard.tools.pictures.reading import Reading, read, strongest
from reelyard.tools.pictures.things.thing import Pose


def _names(reading: Reading) -> set[str]:
    return {mention.name for mention in reading.mentions}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Two wolves watched the geese.", {"wolf", "goose"}),
        ("The fishermen's boats lay there; women mended.", {"fisherman", "rowing_boat", "woman"}),
        ("Cottages stood beneath the lighthouses.", {"cottage", "lighthouse"}),
        ("Palm trees by the old well.", {"palm", "well"}),
        ("A fishing boat and a sailing boat.", {"fishing_boat", "sailing_boat"}),
        ("Nothing is harder to define than sufficiency.", set()),
    ],
)
def test_inflected_and_paired_words_name_their_things(text: str, names: set[str]) -> None:
    assert _names(read(text, "en")) == names


@pytest.mark.parametrize(
    ("language", "text", "names", "place"),
    [
        ("de", "Die Katzen liefen im Winter durch den Wald zum Leuchtturm.", {"cat", "lighthouse"}, "forest"),
        ("fr", "Les chevaux et deux chiens couraient dans la forêt.", {"horse", "dog"}, "forest"),
        ("es", "Los perros dormían junto al faro, cerca del mar.", {"dog", "lighthouse"}, "sea"),
        ("it", "I cavalli e le mucche stavano nel bosco.", {"horse", "cow"}, "forest"),
        ("pt", "Os gatos e as gaivotas no porto.", {"cat", "gull"}, "harbour"),
        ("nl", "De honden liepen door het bos.", {"dog"}, "forest"),
        ("pl", "Mewy latały nad morzem.", {"gull"}, "sea"),
        ("ru", "Старик шёл по лесу к маяку.", {"old_man", "lighthouse"}, "forest"),
        ("zh", "女孩和她的猫坐在森林里。", {"girl", "cat"}, "forest"),
        ("ja", "少女と猫は森にいた。", {"girl", "cat"}, "forest"),
    ],
)
def test_each_language_has_its_own_words(language: str, text: str, names: set[str], place: str) -> None:
    reading = read(text, language)

    assert names <= _names(reading)
    assert strongest(reading.places) == place


def test_every_lexicon_knows_people_animals_places_and_hours() -> None:
    for language in LANGUAGES:
        named = {name for names in lexicon_for(language).entries.values() for name in names}

        assert {
            "man",
            "woman",
            "dog",
            "cat",
            "house",
            "@place.forest",
            "@hour.night",
            "@weather.rain",
        } <= named


def test_an_unknown_language_is_read_as_english() -> None:
    assert _names(read("a lighthouse", "xx")) == {"lighthouse"}


def test_circumstances_are_read() -> None:
    reading = read("At midnight the storm came over the mountains, deep in January.", "en")

    assert strongest(reading.hours) == "night"
    assert strongest(reading.weathers) == "storm"
    assert strongest(reading.places) == "mountains"
    assert strongest(reading.seasons) == "winter"


def test_numbers_colours_and_deeds_go_with_their_things() -> None:
    by_name = {
        one.name: one
        for one in read("Three horses ran past a red boat, and a girl was reading.", "en").mentions
    }

    assert (by_name["horse"].count, by_name["horse"].pose) == (3, Pose.RUNNING)
    assert by_name["rowing_boat"].tint is not None
    assert by_name["girl"].pose is Pose.READING


def test_who_is_named_first_and_often_weighs_most() -> None:
    mentions = read("The fox looked up. The fox ran. Far behind stood a house.", "en").mentions

    assert mentions[0].name == "fox"


def test_reading_a_very_long_text_is_bounded() -> None:
    reading = read("the old lighthouse by the sea " * 60_000, "en")

    assert _names(reading) == {"lighthouse"}


def test_a_word_as_written_comes_before_others_of_its_stem() -> None:
    assert _names(read("La niña y el niño", "es")) == {"girl", "boy"}
    assert _names(read("Ein Buch unter der Buche", "de")) == {"book", "oak"}
