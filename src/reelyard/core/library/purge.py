"""The janitor: removes what nothing refers to any more, an hour after it was stored at the earliest.

The database comes first: a reference goes in one transaction, the blob in a later round. A crash between the
two leaves a blob for the next round, never a reference to nothing. Blobs are removed inside a write
transaction that has just asked for references, so that nobody can refer to one meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog

from reelyard.core.events import repository as events
from reelyard.core.library.references import referred
from reelyard.core.library.uploads import UploadService
from reelyard.core.runs import repository as runs
from reelyard.db.session import Database
from reelyard.kit.clock import Clock
from reelyard.storage.storage import Storage

log = structlog.get_logger(__name__)

PREFIXES = ("originals/", "work/", "parts/", "revisions/", "exports/")
GRACE = timedelta(hours=1)
EVENTS_KEPT = timedelta(days=30)
AT_ONCE = 100  # keys that are asked for and removed in one transaction


@dataclass(frozen=True, slots=True)
class Swept:
    """What a round removed."""

    blobs: int = 0
    bytes: int = 0
    parts: int = 0
    uploads: int = 0
    events: int = 0


class Janitor:
    """One round is `sweep`; call it from a thread of its own, every few minutes."""

    def __init__(self, db: Database, storage: Storage, uploads: UploadService, clock: Clock) -> None:
        self._db = db
        self._storage = storage
        self._uploads = uploads
        self._clock = clock

    def sweep(self) -> Swept:
        """Give up uploads whose time is over, forget old events and parts, remove what nothing refers to."""
        now = self._clock.now()
        uploads = len(self._uploads.expire()) + self._uploads.clear_orphans()
        with self._db.write() as tx:
            gone = events.purge(tx, now - EVENTS_KEPT)
        with self._db.write() as tx:
            parts = runs.forget_parts(tx, now - GRACE)
        blobs, size = self._remove_blobs(now - GRACE)
        swept = Swept(blobs, size, parts, uploads, gone)
        if swept != Swept():
            log.info("storage.swept", blobs=blobs, bytes=size, parts=parts, uploads=uploads, events=gone)
        return swept

    def _remove_blobs(self, before: datetime) -> tuple[int, int]:
        old = self._old(before)
        removed = freed = 0
        while some := dict(islice(old, AT_ONCE)):
            with self._db.read() as tx:
                suspects = some.keys() - referred(tx, some.keys())
            if not suspects:
                continue
            with self._db.write() as tx:
                for key in suspects - referred(tx, suspects):
                    self._storage.delete(key)
                    removed, freed = removed + 1, freed + some[key]
        return removed, freed

    def _old(self, before: datetime) -> Iterator[tuple[str, int]]:
        for prefix in PREFIXES:
            for entry in self._storage.list(prefix):
                if entry.modified < before:
                    yield entry.key, entry.size
