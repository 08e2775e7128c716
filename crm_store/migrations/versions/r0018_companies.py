"""Companies: who belongs to them as what, and orders that wait for a yes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Amount, Instant, Row

revision = "0018"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "company_invitation",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_company_invitation_company_id"), "company_invitation", ["company_id"], unique=False
    )
    _make_members()


def _make_members() -> None:
    op.create_table(
        "company_member",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    for column in ("customer_id", "company_id"):
        op.create_index(op.f(f"ix_company_member_{column}"), "company_member", [column], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("order_id", Row(), nullable=False),
        sa.Column("total", Amount(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", Row(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    for column in ("customer_id", "order_id"):
        op.create_index(op.f(f"ix_approval_{column}"), "approval", [column], unique=False)
    op.create_index("approval_of_company", "approval", ["company_id", "state"], unique=False)


def downgrade() -> None:
    for table in ("approval", "company_member", "company_invitation", "company"):
        op.drop_table(table)
