"""Starting a child, by the one thread of this process that may.

PR_SET_PDEATHSIG, which ends a child when we are killed, fires when the *thread* that started it ends.
So one thread starts them all and lives as long as the process. It only forks and waits for nothing.
"""

from __future__ import annotations

import functools
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from reelyard.errors import ToolFailed
from reelyard.kit.processes.command import Command
from reelyard.kit.processes.surroundings import specification

LAUNCHER = Path(__file__).resolve().parents[1] / "launcher" / "__main__.py"
Process = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Streams:
    """What becomes the child's standard input and output; None: a pipe. Standard error is always a pipe."""

    stdin: BinaryIO | int | None
    stdout: BinaryIO | int | None


class Spawner:
    """A thread that starts children for every other thread."""

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[tuple[Callable[[], Process], Future[Process]]] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="reelyard-spawner", daemon=True).start()

    def start(self, order: Callable[[], Process]) -> Process:
        """Run `order` on the thread and hand over what it started; raises what it raises."""
        promise: Future[Process] = Future()
        self._orders.put((order, promise))
        return promise.result()

    def _serve(self) -> None:
        while True:
            order, promise = self._orders.get()
            try:
                promise.set_result(order())
            except BaseException as problem:  # noqa: BLE001 - it belongs to who waits; this thread must live
                promise.set_exception(problem)
            del order, promise


@functools.cache
def _spawner(_pid: int) -> Spawner:
    return Spawner()


def spawn(command: Command, cwd: Path, streams: Streams) -> Process:
    """Start `command` confined, in a session and process group of its own, and return once it has begun.

    Raises ToolFailed when it is not there or cannot be confined.
    """
    description = json.dumps(specification(command, cwd)).encode()
    reader, writer = os.pipe()
    with _as_file(description) as spec, os.fdopen(reader, "rb") as status:
        try:
            # By process: a fork of ours has none of our threads.
            process = _spawner(os.getpid()).start(lambda: _popen(cwd, streams, (spec.fileno(), writer)))
        finally:
            os.close(writer)
        said = status.read()  # ends when the launcher has become the tool
    if said:
        _abandon(process)
        raise ToolFailed(
            f"{command.tool} could not be started: {json.loads(said)['error']}.",
            hint="Run `reelyard doctor` to see what is missing.",
        )
    return process


def has_ended(process: Process) -> bool:
    """Whether the child ended; it is not yet collected, so that its group stays its own."""
    if not hasattr(os, "waitid"):  # macOS
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True  # another thread has just collected it


def _popen(cwd: Path, streams: Streams, fds: tuple[int, int]) -> Process:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(LAUNCHER), *map(str, fds)],
        cwd=cwd,
        env={},
        stdin=subprocess.PIPE if streams.stdin is None else streams.stdin,
        stdout=subprocess.PIPE if streams.stdout is None else streams.stdout,
        stderr=subprocess.PIPE,
        pass_fds=fds,
        start_new_session=True,
    )


def _as_file(data: bytes) -> BinaryIO:
    """`data` as an open file at its beginning; a pipe would block on a long one."""
    stream: Any = tempfile.TemporaryFile() if not hasattr(os, "memfd_create") else _memory_file()  # noqa: SIM115
    stream.write(data)
    stream.flush()
    stream.seek(0)
    return stream  # type: ignore[no-any-return]


def _memory_file() -> BinaryIO:
    return os.fdopen(os.memfd_create("reelyard-child"), "w+b")


def _abandon(process: Process) -> None:
    process.kill()
    with process:  # closes its pipes and reaps it
        pass
