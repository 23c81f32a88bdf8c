"""What to run, as values: made by pure functions, shown in logs, run elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from reelyard.kit.json import JsonObject

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a child may take before it is ended. None: no limit of that sort."""

    wall_s: float = 600.0  # seconds by the clock, enforced from outside
    cpu_s: int | None = 600  # seconds of processor time
    memory_bytes: int | None = 2048 * MIB  # address space
    file_bytes: int | None = 8192 * MIB  # the largest file it may write


@dataclass(frozen=True, slots=True)
class Command:
    """One run of a tool: its arguments and what it may touch.

    `reads` and `writes` are the files and folders it sees besides the system's own libraries and its working
    folder, where the machine can enforce it; a path of `writes` that is not there yet opens its folder.
    `network` is off unless the stage needs it.
    """

    argv: tuple[str, ...]
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)
    network: bool = False
    stdin: Path | None = None  # opened for reading and given as standard input
    stdout: Path | None = None  # written aside when named; else collected (at most 1 MiB)
    env: tuple[tuple[str, str], ...] = field(
        default=(), repr=False
    )  # added to a clean environment; may hold a key

    def __str__(self) -> str:
        return shlex.join(self.argv)

    @property
    def tool(self) -> str:
        """What to call the program when speaking to people: "ffmpeg", or a Python module's last name."""
        if "-m" in self.argv[:-1]:
            return self.argv[self.argv.index("-m") + 1].rpartition(".")[2].removesuffix("_child")
        return Path(self.argv[0]).name.partition("-linux")[0]


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    returncode: int  # negative: the signal that killed it
    stdout: str  # what it printed, unless it went to a file; at most 1 MiB
    stderr: str  # the end of what it said, at most 16 KiB
    took_s: float


@dataclass(frozen=True, slots=True)
class Service:
    """A long-lived child that holds something costly, such as a loaded model.

    It is started once per worker by `command` and spoken to over its standard input and output: each message
    is one line of JSON; a request has `id` and `request`, an event has `id` and `event`, an answer has `id`
    and either `answer` or `error` (`{code, message, hint?, kind: reject|retry|model_missing|failed}`).
    """

    name: str
    command: Command


class Runner(Protocol):
    """Whoever can run a command: a stage's `context.run`, or `runner_in(folder)`."""

    def __call__(self, command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        """Run it to its end; raises as `reelyard.kit.processes.run`."""
        ...


class Ask(Protocol):
    """Whoever keeps long-lived children: a stage's `context.ask`."""

    def __call__(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        """The child's answer; `on_event` gets what it tells before. Raises as a run does, and what the child refuses."""
        ...
