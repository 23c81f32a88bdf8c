"""When a worker goes away: what had left its outcome is done, and one attempt at most is to blame."""

from __future__ import annotations

import json
from collections.abc import Collection

from reelyard.engine.flights import Flight, Flights
from reelyard.engine.messages import OUTCOME, Outcome
from reelyard.errors import BlobMissing
from reelyard.storage.storage import Storage


class Losses:
    """Decides what a lost attempt means. Belongs to the dispatcher's thread."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._blamed: set[str] = set()  # workers for whose end somebody is to blame already

    def stored(self, flight: Flight) -> Outcome | None:
        """The outcome that an attempt left before its worker went away; None when it left none."""
        try:
            return Outcome.from_json(json.loads(self._storage.read_bytes(flight.prefix + OUTCOME)))
        except (BlobMissing, ValueError, KeyError):
            return None

    def blame(self, flight: Flight, flights: Flights, done: Collection[str]) -> None:
        """Mark a lost flight as started if it must have been the one that its worker was at.

        A worker that dies in the first moment of a stage has no time to say that it began. It takes its work in
        the order in which it got it: unless another had begun, the first that was neither `done` (keys) nor has left
        its outcome is charged.
        """
        if not flight.started and flight.worker not in self._blamed:
            left = [one for one in flights.on(flight.worker) if one.key not in done]
            here = [one for one in left if self.stored(one) is None]
            flight.started = here[:1] == [flight] and not any(one.started for one in here)
        if flight.started:
            self._blamed.add(flight.worker)

    def forget(self, flights: Flights) -> None:
        """Workers of which nothing is under way any more need not be remembered."""
        if self._blamed:
            self._blamed = {worker for worker in self._blamed if flights.on(worker)}
