"""Whether all parts work, for people and for whoever watches the process."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass

from reelyard.bootstrap import Container
from reelyard.core.events.repository import last_seq
from reelyard.errors import DatabaseBusy


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. `starting`: the API answers and the workers are coming up."""

    status: str
    database_ms: float | None  # None: it did not answer
    dispatcher: bool
    workers: int
    workers_wanted: int
    storage_free_bytes: int

    @property
    def serves(self) -> bool:
        """Whether requests are answered and looked after; workers may be missing for a while."""
        return self.database_ms is not None and (self.dispatcher or self.status == "starting")


def look(container: Container) -> Health:
    """Ask every part."""
    took = _database(container)
    alive = container.dispatcher.alive
    workers = len(container.cluster.capacity())
    wanted = container.settings.engine.workers + 1  # the light one
    free = shutil.disk_usage(container.settings.data).free
    if took is None or (workers >= wanted and not alive):
        status = "degraded"
    elif not alive:
        status = "starting"
    else:
        status = "ok" if workers else "degraded"
    return Health(status, took, alive, workers, wanted, free)


def _database(container: Container) -> float | None:
    begun = time.perf_counter()
    try:
        with container.db.read() as tx:
            last_seq(tx, "")
    except DatabaseBusy:
        return None
    return (time.perf_counter() - begun) * 1000
