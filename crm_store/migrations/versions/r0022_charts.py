"""Days are counted once they are over, and what happened on a day is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEXES = {
    "contact_started": ("contact", ["started_at"]),
    "asking_settled": ("asking", ["outcome_at"]),
    "proposal_at": ("proposal", ["at"]),
    "proposal_settled": ("proposal", ["outcome_at"]),
    "fact_recorded": ("fact", ["recorded_at"]),
    "complaint_at": ("complaint", ["at"]),
}


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("figure", "day", "channel", "language", "key"),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    op.drop_table("day_count")
