"""Whose turn it is: the limits that hold over all workers of a data folder, by locked files. In the child only.

Each kind of server has one file with the times of its last requests, and one empty file for each request that
may run at once. The system lets a lock go with the process that held it, however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reelyard.kit.json import digest
from reelyard.tools.servers.failures import Passing

MINUTE_S = 60.0
LOOK_EVERY_S = 0.1
LONGEST_BOOKED_S = 3_600.0  # a time farther ahead was written before the machine was started anew


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows."""

    per_minute: int | None
    at_once: int


@dataclass(frozen=True, slots=True)
class Time:
    """The clock that all processes of the machine share, and waiting."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Turns:
    """The queue before one server. `tell` is called now and then with how long it may still take."""

    def __init__(self, folder: Path, name: str, limits: Limits, clock: Time) -> None:
        self._folder = folder
        self._name = name
        self._limits = limits
        self._clock = clock
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextlib.contextmanager
    def turn(self, longest_s: float, tell: Callable[[float], None]) -> Iterator[float]:
        """Wait until a request may be sent; the block is that request. Gives 0.

        When that would take longer than `longest_s`, gives at once how many seconds it would take: nothing
        may be sent then.
        """
        begun = self._clock.now()
        with self._slot(begun + longest_s, tell) as slot:
            if not slot:
                yield max(LOOK_EVERY_S, longest_s)
                return
            wait = self._booked(begun + longest_s)
            if self._clock.now() + wait > begun + longest_s:
                yield wait
                return
            self.wait(wait, tell)
            yield 0.0

    @contextlib.contextmanager
    def once(self, name: str) -> Iterator[None]:
        """The block is the one try of that name: when it was begun before and never ended, Passing is raised.

        A worker asks a child that died for the same again, and does not know that this may cost twice.
        """
        if not name:
            yield
            return
        begun = self._folder / f"{self._name}-{digest(name)}.begun"
        try:
            begun.touch(0o600, exist_ok=False)
        except FileExistsError:
            begun.unlink(missing_ok=True)
            raise Passing(
                "the program that asked it ended before the answer was there", charged=True
            ) from None
        try:
            yield
        finally:
            begun.unlink(missing_ok=True)

    def pause(self, seconds: float) -> None:
        """The server asked to be left alone: nobody asks before."""
        with self._state() as state:
            state.not_before = max(state.not_before, self._clock.now() + min(seconds, LONGEST_BOOKED_S))

    def wait(self, seconds: float, tell: Callable[[float], None], every_s: float = 5.0) -> None:
        """Sleep, and say so."""
        end = self._clock.now() + seconds
        while (left := end - self._clock.now()) > 0:
            tell(left)
            self._clock.sleep(min(left, every_s))

    def _booked(self, latest: float) -> float:
        """Seconds until the next free moment, which is taken unless it comes after `latest`."""
        with self._state() as state:
            now, most = self._clock.now(), self._limits.per_minute
            state.forget(now)
            at = max(now, state.not_before)
            if most is not None and len(state.times) >= most:
                at = max(at, state.times[-most] + MINUTE_S)
            if at <= latest and most is not None:
                state.times = sorted([*state.times, at])
            return at - now

    @contextlib.contextmanager
    def _slot(self, latest: float, tell: Callable[[float], None]) -> Iterator[bool]:
        """One of the places for requests at the same time; False when none becomes free."""
        with contextlib.ExitStack() as stack:
            files = [
                stack.enter_context((self._folder / f"{self._name}-{number}.lock").open("ab"))
                for number in range(self._limits.at_once)
            ]
            while not any(_locks(file.fileno()) for file in files):
                if self._clock.now() >= latest:
                    yield False
                    return
                tell(latest - self._clock.now())
                self._clock.sleep(LOOK_EVERY_S)
            yield True

    @contextlib.contextmanager
    def _state(self) -> Iterator[_State]:
        """What is written down, under its lock; written back afterwards."""
        descriptor = os.open(self._folder / f"{self._name}.json", os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            state = _State.read(file.read())
            yield state
            file.seek(0)
            file.truncate()
            file.write(json.dumps({"times": state.times, "not_before": state.not_before}).encode())


@dataclass
class _State:
    times: list[float]  # of the requests, in order; some lie ahead
    not_before: float

    @classmethod
    def read(cls, data: bytes) -> _State:
        """What stands there; nothing when that was half written."""
        try:
            said = json.loads(data)
            return cls([float(each) for each in said["times"]], float(said["not_before"]))
        except (ValueError, KeyError, TypeError):
            return cls([], 0.0)

    def forget(self, now: float) -> None:
        """Drop what does not matter any more, or cannot be."""
        self.times = [each for each in self.times if now - MINUTE_S < each <= now + LONGEST_BOOKED_S]
        if self.not_before > now + LONGEST_BOOKED_S:
            self.not_before = 0.0


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
