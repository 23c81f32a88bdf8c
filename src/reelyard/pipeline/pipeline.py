"""A pipeline: which files it takes, which settings it has, which stages it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from reelyard.kit.json import Json
from reelyard.media.info import Kind
from reelyard.pipeline.stage import Inventory, Stage


class PipelineSettings(BaseModel):
    """Base of every pipeline's settings: unknown fields are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _no_check(_settings: Any, _inventory: Inventory) -> None:
    return None


def _unlimited(_settings: Any) -> float | None:
    return None


def _nothing() -> Mapping[str, Json]:
    return {}


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One way to work on files, declared."""

    name: str
    title: str
    summary: str
    accepts: frozenset[Kind]
    settings: type[PipelineSettings]
    stages: tuple[Stage, ...]
    check: Callable[[Any, Inventory], None] = (
        _no_check  # raises Refused when this installation cannot do what is asked
    )
    inventory: Callable[[], Mapping[str, Json]] = (
        _nothing  # run on each worker: what it has for this pipeline
    )
    primary: tuple[
        str, ...
    ] = ()  # roles, the best first, of which one stands for an item in a playlist or a whole
    spending_limit: Callable[[Any], float | None] = (
        _unlimited  # an item's settings -> what paid servers may cost for all of its batch
    )
    noun: str = "file"  # what one item is to its user, for names: video, recording, story

    def stage(self, name: str) -> Stage:
        """The stage of that name; raises KeyError."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(f"pipeline {self.name} has no stage {name}")

    def plan(self, settings: Any) -> tuple[Stage, ...]:
        """The stages that run with these settings, in order."""
        return tuple(stage for stage in self.stages if stage.enabled(settings))

    def validate(self, values: Mapping[str, Any]) -> PipelineSettings:
        """The settings as a model; raises pydantic's ValidationError, which names the fields."""
        return self.settings.model_validate(values)
