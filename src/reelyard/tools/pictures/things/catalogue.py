"""All things by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from reelyard.tools.pictures.things import (
    animals_far,
    animals_farm,
    animals_wild,
    birds,
    boats,
    dragons,
    fires,
    furniture,
    gatherings,
    gear,
    handy,
    houses,
    keepsakes,
    objects,
    on_walls,
    palms,
    pastimes,
    people,
    plants,
    riders,
    sea_life,
    towers,
    trees,
    vehicles,
    wonders,
    works,
    yard,
)
from reelyard.tools.pictures.things.thing import Thing

KINDS = (
    animals_far,
    animals_farm,
    animals_wild,
    birds,
    boats,
    dragons,
    fires,
    furniture,
    gatherings,
    gear,
    handy,
    houses,
    keepsakes,
    objects,
    on_walls,
    palms,
    pastimes,
    people,
    plants,
    riders,
    sea_life,
    towers,
    trees,
    vehicles,
    wonders,
    works,
    yard,
)


@cache
def catalogue() -> Mapping[str, Thing]:
    """Every thing that can be drawn, by its name."""
    return MappingProxyType({thing.name: thing for kind in KINDS for thing in kind.THINGS})
