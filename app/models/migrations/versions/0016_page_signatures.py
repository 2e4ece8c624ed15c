"""Signatures at the foot of each page of a paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "page_signatures",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("witness", sa.String(400), nullable=False),
        sa.Column("image", sa.String(64)),
        sa.Column("page_digest", sa.String(64), nullable=False),
        sa.Column("signed_at", sa.String(27), nullable=False),
    )
