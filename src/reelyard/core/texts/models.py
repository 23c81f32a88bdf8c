"""Transcripts as searchable text, one row an item: its newest revision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from reelyard.db.base import Base, Id


class Transcript(Base):
    """What was said in an item's file. The full text is in the artifact; here it is for search and lists.

    `number` is the row's number in the full-text index.
    """

    __tablename__ = "transcripts"
    __table_args__ = (Index("ix_transcripts_owner", "owner_id"), Index("ix_transcripts_batch", "batch_id"))

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    batch_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str] = mapped_column(Id, unique=True)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    language: Mapped[str | None] = mapped_column(String(20))
    recogniser: Mapped[str | None] = mapped_column(String(60))
    model: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None] = mapped_column(Float)
    words: Mapped[int] = mapped_column(Integer, default=0)
    text: Mapped[str] = mapped_column(Text, default="")
    indexed: Mapped[bool] = mapped_column(default=False)  # whether `text` is that of `revision`
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
