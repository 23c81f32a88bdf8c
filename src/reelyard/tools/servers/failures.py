"""What can be wrong with a server's answer: what may pass, and what asking again would not help. Pure, but for the time."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

PASSING = frozenset({408, 409, 425, 429})
NO_CREDIT = ("insufficient_quota", "billing", "credit")  # in the code of an error 429: waiting does not help
SHOWN = 240  # characters of what a server says of an error
SHARED = 6  # so many characters in a row that are of the key are taken for a piece of it
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Passing(Exception):  # noqa: N818 - it is named for what happened
    """It may go well later. `charged`: the server may ask money for it all the same."""

    def __init__(self, reason: str, *, charged: bool, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.charged = charged
        self.wait_s = wait_s  # as the server asked


class Turned(Exception):  # noqa: N818
    """It was turned down, or answered with what is of no use."""

    def __init__(
        self, reason: str, *, status: int | None = None, hint: str | None = None, said: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.hint = hint
        self.said = said  # by the server, without the key


def status_failure(status: int, body: bytes, headers: Mapping[str, str], key: str | None) -> Passing | Turned:
    """What an answer with an error's status means."""
    said, code = _said(body)
    said = shown(said, key)
    if status == 429 and any(word in code for word in NO_CREDIT):
        return Turned("its account has no credit left", status=status, said=said)
    if status in PASSING or status >= 500:
        reason = "it asks to be asked less often" if status == 429 else f"it answered with error {status}"
        return Passing(reason, charged=False, wait_s=retry_after(headers, time.time()))
    if status in (401, 403):  # what it says then often holds a part of the key
        return Turned("it does not accept the key", status=status, hint="Set the right key.")
    if status == 404:
        return Turned(
            "it does not know that address or model",
            status=status,
            said=said,
            hint="Look at both in the settings.",
        )
    return Turned(f"it answered with error {status}", status=status, said=said)


def _said(body: bytes) -> tuple[str, str]:
    """The sentence and the code in the body of an error, in the forms that are in use; empty where there is none."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    error = found.get("error", found) if isinstance(found, dict) else found
    if isinstance(error, str):
        return error, ""
    if not isinstance(error, dict):
        return "", ""
    words = error.get("message") or error.get("detail") or ""
    code = f"{error.get('code') or ''} {error.get('type') or ''}"
    return (words if isinstance(words, str) else json.dumps(words)), code


def shown(said: str, key: str | None) -> str:
    """What a server says, in one short line and without anything that could be of the key."""
    line = CONTROL.sub(" ", said)
    if key:
        line = " ".join("…" if _shares(word, key) else word for word in line.replace(key, "…").split(" "))
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _shares(word: str, key: str) -> bool:
    size = min(SHARED, len(key))
    return any(word[at : at + size] in key for at in range(len(word) - size + 1))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a server asks to wait; `now`, since the epoch, is for those that name a date."""
    said = headers.get("retry-after", "").strip()
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - now
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
