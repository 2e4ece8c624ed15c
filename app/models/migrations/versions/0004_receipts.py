"""Branches of packages and what receivers answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the branch to packages and create the table of answers."""
    op.add_column("packages", sa.Column("branch", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "receipt_lines",
        sa.Column("package_id", sa.String(32), primary_key=True),
        sa.Column("record_kind", sa.String(32), primary_key=True),
        sa.Column("record_id", sa.String(32), primary_key=True),
        sa.Column("peer", sa.String(32), nullable=False),
        sa.Column("fate", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.String(27), nullable=False),
    )
    op.create_index("ix_receipt_lines_record", "receipt_lines", ["record_kind", "record_id"])
