"""Reading a text file: its bytes are looked at in a child process only, one for each file."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reelyard.errors import Reject, ToolCrash, ToolFailed
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.media.document import Document
from reelyard.media.formats import Format

MIB = 1024 * 1024
LIMITS = Limits(wall_s=120, cpu_s=60, memory_bytes=1024 * MIB, file_bytes=512 * MIB)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a text before it is worked on."""

    title: str
    words: int
    language: str | None
    encoding: str | None
    warnings: tuple[str, ...]


def read_document(path: Path, found: Format, *, run: Runner, name: str, workdir: Path) -> Document:
    """Read the text at `path`, whose format sniffing told; `name` is its owner's name for it, a title at need.

    `workdir` gets a file that is gone again afterwards. Raises Reject with a sentence for the owner and one of
    the codes `encrypted`, `invalid_media` (damaged), `limits` (too large once unpacked), `no_text` and
    `unsupported_type` (an older Word's), and ToolTimeout, ResourceLimit and what else `run` raises.
    """
    with tempfile.NamedTemporaryFile(dir=workdir, prefix="document-", suffix=".json") as target:
        answer = Path(target.name)
        _run(_command(path, found, "whole", answer), run)
        value = json.loads(answer.read_bytes())
    document = Document.from_json(_accepted(value))
    return document if document.title else _titled(document, name)


def summarise(path: Path, found: Format, *, run: Runner, name: str) -> Summary:
    """Read the text to its end and tell only how long it is and what it is called; raises as `read_document`."""
    said = _accepted(json.loads(_run(_command(path, found, "summary"), run)))
    return Summary(
        title=said["title"] or title_by_name(name),
        words=said["words"],
        language=said["language"],
        encoding=said["encoding"],
        warnings=tuple(said["warnings"]),
    )


def title_by_name(name: str) -> str:
    """A file's name as a title: without folders and its ending."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem, dot, _ = last.rpartition(".")
    return " ".join((stem if dot and stem else last).replace("_", " ").split()) or "Untitled"


def _titled(document: Document, name: str) -> Document:
    return Document(
        title_by_name(name), document.blocks, document.language, document.encoding, document.warnings
    )


def _command(path: Path, found: Format, extent: str, target: Path | None = None) -> Command:
    argv, env = python_child("reelyard.tools.documents.reading_child", found.name, extent)
    return Command(argv, stdin=path, stdout=target, env=env, limits=LIMITS)


def _run(command: Command, run: Runner) -> str:
    try:
        return run(command).stdout
    except ToolCrash:
        raise
    except ToolFailed as problem:
        # The child refuses what it can name; what it stumbles over is damage that nobody thought of.
        raise _unreadable() from problem


def _accepted(value: dict[str, Any]) -> dict[str, Any]:
    refused = value.get("refused")
    if refused is not None:
        raise Reject(refused["message"], code=refused["code"], hint=refused["hint"])
    found: dict[str, Any] = value["found"]
    return found


def _unreadable() -> Reject:
    return Reject(
        "The text cannot be read: the file is damaged.",
        code="invalid_media",
        hint="Open it in the program that wrote it, save it anew, and send that.",
    )
