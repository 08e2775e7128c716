"""What was made up for customers, step by step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Amount, Instant, Row

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "configuration",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("order_id", Row(), nullable=True),
        sa.Column("before_id", Row(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("product", sa.String(length=100), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("assumed", sa.JSON(), nullable=False),
        sa.Column("quantity", Amount(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_configuration_customer_id"), "configuration", ["customer_id"], unique=False)
    op.create_index("configuration_of_order", "configuration", ["order_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("configuration")
