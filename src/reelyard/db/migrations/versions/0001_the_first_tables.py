"""the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - a schema is as long as it is
    op.create_table(
        "owners",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("event_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
    )
    op.create_table(
        "stage_rates",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stage_rates")),
    )
    op.create_table(
        "answered_requests",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_answered_requests_owner_id_owners")
        ),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("pk_answered_requests")),
    )
    op.create_table(
        "artifacts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("subject_kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("is_output", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob_key", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("crc32", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_artifacts_owner_id_owners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifacts")),
        sa.UniqueConstraint(
            "subject_id",
            "generation",
            "role",
            "revision",
            name=op.f("uq_artifacts_subject_id_generation_role_revision"),
        ),
    )
    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.create_index("ix_artifacts_blob", ["blob_key"], unique=False)
        batch_op.create_index("ix_artifacts_run", ["run_id"], unique=False)

    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("pipeline", sa.String(length=60), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("concurrency", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("on_request", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("uploading", sa.Integer(), nullable=False),
        sa.Column("processing", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("media_s", sa.Float(), nullable=False),
        sa.Column("media_done_s", sa.Float(), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bytes_done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("strip", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("event_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stalled_s", sa.Float(), nullable=False),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_batches_owner_id_owners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_batches_owner_created", ["owner_id", "deleted_at", "created_at", "id", "name"], unique=False
        )
        batch_op.create_index(
            "ix_batches_owner_updated", ["owner_id", "deleted_at", "updated_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_batches_owner_name", ["owner_id", "deleted_at", sa.text("lower(name)"), "id"], unique=False
        )
        batch_op.create_index(
            "ix_batches_owner_priority", ["owner_id", "deleted_at", "priority", "id"], unique=False
        )
        batch_op.create_index(
            "ix_batches_owner_progress",
            ["owner_id", "deleted_at", sa.text("(completed + failed) * 1.0 / nullif(total, 0)"), "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_batches_owner_status",
            ["owner_id", "deleted_at", "status", "created_at", "id", "pipeline"],
            unique=False,
        )
        batch_op.create_index(
            "ix_batches_owner_pipeline",
            ["owner_id", "deleted_at", "pipeline", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index("ix_batches_status", ["status"], unique=False)

    op.create_table(
        "events",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("owner_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_events_owner_id_owners")),
        sa.PrimaryKeyConstraint("owner_id", "owner_seq", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_at", ["at"], unique=False)
        batch_op.create_index("ix_events_batch", ["batch_id", "seq"], unique=True)

    op.create_table(
        "library_files",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("blob_key", sa.String(length=300), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("crc32", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("format", sa.String(length=20), nullable=True),
        sa.Column("mime", sa.String(length=100), nullable=True),
        sa.Column("duration_s", sa.Float(), nullable=True),
        sa.Column("info", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_hint", sa.Text(), nullable=True),
        sa.Column("for_batch_id", sa.String(length=36), nullable=True),
        sa.Column("token", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage_index", sa.Integer(), nullable=False),
        sa.Column("retry_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_library_files_owner_id_owners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_files")),
    )
    with op.batch_alter_table("library_files", schema=None) as batch_op:
        batch_op.create_index(
            "ix_library_files_owner", ["owner_id", "deleted_at", "created_at"], unique=False
        )
        batch_op.create_index("ix_library_files_status", ["status", "owner_id", "updated_at"], unique=False)

    op.create_table(
        "parts",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("blob_key", sa.String(length=300), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_parts_owner_id_owners")),
        sa.PrimaryKeyConstraint("owner_id", "blob_key", name=op.f("pk_parts")),
    )
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.create_index("ix_parts_subject", ["subject_id"], unique=False)

    op.create_table(
        "stage_cache",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_stage_cache_owner_id_owners")),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("pk_stage_cache")),
    )
    op.create_table(
        "stage_cache_blobs",
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("blob_key", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("crc32", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_stage_cache_blobs_owner_id_owners")
        ),
        sa.PrimaryKeyConstraint("owner_id", "key", "role", name=op.f("pk_stage_cache_blobs")),
    )
    with op.batch_alter_table("stage_cache_blobs", schema=None) as batch_op:
        batch_op.create_index("ix_stage_cache_blobs_blob", ["blob_key"], unique=False)

    op.create_table(
        "stage_runs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=True),
        sa.Column("subject_kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("pipeline", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("stage_index", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("pool", sa.String(length=10), nullable=False),
        sa.Column("estimate_s", sa.Float(), nullable=False),
        sa.Column("tools", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cache_key", sa.String(length=64), nullable=True),
        sa.Column("cached", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("warnings", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_stage_runs_owner_id_owners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_runs")),
        sa.UniqueConstraint(
            "subject_id", "stage", "token", name=op.f("uq_stage_runs_subject_id_stage_token")
        ),
    )
    with op.batch_alter_table("stage_runs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stage_runs_queue", ["status", "owner_id", "pool", "queued_at"], unique=False
        )
        batch_op.create_index("ix_stage_runs_subject", ["subject_id", "generation"], unique=False)
        batch_op.create_index("ix_stage_runs_time", ["started_at"], unique=False)
        batch_op.create_index("ix_stage_runs_batch", ["batch_id"], unique=False)

    op.create_table(
        "transcripts",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("recogniser", sa.String(length=60), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_transcripts_owner_id_owners")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_transcripts")),
        sa.UniqueConstraint("id", name=op.f("uq_transcripts_id")),
        sa.UniqueConstraint("item_id", name=op.f("uq_transcripts_item_id")),
    )
    with op.batch_alter_table("transcripts", schema=None) as batch_op:
        batch_op.create_index("ix_transcripts_batch", ["batch_id"], unique=False)
        batch_op.create_index("ix_transcripts_owner", ["owner_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("source_ready", sa.Boolean(), nullable=False),
        sa.Column("requested", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("served_generation", sa.Integer(), nullable=True),
        sa.Column("token", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=True),
        sa.Column("stage_index", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("retry_count", sa.Integer(), nullable=False),
        sa.Column("manual_retries", sa.Integer(), nullable=False),
        sa.Column("max_retries", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_hint", sa.Text(), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("warnings", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_items_batch_id_batches")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["library_files.id"], name=op.f("fk_items_file_id_library_files")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_items_owner_id_owners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("batch_id", "file_id", name=op.f("uq_items_batch_id_file_id")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index("ix_items_claim", ["batch_id", "status", "position"], unique=False)
        batch_op.create_index("ix_items_due", ["status", "not_before"], unique=False)
        batch_op.create_index("ix_items_file", ["file_id"], unique=False)
        batch_op.create_index("ix_items_position", ["batch_id", "position"], unique=False)

    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("part_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["library_files.id"], name=op.f("fk_uploads_file_id_library_files")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_uploads_owner_id_owners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index("ix_uploads_file", ["file_id"], unique=False)
        batch_op.create_index("ix_uploads_status", ["status", "expires_at"], unique=False)

    _add_full_text_search()


def downgrade() -> None:  # noqa: PLR0915 - as above
    _drop_full_text_search()
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_index("ix_uploads_status")
        batch_op.drop_index("ix_uploads_file")

    op.drop_table("uploads")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index("ix_items_position")
        batch_op.drop_index("ix_items_file")
        batch_op.drop_index("ix_items_due")
        batch_op.drop_index("ix_items_claim")

    op.drop_table("items")
    with op.batch_alter_table("transcripts", schema=None) as batch_op:
        batch_op.drop_index("ix_transcripts_owner")
        batch_op.drop_index("ix_transcripts_batch")

    op.drop_table("transcripts")
    with op.batch_alter_table("stage_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_stage_runs_time")
        batch_op.drop_index("ix_stage_runs_batch")
        batch_op.drop_index("ix_stage_runs_subject")
        batch_op.drop_index("ix_stage_runs_queue")

    op.drop_table("stage_runs")
    with op.batch_alter_table("stage_cache_blobs", schema=None) as batch_op:
        batch_op.drop_index("ix_stage_cache_blobs_blob")

    op.drop_table("stage_cache_blobs")
    op.drop_table("stage_cache")
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.drop_index("ix_parts_subject")

    op.drop_table("parts")
    with op.batch_alter_table("library_files", schema=None) as batch_op:
        batch_op.drop_index("ix_library_files_status")
        batch_op.drop_index("ix_library_files_owner")

    op.drop_table("library_files")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_batch")
        batch_op.drop_index("ix_events_at")

    op.drop_table("events")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index("ix_batches_status")
        batch_op.drop_index("ix_batches_owner_created")
        batch_op.drop_index("ix_batches_owner_updated")
        batch_op.drop_index("ix_batches_owner_name")
        batch_op.drop_index("ix_batches_owner_priority")
        batch_op.drop_index("ix_batches_owner_progress")
        batch_op.drop_index("ix_batches_owner_status")
        batch_op.drop_index("ix_batches_owner_pipeline")

    op.drop_table("batches")
    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.drop_index("ix_artifacts_run")
        batch_op.drop_index("ix_artifacts_blob")

    op.drop_table("artifacts")
    op.drop_table("answered_requests")
    op.drop_table("stage_rates")
    op.drop_table("owners")


def _add_full_text_search() -> None:
    """SQLite: an FTS5 index kept up by triggers; PostgreSQL: a generated column with a GIN index."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE transcripts ADD COLUMN search tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED"
        )
        op.execute("CREATE INDEX ix_transcripts_search ON transcripts USING gin (search)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE transcripts_text USING fts5("
        "text, content='transcripts', content_rowid='number', tokenize='unicode61 remove_diacritics 2')"
    )
    added = "INSERT INTO transcripts_text(rowid, text) VALUES (new.number, new.text);"
    removed = (
        "INSERT INTO transcripts_text(transcripts_text, rowid, text) VALUES ('delete', old.number, old.text);"
    )
    for name, when, body in (
        ("added", "AFTER INSERT", added),
        ("removed", "AFTER DELETE", removed),
        ("changed", "AFTER UPDATE OF text", removed + added),
    ):
        op.execute(f"CREATE TRIGGER transcripts_{name} {when} ON transcripts BEGIN {body} END")


def _drop_full_text_search() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_transcripts_search")
        return
    for name in ("added", "removed", "changed"):
        op.execute(f"DROP TRIGGER transcripts_{name}")
    op.execute("DROP TABLE transcripts_text")
