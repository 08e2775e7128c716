"""Customers are told when the shop moves an order on, and colleagues find orders by their state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Instant

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_step", sa.Column("tell_at", Instant(), nullable=True))
    untold = sa.text("tell_at IS NOT NULL")
    op.create_index(
        "order_step_untold", "order_step", ["tell_at"], sqlite_where=untold, postgresql_where=untold
    )
    op.create_index("order_of_state", "customer_order", ["state", "id"])


def downgrade() -> None:
    op.drop_index("order_of_state", "customer_order")
    op.drop_index("order_step_untold", "order_step")
    op.drop_column("order_step", "tell_at")
