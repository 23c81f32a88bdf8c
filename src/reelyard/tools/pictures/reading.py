"""What a text names that can be drawn: things, how many and how, and the circumstances. No cleverness: words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reelyard.tools.pictures.lexicon import Lexicon, Token, lexicon_for
from reelyard.tools.pictures.things.thing import Pose

MOST_READ = 400_000  # characters
HINT = 0.32  # how strongly a thing speaks for the place where it is at home
COLOURS = {
    "red": "#b5483f", "blue": "#44688f", "green": "#5f8655", "yellow": "#d9ae4f", "white": "#efe9dc",
    "black": "#37353b", "brown": "#86603f", "grey": "#8d9096", "orange": "#cf7f43", "pink": "#cf8f97", "purple": "#7a5d8c",
}  # fmt: skip
# Living things are what pictures are about; what only stands about in talk counts less.
PEOPLE = {
    "man", "woman", "child", "boy", "girl", "old_man", "old_woman", "king", "queen", "knight", "soldier", "crowd",
    "fisherman", "farmer", "wizard", "witch", "pirate", "prince", "princess", "rider",
}  # fmt: skip
ANIMALS = {
    "dog", "cat", "horse", "cow", "sheep", "goat", "pig", "hen", "duck", "goose", "gull", "bird", "crow", "owl", "eagle",
    "fox", "wolf", "bear", "deer", "rabbit", "mouse", "hedgehog", "frog", "squirrel", "camel", "elephant", "lion", "fish",
    "whale", "dolphin", "donkey", "bee", "butterfly", "snake", "dragon",
}  # fmt: skip
LANDMARKS = {
    "lighthouse", "castle", "church", "windmill", "train", "ship", "sailing_boat", "rowing_boat", "tower", "balloon",
    "farmhouse", "coach",
}  # fmt: skip
MANY = {
    "crowd",
    "flowers",
    "reeds",
    "wheat",
    "flock",
    "books",
    "stairs",
    "boots",
    "vegetable_patch",
    "bush",
    "net",
}  # many in one
MINOR = {
    "rock",
    "grass_tuft",
    "log",
    "chest",
    "cup",
    "bowl",
    "key",
    "bottle",
    "bag",
    "clock",
    "net",
    "gate",
    "fence",
}
# Where a thing is at home, when the words name no place.
HOMES = {
    "sea": ("sailing_boat", "ship", "whale", "lighthouse", "gull", "dolphin", "buoy", "raft", "steamer"),
    "harbour": ("fishing_boat", "jetty", "anchor", "fisherman"),
    "river": ("bridge", "rowing_boat", "willow"),
    "lake": ("duck", "reeds", "frog", "goose", "swan"),
    "forest": ("fox", "wolf", "bear", "deer", "squirrel", "mushroom", "hedgehog", "owl", "pine", "fir", "stump"),
    "field": (
        "cow", "tractor", "hay_bale", "wheat", "scarecrow", "barn", "horse", "pig", "hen", "farmer", "rooster", "farmhouse",
    ),
    "hills": ("sheep", "windmill", "goat", "castle", "knight", "kite", "rabbit", "cottage", "oak", "rider", "prince"),
    "mountains": ("eagle",),
    "desert": ("camel", "cactus", "palm"),
    "city": ("skyscraper", "bus", "car", "town_house", "shop", "lamp_post", "factory", "statue", "bicycle"),
    "village": ("church", "well", "house"),
    "road": ("cart", "signpost", "train"),
    "garden": ("flowers", "butterfly", "bee", "fountain", "bench"),
    "room": (
        "table", "chair", "armchair", "bed", "stove", "fireplace", "bookshelf", "wardrobe", "piano", "cradle", "desk",
        "lamp", "candle", "book", "books", "teapot", "clock", "mirror", "computer", "telephone", "cup", "letter", "picture",
    ),
    "sky": ("plane", "balloon", "rocket"),
}  # fmt: skip
HOME_OF = {thing: place for place, things in HOMES.items() for thing in things}


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that a text names."""

    name: str
    weight: float
    count: int = 1
    pose: Pose = Pose.STANDING
    tint: str | None = None
    start: int = 0  # where it is first named


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text names. Circumstances carry how strongly."""

    mentions: tuple[Mention, ...] = ()
    places: Mapping[str, float] = field(default_factory=dict)
    hours: Mapping[str, float] = field(default_factory=dict)
    weathers: Mapping[str, float] = field(default_factory=dict)
    seasons: Mapping[str, float] = field(default_factory=dict)
    persons: Mapping[str, int] = field(default_factory=dict)  # how often he, she, i

    @property
    def empty(self) -> bool:
        """Whether nothing in it can be drawn."""
        return not (self.mentions or self.places or self.hours or self.weathers or self.seasons)


def strongest(found: Mapping[str, float], otherwise: str | None = None) -> str | None:
    """The circumstance that is named most."""
    return max(sorted(found), key=lambda name: found[name]) if found else otherwise


def read(text: str, language: str | None = None) -> Reading:
    """Everything drawable that a text names; the lexicon is that of its language."""
    lexicon = lexicon_for(language)
    tokens = lexicon.tokens(text[:MOST_READ])
    named = [
        # The second word of a pair names nothing by itself: a palm tree is no other tree.
        _thing_and_rest(() if i and lexicon.pair(tokens, i - 1) else lexicon.names(tokens, i))
        for i in range(len(tokens))
    ]
    found: dict[str, list[int]] = defaultdict(list)
    rest: dict[str, dict[str, float]] = defaultdict(dict)
    persons: Counter[str] = Counter()
    for i, (things, others) in enumerate(named):
        for thing in things[:1]:
            found[thing].append(i)
        for kind, value in others:
            early = 1.25 - 0.4 * i / len(tokens)
            rest[kind][value] = rest[kind].get(value, 0.0) + early
            if kind == "home":
                rest["place"][value] = rest["place"].get(value, 0.0) + HINT * early
            if kind in {"he", "she", "i"}:
                persons[kind] += 1
    page = _Page(lexicon, tokens, [others for _, others in named])
    mentions = sorted(
        (page.mention(name, at) for name, at in found.items()), key=lambda one: (-one.weight, one.start)
    )
    places = dict(rest["place"])
    for mention in mentions:
        if mention.name in HOME_OF:
            home = HOME_OF[mention.name]
            places[home] = places.get(home, 0.0) + HINT
    return Reading(tuple(mentions), places, rest["hour"], rest["weather"], rest["season"], persons)


_Others = tuple[tuple[str, str], ...]


def _thing_and_rest(names: Sequence[str]) -> tuple[tuple[str, ...], _Others]:
    things = tuple(name for name in names if not name.startswith("@"))
    others = tuple(
        (name[1:].partition(".")[0], name.partition(".")[2]) for name in names if name.startswith("@")
    )
    return things, others


@dataclass(frozen=True, slots=True)
class _Page:
    """A text whose words are known, for questions about single ones."""

    lexicon: Lexicon
    tokens: Sequence[Token]
    others: Sequence[_Others]

    def mention(self, name: str, at: Sequence[int]) -> Mention:
        first = at[0]
        early = 1.3 - 0.5 * first / len(self.tokens)
        often = sum(0.6**i for i in range(len(at)))
        kind = (
            1.7
            if name in PEOPLE
            else 1.5
            if name in ANIMALS or name in LANDMARKS
            else 0.45
            if name in MINOR
            else 1.0
        )
        return Mention(
            name,
            round(early * often * kind, 4),
            1 if name in MANY else max(self._count(i) for i in at[:4]),
            self._pose(first) if name in PEOPLE or name in ANIMALS else Pose.STANDING,
            self._said(first, "colour", reach=2),
            self.tokens[first].start,
        )

    def _said(self, i: int, kind: str, reach: int) -> str | None:
        """The circumstance of a kind in the words just before."""
        for j in range(i - 1, max(-1, i - 1 - reach), -1):
            if self.tokens[j].sentence != self.tokens[i].sentence or self.tokens[j].comma:
                return None
            for other, value in self.others[j]:
                if other == kind:
                    return COLOURS[value] if kind == "colour" else value
        return None

    def _count(self, i: int) -> int:
        said = self._said(i, "count", reach=2)
        if said:
            return int(said)
        word = self.tokens[i].text.lower()
        plural = self.lexicon.language == "en" and (
            (word.endswith("s") and not word.endswith("ss") and self.tokens[i].stem != word)
            or word in IRREGULAR
        )
        return 3 if plural else 1

    def _pose(self, i: int) -> Pose:
        """What the sentence says that somebody does: the verb next to the noun."""
        sentence = self.tokens[i].sentence
        best: tuple[int, str] | None = None
        for j in range(max(0, i - 12), min(len(self.tokens), i + 14)):
            if self.tokens[j].sentence != sentence:
                continue
            for kind, value in self.others[j]:
                far = abs(j - i) + (3 if j < i else 0)
                if kind == "pose" and (best is None or far < best[0]):
                    best = (far, value)
        return Pose(best[1]) if best else Pose.STANDING


IRREGULAR = {
    "men",
    "women",
    "children",
    "geese",
    "mice",
    "wolves",
    "sheep",
    "people",
    "oxen",
    "cattle",
    "trees",
}
