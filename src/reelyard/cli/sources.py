"""Which files a command line means: files, folders, globs; and where below the results each one belongs."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from reelyard.errors import InvalidInput
from reelyard.media.formats import FORMATS
from reelyard.media.info import Kind


@dataclass(frozen=True, slots=True)
class Likely:
    """What is taken out of a folder by its name; what a file really is, its content tells."""

    noun: str
    extensions: frozenset[str]  # in lower case, with their dots


def likely(noun: str, kinds: AbstractSet[Kind], *more: str) -> Likely:
    """Files with the extensions of all formats that may hold one of `kinds`, and `more` of them."""
    known = {f".{each}" for entry in FORMATS.values() if entry.kinds & kinds for each in entry.extensions}
    return Likely(noun, frozenset({*known, *more}))


MORE = (".m4v", ".mpga")  # extensions that people use, and we do not give
MEDIA = likely("sound or film", {Kind.AUDIO, Kind.VIDEO}, *MORE)
ANY = likely("sound, film or text", set(Kind), *MORE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to work on, and the path, without extension, of its results below the folder for results."""

    path: Path
    stem: PurePosixPath

    @property
    def size(self) -> int:
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class Found:
    """What the paths of a command line mean. `left_out` counts files in folders that are of no such kind by name."""

    sources: tuple[Source, ...]
    left_out: int


def find_sources(paths: Iterable[str], wanted: Likely = MEDIA, *, avoid: Path | None = None) -> Found:
    """The files that `paths` name, each once, in order; folders are walked, what begins with a dot is not.

    A file named by itself is taken whatever its name; folders give what is `wanted`, and keep their tree below their
    own name. What lies in `avoid`, the folder for results, is not looked at. Raises InvalidInput that names a path with
    nothing there.
    """
    found: dict[Path, Source] = {}
    left_out = 0
    for path in _expanded(paths):
        if not path.is_dir():
            found.setdefault(path.resolve(), Source(path, PurePosixPath(path.name).with_suffix("")))
            continue
        base = PurePosixPath(path.name) if path.name not in ("", "..") else PurePosixPath()
        for inside in _walk(path, avoid.resolve() if avoid else None):
            if inside.suffix.lower() in wanted.extensions:
                stem = base / inside.relative_to(path).with_suffix("").as_posix()
                found.setdefault(inside.resolve(), Source(inside, stem))
            else:
                left_out += 1
    return Found(told_apart(found.values()), left_out)


def told_apart(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Sources that differ only in their extension keep it: “letter.txt” and “letter.docx”, not “letter” twice."""
    sources, names = tuple(sources), defaultdict[str, set[str]](set)
    for source in sources:
        names[_folded(source)].add(source.path.name)
    return tuple(
        replace(source, stem=source.stem.with_name(source.path.name))
        if len(names[_folded(source)]) > 1
        else source
        for source in sources
    )


def _folded(source: Source) -> str:
    return str(source.stem).casefold()


def _expanded(paths: Iterable[str]) -> Iterator[Path]:
    for text in paths:
        path = Path(text).expanduser()
        if path.exists():
            yield path
            continue
        matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(text) else []  # noqa: PTH207 - a user's pattern may be absolute
        if not matches:
            raise InvalidInput(
                f"There is nothing at {text}.",
                hint="Name files, folders, or a pattern such as 'talks/*.mp3'.",
            )
        yield from map(Path, matches)


def _walk(folder: Path, avoid: Path | None) -> Iterator[Path]:
    """Files below a folder in a steady order; links to folders are not followed, since they may lead round."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InvalidInput(f"The folder {folder} cannot be read: {error.strerror}.") from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if avoid is None or path.resolve() != avoid:
                yield from _walk(path, avoid)
        elif entry.is_file():
            yield path
