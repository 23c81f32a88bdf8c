"""Batches and their items, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from reelyard.db.base import Base, Id, Long


class Batch(Base):
    """What a user ordered. Its counters are kept in the transaction that moves an item."""

    __tablename__ = "batches"
    __table_args__ = (
        # One for each order and filter of the list; the first also counts and searches without touching the rows.
        Index("ix_batches_owner_created", "owner_id", "deleted_at", "created_at", "id", "name"),
        Index("ix_batches_owner_updated", "owner_id", "deleted_at", "updated_at", "id"),
        Index("ix_batches_owner_name", "owner_id", "deleted_at", text("lower(name)"), "id"),
        Index("ix_batches_owner_priority", "owner_id", "deleted_at", "priority", "id"),
        Index(
            "ix_batches_owner_progress",
            "owner_id",
            "deleted_at",
            text("(completed + failed) * 1.0 / nullif(total, 0)"),
            "id",
        ),
        Index("ix_batches_owner_status", "owner_id", "deleted_at", "status", "created_at", "id", "pipeline"),
        Index("ix_batches_owner_pipeline", "owner_id", "deleted_at", "pipeline", "created_at", "id"),
        Index("ix_batches_status", "status"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text, default="")
    pipeline: Mapped[str] = mapped_column(String(60))
    settings: Mapped[dict[str, Any]]
    concurrency: Mapped[int] = mapped_column(Integer, default=3)
    priority: Mapped[int] = mapped_column(Integer, default=5)
    status: Mapped[str] = mapped_column(String(20), default="pending")
    on_request: Mapped[bool] = mapped_column(default=False)  # items wait until they are asked for

    total: Mapped[int] = mapped_column(Integer, default=0)
    uploading: Mapped[int] = mapped_column(Integer, default=0)
    processing: Mapped[int] = mapped_column(Integer, default=0)
    completed: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    cancelled: Mapped[int] = mapped_column(Integer, default=0)
    media_s: Mapped[float] = mapped_column(Float, default=0.0)  # seconds of media in all items
    media_done_s: Mapped[float] = mapped_column(Float, default=0.0)  # of completed items
    bytes: Mapped[int] = mapped_column(Long, default=0)
    bytes_done: Mapped[int] = mapped_column(Long, default=0)
    strip: Mapped[list[Any] | None]

    event_seq: Mapped[int] = mapped_column(Long, default=0)
    stalled_s: Mapped[float] = mapped_column(Float, default=0.0)  # held a slot without progress for so long
    summary: Mapped[dict[str, Any] | None]

    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Item(Base):
    """One file in a batch.

    `token` grows at every submission of a stage and at every cancel: a result with an older one is stale.
    `generation` grows at every retry by hand and redo; `served_generation` is the last one that was completed.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("batch_id", "file_id"),
        Index("ix_items_claim", "batch_id", "status", "position"),
        Index("ix_items_position", "batch_id", "position"),
        Index("ix_items_file", "file_id"),
        Index("ix_items_due", "status", "not_before"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"))
    file_id: Mapped[str] = mapped_column(ForeignKey("library_files.id"))
    position: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20), default="pending")
    source_ready: Mapped[bool] = mapped_column(default=False)
    requested: Mapped[bool] = mapped_column(default=True)
    not_before: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(Integer, default=1)
    served_generation: Mapped[int | None] = mapped_column(Integer)
    token: Mapped[int] = mapped_column(Long, default=0)

    stage: Mapped[str | None] = mapped_column(String(60))  # the stage that runs or is next
    stage_index: Mapped[int] = mapped_column(Integer, default=0)  # stages of this generation that are done
    progress: Mapped[float] = mapped_column(Float, default=0.0)  # 0 to 100, as of the last change of state
    settings: Mapped[dict[str, Any] | None]  # its own, over the batch's, after a redo
    retry_count: Mapped[int] = mapped_column(Integer, default=0)
    manual_retries: Mapped[int] = mapped_column(Integer, default=0)
    max_retries: Mapped[int] = mapped_column(Integer, default=3)
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None]  # facts of the stages by name
    warnings: Mapped[list[Any] | None]

    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
