"""What all pictures of a story have in common: palette, main place, and its people, always dressed the same.

A look is made once from the whole story and then kept: pictures of changed chunks still fit the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from random import Random
from typing import Any, Self

from reelyard.errors import InvalidInput
from reelyard.kit.json import JsonObject
from reelyard.media.story import Story
from reelyard.tools.pictures.characters import Found, characters_in
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.palettes import SETS
from reelyard.tools.pictures.reading import PEOPLE, Reading, read, strongest
from reelyard.tools.pictures.scene import Style
from reelyard.tools.pictures.things.thing import Dress, Season

SCHEMA = "reelyard.pictures.look/1"
COATS = (
    "#3f6f8f",
    "#b4553f",
    "#5d7d4e",
    "#d0a03f",
    "#7a5a86",
    "#2f7f7a",
    "#a8475c",
    "#58618f",
    "#c7773f",
    "#6d6a5c",
)
LEGS = ("#3c3a44", "#55483f", "#3d4a5a", "#6a5a48", "#4a4038")
HAIRS = ("#3a2a24", "#5b3c28", "#8a5a32", "#c79a55", "#a85a34", "#2b2730")
SKINS = ("#f0c9a4", "#e2b48c", "#d09a70", "#a8724e", "#8a5a3e", "#6b4430")
ACCENTS = ("#c24f3f", "#e0b04c", "#3f6f8f", "#efe6d2", "#5d7d4e", "#a8475c")
GREY = "#d9d4cc"


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody of the story."""

    name: str
    kind: str  # the thing that is drawn: `woman`, `cat`
    dress: Dress | None = None  # of people
    said: str = ""  # in prompts, always the same words


@dataclass(frozen=True, slots=True)
class StoryLook:
    """What all pictures of a story share."""

    title: str
    language: str | None
    style: Style
    prompt: str  # the user's, said of every picture
    seed: int
    palette: int
    place: str | None  # where most of it happens
    hour: str | None
    season: str
    white: bool = False  # whether it is winter all the time
    characters: tuple[Character, ...] = ()

    def dress_of(self, kind: str) -> Dress:
        """How a nameless person of that kind is dressed in this story."""
        return dressed(kind, dice(self.seed, kind))

    def to_json(self) -> dict[str, Any]:
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read what `to_json` wrote; raises InvalidInput."""
        data: dict[str, Any] = dict(value)
        if data.pop("schema", None) != SCHEMA:
            raise InvalidInput(f"This is not a look of schema {SCHEMA}.")
        data["style"] = Style(data["style"])
        data["characters"] = tuple(
            Character(one["name"], one["kind"], Dress(**one["dress"]) if one["dress"] else None, one["said"])
            for one in data["characters"]
        )
        return cls(**data)


def look_of(story: Story, style: Style | str, prompt: str = "", seed: int | None = None) -> StoryLook:
    """The look of a story. `seed` None: chosen by the title and the first words, so always the same."""
    number = seed if seed is not None else dice(story.title, story.text[:2000]).randrange(2**31)
    reading, wish = read(story.text, story.language), read(prompt, "en")
    people = tuple(_character(found, number) for found in characters_in(story.text, story.language))
    return StoryLook(
        title=story.title,
        language=story.language,
        style=Style(style),
        prompt=prompt,
        seed=number,
        palette=dice("palette", number).randrange(SETS),
        place=strongest(wish.places) or _main_place(reading),
        hour=strongest(wish.hours) or _main(reading.hours, least=0.5 * len(story.chunks) + 1.0),
        season=strongest(wish.seasons)
        or _main(reading.seasons, least=0.25 * len(story.chunks) + 0.85)
        or dice("season", number).choice((Season.SPRING, Season.SUMMER, Season.SUMMER, Season.AUTUMN)),
        characters=people,
    )


def dressed(kind: str, random: Random, colours: Mapping[str, str] | None = None) -> Dress:
    """A dress by chance, with the colours that words name."""
    old = kind.startswith("old_")
    dress = Dress(
        coat=random.choice(COATS),
        legs=random.choice(LEGS),
        hair=GREY if old else random.choice(HAIRS),
        skin=random.choice(SKINS),
        hat=random.choice(ACCENTS) if random.random() < 0.4 else None,
        scarf=random.choice(ACCENTS) if random.random() < 0.35 else None,
    )
    if dress.coat in {dress.scarf, dress.hat}:
        dress = replace(dress, scarf=None, hat=None)
    return replace(dress, **(colours or {}))


def _character(found: Found, seed: int) -> Character:
    random = dice(seed, found.name)
    if found.kind not in PEOPLE:
        return Character(found.name, found.kind, None, f"{found.name}, {_article(found.kind)}")
    dress = dressed(found.kind, random, dict(found.colours))
    return Character(found.name, found.kind, dress, f"{found.name}, {described(found.kind, dress)}")


def described(kind: str, dress: Dress) -> str:
    """A person in words, for image servers."""
    parts = [f"{colour_word(dress.hair)} hair", f"a {colour_word(dress.coat)} coat"]
    if dress.hat:
        parts.append(f"a {colour_word(dress.hat)} hat")
    if dress.scarf:
        parts.append(f"a {colour_word(dress.scarf)} scarf")
    return f"{_article(kind)} with {', '.join(parts[:-1])} and {parts[-1]}"


def colour_word(colour: str) -> str:
    """The plain name that is nearest to a colour."""
    from reelyard.tools.pictures.colours import lab  # noqa: PLC0415 - a small table is made of it

    here = lab(colour)
    return min(
        COLOUR_WORDS,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(here, lab(COLOUR_WORDS[name]), strict=True)),
    )


COLOUR_WORDS = {
    "red": "#b5483f", "dark red": "#a8475c", "blue": "#3f6f8f", "dark blue": "#3d4a6a", "green": "#5d7d4e",
    "teal": "#2f7f7a", "mustard yellow": "#d0a03f", "purple": "#7a5a86", "orange": "#c7773f", "cream": "#efe6d2",
    "grey": "#8d9096", "white": "#e2ded6", "black": "#2b2730", "dark brown": "#3a2a24", "brown": "#6b4a30",
    "blond": "#c79a55", "auburn": "#a85a34",
}  # fmt: skip


def _article(kind: str) -> str:
    word = kind.replace("_", " ")
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _main_place(reading: Reading) -> str | None:
    """Most stories are told outdoors and in: the room counts less, for windows and doors are everywhere."""
    weighed = {place: much * (0.55 if place == "room" else 1.0) for place, much in reading.places.items()}
    return _main(weighed, least=0.5)


def _main(found: Mapping[str, float], least: float) -> str | None:
    name = strongest(found)
    return name if name is not None and found[name] >= least else None
