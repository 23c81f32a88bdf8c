"""Which pipelines there are: found by entry point, loaded by the composition root and by workers only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from reelyard.errors import InvalidInput
from reelyard.kit.json import digest
from reelyard.pipeline.pipeline import Pipeline

GROUP = "reelyard.pipelines"
NAMED = (
    "REELYARD_PIPELINES"  # "module:ATTRIBUTE,…": takes the place of what is installed; for tests and trials
)


class Registry:
    """The pipelines of an installation by name."""

    def __init__(self, pipelines: Mapping[str, Pipeline]) -> None:
        self._pipelines = dict(pipelines)

    def __iter__(self) -> Iterator[Pipeline]:
        return iter(self._pipelines.values())

    def get(self, name: str) -> Pipeline:
        """The pipeline `name`; raises InvalidInput that names those there are."""
        try:
            return self._pipelines[name]
        except KeyError:
            known = ", ".join(sorted(self._pipelines))
            raise InvalidInput(f"There is no pipeline “{name}”.", hint=f"Choose one of: {known}.") from None

    def digest(self) -> str:
        """The same on two machines when their pipelines have the same stages at the same versions."""
        return digest({p.name: [[s.name, s.version] for s in p.stages] for p in self})

    def inventory(self) -> dict[str, Any]:
        """What this machine has for each pipeline."""
        return {pipeline.name: pipeline.inventory() for pipeline in self}


def load_registry(environment: Mapping[str, str] = os.environ) -> Registry:
    """All pipelines that installed packages offer under the entry point group `reelyard.pipelines`.

    Those named in the environment variable REELYARD_PIPELINES take their place; workers inherit it.
    """
    named = environment.get(NAMED)
    installed = entry_points(group=GROUP)
    points = [EntryPoint(name, name, GROUP) for name in named.split(",")] if named else installed
    found = (point.load() for point in points)
    return Registry({pipeline.name: pipeline for pipeline in found})
