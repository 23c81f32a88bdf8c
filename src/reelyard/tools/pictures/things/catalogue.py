"""All things by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reelyard.tools.pictures.things.thing import Thing


def catalogue() -> Mapping[str, Thing]:
    """Every thing that can be drawn, by its name."""
    things: tuple[Thing, ...] = ()
    return MappingProxyType({thing.name: thing for thing in things})
