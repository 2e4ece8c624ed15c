"""Papers that are filled in for themselves, and their fields."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


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
        "papers",
        _inspection_id(),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("form_version", sa.String(20), nullable=False),
        sa.Column("subject_key", sa.String(120), nullable=False),
        sa.Column("number", sa.String(400), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("by", sa.String(400), nullable=False),
        sa.Column("voided_on", sa.Date()),
        sa.Column("void_reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "paper_fields",
        _inspection_id(),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
