"""Whisper models on this machine: where they lie and what they are. Cheap: nothing is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER = "REELYARD_WHISPER_MODEL"  # one model's folder, or the name of one found below
FOLDERS = "REELYARD_MODELS"  # a folder whose folders are models
_PLAIN = (
    "tiny",
    "tiny.en",
    "base",
    "base.en",
    "small",
    "small.en",
    "medium",
    "medium.en",
    "large-v2",
    "large-v3",
)
_DISTILLED = ("small.en", "medium.en", "large-v2", "large-v3")
REPOSITORIES: Final = {  # short names, as faster-whisper knows them
    **{name: f"Systran/faster-whisper-{name}" for name in _PLAIN},
    **{f"distil-{name}": f"Systran/faster-distil-whisper-{name}" for name in _DISTILLED},
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
ENDS = 1 << 20  # bytes of a file's beginning and end that its digest looks at


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    folder: Path
    multilingual: bool

    def digest(self) -> str:
        """Changes when the model does: names and sizes of its files, and what they begin and end with."""
        state = hashlib.sha256()
        for path in sorted(p for p in self.folder.iterdir() if p.is_file()):
            size = path.stat().st_size
            state.update(f"{path.name}\0{size}\0".encode())
            with path.open("rb") as file:
                state.update(file.read(ENDS))
                file.seek(max(0, size - ENDS))
                state.update(file.read(ENDS))
        return state.hexdigest()


def find_models(environ: Mapping[str, str]) -> tuple[Model, ...]:
    """The models on this machine, the preferred one first, each name once."""
    found: dict[str, Model] = {}
    for name, folder in _candidates(environ):
        if (folder / "model.bin").is_file() and name not in found:
            found[name] = Model(name, folder, _is_multilingual(name, folder))
    wished = found.pop(environ.get(FOLDER, ""), None)
    return (wished, *found.values()) if wished else tuple(found.values())


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if environ.get(FOLDER) and Path(environ[FOLDER]).is_dir():
        folder = Path(environ[FOLDER]).resolve()
        yield folder.name, folder
    if environ.get(FOLDERS) and Path(environ[FOLDERS]).is_dir():
        yield from ((folder.name, folder) for folder in sorted(Path(environ[FOLDERS]).iterdir()))
    yield from _in_hub_cache(hub_cache(environ))


def hub_cache(environ: Mapping[str, str]) -> Path:
    """Where the Hugging Face client keeps what it fetched."""
    if environ.get("HF_HUB_CACHE"):
        return Path(environ["HF_HUB_CACHE"])
    home = (
        environ.get("HF_HOME")
        or Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "huggingface"
    )
    return Path(home) / "hub"


def _in_hub_cache(cache: Path) -> Iterator[tuple[str, Path]]:
    for folder in sorted(cache.glob("models--*whisper*")):
        reference = folder / "refs" / "main"
        if reference.is_file():
            repository = folder.name.removeprefix("models--").replace("--", "/")
            yield _short(repository), folder / "snapshots" / reference.read_text("utf-8").strip()


def _short(repository: str) -> str:
    """The repository “Systran/faster-whisper-small” is known as “small”."""
    return next((name for name, known in REPOSITORIES.items() if known == repository), repository)


def _is_multilingual(name: str, folder: Path) -> bool:
    """CTranslate2's own rule, without loading it: whether there is an empty token."""
    if name.endswith(".en"):
        return False
    try:
        if (folder / "vocabulary.json").is_file():
            return "" in json.loads((folder / "vocabulary.json").read_bytes())
        return "" in (folder / "vocabulary.txt").read_text("utf-8").split("\n")[:-1]
    except (OSError, ValueError, TypeError):
        return False


def how_to_install(name: str) -> str:
    """What to do, to the letter, so that a model is found."""
    model = name if "/" in name else REPOSITORIES.get(name, REPOSITORIES["small"])
    return (
        f"On a machine with network run “hf download {model} --local-dir FOLDER”, bring FOLDER (model.bin, "
        f"config.json, tokenizer.json, vocabulary) to this machine and set {FOLDER}=FOLDER."
    )
