"""Exports of a batch and what is frozen in each, as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from reelyard.db.base import Base, Id, Long


class ExportFormat(StrEnum):
    ZIP = "zip"
    MERGED = "merged"
    PLAYLIST = "playlist"


class ExportStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


LIVE = (ExportStatus.PENDING, ExportStatus.PROCESSING)


class Export(Base):
    """One export. `token` grows at every submission of its stage and at its end: a result with an older one is stale."""

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_batch", "batch_id", "deleted_at", "created_at"),
        Index("ix_exports_digest", "batch_id", "digest"),
        Index("ix_exports_status", "status", "expires_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"))
    format: Mapped[str] = mapped_column(String(20))
    options: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))  # of format, options and all that goes in
    status: Mapped[str] = mapped_column(String(20), default=ExportStatus.PENDING)
    progress: Mapped[float] = mapped_column(Float, default=0.0)  # 0 to 100
    note: Mapped[str] = mapped_column(Text, default="")  # what is being done
    items: Mapped[int] = mapped_column(Integer, default=0)  # whose outputs are in it
    files: Mapped[int] = mapped_column(Integer, default=0)
    media_s: Mapped[float] = mapped_column(Float, default=0.0)
    input_bytes: Mapped[int] = mapped_column(Long, default=0)
    file_name: Mapped[str] = mapped_column(Text)  # as the download is called
    size: Mapped[int | None] = mapped_column(Long)  # bytes of the download; None until it is known
    blob_key: Mapped[str | None] = mapped_column(String(300))  # of a whole or a playlist; a ZIP has none
    sha256: Mapped[str | None] = mapped_column(String(64))
    failures: Mapped[list[Any] | None]  # of the items that are not in it: what their report says
    warnings: Mapped[list[Any] | None]
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)
    token: Mapped[int] = mapped_column(Long, default=0)
    retry_count: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class ExportEntry(Base):
    """One file of an export, frozen. While the row is there the blob stays, whatever becomes of its item."""

    __tablename__ = "export_entries"
    __table_args__ = (Index("ix_export_entries_blob", "blob_key"),)

    export_id: Mapped[str] = mapped_column(ForeignKey("exports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    item_id: Mapped[str | None] = mapped_column(Id)
    role: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    duration_s: Mapped[float | None] = mapped_column(Float)
    blob_key: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(Long)
    crc32: Mapped[int] = mapped_column(Long)
    sha256: Mapped[str] = mapped_column(String(64))
