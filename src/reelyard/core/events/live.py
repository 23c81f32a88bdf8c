"""What is going on right now: the latest progress of every running item, and the bell that wakes who watches.

Nothing here is kept: after a restart it fills again from what the workers tell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one running item is."""

    owner_id: str
    batch_id: str
    item_id: str
    stage: str
    progress: float  # 0 to 100, of the whole item
    eta_s: float | None = None
    note: str = ""
    live: Mapping[str, Any] | None = None  # what the stage shows while it works: the newest words, say
    version: int = 0  # grows with every change on the board
    kind: str = "item"  # or EXPORT: then `item_id` is that of an export


@dataclass(frozen=True, slots=True)
class BatchOutlook:
    """What is to be expected of a batch at work; None is unknown."""

    eta_s: float | None
    spread_s: float | None  # the estimate may be off by so many seconds, up or down
    throughput_mbps: float | None  # 1,000,000 bytes of finished input a second


@dataclass(frozen=True, slots=True)
class _Expected:
    owner_id: str
    outlook: BatchOutlook
    version: int


@dataclass(slots=True)
class _Watcher:
    owner_id: str
    ring: Callable[[], None]


class LiveBoard:
    """The latest value per item, and who wants to hear of changes. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._latest: dict[str, Progress] = {}
        self._outlooks: dict[str, _Expected] = {}
        self._watchers: dict[int, _Watcher] = {}
        self._next = 0

    def show(self, value: Progress) -> None:
        """Replace what is known of the item; who watches its owner is woken."""
        with self._lock:
            self._version += 1
            known = self._latest.get(value.item_id)
            floor = known.progress if known is not None and known.stage == value.stage else 0.0
            self._latest[value.item_id] = replace(
                value, progress=max(floor, value.progress), version=self._version
            )
        self.announce(frozenset((value.owner_id,)))

    def forget(self, item_id: str) -> None:
        """The item no longer runs."""
        with self._lock:
            self._latest.pop(item_id, None)

    def look(self, owner_id: str, batch_id: str, outlook: BatchOutlook) -> None:
        """Replace what is expected of a batch."""
        with self._lock:
            known = self._outlooks.get(batch_id)
            if known is not None and known.outlook == outlook:
                return
            self._version += 1
            self._outlooks[batch_id] = _Expected(owner_id, outlook, self._version)
        self.announce(frozenset((owner_id,)))

    def outlook(self, batch_id: str) -> BatchOutlook | None:
        with self._lock:
            known = self._outlooks.get(batch_id)
            return known.outlook if known is not None else None

    def outlooks(self, owner_id: str, version: int, batch_id: str | None = None) -> dict[str, BatchOutlook]:
        """What was expected anew of the owner's batches after `version`, by batch; ask before `changed`."""
        with self._lock:
            return {
                key: known.outlook
                for key, known in self._outlooks.items()
                if known.owner_id == owner_id
                and known.version > version
                and (batch_id is None or key == batch_id)
            }

    def forget_batch(self, batch_id: str) -> None:
        """The batch is no longer at work."""
        with self._lock:
            self._outlooks.pop(batch_id, None)

    def of_item(self, item_id: str) -> Progress | None:
        with self._lock:
            return self._latest.get(item_id)

    def of_batch(self, batch_id: str) -> list[Progress]:
        with self._lock:
            return [value for value in self._latest.values() if value.batch_id == batch_id]

    def changed(self, owner_id: str, version: int, batch_id: str | None = None) -> tuple[int, list[Progress]]:
        """What the owner's items showed after `version`, and the version to ask from next."""
        with self._lock:
            fresh = [
                value
                for value in self._latest.values()
                if value.owner_id == owner_id
                and value.version > version
                and (batch_id is None or value.batch_id == batch_id)
            ]
            return self._version, fresh

    def watch(self, owner_id: str, ring: Callable[[], None]) -> Callable[[], None]:
        """Call `ring`, from any thread, whenever something of the owner changed; returns how to stop it."""
        with self._lock:
            number = self._next
            self._next += 1
            self._watchers[number] = _Watcher(owner_id, ring)

        def stop() -> None:
            with self._lock:
                self._watchers.pop(number, None)

        return stop

    def announce(self, owners: frozenset[str]) -> None:
        """Wake everyone who watches one of these owners."""
        with self._lock:
            rings = [watcher.ring for watcher in self._watchers.values() if watcher.owner_id in owners]
        for ring in rings:
            ring()
