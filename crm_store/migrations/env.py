"""What alembic runs: the steps, on the connection it was handed by `migrating.py`."""

from __future__ import annotations

from alembic import context

from crm_store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
