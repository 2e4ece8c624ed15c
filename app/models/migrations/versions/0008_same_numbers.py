"""Entries with one number may stand beside each other; devices of one office share its name."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def _bodies() -> None:
    op.create_table(
        "certification_bodies_beside",
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("approval", sa.String(400), nullable=False),
        sa.Column("id", sa.String(32), primary_key=True),
    )
    _take_over("certification_bodies", "name, approval, id")
    op.create_index("ix_certification_bodies_name", "certification_bodies", ["name"])


def _people() -> None:
    op.create_table(
        "people_beside",
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("credential", sa.String(60), nullable=False),
        sa.Column("office", sa.String(400), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("phone", sa.String(400), nullable=False),
        sa.Column("id", sa.String(32), primary_key=True),
    )
    _take_over("people", "name, credential, office, role, phone, id")
    op.create_index("ix_people_credential", "people", ["credential"])


def _take_over(table: str, columns: str) -> None:
    # A constraint without a name cannot be dropped: the rows move to a table that lacks it.
    op.execute(f"INSERT INTO {table}_beside ({columns}) SELECT {columns} FROM {table}")  # noqa: S608 - names of ours
    op.drop_table(table)
    op.rename_table(f"{table}_beside", table)


def _offices() -> None:
    """Laptops belong to the office that enrolled them; who enrolled an office stands above it."""
    bind = op.get_bind()
    bind.execute(
        sa.text(
            "UPDATE devices SET office = (SELECT office FROM devices WHERE office_device ORDER BY own DESC LIMIT 1)"
            " WHERE role = 'inspector' AND EXISTS (SELECT 1 FROM devices WHERE office_device)"
        )
    )
    own = bind.execute(sa.text("SELECT office FROM devices WHERE own AND role = 'supervisor'")).scalar()
    told = sa.text("SELECT DISTINCT office FROM devices WHERE office_device AND NOT own AND office <> :own")
    above = sorted(row[0] for row in bind.execute(told, {"own": own})) if own is not None else []
    if above:
        fact = sa.text("INSERT INTO home_facts (name, value) VALUES ('offices above', :names)")
        bind.execute(fact, {"names": json.dumps(above, ensure_ascii=False)})


def upgrade() -> None:
    """Lift what made a second entry with the same number impossible, and so hung on the order of arrival."""
    _bodies()
    _people()
    _offices()
