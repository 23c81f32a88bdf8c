"""Kept answers in the database, beyond the one that is asked for by its key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from reelyard.core.requests.models import AnsweredRequest
from reelyard.db.session import Transaction


def forget(tx: Transaction, before: datetime) -> None:
    """Let go of answers from before that moment."""
    tx.session.execute(delete(AnsweredRequest).where(AnsweredRequest.created_at < before))
