"""The composition root's worker half: from a worker's environment to its workbench. Workers never see the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reelyard.engine.messages import Told
from reelyard.engine.workbench import Workbench, WorkbenchParts
from reelyard.kit.clock import SystemClock
from reelyard.kit.logs import configure_logs
from reelyard.pipeline.registry import Registry, load_registry
from reelyard.pipelines.exports import export_pipeline
from reelyard.pipelines.library import library_pipeline
from reelyard.storage.disk import DiskStorage
from reelyard.tools.ffmpeg.limits import ProbeLimits

DATA = "REELYARD_DATA"
MEDIA_SECONDS = "REELYARD_LIMITS__MEDIA_SECONDS"


@dataclass(frozen=True, slots=True)
class WorkerRoot:
    """What a worker is made of."""

    registry: Registry
    bench: Workbench


def worker_root(
    environment: Mapping[str, str], name: str, address: str, tell: Callable[[Told], None]
) -> WorkerRoot:
    """Build a worker's parts; called once in each worker, as it joins."""
    configure_logs()
    data = Path(environment[DATA])
    registry = load_registry()
    limits = ProbeLimits(max_duration_s=float(environment.get(MEDIA_SECONDS, ProbeLimits().max_duration_s)))
    parts = WorkbenchParts(
        storage=DiskStorage(data),
        registry=registry,
        internal=(library_pipeline(limits), export_pipeline(limits)),
        scratch=data / "scratch" / name,
        clock=SystemClock(),
        worker=address,
        tell=tell,
    )
    return WorkerRoot(registry, Workbench(parts))
