"""Events, as rows: what changed, when, in which order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from reelyard.db.base import Base, Id, Long


class Event(Base):
    """A fact with two numbers: `owner_seq` within its owner, `seq` within its batch (if it has one)."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_batch", "batch_id", "seq", unique=True), Index("ix_events_at", "at"))

    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"), primary_key=True)
    owner_seq: Mapped[int] = mapped_column(Long, primary_key=True)
    batch_id: Mapped[str | None] = mapped_column(Id)
    seq: Mapped[int | None] = mapped_column(Long)
    kind: Mapped[str] = mapped_column(String(60))
    item_id: Mapped[str | None] = mapped_column(Id)
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
