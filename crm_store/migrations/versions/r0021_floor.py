"""Conversations that wait too long for a colleague are raised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant

revision = "0021"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handover", sa.Column("raised_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("handover", "raised_at")  # in place: a copy of the table would lose its triggers
