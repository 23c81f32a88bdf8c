"""Which voice a setting means, on machines that have this and that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reelyard.errors import LanguageUnsupported, UnknownVoice
from reelyard.kit.json import Json
from reelyard.tools.narration.caveats import caveats
from reelyard.tools.narration.order import Manner
from reelyard.tools.voices import choice
from reelyard.tools.voices.choice import SpeechServerFacts, inventory, resolve, voices
from reelyard.tools.voices.espeak_voices import find_voices
from reelyard.tools.voices.voice import EngineName, Voice

HERE = inventory({})
SERVER = SpeechServerFacts("speech.example", "tts-1", ("alloy", "nova"))


def with_piper(*names: str) -> dict[str, Json]:
    """A machine that has these Piper voices too, and a server."""
    found = [
        Voice(f"piper:{name}", name, name[:5].lower().replace("_", "-"), EngineName.PIPER).to_json()
        for name in names
    ]
    return {**inventory({}, SERVER), "voices": [*found, *(voice.to_json() for voice in find_voices())]}


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "espeak:en-us"),
        ("de", "espeak:de"),
        ("fr", "espeak:fr-fr"),
        ("zh", "espeak:cmn"),
        ("pt", "espeak:pt-br"),
        ("no", "espeak:nb"),
        ("en-GB", "espeak:en-gb"),
        ("he", "espeak:he"),
        (None, "espeak:en-us"),
    ],
)
def test_auto_takes_a_voice_of_the_language(language: str | None, voice: str) -> None:
    assert resolve("auto", language, HERE).id == voice


def test_auto_takes_piper_before_espeak_and_a_server_where_nothing_else_speaks_or_it_is_preferred() -> None:
    has = with_piper("en_US-lessac-medium", "en_US-amy-low")

    assert resolve("auto", "en", has).id == "piper:en_US-lessac-medium"
    assert resolve("auto", "de", has).id == "espeak:de"
    assert resolve("auto", "zu", has).id == "server:alloy"
    assert resolve("auto", "en", {**has, "prefer": "server"}).id == "server:alloy"
    assert resolve("auto", "en", {**has, "prefer": "espeak"}).id == "espeak:en-us"
    assert resolve("auto", "en", {**has, "prefer": "nonsense"}).id == "piper:en_US-lessac-medium"


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("espeak:en-us", "espeak:en-us"),
        ("en-us", "espeak:en-us"),
        ("EN-US+F3", "espeak:en-us+f3"),
        ("German", "espeak:de"),
        ("german+whisper", "espeak:de+whisper"),
        ("alloy", "server:alloy"),
        ("server:nova", "server:nova"),
        ("en_us-lessac-medium", "piper:en_US-lessac-medium"),
    ],
)
def test_a_voice_is_known_by_its_id_its_own_name_and_what_people_call_it(name: str, voice: str) -> None:
    has = with_piper("en_US-lessac-medium")

    assert resolve(name, "en", has).id == voice
    assert choice.matches(name, has) == resolve(name, None, has)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("germn", "espeak:de"),
        ("espeak:en-usa", "espeak:en-us"),
        ("en-us+f33", "variant f33"),
        ("alloy+f3", "server:alloy"),
        ("Ω", "reelyard voices"),
        ("../../../etc/passwd", "reelyard voices"),
        ("", "reelyard voices"),
    ],
)
def test_an_unknown_voice_is_refused_with_names_that_are_near(name: str, near: str) -> None:
    with pytest.raises(UnknownVoice) as refused:
        resolve(name, "en", with_piper())

    assert refused.value.code == "unknown_voice"
    assert near in str(refused.value)


def test_a_language_that_no_voice_speaks_is_refused() -> None:
    with pytest.raises(LanguageUnsupported, match="zu") as refused:
        resolve("auto", "zu", HERE)

    assert refused.value.code == "language_unsupported"


def test_an_inventory_is_plain_json_and_small() -> None:
    text = json.dumps(inventory({"REELYARD_VOICES__PIPER": "/nowhere", "ANY_KEY": "sk-secret"}, SERVER))

    assert "secret" not in text
    assert len(text) < 40_000
    assert [Voice.from_json(one) for one in json.loads(text)["voices"]] == list(find_voices())


def test_the_list_is_of_use_to_somebody_who_chooses() -> None:
    english = voices(HERE, "en")

    assert {"espeak:en-us", "espeak:en-us+f3", "espeak:en-gb+m3"} <= {voice.id for voice in english}
    assert {voice.gender for voice in english} == {None, "female", "male"}
    assert all(voice.language.startswith("en") for voice in english)
    everything = voices(HERE)
    assert len({voice.language for voice in everything}) > 100
    assert len({voice.id for voice in everything}) == len(everything)
    assert all(voice.version for voice in everything)
    assert next(voice for voice in everything if voice.id == "espeak:de").sample == (
        "Es war einmal ein kleines Haus am Meer."
    )


@pytest.mark.parametrize("language", ["fr", "en", "pt", "es", "vi", "de", "zh"])
def test_what_auto_takes_is_listed_first_in_its_language(language: str) -> None:
    machines = (HERE, with_piper("en_US-amy-medium"), {**inventory({}, SERVER), "prefer": "server"})
    for has in machines:
        assert voices(has, language)[0] == resolve("auto", language, has)
    alone = [voice for voice in voices(HERE) if voice.language.startswith(language)]
    assert not alone or alone[0] == resolve("auto", language, HERE)


def test_a_machine_without_any_voice_says_so() -> None:
    with pytest.raises(LanguageUnsupported):
        resolve("auto", "en", {})
    with pytest.raises(UnknownVoice, match="0 voices"):
        resolve("alloy", "en", {})


def test_what_a_voice_cannot_do_is_said() -> None:
    german, kana = resolve("de", None, HERE), resolve("ja", None, HERE)
    alloy = resolve("alloy", None, inventory({}, SERVER))

    assert caveats(german, "de", "Guten Tag.", Manner(pitch=2)) == ()
    assert "speaks de, the text is en" in caveats(german, "en", "Hello.", Manner())[0]
    assert "takes no instructions" in caveats(german, "de", "Hallo.", Manner(prompt="softly"))[0]
    assert caveats(alloy, "de", "Hallo.", Manner(prompt="softly")) == ()
    assert "pitch" in caveats(alloy, "de", "Hallo.", Manner(pitch=2))[0]
    assert "kanji" in caveats(kana, "ja", "今日は天気がいい。", Manner())[0]
    assert caveats(kana, "ja", "きょうは いい てんき。", Manner()) == ()
    assert "could not be told" in caveats(german, None, "?", Manner())[0]


def test_a_folder_of_piper_voices_is_read_without_running_anything(tmp_path: Path) -> None:
    pytest.importorskip("piper")
    for name, said in {
        "de_DE-thorsten-high": {"language": {"code": "de_DE"}},
        "de_DE-eva-low": {"espeak": {"voice": "de"}},
        "odd": [],
    }.items():
        (tmp_path / f"{name}.onnx").write_bytes(b"weights")
        (tmp_path / f"{name}.onnx.json").write_text(json.dumps(said))

    has = inventory({"REELYARD_VOICES__PIPER": str(tmp_path)})
    one = inventory({"REELYARD_VOICES__PIPER": str(tmp_path / "de_DE-eva-low.onnx")})

    assert resolve("auto", "de", has).id == "piper:de_DE-thorsten-high"
    assert resolve("auto", "de", one).id == "piper:de_DE-eva-low"
    with pytest.raises(UnknownVoice):
        resolve("piper:odd", None, has)
