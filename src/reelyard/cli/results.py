"""The folder for results: files named after their source, never overwritten, and a journal of what is finished.

The journal `.reelyard.jsonl` holds a line for each finished source: the hash of its content, what was asked, and
which files came of it. Lines are only ever added, each in one write, so several commands may use one folder and a
torn last line costs nothing but doing that one again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from reelyard.errors import BadSetting, StorageFull

JOURNAL = ".reelyard.jsonl"
IN_FOLDER = "/"  # what an ending begins with whose file stands in a folder of its source's name
_BLOCK = 1 << 20
Writer = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Finished:
    """One source that is done: its content, what was asked of it, and the files, relative to the folder."""

    sha256: str
    size: int
    order: str  # digest of the settings that matter for the text
    source: str
    files: Mapping[str, str]  # by what follows the name, such as “.srt” or “/story.mp4”
    recogniser: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A source that was handed over in a batch and is not known to be done."""

    batch: str
    item: str
    file: str
    upload: str | None
    source: str  # absolute path
    size: int
    mtime_ns: int
    order: str
    stem: str


class Results:
    """A folder for results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._finished: dict[int, list[Finished]] = {}
        self._begun: dict[str, Begun] = {}
        for line in self._lines():
            self._read(line)

    def _lines(self) -> Iterable[Any]:
        try:
            text = (self.folder / JOURNAL).read_text("utf-8", errors="replace")
        except OSError:
            return
        for line in text.splitlines():
            with contextlib.suppress(ValueError):
                yield json.loads(line)

    def _read(self, line: Any) -> None:
        with contextlib.suppress(TypeError, KeyError, AttributeError):
            if "finished" in line:
                done = Finished(**line["finished"])
                self._finished.setdefault(done.size, []).append(done)
            elif "begun" in line:
                begun = Begun(**line["begun"])
                self._begun[begun.item] = begun
            elif "ended" in line:
                self._begun.pop(line["ended"], None)

    def finished(self, path: Path, order: str) -> Finished | None:
        """What is there already of a source with this content and order; None when a file of it is missing.

        Its content is hashed only when something of just its size was finished.
        """
        candidates = [done for done in self._finished.get(path.stat().st_size, ()) if done.order == order]
        candidates = [
            done for done in candidates if all((self.folder / name).exists() for name in done.files.values())
        ]
        if not candidates:
            return None
        content = sha256_of(path)
        return next((done for done in reversed(candidates) if done.sha256 == content), None)

    def begun(self, path: Path, order: str) -> Begun | None:
        """Where a source was handed over by a command that did not see its end, the file being the same."""
        facts, absolute = path.stat(), str(path.resolve())
        for one in self._begun.values():
            if (one.source, one.size, one.mtime_ns, one.order) == (
                absolute,
                facts.st_size,
                facts.st_mtime_ns,
                order,
            ):
                return one
        return None

    def note_begun(self, begun: Iterable[Begun]) -> None:
        """Remember what was handed over, so that the same command goes on where this one stops."""
        self._append({"begun": asdict(one)} for one in begun)

    def note_ended(self, items: Iterable[str]) -> None:
        """These items have ended, well or not, and need not be looked for any more."""
        items = tuple(items)
        self._append({"ended": item} for item in items)
        for item in items:
            self._begun.pop(item, None)

    def note_finished(self, done: Finished) -> None:
        """Remember what was finished."""
        self._append([{"finished": asdict(done)}])
        self._finished.setdefault(done.size, []).append(done)

    def _append(self, entries: Iterable[Mapping[str, Any]]) -> None:
        text = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries)
        with writable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / JOURNAL).open("a+b", buffering=0) as journal:
                journal.write((b"" if _ends_whole(journal) else b"\n") + text.encode())

    def keep(self, stem: PurePosixPath, writers: Mapping[str, Writer]) -> dict[str, str]:
        """Write the files of one source, all under the same free name; gives their names by ending.

        A writer fills the file that it is given; an ending is what follows the name, such as “.srt” or “-cuts.json”.
        One that begins with a slash, such as “/story.mp4”, stands in a folder of that name, which is new each time.
        """
        with writable(self.folder), tempfile.TemporaryDirectory(prefix=".", dir=self._made()) as aside:
            written = {ending: Path(aside, str(number)) for number, ending in enumerate(writers)}
            for ending, path in written.items():
                writers[ending](path)
            for number in range(1, 100_000):
                name = stem if number == 1 else stem.with_name(f"{stem.name} ({number})")
                if self._place(name, written):
                    return {ending: f"{name}{ending}" for ending in writers}
        raise BadSetting(
            f"No free name is left for {stem} in {self.folder}.", hint="Choose another folder by --out."
        )

    def _made(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    def _place(self, name: PurePosixPath, written: Mapping[str, Path]) -> bool:
        """False when a name is taken, or another was quicker with it; then none of ours is left."""
        own = self.folder / name
        targets = {ending: self.folder / f"{name}{ending}" for ending in written}
        in_own = any(ending.startswith(IN_FOLDER) for ending in targets)
        if any(os.path.lexists(target) for target in (*targets.values(), *([own] if in_own else []))):
            return False
        own.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as undo:
            if in_own:
                try:
                    own.mkdir()
                except FileExistsError:
                    return False
                undo.callback(shutil.rmtree, own)
            for ending, target in targets.items():
                target.parent.mkdir(parents=True, exist_ok=True)
                if not create(target, written[ending]):
                    return False
                undo.callback(target.unlink)
            undo.pop_all()
        return True


def in_short(files: Mapping[str, str]) -> str:
    """The files of one source in a line: those in a folder of their own as the folder and their number."""
    inside = {ending: name for ending, name in files.items() if ending.startswith(IN_FOLDER)}
    told = [name for ending, name in files.items() if ending not in inside]
    if inside:
        ending, name = next(iter(inside.items()))
        told.append(f"{name.removesuffix(ending)}{IN_FOLDER} ({len(inside)} files)")
    return ", ".join(told)


def _ends_whole(journal: Any) -> bool:
    """Whether nothing torn stands at the end, to which the next line would stick."""
    if journal.seek(0, os.SEEK_END) == 0:
        return True
    journal.seek(-1, os.SEEK_END)
    return bool(journal.read(1) == b"\n")


def create(target: Path, written: Path) -> bool:
    """A whole file under a name that was free, or False: never half a file, never over another."""
    try:
        os.link(written, target)
    except FileExistsError:
        return False
    except PermissionError:  # a file system without links
        with contextlib.suppress(FileExistsError), target.open("xb") as file, written.open("rb") as content:
            shutil.copyfileobj(content, file, _BLOCK)
            return True
        return False
    return True


@contextlib.contextmanager
def writable(folder: Path) -> Any:
    """What cannot be written in here is refused with the folder's name. Raises BadSetting, StorageFull."""
    try:
        yield
    except OSError as error:
        kind = StorageFull if error.errno == errno.ENOSPC else BadSetting
        raise kind(
            f"The results cannot be written to {folder}: {error.strerror}.",
            hint="Choose another folder by --out.",
        ) from error


def sha256_of(path: Path) -> str:
    """The hash of a file's content, in hexadecimal."""
    state = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            state.update(block)
    return state.hexdigest()
