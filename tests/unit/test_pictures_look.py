"""What the pictures of one story have in common."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reelyard.errors import InvalidInput
from reelyard.media.story import Chunk, Story
from reelyard.tools.pictures.imagining import Asked, imagine
from reelyard.tools.pictures.look import StoryLook, look_of
from reelyard.tools.pictures.prompting import prompt_for
from reelyard.tools.pictures.scene import Hour, Place, Style, Weather
from reelyard.tools.pictures.things.thing import Pose

TEXTS = (
    "Maren kept the lighthouse by the sea. Every evening she climbed up in her red coat. Her cat was called Pell.",
    "In the harbour Maren met an old fisherman. She showed him the lamp, and Pell slept on a boat.",
    "At night a storm came, and Maren ran down to the sea.",
)


def _story(*texts: str, title: str = "The lamp") -> Story:
    return Story(title, "en", tuple(Chunk(i + 1, text) for i, text in enumerate(texts)))


@pytest.fixture
def look() -> StoryLook:
    return look_of(_story(*TEXTS), Style.WATERCOLOUR)


def test_characters_are_found_with_what_they_are_and_wear(look: StoryLook) -> None:
    kinds = {one.name: one.kind for one in look.characters}
    maren = next(one for one in look.characters if one.name == "Maren")

    assert kinds == {"Maren": "woman", "Pell": "cat"}
    assert maren.dress is not None
    assert maren.dress.coat == "#b5483f"


def test_a_character_looks_the_same_in_every_picture(look: StoryLook) -> None:
    motifs = [imagine(Asked(text, seed=i), look) for i, text in enumerate(TEXTS)]

    dresses = {want.dress for motif in motifs if motif for want in motif.wanted if want.who == "Maren"}
    assert len(dresses) == 1


def test_a_look_survives_its_file(look: StoryLook) -> None:
    assert StoryLook.from_json(json.loads(json.dumps(look.to_json()))) == look


def test_another_schema_is_refused(look: StoryLook) -> None:
    with pytest.raises(InvalidInput):
        StoryLook.from_json({**look.to_json(), "schema": "other/1"})


def test_the_same_story_has_the_same_look_and_another_seed_another() -> None:
    assert look_of(_story(*TEXTS), "night") == look_of(_story(*TEXTS), "night")
    assert (
        look_of(_story(*TEXTS), "night", seed=1).characters
        != look_of(_story(*TEXTS), "night", seed=2).characters
    )


def test_the_users_words_set_place_and_hour_where_the_text_says_nothing(look: StoryLook) -> None:
    wished = replace(look, place="mountains", prompt="at dawn in the fog")

    motif = imagine(Asked("He thought about it for a long time.", seed=1), wished)

    assert motif is not None
    assert (motif.when.place, motif.when.hour, motif.when.weather) == (
        Place.MOUNTAINS,
        Hour.DAWN,
        Weather.FOG,
    )


def test_a_chunks_own_prompt_comes_before_its_text(look: StoryLook) -> None:
    motif = imagine(Asked(TEXTS[0], prompt="an elephant in the desert", seed=1), look)

    assert motif is not None
    assert motif.when.place is Place.DESERT
    assert "elephant" in {want.name for want in motif.wanted}


def test_where_nothing_can_be_drawn_there_is_no_motif() -> None:
    abstract = _story("Nothing is harder to define than sufficiency.")

    assert imagine(Asked(abstract.text), look_of(abstract, "pencil")) is None


def test_a_prompt_describes_people_in_the_same_words_each_time(look: StoryLook) -> None:
    said = next(one.said for one in look.characters if one.name == "Maren")
    prompts = [prompt_for(Asked(text), look) for text in TEXTS]

    assert all(said in prompt for prompt in prompts)
    assert all("watercolour" in prompt for prompt in prompts)
    assert "red coat" in said


def test_a_very_long_chunk_makes_a_prompt_that_servers_take(look: StoryLook) -> None:
    assert len(prompt_for(Asked("word " * 5_000), look)) <= 3_600


def test_who_sleeps_in_a_room_lies_in_the_bed() -> None:
    story = _story("The girl slept in her bedroom, and the candle burned down.")

    motif = imagine(Asked(story.text, seed=1), look_of(story, "night"))

    assert motif is not None
    names = [want.name for want in motif.wanted]
    assert "bed" in names
    assert "girl" not in names


def test_a_lantern_is_held_and_not_left_standing() -> None:
    story = _story("The woman took the lantern and walked into the forest.")

    motif = imagine(Asked(story.text, seed=1), look_of(story, "night"))

    assert motif is not None
    assert [(want.name, want.pose) for want in motif.wanted] == [("woman", Pose.HOLDING_LAMP)]
