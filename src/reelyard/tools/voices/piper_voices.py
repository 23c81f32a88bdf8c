"""Piper voices on this machine: a folder with NAME.onnx and NAME.onnx.json for each. Nothing is loaded here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib import metadata, util
from pathlib import Path
from typing import Any

from reelyard.tools.voices.voice import EngineName, Voice

FOLDER = "REELYARD_VOICES__PIPER"  # a folder of voices, or one voice's .onnx file
PACKAGE = "piper-tts"
ENDS = 1 << 20  # bytes of a model's beginning and end that its digest looks at
QUALITIES = ("high", "medium", "low", "x_low")  # as their names end, best first


def release() -> str | None:
    """The version of Piper; None when it is not installed."""
    return metadata.version(PACKAGE) if util.find_spec("piper") is not None else None


def folder(environ: Mapping[str, str]) -> Path | None:
    """Where voices were said to be; None when that is nowhere."""
    given = environ.get(FOLDER)
    if not given:
        return None
    path = Path(given).expanduser().resolve()
    return path.parent if path.suffix == ".onnx" else path if path.is_dir() else None


def find_voices(environ: Mapping[str, str]) -> tuple[Voice, ...]:
    """The voices, the better ones first. One whose description cannot be read is left out."""
    where, number = folder(environ), release()
    if where is None or number is None:
        return ()
    named = Path(environ[FOLDER]).name if environ[FOLDER].endswith(".onnx") else "*.onnx"
    found = (_voice(model, number) for model in sorted(where.glob(named)))
    return tuple(sorted(filter(None, found), key=_rank))


def _rank(voice: Voice) -> tuple[int, str]:
    quality = voice.own_name.rpartition("-")[2]
    return QUALITIES.index(quality) if quality in QUALITIES else len(QUALITIES), voice.id


def _voice(model: Path, number: str) -> Voice | None:
    try:
        said: Any = json.loads(Path(f"{model}.json").read_bytes())
        espeak = said.get("espeak", {}).get("voice", "")
        language = str(said.get("language", {}).get("code") or espeak or model.stem.partition("-")[0])
    except (OSError, ValueError, AttributeError):
        return None
    label = model.stem.replace("_", " ").replace("-", " ")
    spoken = language.lower().replace("_", "-")
    return Voice(
        f"{EngineName.PIPER}:{model.stem}", label, spoken, EngineName.PIPER, None, f"{number}+{digest(model)}"
    )


def digest(model: Path) -> str:
    """Changes when the voice does: sizes of model and description, and what they begin and end with."""
    state = hashlib.sha256()
    for path in (model, Path(f"{model}.json")):
        size = path.stat().st_size
        state.update(f"{size}\0".encode())
        with path.open("rb") as file:
            state.update(file.read(ENDS))
            file.seek(max(0, size - ENDS))
            state.update(file.read(ENDS))
    return state.hexdigest()[:16]
