"""Tables that an office has sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table of what was sent."""
    op.create_table(
        "sent_tables",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("report_id", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.String(60), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("unit", sa.String(400), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.String(27), nullable=False),
        sa.Column("sent_by", sa.String(400), nullable=False),
        sa.Column("changed_cells", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_sent_tables_report_id", "sent_tables", ["report_id"])
    op.create_index("ix_sent_tables_table_id", "sent_tables", ["table_id"])
