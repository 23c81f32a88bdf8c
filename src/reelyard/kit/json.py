"""What may cross a process border: JSON values, written one way so that equal values are equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = "Mapping[str, Json]"


def canonical(value: Json) -> bytes:
    """`value` as JSON with sorted keys and no spaces; raises ValueError on NaN and infinities."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(value: Json) -> str:
    """SHA-256 of the canonical form, in hexadecimal: the same for equal values everywhere."""
    return hashlib.sha256(canonical(value)).hexdigest()
