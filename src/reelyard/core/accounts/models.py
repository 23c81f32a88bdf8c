"""Owners: every row of the product belongs to one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from reelyard.db.base import Base, Id, Long

LOCAL_OWNER = "00000000-0000-4000-8000-000000000001"  # the one user of one-user mode


class Owner(Base):
    """Whose things are whose. `event_seq` numbers all that changes for this owner."""

    __tablename__ = "owners"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    tier: Mapped[str] = mapped_column(String(40), default="local")
    event_seq: Mapped[int] = mapped_column(Long, default=0)
    created_at: Mapped[datetime]


class Usage(Base):
    """What one completed item took: for billing and for the plan's minutes. Stays when batch and item are gone."""

    __tablename__ = "usage"
    __table_args__ = (Index("ix_usage_owner", "owner_id", "at"),)

    item_id: Mapped[str] = mapped_column(Id, primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    batch_id: Mapped[str] = mapped_column(Id)
    pipeline: Mapped[str] = mapped_column(String(60))
    media_s: Mapped[float] = mapped_column(Float)  # seconds of media
    bytes: Mapped[int] = mapped_column(Long)
    at: Mapped[datetime]
