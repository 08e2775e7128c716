"""Why a proposal was turned down and what of it was taken; wishes that the shop can't meet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant, Row

revision = "0005"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picked", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("reason_words", sa.String(length=200), nullable=True))
    op.create_table(
        "unmet_wish",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", Row(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("thing", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("unmet_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unmet_wish_customer_id"), ["customer_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("unmet_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unmet_wish_customer_id"))
    op.drop_table("unmet_wish")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_column("reason_words")
        batch_op.drop_column("reason")
        batch_op.drop_column("picked")
