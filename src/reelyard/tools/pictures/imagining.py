"""What a chunk's picture is to show: its own words first, the user's words next, the story's look where both are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reelyard.tools.pictures.composing import Motif, chosen
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.look import Character, StoryLook
from reelyard.tools.pictures.placing import DECK
from reelyard.tools.pictures.reading import PEOPLE, Mention, Reading, read, strongest
from reelyard.tools.pictures.scene import Circumstances, Hour, Place, Wanted, Weather
from reelyard.tools.pictures.things.catalogue import catalogue
from reelyard.tools.pictures.things.thing import Pose, Season

STAYS = 0.45  # how strongly a picture stays where the story mostly is
SHE = ("woman", "girl", "old_woman", "queen", "witch", "princess")
HE = ("man", "boy", "old_man", "king", "knight", "fisherman", "farmer", "wizard", "prince", "pirate")
FREE = {Pose.STANDING, Pose.WALKING, Pose.RUNNING, Pose.HOLDING_LAMP}  # poses with a hand for a lantern
OPEN_COAST = {Place.SEA, Place.BEACH}
RELATIVES = {  # drawn instead of what is not in stock
    "eagle": "crow", "bus": "car", "cart": "horse", "desk": "table", "armchair": "chair", "child": "boy", "letter": "book",
    "steamer": "ship", "barn": "farmhouse", "shop": "town_house", "skyscraper": "tower", "wardrobe": "chest",
    "bush": "oak", "crowd": "man", "dolphin": "whale", "lantern": "lamp", "gate": "fence",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One picture that is to be made."""

    text: str
    prompt: str | None = None  # the chunk's own: where there is one, it says what is shown
    seed: int = 0


def imagine(asked: Asked, look: StoryLook) -> Motif | None:
    """The motif of a picture; None when there is nothing that could be drawn, not even a place."""
    language = look.language
    own = read(asked.prompt, language or "en") if asked.prompt else None
    text = read(asked.text, language)
    main = own if own is not None and not own.empty else text
    wish = read(look.prompt, "en")
    when = _when(main, text, wish, (look, asked.seed))
    wanted = _wanted(asked, main, look)
    if not wanted and main.empty and look.place is None and wish.empty:
        return None
    wanted = tuple(replace(one, name=_here(one.name, when.place)) for one in wanted)
    wanted = _together(_in_hand(wanted), when.place)
    return Motif(_company(wanted, when, look), when, look.palette, asked.seed, look.seed)


def _when(main: Reading, text: Reading, wish: Reading, of: tuple[StoryLook, int]) -> Circumstances:
    look, seed = of
    random = dice("when", look.seed, seed)
    places = dict(main.places)
    if look.place is not None:
        places[look.place] = places.get(look.place, 0.0) + STAYS
    season = strongest(main.seasons) or strongest(wish.seasons) or strongest(text.seasons) or look.season
    weather = strongest(main.weathers) or strongest(wish.weathers)
    chance = random.choice(("clear", "clear", "clear", "cloudy", "wind"))
    hours = ("dawn", "day", "day", "day", "dusk") if look.hour is None else (look.hour,) * 3 + ("day", "dusk")
    hour = strongest(main.hours) or strongest(wish.hours) or random.choice(hours)
    place = strongest(places) or random.choice(("hills", "road", "garden"))
    if place in OPEN_COAST and any(one.name == DECK for one in main.mentions):
        place = Place.HARBOUR  # where a jetty has a shore to lead from
    return Circumstances(Place(place), Hour(hour), Weather(weather or chance), Season(season))


def _wanted(asked: Asked, main: Reading, look: StoryLook) -> tuple[Wanted, ...]:
    """The things that are named; characters by their names, in their dress."""
    words = asked.prompt or asked.text
    present = [one for one in look.characters if one.name in words]
    wanted = [_of_mention(one, look) for one in main.mentions]
    for rank, one in enumerate(present[:3]):
        wanted = _with_character(wanted, one, 2.4 - 0.4 * rank)
    if not any(one.name in PEOPLE for one in wanted):
        wanted += _meant(main, look)
    return tuple(wanted)


