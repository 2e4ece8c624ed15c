"""A package may be larger than two gigabytes: its size takes a number of 64 bits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Widen the size of packages."""
    with op.batch_alter_table("packages") as table:
        table.alter_column("size", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)
