"""What is looked after now and then: uploads that never came, blobs that nothing names, answers nobody asks for again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do now and then; `do` returns how many things it dealt with."""

    name: str
    do: Callable[[], int]


class Housekeeping:
    """Does the chores in a thread of its own, one after the other. A chore that fails is tried again next time."""

    def __init__(self, chores: Sequence[Chore], every_s: float = EVERY_S) -> None:
        self._chores = tuple(chores)
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when no chore runs any more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def once(self) -> dict[str, int]:
        """All chores now; what each has dealt with."""
        return {chore.name: self._do(chore) for chore in self._chores if not self._stop.is_set()}

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            self.once()

    @staticmethod
    def _do(chore: Chore) -> int:
        try:
            done = chore.do()
        except Exception:
            log.exception("chore.failed", chore=chore.name)
            return 0
        if done:
            log.info("chore.done", chore=chore.name, things=done)
        return done
