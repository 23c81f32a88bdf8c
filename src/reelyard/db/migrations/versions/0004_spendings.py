"""what batches spend on paid servers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spendings",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("granted", sa.Float(), nullable=False),
        sa.Column("spent", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_spendings_owner_id_owners")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_spendings")),
    )
    op.create_index("ix_spendings_batch", "spendings", ["batch_id"])


def downgrade() -> None:
    op.drop_index("ix_spendings_batch", "spendings")
    op.drop_table("spendings")
