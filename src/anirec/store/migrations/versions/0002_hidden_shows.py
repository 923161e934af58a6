"""Kept lists know the shows that their viewers do not want to see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; of lists that are kept already it stays empty."""
    op.add_column("profiles", sa.Column("hidden", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop the column and what is in it."""
    op.drop_column("profiles", "hidden")
