"""Requests that are answered once: the answer is written in the transaction of its effect and given again.

Keys belong to their owner. An answer is kept for 24 hours; a refusal changed nothing and is not kept.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from reelyard.core.requests.models import AnsweredRequest
from reelyard.db.session import Transaction
from reelyard.errors import IdempotencyInFlight, IdempotencyKeyReused

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under its key. `fingerprint` is the same for equal requests only."""

    owner_id: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: str


def fingerprint(method: str, target: str, body: bytes) -> str:
    """What tells one request from another under the same key."""
    return hashlib.sha256(b"\0".join((method.encode(), target.encode(), body))).hexdigest()


def answered(tx: Transaction, asked: Asked) -> Answer | None:
    """The answer that was given before. Raises IdempotencyKeyReused when the key was another request's."""
    row = tx.session.get(AnsweredRequest, (asked.owner_id, asked.key))
    if row is None:
        return None
    if row.created_at <= tx.now - KEPT:
        tx.session.delete(row)
        tx.session.flush()
        return None
    if row.fingerprint != asked.fingerprint:
        raise IdempotencyKeyReused(hint="Use a new key for a new request.")
    return Answer(row.status, row.body)


def keep(tx: Transaction, asked: Asked, answer: Answer) -> None:
    """Keep an answer, together with the effect that it tells of."""
    tx.session.add(
        AnsweredRequest(
            owner_id=asked.owner_id, key=asked.key, fingerprint=asked.fingerprint,
            status=answer.status, body=answer.body, created_at=tx.now,
        )
    )  # fmt: skip


class InFlight:
    """Which keyed requests are being carried out in this process. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[tuple[str, str]] = set()

    @contextmanager
    def hold(self, asked: Asked) -> Iterator[None]:
        """Carry out under the key. Raises IdempotencyInFlight while another does."""
        name = (asked.owner_id, asked.key)
        with self._lock:
            if name in self._held:
                raise IdempotencyInFlight(hint="Wait for its answer, or ask again in a moment.")
            self._held.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(name)
