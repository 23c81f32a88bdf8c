"""The cache key of a stage: all that its result depends on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reelyard.kit.json import digest
from reelyard.pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a stage works on."""

    sha256: str
    name: str  # its user's


def cache_key(
    stage: Stage, settings: Any, tools: Mapping[str, Any], source: Source, artifacts: Mapping[str, str]
) -> str:
    """SHA-256 over stage and version, the settings that it reads, resolved tools, and the hashes of what it reads."""
    values = settings.model_dump(mode="json")
    return digest(
        {
            **({"name": source.name} if stage.named else {}),
            "stage": stage.name,
            "version": stage.version,
            "settings": {name: values[name] for name in sorted(stage.reads)},
            "tools": dict(tools),
            "input": source.sha256,
            "artifacts": dict(sorted(artifacts.items())),
        }
    )
