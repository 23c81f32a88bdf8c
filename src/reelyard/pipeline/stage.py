"""One step of a pipeline: what is scheduled, run, retried, cached and resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reelyard.kit.json import Json
from reelyard.media.info import MediaInfo
from reelyard.pipeline.context import Context

Facts = Mapping[str, Json]
Inventory = Mapping[str, Json]  # what a worker has: recognisers, models, versions


class Pool(StrEnum):
    """Which slots a stage needs."""

    CPU = "cpu"
    GPU = "gpu"
    LIGHT = "light"  # the light worker: short things that must not wait behind long ones


@dataclass(frozen=True, slots=True)
class Cost:
    """What a stage is expected to take, until finished work of the same kind tells better."""

    per_media_second: float = 0.0  # seconds of work a second of media
    per_megabyte: float = 0.0  # seconds of work per 1,000,000 bytes of input
    fixed: float = 0.1  # seconds

    def seconds(self, media: MediaInfo | None, size: int) -> float:
        duration = media.duration_s if media is not None and media.duration_s else 0.0
        return self.fixed + self.per_media_second * duration + self.per_megabyte * size / 1e6


def _always(_settings: Any) -> bool:
    return True


def _free(_settings: Any, _inventory: Inventory, _facts: Mapping[str, Json]) -> float:
    return 0.0


def _no_tools(_settings: Any, _inventory: Inventory) -> Mapping[str, Json]:
    return {}


@dataclass(frozen=True, slots=True)
class Stage:
    """A step, declared: everything that the engine needs to know of it before it runs.

    `version` grows whenever the same input and settings would give another result; together with the
    settings named in `reads`, the resolved `tools` and the inputs' hashes it is the cache key.
    """

    name: str
    run: Callable[[Context], Facts]
    version: int = 1
    reads: tuple[str, ...] = ()  # names of the settings that change the result
    uses: tuple[str, ...] = ()  # roles of earlier artifacts that it reads
    makes: tuple[str, ...] = ()  # roles of the artifacts that it may make
    outputs: tuple[str, ...] = ()  # those of `makes` that the user ordered; the rest is kept for later stages
    transient: tuple[str, ...] = ()  # those of `makes` that nobody needs once the item is completed
    renews: tuple[str, ...] = ()  # those of `makes` that a redo may take over (`Context.earlier`)
    hides: tuple[str, ...] = ()  # outputs of earlier stages that what it makes stands for
    named: bool = False  # its result tells the input's name: an equal file of another name is other work
    phase: str = ""  # the larger step that users know it by; empty: its name
    pool: Pool = Pool.CPU
    memory_mb: int = 512  # taken from the worker's memory while it runs
    cost: Cost = field(default_factory=Cost)
    share: float = 1.0  # of the item's progress bar, relative to the other stages
    silence_s: float = 600.0  # ended when it reports no progress for that long
    price: Callable[[Any, Inventory, Mapping[str, Json]], float] = (
        _free  # settings, inventory, facts by stage -> the most that paid servers may ask for one attempt
    )
    enabled: Callable[[Any], bool] = _always  # by settings
    tools: Callable[[Any, Inventory], Mapping[str, Json]] = (
        _no_tools  # settings, inventory -> what `auto` means
    )

    @property
    def may_cost(self) -> bool:
        """Whether it ever asks a paid server."""
        return self.price is not _free
