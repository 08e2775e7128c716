"""The list of customers is read by indexes of its own, and so are complaints and promises that are open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0026"
branch_labels = None
depends_on = None

NAMES = "topic = 'name' AND superseded_at IS NULL AND valid_until IS NULL"
NAMED = ["topic", "value", "customer_id", "polarity", "superseded_at", "valid_until"]
"""All that a search for a name reads: the rows themselves aren't."""

INDEXES = {
    "fact_named": ("fact", NAMED, NAMES),
    "order_worth": ("customer_order", ["customer_id", "state", "total"], None),
    "complaint_open": ("complaint", ["customer_id", "at"], "state = 'open'"),
    "complaint_state": ("complaint", ["state", "at", "id"], None),
    "promise_open": ("promise", ["due_at", "id"], "kept_at IS NULL"),
}


def upgrade() -> None:
    for name, (table, columns, condition) in INDEXES.items():
        only = None if condition is None else sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
