"""Presents: for whom a line of an order is, and what was told of the tastes of those who get them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant, Row

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_line", sa.Column("receiver", sa.String(40), nullable=True))
    op.create_table(
        "their_taste",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(26), nullable=False),
        sa.Column("message_id", Row(), nullable=True),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("value", sa.String(500), nullable=False),
        sa.Column("polarity", sa.String(10), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_their_taste_customer_id", "their_taste", ["customer_id"])


def downgrade() -> None:
    op.drop_index("ix_their_taste_customer_id", "their_taste")
    op.drop_table("their_taste")
    op.drop_column("order_line", "receiver")
