"""What counts in one visit only, and links to fetch one's own data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("passing", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "export_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("export_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_link_customer_id"), ["customer_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("export_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_link_customer_id"))
    op.drop_table("export_link")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_column("passing")