def _of_mention(mention: Mention, look: StoryLook) -> Wanted:
    """The thing that is mentioned, in the story's dress."""
    dress = look.dress_of(mention.name) if mention.name in PEOPLE else None
    return Wanted(mention.name, mention.weight, mention.count, mention.pose, dress, mention.tint)


def _with_character(wanted: list[Wanted], one: Character, weight: float) -> list[Wanted]:
    """A character takes the place of the nameless thing that he or she is."""
    same = next((want for want in wanted if want.name == one.kind and want.who is None), None)
    rest = [want for want in wanted if want is not same]
    if same is not None:
        return [replace(same, weight=max(same.weight, weight), dress=one.dress, who=one.name, count=1), *rest]
    return [Wanted(one.kind, weight, dress=one.dress, who=one.name), *rest]


def _meant(main: Reading, look: StoryLook) -> list[Wanted]:
    """Whom `he` or `she` means when nobody is named: the story's first who could be."""
    persons: Mapping[str, int] = main.persons
    for word, kinds in (
        ("she", ("woman", "girl", "old_woman", "queen")),
        ("he", ("man", "boy", "old_man", "king", "knight")),
    ):
        if persons.get(word, 0) < max(1, max(persons.values(), default=0)):
            continue
        for one in look.characters:
            if one.kind in kinds:
                return [Wanted(one.kind, 1.4, dress=one.dress, who=one.name)]
        return [Wanted(kinds[0], 1.2, dress=look.dress_of(kinds[0]))]
    return []


def _in_hand(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """A lantern belongs in the hand of the first who is there; with nobody to hold it, it stands about."""
    holder = next((one for one in wanted if one.name in PEOPLE and one.pose in FREE), None)
    if holder is None or not any(one.name == "lantern" for one in wanted):
        return wanted
    held = tuple(replace(one, pose=Pose.HOLDING_LAMP) if one is holder else one for one in wanted)
    return tuple(one for one in held if one.name != "lantern")


def _together(wanted: tuple[Wanted, ...], place: Place) -> tuple[Wanted, ...]:
    """Two things that are drawn as one: who sleeps in a room lies in the bed, a knight sits on his horse."""
    by_name = {one.name: one for one in reversed(wanted)}
    sleeper = next((one for one in wanted if one.name in PEOPLE and one.pose is Pose.SLEEPING), None)
    pair: tuple[str, ...] = ()
    whole: Wanted | None = None
    if sleeper is not None and place is Place.ROOM:
        pair, whole = (sleeper.name, "bed"), replace(sleeper, name="bed", count=1)
    elif {"knight", "horse"} <= by_name.keys():
        pair, whole = ("knight", "horse"), replace(by_name["knight"], name="knight_on_horse", count=1)
    if whole is None:
        return wanted
    return (whole, *(one for one in wanted if one.name not in pair))


def _here(name: str, place: Place) -> str:
    """The kind of a thing that a place has, or a relative where the stock has no such thing."""
    if place is Place.CITY and name in {"house", "building"}:
        name = "town_house"
    if place is Place.DESERT and name in {"oak", "birch", "pine", "fir", "willow"}:
        name = "palm"
    stock = catalogue()
    return name if name in stock else RELATIVES.get(name, name)


def _company(wanted: tuple[Wanted, ...], when: Circumstances, look: StoryLook) -> tuple[Wanted, ...]:
    """In a room somebody reads or sits where nothing else is said."""
    if when.place is not Place.ROOM or not chosen(wanted, Place.ROOM):
        return wanted
    return tuple(
        replace(one, pose=Pose.READING if any(other.name == "book" for other in wanted) else Pose.SITTING)
        if one.name in PEOPLE and one.pose is Pose.STANDING and one is wanted[0] and look.seed % 2
        else one
        for one in wanted
    )
