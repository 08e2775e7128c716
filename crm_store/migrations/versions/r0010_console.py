"""Colleagues enter the console: passwords, one-time codes, invitations and sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant, Row

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(length=10), nullable=False, server_default="agent"))
        batch_op.add_column(sa.Column("masked", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("password", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("totp_secret", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("totp_step", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("locked_until", Instant(), nullable=True))
    op.create_table(
        "staff_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", Row(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", Row(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    for table in ("staff_link", "staff_session"):
        op.create_index(op.f(f"ix_{table}_staff_id"), table, ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_table("staff_session")
    op.drop_table("staff_link")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        for column in ("locked_until", "failures", "totp_step", "totp_secret", "password", "masked", "role"):
            batch_op.drop_column(column)
