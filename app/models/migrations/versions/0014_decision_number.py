"""The number of the penalty decision beside the one of the filing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column; what was decided before says no number."""
    op.add_column("cases", sa.Column("decision_number", sa.String(400), nullable=False, server_default=""))
