"""Which recogniser does the work: pure, from what was asked for and what the machine has."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata, util
from typing import Any

from reelyard.errors import LanguageUnsupported, ModelUnavailable
from reelyard.kit.json import Json, JsonObject
from reelyard.tools.speech.languages import LANGUAGES, language_name
from reelyard.tools.speech.models import find_models, how_to_install
from reelyard.tools.speech.recogniser import Identity, RecogniserName

AUTO = "auto"
POCKETSPHINX_MODEL = "en-us"
OR_ELSE = " Or choose the recogniser pocketsphinx."


def inventory(environ: Mapping[str, str]) -> dict[str, Json]:
    """What this machine can recognise speech with. Nothing heavy is imported."""
    found: dict[str, Json] = {"detector": _versions("faster-whisper").get("faster-whisper")}
    if util.find_spec("pocketsphinx") is not None:
        found["pocketsphinx"] = {"versions": _versions("pocketsphinx")}
    if util.find_spec("faster_whisper") is not None:
        models: list[Json] = [
            {"name": model.name, "digest": model.digest(), "multilingual": model.multilingual}
            for model in find_models(environ)
        ]
        found["whisper"] = {"versions": _versions("faster-whisper", "ctranslate2"), "models": models}
    return found


def _versions(*packages: str) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def resolve(recogniser: str, model: str | None, has: JsonObject) -> Identity:
    """The recogniser that `auto` or a name means where there is `has` (an inventory).

    `auto` is Whisper when a model of it is there, else PocketSphinx. Raises ModelUnavailable, which
    says how to put a model in place.
    """
    whisper: Any = has.get("whisper") or {"models": []}
    models: list[Any] = [one for one in whisper["models"] if model in (None, one["name"])]
    if recogniser != RecogniserName.POCKETSPHINX and models:
        first = models[0]
        return Identity(RecogniserName.WHISPER.value, first["name"], first["digest"], whisper["versions"])
    if recogniser == RecogniserName.WHISPER or model is not None:
        _refuse_model(recogniser, model, has)
    pocketsphinx: Any = has.get("pocketsphinx")
    if pocketsphinx is None:
        raise ModelUnavailable(
            "There is no recogniser on this machine.",
            hint="Install the package pocketsphinx. " + how_to_install("small"),
        )
    versions = pocketsphinx["versions"]
    return Identity(RecogniserName.POCKETSPHINX.value, POCKETSPHINX_MODEL, _plain_digest(versions), versions)


def _refuse_model(recogniser: str, model: str | None, has: JsonObject) -> None:
    if recogniser == RecogniserName.POCKETSPHINX:
        if model == POCKETSPHINX_MODEL:
            return
        raise ModelUnavailable(
            f"The recogniser pocketsphinx has one model, {POCKETSPHINX_MODEL}, not “{model}”.",
            hint="Leave the model empty, or choose whisper.",
        )
    whisper: Any = has.get("whisper") or {"models": []}
    there = ", ".join(one["name"] for one in whisper["models"])
    named = (
        f"The Whisper model “{model}” is not on this machine."
        if model
        else "There is no Whisper model on this machine."
    )
    raise ModelUnavailable(
        f"{named} Here are: {there}." if there else named, hint=how_to_install(model or "small") + OR_ELSE
    )


def _plain_digest(versions: Mapping[str, str]) -> str:
    return "+".join(f"{name}-{version}" for name, version in sorted(versions.items()))


def languages_of(identity: Identity, has: JsonObject) -> frozenset[str]:
    """The codes of the languages that this recogniser with this model knows."""
    if identity.recogniser == RecogniserName.POCKETSPHINX:
        return frozenset({"en"})
    whisper: Any = has.get("whisper") or {"models": []}
    multilingual = any(one["name"] == identity.model and one["multilingual"] for one in whisper["models"])
    return frozenset(LANGUAGES) if multilingual else frozenset({"en"})


def check(recogniser: str, model: str | None, language: str, has: JsonObject) -> Identity:
    """Refuse before the start what could not be done; raises ModelUnavailable or LanguageUnsupported."""
    identity = resolve(recogniser, model, has)
    known = languages_of(identity, has)
    if language != AUTO and language not in known:
        only = "English only" if known == {"en"} else f"{len(known)} other languages"
        raise LanguageUnsupported(
            f"The recogniser {identity.recogniser} (model {identity.model}) does not know "
            f"{language_name(language)}; it knows {only}.",
            hint=None if len(known) > 1 else "For other languages: " + how_to_install("small"),
            language=language,
            recogniser=identity.recogniser,
        )
    return identity


def better(identity: Identity) -> str | None:
    """What would make the text better, in a sentence; None when nothing simple would."""
    if identity.recogniser != RecogniserName.POCKETSPHINX:
        return None
    return (
        "made by pocketsphinx, about one word in three wrong; for better text put a Whisper model in place. "
        + (how_to_install("small"))
    )
