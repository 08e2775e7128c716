"""What is around an order, its way to the customer, what production is told, stock, and refills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Amount, Instant, Row

revision = "0011"
down_revision = "0002"
branch_labels = None
depends_on = None

OF_ORDER = ("order_step", "order_event")


def upgrade() -> None:
    with op.batch_alter_table("customer_order", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(length=10), type_=sa.String(length=20))
        batch_op.add_column(sa.Column("fees", Amount(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("details", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("priced_until", Instant(), nullable=True))
        batch_op.add_column(sa.Column("refill_id", Row(), nullable=True))
        batch_op.add_column(sa.Column("handed_at", Instant(), nullable=True))
        batch_op.create_index(batch_op.f("ix_customer_order_refill_id"), ["refill_id"], unique=False)
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("specification", sa.JSON(none_as_null=True), nullable=True))
    _make_order_tables()
    op.create_table(
        "stock",
        sa.Column("item", sa.String(length=130), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("item"),
    )
    op.create_index("stock_short", "stock", ["left"], unique=False)
    _make_refills()


def _make_order_tables() -> None:
    op.create_table(
        "order_step",
        *_of_order(),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        *_keys_of_order(),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "order_event",
        *_of_order(),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        *_keys_of_order(),
        sa.UniqueConstraint("event"),
        sqlite_autoincrement=True,
    )
    for table in OF_ORDER:
        for column in ("customer_id", "order_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "order_event_waiting",
        "order_event",
        ["state", "due_at"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _of_order() -> tuple[sa.Column[int] | sa.Column[str], ...]:
    return (
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("order_id", Row(), nullable=False),
    )


def _keys_of_order() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )


def _make_refills() -> None:
    op.create_table(
        "refill",
        sa.Column("id", Row(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("product", sa.String(length=100), nullable=False),
        sa.Column("options", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("quantity", Amount(), nullable=False),
        sa.Column("price", Amount(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_refill_customer_id"), "refill", ["customer_id"], unique=False)
    op.create_index("refill_due", "refill", ["state", "next_at"], unique=False)


def downgrade() -> None:
    op.drop_table("refill")
    op.drop_table("stock")
    for table in reversed(OF_ORDER):
        op.drop_table(table)
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_column("specification")
    with op.batch_alter_table("customer_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_order_refill_id"))
        for column in ("handed_at", "refill_id", "priced_until", "details", "fees"):
            batch_op.drop_column(column)
        batch_op.alter_column("state", existing_type=sa.String(length=20), type_=sa.String(length=10))
