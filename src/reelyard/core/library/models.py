"""A user's originals and the uploads that bring them, as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from reelyard.db.base import Base, Id, Long


class FileStatus(StrEnum):
    RECEIVING = "receiving"
    VERIFYING = "verifying"
    READY = "ready"
    REFUSED = "refused"
    EXPIRED = "expired"


class UploadStatus(StrEnum):
    OPEN = "open"
    SEALED = "sealed"
    ABORTED = "aborted"
    EXPIRED = "expired"


class LibraryFile(Base):
    """One original: stored once, usable in many batches."""

    __tablename__ = "library_files"
    __table_args__ = (
        Index("ix_library_files_owner", "owner_id", "deleted_at", "created_at"),
        Index("ix_library_files_status", "status", "owner_id", "updated_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    name: Mapped[str] = mapped_column(Text)  # the user's name for it: data, never a path
    size: Mapped[int | None] = mapped_column(Long)  # bytes; None while unknown
    status: Mapped[str] = mapped_column(String(20), default=FileStatus.RECEIVING)
    blob_key: Mapped[str | None] = mapped_column(String(300))
    sha256: Mapped[str | None] = mapped_column(String(64))
    crc32: Mapped[int | None] = mapped_column(Long)
    kind: Mapped[str | None] = mapped_column(String(20))
    format: Mapped[str | None] = mapped_column(String(20))
    mime: Mapped[str | None] = mapped_column(String(100))
    duration_s: Mapped[float | None] = mapped_column(Float)
    info: Mapped[dict[str, Any] | None]  # MediaInfo
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)
    for_batch_id: Mapped[str | None] = mapped_column(
        Id
    )  # uploaded for this batch; goes with it when nothing else uses it
    token: Mapped[int] = mapped_column(Long, default=0)
    stage_index: Mapped[int] = mapped_column(Integer, default=0)
    retry_count: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Upload(Base):
    """The way of one file into storage. `size` None: a whole-file slot whose size is not known before."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_status", "status", "expires_at"), Index("ix_uploads_file", "file_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    file_id: Mapped[str] = mapped_column(ForeignKey("library_files.id"))
    size: Mapped[int | None] = mapped_column(Long)
    part_size: Mapped[int] = mapped_column(Long)
    parts: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20), default=UploadStatus.OPEN)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
