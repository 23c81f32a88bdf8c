"""Running a command to its end: start, watch the clock, read what it says, kill, explain."""

from __future__ import annotations

import contextlib
import os
import selectors
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

import structlog

from reelyard.kit.processes import outcome
from reelyard.kit.processes.command import MIB, Command, Finished, Runner
from reelyard.kit.processes.kill import kill_group
from reelyard.kit.processes.lines import Lines, Tail
from reelyard.kit.processes.spawner import Process, Streams, has_ended, spawn

STDERR_KEPT = 16 * 1024
STDOUT_KEPT = MIB
LOG_KEPT = 4 * MIB
AFTER_END_S = 0.5  # how long a pipe may stay open behind an ended child
GRACE_S = 0.3

log_ = structlog.get_logger(__name__)


def run(
    command: Command,
    *,
    cwd: Path,
    on_start: Callable[[int], None] | None = None,
    on_line: Callable[[str], None] | None = None,
    log: Path | None = None,
) -> Finished:
    """Run `command` confined in the folder `cwd` and wait for its end; everything it started ends with it.

    `on_start` gets the process group, for `kill_group`; `on_line` every line that it says on standard error,
    and on standard output unless that is a file. What they raise ends the child and is raised. `log` is a
    file to which command, standard error and result are appended (at most 4 MiB).
    Raises ToolFailed, ToolCrash, ToolTimeout, ResourceLimit, or Retry when the disk is full; each has
    `details["stderr"]`.
    """
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        streams = _open_streams(command, stack)
        note = _log_writer(log, stack)
        note(f"$ {command}\n".encode())
        with _ended(spawn(command, cwd, streams)) as process:
            log_.debug("child.started", command=str(command), pgid=process.pid)
            if on_start is not None:
                on_start(process.pid)
            watch = _Watch(process, on_line, note)
            timely = watch.until(began + command.limits.wall_s)
        took = time.monotonic() - began
        note(f"# ended with {process.returncode} after {took:.2f} s\n".encode())
    found = Finished(process.returncode, watch.stdout, watch.stderr, took)
    error = (
        outcome.problem(command, found.returncode, found.stderr)
        if timely
        else outcome.timeout(command, found.stderr)
    )
    _tell(command, found, error)
    if error is not None:
        raise error
    return found


def runner_in(cwd: Path) -> Runner:
    """A `Runner` whose commands run in the folder `cwd`."""

    def run_there(command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        return run(command, cwd=cwd, on_line=on_line)

    return run_there


def _tell(command: Command, found: Finished, error: Exception | None) -> None:
    if error is None:
        log_.debug("child.ended", command=str(command), took_s=round(found.took_s, 3))
    else:
        log_.info(
            "child.failed",
            command=str(command),
            returncode=found.returncode,
            took_s=round(found.took_s, 3),
            reason=str(error),
        )


def _open_streams(command: Command, stack: contextlib.ExitStack) -> Streams:
    stdin = stack.enter_context((command.stdin or Path(os.devnull)).open("rb"))
    stdout = stack.enter_context(command.stdout.open("wb")) if command.stdout is not None else None
    return Streams(stdin, stdout)


def _log_writer(log: Path | None, stack: contextlib.ExitStack) -> Callable[[bytes], None]:
    if log is None:
        return lambda _data: None
    stream: BinaryIO = stack.enter_context(log.open("ab", buffering=0))

    def note(data: bytes) -> None:
        if stream.tell() < LOG_KEPT:
            stream.write(data)

    return note


@contextlib.contextmanager
def _ended(process: Process) -> Iterator[Process]:
    """Whatever happens inside, afterwards nobody of the group runs, and the child is collected."""
    try:
        yield process
    except BaseException:
        kill_group(process.pid, GRACE_S)
        raise
    finally:
        # The child is a zombie or about to be one: as it is not yet collected, its group cannot be another's.
        kill_group(process.pid, 0)
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


class _Watch:
    """Reads both pipes and looks at the clock until the child has ended."""

    def __init__(
        self, process: Process, on_line: Callable[[str], None] | None, note: Callable[[bytes], None]
    ) -> None:
        self._process = process
        self._on_line = on_line
        self._note = note
        self._stdout = bytearray()
        self._stderr = Tail(STDERR_KEPT)

    @property
    def stdout(self) -> str:
        return self._stdout.decode(errors="replace")

    @property
    def stderr(self) -> str:
        return str(self._stderr)

    def until(self, deadline: float) -> bool:
        """Wait for the end; False when `deadline` came first and the group was killed."""
        with selectors.DefaultSelector() as selector, _end_signal(self._process) as ended:
            for pipe in (self._process.stdout, self._process.stderr):
                if pipe is not None:
                    os.set_blocking(pipe.fileno(), False)
                    selector.register(pipe, selectors.EVENT_READ, Lines())
            if ended is not None:
                selector.register(ended, selectors.EVENT_READ)
            timely = self._read_until_end(selector, deadline)
            # What it started goes with it, else a grandchild would hold the pipes open.
            kill_group(self._process.pid, 0 if timely else GRACE_S)
            self._drain(selector)
        return timely

    def _read_until_end(self, selector: selectors.BaseSelector, deadline: float) -> bool:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            # Without a signal for the end (not Linux) the child is asked a few times a second.
            for key, _ in selector.select(left if self._has_end_signal(selector) else min(left, 0.05)):
                if isinstance(key.data, Lines):
                    self._read(selector, key)
                else:
                    return True
            if not self._has_end_signal(selector) and has_ended(self._process):
                return True

    @staticmethod
    def _has_end_signal(selector: selectors.BaseSelector) -> bool:
        return any(key.data is None for key in selector.get_map().values())

    def _drain(self, selector: selectors.BaseSelector) -> None:
        deadline = time.monotonic() + AFTER_END_S
        while (left := deadline - time.monotonic()) > 0:
            pipes = [key for key, _ in selector.select(left) if isinstance(key.data, Lines)]
            for key in pipes:
                self._read(selector, key)
            if not any(isinstance(key.data, Lines) for key in selector.get_map().values()):
                return

    def _read(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        pipe: IO[bytes] = key.fileobj  # type: ignore[assignment]  # only pipes are registered with lines
        try:
            data = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return
        if not data:
            selector.unregister(pipe)
        if pipe is self._process.stdout:
            self._stdout += data[: STDOUT_KEPT - len(self._stdout)]
        else:
            self._stderr.feed(data)
            self._note(data)
        lines: Lines = key.data
        for line in lines.feed(data):
            if self._on_line is not None:
                self._on_line(line)


@contextlib.contextmanager
def _end_signal(process: Process) -> Iterator[int | None]:
    """A descriptor that becomes readable when the child ends; None where the system has none."""
    if not hasattr(os, "pidfd_open"):
        yield None
        return
    fd = os.pidfd_open(process.pid)
    try:
        yield fd
    finally:
        os.close(fd)
