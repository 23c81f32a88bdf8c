"""What a picture shows, in one plain sentence, for those who cannot see it. English: it is the product's own language."""

from __future__ import annotations

from collections import Counter

from reelyard.tools.pictures.scene import Hour, Place, Placed, Scene, Style, Weather
from reelyard.tools.pictures.things.catalogue import catalogue
from reelyard.tools.pictures.things.thing import Pose

PLACES = {
    Place.SEA: "by the sea", Place.HARBOUR: "in a harbour", Place.BEACH: "on a beach", Place.LAKE: "by a lake",
    Place.RIVER: "by a river", Place.FOREST: "in a forest", Place.HILLS: "among hills", Place.FIELD: "in the fields",
    Place.MOUNTAINS: "in the mountains", Place.DESERT: "in a desert", Place.CITY: "in a city street",
    Place.VILLAGE: "in a village", Place.ROAD: "on a country road", Place.GARDEN: "in a garden", Place.ROOM: "in a room",
    Place.SKY: "above the clouds",
}  # fmt: skip
HOURS = {Hour.DAWN: "at dawn", Hour.DAY: "by day", Hour.DUSK: "at dusk", Hour.NIGHT: "at night"}
WEATHERS = {
    Weather.RAIN: "in the rain", Weather.STORM: "in a storm", Weather.SNOW: "in falling snow", Weather.FOG: "in fog",
    Weather.WIND: "in the wind",
}  # fmt: skip
STYLES = {Style.WATERCOLOUR: "Watercolour", Style.PAPER_CUT: "Paper cut", Style.PENCIL: "Pencil drawing",
          Style.NIGHT: "Night picture"}  # fmt: skip
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
DOING = {
    Pose.WALKING: "walking", Pose.RUNNING: "running", Pose.SITTING: "sitting", Pose.READING: "reading",
    Pose.ROWING: "rowing", Pose.SLEEPING: "sleeping", Pose.WAVING: "waving", Pose.KNEELING: "kneeling",
    Pose.CARRYING: "carrying something", Pose.EATING: "eating", Pose.FLYING: "flying", Pose.SWIMMING: "swimming",
    Pose.HOLDING_LAMP: "holding a lamp",
}  # fmt: skip
ODD = {
    "man": "men", "woman": "women", "child": "children", "old man": "old men", "old woman": "old women",
    "mouse": "mice", "goose": "geese", "wolf": "wolves", "sheep": "sheep", "deer": "deer", "fish": "fish",
    "reeds": "reeds", "flowers": "flowers",
}  # fmt: skip
MOST_SAID = 5


def describe(scene: Scene, style: Style) -> str:
    """One sentence: style, what is there, where, when."""
    named = [one for one in scene.placed if not one.scenery] or list(scene.placed)[:2]
    counts = Counter((one.name, one.who) for one in named)
    first = {(one.name, one.who): one for one in reversed(named)}
    order = sorted(counts, key=lambda key: (not first[key].focal, key[0]))
    said = [_said(first[key], counts[key]) for key in order[:MOST_SAID]]
    what = (", ".join(said[:-1]) + " and " if len(said) > 1 else "") + said[-1] if said else "open country"
    when = [PLACES[scene.when.place], HOURS[Hour.NIGHT if style is Style.NIGHT else scene.when.hour]]
    if scene.when.weather in WEATHERS and scene.when.place is not Place.ROOM:
        when.append(WEATHERS[scene.when.weather])
    return f"{STYLES[style]}: {what} {', '.join(when)}."


def describe_card(words: str, style: Style) -> str:
    """The sentence of a title card."""
    return f"{STYLES[style]}: hills under a low sun" + (f", with the words “{words}”." if words else ".")


def _said(one: Placed, count: int) -> str:
    thing = catalogue()[one.name]
    word = one.name.replace("_", " ")
    if one.who:
        plain = one.who if thing.alive else f"{one.who} in {thing.said or f'a {word}'}"
    elif count > 1:
        plain = f"{NUMBERS.get(count, 'several')} {_plural(word)}"
    else:
        plain = thing.said or (f"an {word}" if word[0] in "aeiou" else f"a {word}")
    doing = DOING.get(one.pose) if thing.alive else None
    return f"{plain} {doing}" if doing else plain


def _plural(word: str) -> str:
    if word in ODD:
        return ODD[word]
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s"
