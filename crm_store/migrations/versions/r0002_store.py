"""What goes by itself: contacts that are over, chores, and the journals of merges that were undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant

revision = "0002"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "contact_open",
        "contact",
        ["id"],
        sqlite_where=sa.text("NOT closed"),
        postgresql_where=sa.text("NOT closed"),
    )
    op.create_index("message_contact", "message", ["contact_id"])
    op.execute("UPDATE merge SET journal = '{}' WHERE undone_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index("message_contact", "message")
    op.drop_index("contact_open", "contact")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_column("closed")
    op.drop_table("chore")
