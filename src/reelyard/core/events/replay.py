"""Replay: a batch's events, folded in order, give the very rows that stand in the database.

Pure. It proves that no change of state goes untold, and shows a client how to follow along: what an event
says of a batch or an item replaces what was known; a few kinds move many items at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reelyard.core.batches.states import ItemStatus

Data = Mapping[str, Any]


@dataclass(slots=True)
class Replayed:
    """What is known of one batch and its items; `deleted` once the batch is."""

    batch: dict[str, Any] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: bool = False

    def in_order(self) -> list[dict[str, Any]]:
        return sorted(self.items.values(), key=lambda item: int(item["position"]))


def replay(events: Iterable[tuple[str, Data]]) -> Replayed:
    """Fold (kind, data) pairs, oldest first, from the first event of the batch on."""
    state = Replayed()
    for kind, data in events:
        fold(state, kind, data)
    return state


def fold(state: Replayed, kind: str, data: Data) -> None:
    """Bring `state` up to date by one event; unknown kinds change what they carry."""
    state.batch.update(data.get("batch", {}))
    state.batch.update(data.get("facts", {}))
    if "item" in data and kind != "item.removed":
        state.items.setdefault(data["item"]["id"], {}).update(data["item"])
    special = _SPECIAL.get(kind)
    if special is not None:
        special(state, data)


def _deleted(state: Replayed, _: Data) -> None:
    state.deleted = True


def _added(state: Replayed, data: Data) -> None:
    for item in data["items"]:
        state.items[item["id"]] = dict(item)


def _removed(state: Replayed, data: Data) -> None:
    state.items.pop(data["item"]["id"])
    _number(state.in_order())


def _reordered(state: Replayed, data: Data) -> None:
    named: Sequence[str] = data["item_ids"]
    rest = [item for item in state.in_order() if item["id"] not in set(named)]
    _number([*(state.items[item_id] for item_id in named), *rest])


def _number(order: Iterable[dict[str, Any]]) -> None:
    for position, item in enumerate(order, start=1):
        item["position"] = position


def _cancelled(state: Replayed, data: Data) -> None:
    for item in _named(state, data):
        item.update(status=ItemStatus.CANCELLED.value, stage=None)


def _failed(state: Replayed, data: Data) -> None:
    reason = {"error_code": data["code"], "error_message": data["message"], "error_hint": None}
    for item in _named(state, data):
        item.update(status=ItemStatus.FAILED.value, stage=None, **reason)


def _named(state: Replayed, data: Data) -> list[dict[str, Any]]:
    return [state.items[item_id] for item_id in data["item_ids"]]


_SPECIAL: Mapping[str, Callable[[Replayed, Data], None]] = {
    "batch.deleted": _deleted,
    "items.added": _added,
    "item.removed": _removed,
    "items.reordered": _reordered,
    "items.cancelled": _cancelled,
    "items.failed": _failed,
}
