"""Which voice speaks: pure, from what was asked for and what the machine has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, Final

from reelyard.errors import LanguageUnsupported, UnknownVoice
from reelyard.kit.json import Json, JsonObject
from reelyard.tools.voices import espeak_voices, piper_voices
from reelyard.tools.voices.languages import ANY, FALLBACK, FIRST, base
from reelyard.tools.voices.voice import EngineName, Voice

AUTO = "auto"
PREFERRED = "REELYARD_VOICES__PREFER"  # the engine that auto takes where it knows the language
ORDER: Final = (
    EngineName.PIPER,
    EngineName.ESPEAK,
)  # what is here goes first; a server costs money and tells others
NEAR = 5  # names that a refusal offers


@dataclass(frozen=True, slots=True)
class SpeechServerFacts:
    """A configured speech server, without its key."""

    name: str  # for people: its host
    model: str
    voices: tuple[str, ...]
    languages: tuple[str, ...] = (ANY,)

    @property
    def version(self) -> str:
        return f"{self.name} {self.model}"


def inventory(environ: Mapping[str, str], server: SpeechServerFacts | None = None) -> dict[str, Json]:
    """The voices that this machine has, as JSON. Nothing heavy is imported."""
    found: dict[str, Json] = {
        "voices": [
            voice.to_json() for voice in (*piper_voices.find_voices(environ), *espeak_voices.find_voices())
        ],
        "variants": list(espeak_voices.find_variants()),
        "prefer": environ.get(PREFERRED),
    }
    if server is not None:
        found["server"] = {
            **asdict(server),
            "voices": list(server.voices),
            "languages": list(server.languages),
        }
    return found


def voices(has: JsonObject, language: str | None = None) -> tuple[Voice, ...]:
    """The voices to choose from, the better ones first; with `language`, those that speak it only.

    Of the voices of a language the one that `auto` takes is the first. Each voice of eSpeak NG comes with those of its
    variants that are pleasant to listen to.
    """
    return tuple(voice for voice in _all(has) if language is None or speaks(voice, language))


def _all(has: JsonObject) -> Iterator[Voice]:
    variants: Any = has.get("variants") or ()
    for voice in _ranked(_plain(has), has):
        yield voice
        if voice.engine is EngineName.ESPEAK:
            shown = (name for name in espeak_voices.SHOWN if name in variants)
            yield from (espeak_voices.with_variant(voice, name) for name in shown)


def _ranked(found: Iterable[Voice], has: JsonObject) -> list[Voice]:
    """As `auto` would take them: engine by engine; what is first in its language before its sisters."""
    engines = _engines(has)
    places: dict[tuple[EngineName, str], int] = {}

    def rank(voice: Voice) -> tuple[int, int, bool]:
        language = base(voice.language)
        place = places.setdefault((voice.engine, language), len(places))
        return engines.index(voice.engine), place, not _is_first(voice, language)

    return sorted(found, key=rank)


def _plain(has: JsonObject) -> Iterator[Voice]:
    known: Any = has.get("voices") or ()
    yield from map(Voice.from_json, known)
    server: Any = has.get("server")
    if server is not None:
        facts = SpeechServerFacts(
            server["name"], server["model"], tuple(server["voices"]), tuple(server["languages"])
        )
        language = facts.languages[0] if len(facts.languages) == 1 else ANY
        for name in facts.voices:
            label = f"{name}, {facts.name}"
            yield Voice(
                f"{EngineName.SERVER}:{name}", label, language, EngineName.SERVER, None, facts.version
            )


def speaks(voice: Voice, language: str) -> bool:
    """Whether the voice speaks the language; a country that is named has to be its own."""
    wanted = language.lower().replace("_", "-")
    exact = "-" in wanted
    return voice.language in (ANY, wanted) or (not exact and base(voice.language) == base(wanted))


def resolve(setting: str, language: str | None, has: JsonObject) -> Voice:
    """The voice that a setting means for a text of that language (None: it cannot be told, which is taken as English).

    `auto`: Piper where it has a voice, else eSpeak NG; a speech server only where it is preferred by setting.
    A name may be an id, or the part behind the engine ("en-us", "alloy"), or what people call it ("German").
    Raises UnknownVoice, or LanguageUnsupported when `auto` finds no voice; both offer names that are near.
    """
    if setting == AUTO:
        return _best(language or FALLBACK, has)
    found = named(setting, has)
    if found is None:
        raise _unknown(setting, has)
    return found


def check(setting: str, language: str | None, has: JsonObject) -> None:
    """Refuse before the start what could not be spoken; raises as `resolve`."""
    resolve(setting, language, has)


def named(name: str, has: JsonObject) -> Voice | None:
    """The voice of that name; None when there is none. The first engine that has it is taken."""
    wanted, _, variant = name.strip().partition("+")
    plain = list(_plain(has))
    found = next((voice for form in _FORMS for voice in plain if form(voice) == wanted.lower()), None)
    if not variant or found is None:
        return found
    variants: Any = has.get("variants") or ()
    known = next((each for each in variants if each.lower() == variant.lower()), None)
    if known is None or found.engine is not EngineName.ESPEAK:
        return None
    return espeak_voices.with_variant(found, known)


matches = named  # as those say who only ask whether there is one


def _by_id(voice: Voice) -> str:
    return voice.id.lower()


def _by_own_name(voice: Voice) -> str:
    return voice.own_name.lower()


def _by_name(voice: Voice) -> str:
    return voice.name.lower()


_FORMS: Final = (_by_id, _by_own_name, _by_name)


def _best(language: str, has: JsonObject) -> Voice:
    able = [voice for voice in _plain(has) if speaks(voice, language)]
    if not able:
        raise LanguageUnsupported(
            f"There is no voice for the language “{language}”.",
            hint="Name a voice of another language, switch the narration off, or add a voice.",
            language=language,
        )
    engines = _engines(has)
    return min(able, key=lambda voice: (engines.index(voice.engine), not _is_first(voice, language)))


def _engines(has: JsonObject) -> list[EngineName]:
    """In the order in which `auto` asks them."""
    wished = [EngineName(has["prefer"])] if has.get("prefer") in set(EngineName) else []  # type: ignore[arg-type]
    return [*wished, *(engine for engine in ORDER if engine not in wished), EngineName.SERVER]


def _is_first(voice: Voice, language: str) -> bool:
    first = FIRST.get(base(language), base(language))
    return voice.language in (language.lower(), first) if voice.engine is EngineName.ESPEAK else True


def _unknown(name: str, has: JsonObject) -> UnknownVoice:
    everything = list(_plain(has))
    forms = {form(voice): voice.id for form in reversed(_FORMS) for voice in everything}
    wanted = name.lower().partition("+")[0]
    near = dict.fromkeys(forms[form] for form in get_close_matches(wanted, forms, NEAR, 0.6))
    variant = name.partition("+")[2]
    if variant and wanted in forms:
        hint = f"The voice {forms[wanted]} is there, the variant {variant} is not; try +f3 or +m3."
    elif near:
        hint = f"Near to it are: {', '.join(near)}."
    else:
        hint = f"There are {len(everything)} voices: see “reelyard voices”."
    return UnknownVoice(f"There is no voice “{name}”.", hint=hint, voice=name, near=list(near))


def shown(has: JsonObject) -> Sequence[str]:
    """The ids of all voices without variants: what a door checks a name against."""
    return [voice.id for voice in _plain(has)]
