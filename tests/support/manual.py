"""A control plane that moves only when it is told to: no thread, no worker, no time of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.pipelines import NAMES

from reelyard.bootstrap import Container, build
from reelyard.core.invariants import broken
from reelyard.pipeline.registry import NAMED, load_registry
from reelyard.settings import Settings, load_settings
from reelyard.testing.clock import ManualClock
from reelyard.testing.cluster import ManualCluster

ENVIRONMENT = {"REELYARD_PIPELINES": NAMES}


class _NoThread(threading.Thread):
    """The dispatcher's thread, which never runs: the test calls `tick`."""

    def start(self) -> None:
        return


@dataclass(slots=True)
class Manual:
    """A container over a folder, with its cluster and its clock in the test's hand."""

    container: Container
    cluster: ManualCluster
    clock: ManualClock

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.container.dispatcher.tick()

    def crash(self) -> None:
        """The process is gone, without a word; its workers with it."""
        self.container.packer.stop()
        self.container.housekeeping.stop()
        self.cluster.close()
        self.container.upload_store.close()
        self.container.db.close()
        self.container.folder.release()


def settings_for(data: Path, **engine: Any) -> Settings:
    return load_settings(data=data, engine={"workers": 2, "retry_delays_s": (60.0, 300.0), **engine})


def manual(settings: Settings, clock: ManualClock, slots: int = 2) -> Manual:
    """Build and begin, over whatever the folder holds. REELYARD_PIPELINES must be set (`ENVIRONMENT`)."""
    cluster = ManualCluster(slots, clock, load_registry(ENVIRONMENT).inventory())
    container = build(settings, clock=clock, cluster=cluster)
    container.dispatcher._thread = _NoThread()
    container.start()
    return Manual(container, cluster, clock)


@contextmanager
def held(data: Path, pipelines: str = NAMES) -> Iterator[Manual]:
    """One over a new folder for the length of the block, after which every invariant holds."""
    with mock.patch.dict(os.environ, {NAMED: pipelines}):
        found = manual(settings_for(data), ManualClock())
        yield found
        violations = broken(found.container.db, found.container.storage)
        found.crash()
    assert not violations, "\n".join(map(str, violations))
