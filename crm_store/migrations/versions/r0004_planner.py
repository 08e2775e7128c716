"""When a question was last asked and answered, and every time one was put, with what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant, Row

revision = "0004"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("settled", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("elsewhere", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE question SET asked_at = at WHERE times_asked > 0")
    op.execute("UPDATE question SET settled = times_asked WHERE state = 'answered'")
    op.create_table(
        "asking",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", Row(), nullable=True),
        sa.Column("message_id", Row(), nullable=True),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("gain", sa.Double(), nullable=False),
        sa.Column("burden", sa.Double(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("outcome_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("asking", schema=None) as batch_op:
        batch_op.create_index("asking_latest", ["customer_id", "topic", "id"], unique=False)
        batch_op.create_index("asking_at", ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("asking", schema=None) as batch_op:
        batch_op.drop_index("asking_at")
        batch_op.drop_index("asking_latest")
    op.drop_table("asking")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("elsewhere")
        batch_op.drop_column("settled")
        batch_op.drop_column("asked_at")
