"""From when and until when an officer took part, where that is not the whole visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the columns; until now everybody took part in the whole visit."""
    op.add_column("inspection_officers", sa.Column("joined_at", sa.String(27)))
    op.add_column("inspection_officers", sa.Column("left_at", sa.String(27)))
    op.add_column(
        "inspection_officers", sa.Column("change_reason", sa.Text(), nullable=False, server_default="")
    )
