"""Revisions, packages and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("record_kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("device_id", sa.String(32), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("package_id", sa.String(32)),
    )
    op.create_index("ix_revisions_record", "revisions", ["record_kind", "record_id"])


def _record_states() -> None:
    op.create_table(
        "record_states",
        sa.Column("record_kind", sa.String(32), primary_key=True),
        sa.Column("record_id", sa.String(32), primary_key=True),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.Column("in_conflict", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_record_states_in_conflict", "record_states", ["in_conflict"])


def _held_revisions() -> None:
    op.create_table(
        "held_revisions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("record_kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("device_id", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("package_id", sa.String(32), nullable=False),
    )


def _packages() -> None:
    op.create_table(
        "packages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("peer", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("handled_at", sa.String(27), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("blobs", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
    )
    op.create_index("ix_packages_peer", "packages", ["peer"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("peer", sa.String(32), primary_key=True),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("package_id", sa.String(32), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
    )


def upgrade() -> None:
    """Create the tables of this step."""
    _revisions()
    _record_states()
    _held_revisions()
    _packages()
    _deliveries()
