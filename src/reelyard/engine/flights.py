"""What the dispatcher has handed to workers and not yet heard back from. Kept in memory: the rows are the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from reelyard.core.batches.estimate import Kind, Size
from reelyard.core.runs.keys import attempt_prefix


class Why(StrEnum):
    """Why an attempt is being ended from here."""

    DISOWNED = "disowned"  # its token no longer stands
    SILENT = "silent"  # it showed no progress for longer than its stage may
    RECALLED = "recalled"  # it waits on a worker for what it should not wait for
    DRAIN = "drain"  # the control plane stops


@dataclass(slots=True)
class Flight:
    """One attempt under way."""

    key: str
    run_id: str
    subject_kind: str
    subject_id: str
    owner_id: str
    batch_id: str | None
    pipeline: str
    stage: str
    token: int
    worker: str
    pool: str
    estimate_s: float
    silence_s: float
    cache_key: str | None
    kind: Kind  # what its time is comparable with
    size: Size  # how much there is to do
    shares: tuple[float, ...] = ()  # of the planned stages in the item's progress
    index: int = 0  # which of them this is
    shown_in: str | None = None  # the batch in which its progress is shown, when it is no item of it
    at: float = 0.0  # monotonic seconds: submitted, then last heard of
    begun: float = 0.0  # monotonic seconds of submission
    fraction: float = 0.0
    started: bool = False
    ending: Why | None = None
    yielding: bool = False

    @property
    def prefix(self) -> str:
        """Where the attempt keeps what it makes."""
        return attempt_prefix(self.owner_id, self.subject_id, self.token, self.stage)


class Flights:
    """The attempts under way, by key."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight] = {}

    def __iter__(self) -> Iterator[Flight]:
        return iter(list(self._flights.values()))

    def __len__(self) -> int:
        return len(self._flights)

    def add(self, flight: Flight) -> None:
        self._flights[flight.key] = flight

    def get(self, key: str) -> Flight | None:
        return self._flights.get(key)

    def pop(self, key: str) -> Flight | None:
        return self._flights.pop(key, None)

    def on(self, worker: str) -> list[Flight]:
        return [flight for flight in self._flights.values() if flight.worker == worker]

    def is_behind(self, flight: Flight) -> bool:
        """Whether it has not begun and waits on its worker for something else."""
        return not flight.started and self.on(flight.worker)[0] is not flight

    def owners(self) -> set[str]:
        return {flight.owner_id for flight in self._flights.values()}

    def cache_keys(self) -> set[str]:
        return {flight.cache_key for flight in self._flights.values() if flight.cache_key is not None}
