"""Colleagues take conversations over and hand them back; complaints are solved, colleagues are here."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from crm_store.types import Instant, Row

revision = "0015"
down_revision = "0018"
branch_labels = None
depends_on = None

type Added = tuple[str, TypeEngine[Any], Any]

ADDED: dict[str, tuple[Added, ...]] = {
    "customer": (("held_by", sa.String(length=80), None),),
    "message": (("suggested", sa.JSON(), None),),
    "complaint": (
        ("solved_at", Instant(), None),
        ("solved_by", sa.String(length=80), None),
        ("remedy", sa.String(length=200), None),
        ("attempts", sa.Integer(), "0"),
    ),
    "staff": (("here_at", Instant(), None), ("away", sa.Boolean(), sa.false())),
}
"""New columns: their type, and what they hold in the rows there are (None: nothing)."""


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind, held in columns:
            op.add_column(table, sa.Column(name, kind, nullable=held is None, server_default=held))
    op.create_table(
        "handover",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("message_id", Row(), nullable=True),
        sa.Column("colleague", sa.String(length=80), nullable=True),
        sa.Column("taken_at", Instant(), nullable=True),
        sa.Column("replied_at", Instant(), nullable=True),
        sa.Column("returned_at", Instant(), nullable=True),
        sa.Column("returned_by", sa.String(length=80), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handover_customer_id", "handover", ["customer_id"])
    op.create_index("handover_at", "handover", ["at"])
    open_ones = sa.text("returned_at IS NULL")
    op.create_index(
        "handover_open", "handover", ["customer_id"], sqlite_where=open_ones, postgresql_where=open_ones
    )


def downgrade() -> None:
    op.drop_table("handover")
    for table, columns in reversed(ADDED.items()):
        for name, _, _ in reversed(columns):
            op.drop_column(table, name)  # in place: a copy of the table would lose its triggers
