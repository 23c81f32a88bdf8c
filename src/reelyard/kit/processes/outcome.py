"""What the end of a child means: pure, from its return code and its last words."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable
from pathlib import Path

from reelyard.errors import ResourceLimit, Retry, StageEnd, ToolCrash, ToolFailed, ToolTimeout
from reelyard.kit.processes.command import MIB, Command

NO_MEMORY = re.compile(
    r"MemoryError|Cannot allocate memory|bad_alloc|out of memory|Out of memory|malloc of size|"
    r"can't start new thread|pthread_create\(\) failed|failed to map segment"
)
NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded")
FILE_TOO_LARGE = re.compile(r"File too large")
A_PATH = re.compile(r"(?<![\w./])/(?:[^\s/'\":]+/)+")


def problem(command: Command, returncode: int, stderr: str) -> StageEnd | None:
    """Why the command did not end well, as an error to raise; None when it did."""
    if returncode == 0:
        return None
    found: StageEnd | None = _limit(command, returncode, stderr) or _room(command, stderr)
    if found is None and returncode < 0:
        found = ToolCrash(
            f"{command.tool} was ended by {_signal_name(-returncode)}.",
            hint="It is tried once more; if the file does it again, convert it with another program first.",
        )
    if found is None:
        found = ToolFailed(
            f"{command.tool} could not do its work: {last_words(stderr)}.",
            hint="Check that the file plays in a player.",
        )
    found.details.update(returncode=returncode, stderr=stderr)
    return found


def timeout(command: Command, stderr: str) -> ToolTimeout:
    """The error of a command that was ended by the clock."""
    found = ToolTimeout(
        f"{command.tool} took longer than {command.limits.wall_s:g} s and was ended.",
        hint="Try a shorter file, or convert it with another program first.",
    )
    found.details.update(stderr=stderr)
    return found


def last_words(stderr: str) -> str:
    """The last line that says something, without the folders of this machine and a closing stop."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    if not lines:
        return "it said nothing"
    return A_PATH.sub("", lines[-1])[:300].rstrip(".")


def without_paths(text: str, paths: Iterable[Path]) -> str:
    """`text` with each of `paths` shown by its last name only."""
    for path in paths:
        text = text.replace(str(path), path.name)
    return text


def _limit(command: Command, returncode: int, stderr: str) -> ResourceLimit | None:
    limits = command.limits
    if NO_MEMORY.search(stderr) and limits.memory_bytes is not None:
        needed = f"more memory than the {limits.memory_bytes // MIB} MiB it may have"
    elif returncode == -signal.SIGXCPU:
        needed = f"more than the {limits.cpu_s} s of processor time it may have"
    elif (returncode == -signal.SIGXFSZ or FILE_TOO_LARGE.search(stderr)) and limits.file_bytes is not None:
        needed = f"to write a file larger than the {limits.file_bytes // MIB} MiB it may write"
    else:
        return None
    return ResourceLimit(f"{command.tool} needed {needed}.", hint="Try a shorter or smaller file.")


def _room(command: Command, stderr: str) -> Retry | None:
    if not NO_ROOM.search(stderr):
        return None
    return Retry(
        f"There was no room left on the disk while {command.tool} was writing.",
        code="storage_full",
        hint="Free some room; it is tried again.",
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
