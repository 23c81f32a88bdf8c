"""Who is in a story: names that stand for people and animals, what they are and what they wear."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reelyard.tools.pictures.lexicon import CURLY, UNSPACED, Lexicon, Token, lexicon_for
from reelyard.tools.pictures.reading import ANIMALS, COLOURS, MOST_READ, PEOPLE

MOST = 8
TITLES = {
    "mr": "man", "mrs": "woman", "miss": "woman", "ms": "woman", "sir": "man", "lady": "woman", "lord": "man",
    "dr": None, "prof": None, "captain": "man", "uncle": "man", "aunt": "woman", "king": "king", "queen": "queen",
    "prince": "boy", "princess": "girl", "herr": "man", "frau": "woman", "monsieur": "man", "madame": "woman",
    "señor": "man", "señora": "woman", "signor": "man", "signora": "woman", "pan": "man", "pani": "woman",
    "grandfather": "old_man", "grandmother": "old_woman", "father": "man", "mother": "woman", "doctor": None,
}  # fmt: skip
BEFORE_PLACES = {
    "at",
    "in",
    "from",
    "to",
    "near",
    "towards",
    "of",
    "into",
    "through",
    "off",
    "aus",
    "nach",
    "à",
    "en",
}
NO_NAMES = {
    "i", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december", "god", "english", "french",
    "christmas", "easter", "point", "street", "road", "the", "a", "an", "and", "but", "so", "yes", "no", "oh", "chapter",
}  # fmt: skip
AROUND = 6  # words between a name and what it is
CALLED = {
    "name",
    "named",
    "called",
    "namens",
    "hieß",
    "heißt",
    "nommé",
    "nommée",
    "llamado",
    "llamada",
    "chiamato",
    "imieniem",
}
WORN = {"coat": "coat", "hat": "hat", "scarf": "scarf"}


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody with a name."""

    name: str
    kind: str
    colours: tuple[tuple[str, str], ...] = ()  # field of a Dress -> #rrggbb


def characters_in(text: str, language: str | None) -> tuple[Found, ...]:
    """The people and animals with names, those named most first. Scripts without capitals have none."""
    lexicon = lexicon_for(language)
    if lexicon.language in UNSPACED:
        return ()
    tokens = lexicon.tokens(text[:MOST_READ])
    places = _names(lexicon, tokens)
    found = []
    for name, at in sorted(places.items(), key=lambda item: (-len(item[1]), item[1][0])):
        kind = _kind(lexicon, tokens, at)
        if kind is not None:
            found.append(Found(name, kind, _colours(lexicon, tokens, at) if kind in PEOPLE else ()))
    return tuple(found[:MOST])


def _names(lexicon: Lexicon, tokens: Sequence[Token]) -> dict[str, list[int]]:
    """Capitalised words that stand inside sentences, often enough, with all their places."""
    inside: Counter[str] = Counter()
    all_places: dict[str, list[int]] = defaultdict(list)
    small = {token.text for token in tokens if token.text.islower()}
    for i, token in enumerate(tokens):
        word = token.text.replace(CURLY, "'").removesuffix("'s")
        if not word[0].isupper() or len(word) < 3 or word.isupper() or word.lower() in NO_NAMES | set(TITLES):
            continue
        if word.lower() in small or lexicon.names(list(tokens[i : i + 1]), 0):
            continue
        all_places[word].append(i)
        inside[word] += not token.first
    least = 3 if lexicon.language == "de" else 2
    return {
        word: at
        for word, at in all_places.items()
        if (inside[word] or len(at) >= least)
        and (lexicon.language != "de" or len(at) >= least)
        and not _is_place(tokens, at)
    }


def _is_place(tokens: Sequence[Token], at: Sequence[int]) -> bool:
    after = sum(i > 0 and tokens[i - 1].text.lower() in BEFORE_PLACES for i in at)
    return after * 2 > len(at)


def _title(tokens: Sequence[Token], i: int) -> tuple[bool, str | None]:
    """Whether a title stands before, at most one other name between, and what it says."""
    for j in (i - 1, i - 2):
        if j >= 0 and tokens[j].text.lower() in TITLES and tokens[j].text[0].isupper():
            return True, TITLES[tokens[j].text.lower()]
    return False, None


def _kind(lexicon: Lexicon, tokens: Sequence[Token], at: Sequence[int]) -> str | None:
    """What somebody is: said by a word beside the name, a title, or the pronouns after it."""
    votes: Counter[str] = Counter()
    for i in at:
        _, said = _title(tokens, i)
        if said:
            votes[said] += 2
        for j in range(max(0, i - 3), min(len(tokens), i + AROUND)):
            near = tokens[j].sentence - tokens[i].sentence in {0, 1}
            for name in lexicon.names(list(tokens[j : j + 2]), 0) if near and j != i else ():
                beside = tokens[j].sentence == tokens[i].sentence and (
                    j == i - 1 or (tokens[i].comma and i < j <= i + 3)
                )
                if name in PEOPLE | ANIMALS and name != "crowd" and beside:
                    votes[name] += 2
                elif name in {"@he", "@she"} and j > i:
                    votes["man" if name == "@he" else "woman"] += 1
        votes.update(_called(lexicon, tokens, i))
    return max(sorted(votes), key=lambda kind: votes[kind]) if votes else None


def _called(lexicon: Lexicon, tokens: Sequence[Token], i: int) -> dict[str, int]:
    """`the cat, whose name was Pell`; `a dog called Rex`."""
    sentence = tokens[i].sentence
    before = [token.text.lower() for token in tokens[max(0, i - 3) : i] if token.sentence == sentence]
    if not CALLED & set(before):
        return {}
    for j in range(i - 1, max(-1, i - 8), -1):
        for name in lexicon.names([tokens[j]], 0) if tokens[j].sentence == sentence else ():
            if name in PEOPLE | ANIMALS:
                return {name: 6}
    return {}


def _colours(lexicon: Lexicon, tokens: Sequence[Token], at: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """`in her red coat`: a colour before something worn, in the sentence that names somebody."""
    found: dict[str, str] = {}
    for i in at:
        for j in range(i, min(len(tokens) - 1, i + 22)):
            if tokens[j].sentence > tokens[i].sentence + 1:
                break
            here, after = lexicon.names([tokens[j]], 0), lexicon.names([tokens[j + 1]], 0)
            colour = next((name[8:] for name in here if name.startswith("@colour.")), None)
            worn = next((name[6:] for name in after if name.startswith("@worn.")), None)
            if colour and worn:
                found.setdefault(WORN[worn], COLOURS[colour])
    return tuple(sorted(found.items()))
