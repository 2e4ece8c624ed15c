"""Packages for several devices: a row and an answer for each receiver."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _packages() -> None:
    op.create_table(
        "packages_for_each",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("peer", sa.String(32), primary_key=True),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("handled_at", sa.String(27), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("blobs", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("branch", sa.String(32), nullable=False, server_default=""),
    )
    columns = (
        "id, peer, outgoing, sequence, digest, file_name, made_at, handled_at, records, blobs, size, "
        "summary, branch"
    )
    _take_over("packages", "packages_for_each", columns)
    op.create_index("ix_packages_peer", "packages", ["peer"])


def _receipt_lines() -> None:
    op.create_table(
        "receipt_lines_for_each",
        sa.Column("package_id", sa.String(32), primary_key=True),
        sa.Column("peer", sa.String(32), primary_key=True),
        sa.Column("record_kind", sa.String(32), primary_key=True),
        sa.Column("record_id", sa.String(32), primary_key=True),
        sa.Column("fate", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.String(27), nullable=False),
    )
    columns = "package_id, peer, record_kind, record_id, fate, reason, missing, answered_at"
    _take_over("receipt_lines", "receipt_lines_for_each", columns)
    op.create_index("ix_receipt_lines_record", "receipt_lines", ["record_kind", "record_id"])


def _take_over(old: str, new: str, columns: str) -> None:
    # A primary key cannot be altered: the rows move to a table that has the new one.
    op.execute(f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {old}")  # noqa: S608 - names of ours
    op.drop_table(old)
    op.rename_table(new, old)


def upgrade() -> None:
    """Let the receiver be part of what tells a package, and an answer, from the next."""
    _packages()
    _receipt_lines()
