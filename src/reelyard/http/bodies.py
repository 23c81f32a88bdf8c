"""Bodies of JSON, read strictly: bounded, decoded once, and free of what other readers would take differently."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from reelyard.errors import MalformedRequest

MAX_DEPTH = 32


def check_json(body: bytes) -> None:
    """Raises MalformedRequest for what is not JSON, or JSON that readers disagree on.

    Refused besides: double keys, NaN and infinities, numbers no float holds, lone surrogates, NUL, deep nesting.
    """
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_constant, parse_float=_finite
        )
        _walk(value, MAX_DEPTH)
    except RecursionError:
        raise MalformedRequest("The body is nested too deeply.") from None
    except ValueError:
        raise MalformedRequest("The body is not JSON.", hint="Send UTF-8 JSON.") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedRequest("The body names a field twice.")
    return found


def _constant(name: str) -> NoReturn:
    raise MalformedRequest(f"The body holds {name}, which is not a number in JSON.")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise MalformedRequest("The body holds a number that is too large.")
    return value


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict | list):
        if depth == 0:
            raise MalformedRequest(f"The body is nested more than {MAX_DEPTH} deep.")
        if isinstance(value, dict):
            for key in value:
                _check_text(key)
            value = list(value.values())
        for each in value:
            _walk(each, depth - 1)


def _check_text(text: str) -> None:
    if text.isascii() and "\x00" not in text:
        return
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise MalformedRequest("The body holds a text with a character that no text may hold.")
