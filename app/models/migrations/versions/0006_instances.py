"""Instances of repeated sections, and several measured values of one item."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _inspection_id() -> sa.Column[str]:
    return sa.Column(
        "inspection_id",
        sa.String(32),
        sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    )


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "instances",
        _inspection_id(),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("section", sa.String(120), nullable=False),
        sa.Column("label", sa.String(400), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
    )
    op.create_table(
        "measurements",
        _inspection_id(),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("value", sa.String(400), nullable=False),
    )
