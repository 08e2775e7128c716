"""An order that was placed can be changed, and what it was is kept; a missing address is reminded of once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant, Row

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer_order", sa.Column("changes_id", Row(), nullable=True))
    op.add_column("customer_order", sa.Column("reminded_at", Instant(), nullable=True))
    op.create_index("ix_customer_order_changes_id", "customer_order", ["changes_id"])


def downgrade() -> None:
    op.drop_index("ix_customer_order_changes_id", "customer_order")
    op.drop_column("customer_order", "reminded_at")
    op.drop_column("customer_order", "changes_id")
