"""What an office knew of other visits to a target when it handed it out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "known_visits",
        sa.Column(
            "assignment_id",
            sa.String(32),
            sa.ForeignKey("assignments.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("visited_on", sa.Date()),
        sa.Column("office", sa.String(400), nullable=False),
        sa.Column("officers", sa.String(400), nullable=False),
        sa.Column("inspection_type", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("document", sa.String(400), nullable=False),
    )
