"""A long-lived child that is asked again and again, such as one that holds a loaded model."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from reelyard.errors import ModelMissing, Reject, Retry, StageEnd, ToolCrash, ToolFailed, ToolTimeout
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import outcome
from reelyard.kit.processes.command import MIB, Service
from reelyard.kit.processes.kill import kill_group
from reelyard.kit.processes.lines import Tail
from reelyard.kit.processes.spawner import Streams, has_ended, spawn

LONGEST_ANSWER = 64 * MIB
STDERR_KEPT = 16 * 1024

log = structlog.get_logger(__name__)


class Child:
    """One running `Service`. Belongs to one thread, except `kill`, `pgid` and `closed`."""

    def __init__(self, service: Service, cwd: Path) -> None:
        """Start it in the folder `cwd`; raises ToolFailed when it cannot be started.

        It loads what it has to while the first request waits: mind that in the first time-out.
        """
        self.service = service
        self._process = spawn(service.command, cwd, Streams(None, None))
        self._stderr = Tail(STDERR_KEPT)
        self._buffer = bytearray()
        self._asked = 0
        self._killed = False
        self._closing = threading.Lock()
        # Held while a pipe is used: once it is closed, its number may be another file's.
        self._pipes = threading.RLock()
        self._drainer = threading.Thread(target=self._drain, name=f"stderr of {service.name}", daemon=True)
        self._drainer.start()
        log.debug("service.started", service=service.name, command=str(service.command), pgid=self.pgid)

    @property
    def pgid(self) -> int:
        """Its process group, for `kill_group` from another thread."""
        return self._process.pid

    @property
    def closed(self) -> bool:
        """Whether it has ended and cannot be asked any more."""
        return self._killed or has_ended(self._process)

    @property
    def stderr(self) -> str:
        """The end of what it said on standard error."""
        return str(self._stderr)

    def ask(
        self,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        """Send `request` and wait for its answer, at most `timeout_s` seconds by the clock.

        Raises ToolTimeout (the child is killed, as it may never answer), ToolCrash or ResourceLimit when it
        ends instead, and Reject, Retry, ModelMissing or ToolFailed as it answers. What `on_event` raises goes
        through: the child is killed then, since it would go on with work that nobody waits for.
        """
        deadline = time.monotonic() + timeout_s
        self._asked += 1
        try:
            self.send({"id": self._asked, "request": request})
            while True:
                message = self.receive(deadline - time.monotonic())
                if message.get("id") != self._asked:
                    continue
                if "event" not in message:
                    break
                if on_event is not None:
                    on_event(message["event"])
        except BaseException:
            self.kill()
            raise
        if "error" in message:
            raise _as_error(message["error"])
        answer: JsonObject = message["answer"]
        return answer

    def send(self, message: JsonObject) -> None:
        """Write one line; raises as `receive` when the child has ended."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            with self._pipes:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            raise self._end() from None

    def receive(self, timeout_s: float) -> dict[str, Any]:
        """The next line as JSON.

        Raises ToolTimeout when none comes in time; ToolCrash or ResourceLimit when the child ended.
        """
        deadline = time.monotonic() + timeout_s
        while b"\n" not in self._buffer:
            with self._pipes:
                data = self._read(deadline)
            if not data:
                raise self._end()
            self._buffer += data
            if len(self._buffer) > LONGEST_ANSWER:
                raise ToolFailed(f"{self.service.name} answered too much.", stderr=self.stderr)
        line, _, rest = bytes(self._buffer).partition(b"\n")
        self._buffer = bytearray(rest)
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise ToolFailed(f"{self.service.name} answered something that is not JSON.", stderr=self.stderr)
        return message

    def kill(self, grace_s: float = 0.3) -> None:
        """End it and all it started; returns when it is gone. Killing twice is the same as once."""
        with self._closing:
            if self._killed:
                return
            kill_group(self.pgid, grace_s)
            self._process.wait()
            self._killed = True
        self._drainer.join()
        with self._pipes:  # who waits for an answer hears the end of the pipe and lets go
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                if pipe is not None:
                    with contextlib.suppress(OSError):  # what was not yet sent has nobody to go to
                        pipe.close()
        log.debug("service.ended", service=self.service.name, returncode=self._process.returncode)

    def _read(self, deadline: float) -> bytes:
        """What the child says next; nothing when it has ended."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - a pipe was asked for
        if pipe.closed:
            return b""
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise ToolTimeout(
                    f"{self.service.name} did not answer in time.",
                    hint="Try a shorter file or a smaller model.",
                    stderr=self.stderr,
                )
        return os.read(pipe.fileno(), MIB)

    def _end(self) -> StageEnd:
        """Why it is no longer there."""
        deadline = time.monotonic() + 1.0
        while not self.closed and time.monotonic() < deadline:
            time.sleep(0.005)  # it closed its output; let it die its own death first
        self.kill(grace_s=0)
        error = outcome.problem(self.service.command, self._process.returncode or 0, self.stderr)
        if error is None or (isinstance(error, ToolFailed) and not isinstance(error, ToolCrash)):
            said = outcome.last_words(self.stderr)
            return ToolCrash(f"{self.service.name} ended by itself: {said}.", stderr=self.stderr)
        return error

    def _drain(self) -> None:
        pipe = self._process.stderr
        assert pipe is not None  # noqa: S101 - a pipe was asked for
        with contextlib.suppress(OSError, ValueError):
            while data := os.read(pipe.fileno(), 65536):
                self._stderr.feed(data)


def _as_error(said: dict[str, Any]) -> StageEnd:
    code, message, hint = said.get("code"), str(said.get("message", "")), said.get("hint")
    match said.get("kind"):
        case "reject":
            return Reject(message, code=code, hint=hint)
        case "retry":
            return Retry(message, code=code, hint=hint)
        case "model_missing":
            return ModelMissing(message, hint=hint)
        case _:
            return ToolFailed(message, hint=hint)
