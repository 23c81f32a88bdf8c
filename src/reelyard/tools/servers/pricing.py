"""What requests to paid servers cost at most, in the currency of the configured prices; pure."""

from __future__ import annotations

from reelyard.kit.json import JsonObject
from reelyard.tools.servers.configured import ServerKind

CHARACTERS = 1_000  # the price of a text server is of so many


def price_of(kind: ServerKind, price: float, *, requests: int = 1, characters: int = 0) -> float:
    """The cost of `requests`; a text server's is that of the `characters` asked and answered, whatever their number."""
    if kind is ServerKind.TEXT:
        return price * characters / CHARACTERS
    return price * requests


def price_in(has: JsonObject, kind: ServerKind) -> float:
    """The configured price in an inventory, or in tools that were resolved from one; 0 where there is no server."""
    found = has.get(kind.value)
    value = found.get("price") if isinstance(found, dict) else None
    return float(value) if isinstance(value, int | float) else 0.0
