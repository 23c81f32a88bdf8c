"""The voices of the eSpeak NG in the package, read from its data folder: nothing of it is loaded here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from typing import Final

from reelyard.tools.voices.voice import EngineName, Voice

PACKAGE = "espeakng_loader"
# Of about a hundred variants those that are pleasant to listen to; any other may be named too.
SHOWN: Final = {"f2": "female", "f3": "female", "f4": "female", "m2": "male", "m3": "male", "m7": "male"}
NOT_SPOKEN = frozenset(
    {"qdb", "qya", "sjn", "piqd", "jbo", "lfn", "py", "xex"}
)  # invented, or an alphabet's test


def data_folder() -> Path | None:
    """Where its data lie; None when the package is not there."""
    found = util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "espeak-ng-data"
    return folder if folder.is_dir() else None


def version() -> str:
    """Of the package that it comes in."""
    return f"{PACKAGE}-{metadata.version('espeakng-loader')}"


def find_voices() -> tuple[Voice, ...]:
    """One voice per language or accent, in the order of their names."""
    release = version() if data_folder() is not None else ""
    found = (
        Voice(f"{EngineName.ESPEAK}:{code}", name, code, EngineName.ESPEAK, None, release)
        for code, name, _ in _described()
    )
    return tuple(sorted(found, key=lambda voice: (voice.name, voice.id)))


def file_names() -> dict[str, str]:
    """What the engine has to be told for each voice's own name: it does not know all of them by their languages."""
    return {code: file for code, _, file in _described()}


def _described() -> Iterator[tuple[str, str, str]]:
    """Language, name and file of each voice that has its dictionary."""
    folder = data_folder()
    if folder is None:
        return
    taken: set[str] = set()
    for path in sorted(path for path in (folder / "lang").rglob("*") if path.is_file()):
        said = _first_values(path)
        first = said.get("language", path.name).split()[0].lower()  # a priority may stand behind it
        code = path.name.lower() if first in taken else first
        taken.add(code)
        dictionary = said.get("dictionary", code.partition("-")[0])
        if code not in NOT_SPOKEN and (folder / f"{dictionary}_dict").is_file():
            yield code, said.get("name", path.name).replace("_", " "), path.name


def _first_values(path: Path) -> dict[str, str]:
    lines = (line.split(maxsplit=1) for line in path.read_text("utf-8", "replace").splitlines())
    found: dict[str, str] = {}
    for words in lines:
        if len(words) == 2:
            found.setdefault(words[0], words[1].strip())
    return found


def find_variants() -> tuple[str, ...]:
    """The names of the variants, which are put behind a voice's name with a plus sign."""
    folder = data_folder()
    if folder is None:
        return ()
    names = (path.name for path in (folder / "voices" / "!v").iterdir() if path.is_file())
    return tuple(sorted(name for name in names if name.isalnum()))


def with_variant(voice: Voice, variant: str) -> Voice:
    """The same voice spoken by another throat."""
    label = f"{voice.name}, {variant}"
    return Voice(
        f"{voice.id}+{variant}", label, voice.language, voice.engine, _gender(variant), voice.version
    )


def _gender(variant: str) -> str | None:
    if variant in SHOWN:
        return SHOWN[variant]
    if variant[:1] in "fm" and variant[1:].isdigit():
        return "female" if variant[0] == "f" else "male"
    return None
