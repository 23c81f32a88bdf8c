"""The settings of this front end, read tolerantly into those of the pipeline, and shown from them. Pure.

What is out of range is not decided here: the pipeline's own model refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from reelyard.http.doors.video.schemas import BatchSettings

DETECTED = "auto"  # the pipeline's word for a language that is to be found out

# The document names these by other words too, where it lists what is applied to each video.
SYNONYMS = {
    "silence_threshold": ("threshold",),
    "min_silence_duration": ("min_duration", "minimum_duration"),
    "highlight_sensitivity": ("sensitivity",),
    "export_format": ("format",),
    "export_quality": ("quality", "resolution"),
}
QUALITIES = {
    "720p": "720p",
    "1080p": "1080p",
    "4k": "4k",
    "source": "source",
    "720": "720p",
    "1280x720": "720p",
    "1080": "1080p",
    "1920x1080": "1080p",
    "2160p": "4k",
    "3840x2160": "4k",
    "uhd": "4k",
    "original": "source",
}
LANGUAGES = {"english": "en", "spanish": "es", "russian": "ru", "german": "de", "french": "fr"}


def _word(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _format(value: Any) -> Any:
    word = _word(value)
    return word.lstrip(".") if isinstance(word, str) else word


def _quality(value: Any) -> Any:
    word = _word(value)
    return QUALITIES.get(word, word) if isinstance(word, str) else word


def _language(value: Any) -> Any:
    word = _word(value)
    if not isinstance(word, str):
        return word
    if word in ("", "auto", "detect"):
        return DETECTED
    return LANGUAGES.get(word, re.split("[-_]", word)[0])


def _keywords(value: Any) -> Any:
    words = re.split(r"[,\n]", value) if isinstance(value, str) else value
    if isinstance(words, list):
        return [word.strip() if isinstance(word, str) else word for word in words if word != ""]
    return words


def _model(value: Any) -> Any:
    return None if _word(value) in ("", "auto") else value


READERS: Mapping[str, Callable[[Any], Any]] = {
    "transcribe": _word,
    "remove_silence": _word,
    "detect_highlights": _word,
    "silence_threshold": _word,
    "min_silence_duration": _word,
    "padding": _word,
    "highlight_sensitivity": _word,
    "keywords": _keywords,
    "export_format": _format,
    "export_quality": _quality,
    "language": _language,
    "model": _model,
}


def read(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The pipeline's settings: what is not given, or null, is left to its defaults; unknown names are passed over."""
    known = {name.strip().lower(): value for name, value in (given or {}).items() if value is not None}
    if _quality(known.get("resolution")) not in QUALITIES.values():  # it is of sizes that are no choice here
        known.pop("resolution", None)
    found: dict[str, Any] = {}
    for name, reader in READERS.items():
        named = next((each for each in (name, *SYNONYMS.get(name, ())) if each in known), None)
        if named is not None:
            found[name] = reader(known[named])
    return found


def shown(settings: Mapping[str, Any]) -> BatchSettings:
    """What a batch is ordered with, as this front end writes it."""
    language, quality = settings["language"], settings["export_quality"]
    told = {
        "language": None if language == DETECTED else language,
        "export_quality": "4K" if quality == "4k" else quality,
    }
    return BatchSettings(**{**settings, **told})
