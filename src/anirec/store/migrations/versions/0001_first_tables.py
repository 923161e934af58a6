"""Feedback, and kept lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feedback_requests",
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("body", sa.LargeBinary(32), nullable=False),
        sa.Column("viewer", sa.LargeBinary(32), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_feedback_requests"),
    )
    op.create_index("ix_feedback_requests_viewer", "feedback_requests", ["viewer"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request", sa.LargeBinary(32), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("viewer", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("anime_id", sa.BigInteger(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("bundle", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["request"],
            ["feedback_requests.key"],
            name="fk_feedback_request_feedback_requests",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("request", "place", name="uq_feedback_request_place"),
    )
    op.create_index("ix_feedback_viewer", "feedback", ["viewer"])
    op.create_table(
        "profiles",
        sa.Column("secret", sa.LargeBinary(32), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("secret", name="pk_profiles"),
    )


def downgrade() -> None:
    """Drop the tables and what is in them."""
    op.drop_table("profiles")
    op.drop_table("feedback")
    op.drop_table("feedback_requests")
