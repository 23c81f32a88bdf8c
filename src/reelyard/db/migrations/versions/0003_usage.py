"""what was done for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("pipeline", sa.String(length=60), nullable=False),
        sa.Column("media_s", sa.Float(), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_usage_owner_id_owners")),
        sa.PrimaryKeyConstraint("item_id", "generation", name=op.f("pk_usage")),
    )
    op.create_index("ix_usage_owner", "usage", ["owner_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_usage_owner", "usage")
    op.drop_table("usage")
