"""Evidence that lies outside the vault, that is a copy, and that knows where it was taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add what is said about such evidence; what is there already says nothing of it."""
    op.add_column("evidence", sa.Column("located", sa.String(60), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("original_key", sa.String(120)))
    op.add_column("evidence", sa.Column("outside_sha256", sa.String(64), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("kept_at", sa.Text(), nullable=False, server_default=""))
