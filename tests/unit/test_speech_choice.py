from typing import Any

import pytest

from reelyard.errors import LanguageUnsupported, ModelUnavailable
from reelyard.tools.speech import choice

PLAIN: dict[str, Any] = {
    "pocketsphinx": {"versions": {"pocketsphinx": "5.1.1"}},
    "whisper": {"versions": {"faster-whisper": "1.2.1"}, "models": []},
}
SMALL = {"name": "small", "digest": "d1", "multilingual": True}
ENGLISH = {"name": "base.en", "digest": "d2", "multilingual": False}
WITH_MODELS = {**PLAIN, "whisper": {**PLAIN["whisper"], "models": [SMALL, ENGLISH]}}


def test_auto_is_pocketsphinx_where_no_whisper_model_is() -> None:
    identity = choice.resolve("auto", None, PLAIN)

    assert (identity.recogniser, identity.model) == ("pocketsphinx", "en-us")


def test_auto_is_the_preferred_whisper_model_where_there_is_one() -> None:
    identity = choice.resolve("auto", None, WITH_MODELS)

    assert (identity.recogniser, identity.model, identity.digest) == ("whisper", "small", "d1")
    assert identity.versions == {"faster-whisper": "1.2.1"}


def test_a_model_is_taken_by_name() -> None:
    assert choice.resolve("auto", "base.en", WITH_MODELS).digest == "d2"


def test_pocketsphinx_can_be_wished_for() -> None:
    assert choice.resolve("pocketsphinx", None, WITH_MODELS).recogniser == "pocketsphinx"


@pytest.mark.parametrize(
    ("recogniser", "model", "has", "reason"),
    [
        ("whisper", None, PLAIN, "There is no Whisper model on this machine."),
        ("auto", "large-v3", WITH_MODELS, "Here are: small, base.en."),
        ("pocketsphinx", "small", WITH_MODELS, "has one model, en-us"),
        ("auto", None, {}, "There is no recogniser on this machine."),
    ],
)
def test_what_is_not_there_is_refused_with_a_way_out(
    recogniser: str, model: str | None, has: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ModelUnavailable) as refused:
        choice.resolve(recogniser, model, has)

    assert reason in refused.value.message
    assert refused.value.hint


def test_a_missing_model_says_to_the_letter_how_to_put_it_in_place() -> None:
    with pytest.raises(ModelUnavailable) as refused:
        choice.resolve("whisper", "large-v3-turbo", PLAIN)

    assert "hf download mobiuslabsgmbh/faster-whisper-large-v3-turbo --local-dir FOLDER" in str(refused.value)
    assert "REELYARD_WHISPER_MODEL=FOLDER" in str(refused.value)


@pytest.mark.parametrize(("has", "model"), [(PLAIN, None), (WITH_MODELS, "base.en")])
def test_a_language_that_is_not_known_is_refused_before_the_start(
    has: dict[str, Any], model: str | None
) -> None:
    with pytest.raises(LanguageUnsupported, match="does not know German; it knows English only"):
        choice.check("auto", model, "de", has)


def test_a_multilingual_model_knows_german() -> None:
    assert choice.check("auto", None, "de", WITH_MODELS).model == "small"


def test_detection_is_left_to_any_recogniser() -> None:
    assert choice.check("auto", None, "auto", PLAIN).recogniser == "pocketsphinx"


def test_only_pocketsphinx_can_be_bettered() -> None:
    assert "made by pocketsphinx" in str(choice.better(choice.resolve("auto", None, PLAIN)))
    assert choice.better(choice.resolve("auto", None, WITH_MODELS)) is None


def test_the_inventory_of_this_machine_has_pocketsphinx() -> None:
    has = choice.inventory({"HF_HUB_CACHE": "/nowhere"})

    assert choice.resolve("auto", None, has).recogniser == "pocketsphinx"
