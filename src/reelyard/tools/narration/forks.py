"""Doing one piece of work in a fork of this process, so that it starts from the same state each time."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from reelyard.errors import ReelyardError, ToolFailed
from reelyard.kit.processes.serving import error_as_json

PIECE = 192 * 1024  # bytes; a multiple of 3, so that base64 needs no filling up
Work = Callable[[], tuple[dict[str, Any], bytes]]


class ForkError(ReelyardError):
    """What a fork answered instead of its result."""

    code = "tool_failed"

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__(said["message"], hint=said["hint"])
        self.said = said


class ForkKilledError(ReelyardError):
    """Somebody, such as a system short of memory, killed the fork: that says nothing of its work."""


class Fork:
    """A piece of work under way in a fork; it stops at its answer until somebody reads that."""

    def __init__(self, work: Work) -> None:
        reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:  # nothing of the parent may be cleaned up here, nor its requests be read
            os.close(reading)
            code = 1
            try:
                code = _work(work, writing)
            finally:  # it must not go on as its parent would, also when that is gone and cannot be told
                os._exit(code)
        os.close(writing)
        self._pipe = os.fdopen(reading, "rb")

    def results(self) -> Iterator[Any]:
        """First the facts that the work gives, then its bytes, piece by piece.

        Raises ForkError with what the work raised, ForkKilledError, and ToolFailed when the fork crashed.
        """
        line = self._pipe.readline()
        said = json.loads(line) if line.endswith(b"\n") else {}
        try:
            if "facts" in said:
                yield said["facts"]
                yield from iter(lambda: self._pipe.read(PIECE), b"")
            else:
                self._pipe.read()
        finally:
            status = self._end()
        if "failed" in said:
            raise ForkError(said["failed"])
        if status == -signal.SIGKILL:
            raise ForkKilledError("The voice's engine was killed.")
        if not said or status != 0:
            raise ToolFailed(f"The voice's engine ended by itself ({status}).", hint="Choose another voice.")

    def discard(self) -> None:
        """End it; nobody wants its results any more."""
        os.kill(self._pid, signal.SIGKILL)
        self._end()

    def _end(self) -> int:
        self._pipe.close()
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def _work(work: Work, writing: int) -> int:
    with os.fdopen(writing, "wb") as pipe:
        try:
            facts, data = work()
        except ReelyardError as error:
            pipe.write(_line({"failed": error_as_json(error)}))
            return 0
        except Exception as error:  # noqa: BLE001 - a library may throw anything, and the parent is to hear it
            message = f"The voice's engine failed: {type(error).__name__}: {error}."
            pipe.write(_line({"failed": error_as_json(ToolFailed(message))}))
            return 0
        pipe.write(_line({"facts": facts}))
        _copy(data, pipe)
    return 0


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _copy(data: bytes, pipe: BinaryIO) -> None:
    view = memoryview(data)
    pipe.writelines(view[begin : begin + PIECE] for begin in range(0, len(view), PIECE))
