"""What an event says as the live feed tells it, read in one way by all doors. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reelyard.core.batches.states import Counts
from reelyard.http.live import Message, MessageType
from reelyard.pipeline.pipeline import Pipeline

_COUNTED = ("uploading", "processing", "completed", "failed", "cancelled")


def counts_then(facts: Mapping[str, Any]) -> Counts:
    """How many items of the batch were in each state: `facts` is what the event tells of its batch."""
    named = {name: facts[name] for name in _COUNTED}
    return Counts(pending=facts["total"] - sum(named.values()), **named)


def items_of(seen: Mapping[str, Any]) -> list[str]:
    """The items that an event is about."""
    return [seen["item_id"]] if seen["item_id"] else list(seen["data"].get("item_ids", ()))


def items_told(messages: Iterable[Message]) -> set[str]:
    """The items that the feed's messages are about."""
    found: set[str] = set()
    for message in messages:
        if message.type is MessageType.EVENT:
            found.update(items_of(message.data))
        elif message.type is MessageType.PROGRESS:
            found.add(message.data["item_id"])
    return found


def phase_of(pipeline: Pipeline, stage: str | None) -> str | None:
    """The larger step that a stage belongs to, as users know it; None where there is none."""
    try:
        return pipeline.stage(stage).phase or None if stage is not None else None
    except KeyError:
        return None
