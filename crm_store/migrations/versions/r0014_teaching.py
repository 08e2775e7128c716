"""Colleagues review messages and what is remembered: what they say, and what waits for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant, Row

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

OF_MESSAGES = ("review_case", "review", "message_tag", "message_note")
OF_FACTS = ("doubt", "fact_review")


def upgrade() -> None:
    _make(
        "review_case",
        _message(),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("kind", sa.BigInteger(), nullable=True),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", sa.String(length=80), nullable=True),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.UniqueConstraint("message_id"),
    )
    _index("review_case_queue", "review_case", ["score", "message_id"], "waits")
    op.create_index("review_case_kind", "review_case", ["kind", "nth"])
    _index("review_case_assigned", "review_case", ["assigned_to"], "assigned_to IS NOT NULL")
    _make(
        "review",
        _message(),
        sa.Column("reviewer", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("intent", sa.String(length=60), nullable=True),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("idle", sa.JSON(), nullable=False),
        sa.Column("reply", sa.String(length=4000), nullable=True),
        sa.UniqueConstraint("message_id", "reviewer"),
    )
    op.create_index("review_done", "review", ["reviewer", "done_at"])
    _make(
        "message_tag",
        _message(),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.UniqueConstraint("message_id", "tag"),
    )
    op.create_index("message_tag_tag", "message_tag", ["tag", "message_id"])
    _make(
        "message_note",
        _message(),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
    )
    op.create_index(op.f("ix_message_note_message_id"), "message_note", ["message_id"])
    _make_for_facts()


def _make_for_facts() -> None:
    _make(
        "doubt",
        sa.Column("fact_id", Row(), sa.ForeignKey("fact.id", ondelete="CASCADE"), nullable=False),
        sa.Column("message_id", Row(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.UniqueConstraint("fact_id"),
    )
    op.create_index("doubt_queue", "doubt", ["weight", "id"])
    _make(
        "fact_review",
        sa.Column("fact_id", Row(), nullable=False),
        sa.Column("message_id", Row(), nullable=True),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("polarity", sa.String(length=10), nullable=False),
    )
    op.create_index("fact_review_at", "fact_review", ["at"])
    op.create_index(op.f("ix_fact_review_fact_id"), "fact_review", ["fact_id"])


def _make(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table whose rows are numbered and about a customer."""
    op.create_table(
        table,
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column(
            "customer_id",
            sa.String(length=26),
            sa.ForeignKey("customer.id", ondelete="CASCADE"),
            nullable=False,
        ),
        *parts,
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_customer_id"), table, ["customer_id"])


def _message() -> sa.Column[int]:
    return sa.Column("message_id", Row(), sa.ForeignKey("message.id", ondelete="CASCADE"), nullable=False)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for table in (*OF_FACTS, *OF_MESSAGES):
        op.drop_table(table)
