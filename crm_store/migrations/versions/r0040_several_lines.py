"""A step of a draft also keeps what lies beside the thing it was about: an order may be of several things."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("configuration", sa.Column("place", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("configuration", sa.Column("beside", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("configuration", "beside")
    op.drop_column("configuration", "place")
