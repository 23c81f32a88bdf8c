"""Stage runs, what they made, and what is remembered of them, as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reelyard.db.base import Base, Id, Long


class RunStatus(StrEnum):
    QUEUED = "queued"  # waits for a slot
    RUNNING = "running"  # handed to a worker under its token
    DONE = "done"
    FAILED = "failed"
    LOST = "lost"  # its worker died
    YIELDED = "yielded"
    CANCELLED = "cancelled"


class SubjectKind(StrEnum):
    ITEM = "item"
    FILE = "file"
    EXPORT = "export"


class StageRun(Base):
    """One attempt at one stage for one subject."""

    __tablename__ = "stage_runs"
    __table_args__ = (
        UniqueConstraint("subject_id", "stage", "token"),
        Index("ix_stage_runs_queue", "status", "owner_id", "pool", "queued_at"),
        Index("ix_stage_runs_subject", "subject_id", "generation"),
        Index("ix_stage_runs_time", "started_at"),
        Index("ix_stage_runs_batch", "batch_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    batch_id: Mapped[str | None] = mapped_column(Id)
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(Id)
    pipeline: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(60))
    stage_index: Mapped[int] = mapped_column(Integer)
    generation: Mapped[int] = mapped_column(Integer)
    token: Mapped[int] = mapped_column(Long)
    status: Mapped[str] = mapped_column(String(20))
    pool: Mapped[str] = mapped_column(String(10))
    estimate_s: Mapped[float] = mapped_column(Float, default=0.0)
    tools: Mapped[dict[str, Any] | None]
    cache_key: Mapped[str | None] = mapped_column(String(64))
    cached: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str | None] = mapped_column(String(120))
    slot: Mapped[int | None] = mapped_column(Integer)
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any] | None]
    warnings: Mapped[list[Any] | None]
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)


class Artifact(Base):
    """A file that a stage made for a subject, or a user's revision of one (`revision` above 0)."""

    __tablename__ = "artifacts"
    __table_args__ = (
        UniqueConstraint("subject_id", "generation", "role", "revision"),
        Index("ix_artifacts_blob", "blob_key"),
        Index("ix_artifacts_run", "run_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(Id)
    generation: Mapped[int] = mapped_column(Integer)
    run_id: Mapped[str | None] = mapped_column(Id)
    stage: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(120))
    is_output: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    blob_key: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(Long)
    sha256: Mapped[str] = mapped_column(String(64))
    crc32: Mapped[int] = mapped_column(Long)
    created_at: Mapped[datetime]


class CacheEntry(Base):
    """What a finished stage gave, findable by all that it depended on; never shared between owners."""

    __tablename__ = "stage_cache"

    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    run_id: Mapped[str] = mapped_column(Id)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]


class CacheBlob(Base):
    """The files of a cache entry."""

    __tablename__ = "stage_cache_blobs"
    __table_args__ = (Index("ix_stage_cache_blobs_blob", "blob_key"),)

    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(120), primary_key=True)
    blob_key: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(Long)
    sha256: Mapped[str] = mapped_column(String(64))
    crc32: Mapped[int] = mapped_column(Long)


class Part(Base):
    """A kept piece of a long stage: which subject named it last."""

    __tablename__ = "parts"
    __table_args__ = (Index("ix_parts_subject", "subject_id"),)

    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"), primary_key=True)
    blob_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject_id: Mapped[str] = mapped_column(Id)
    kept_at: Mapped[datetime]


class Spending(Base):
    """What one attempt may cost on paid servers, and what it did; one that was lost counts with all it was granted."""

    __tablename__ = "spendings"
    __table_args__ = (Index("ix_spendings_batch", "batch_id"),)

    run_id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owners.id"))
    batch_id: Mapped[str] = mapped_column(Id)
    granted: Mapped[float] = mapped_column(Float)
    spent: Mapped[float | None] = mapped_column(Float)
    at: Mapped[datetime]


class StageRate(Base):
    """What stages of one kind took lately: the ground of every estimate."""

    __tablename__ = "stage_rates"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)  # pipeline/stage/tools
    state: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
