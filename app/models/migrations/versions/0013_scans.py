"""Scanned pages of signed papers, and the tray of those that found no record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _page() -> list[sa.Column[object]]:
    """What both tables know of a page."""
    return [
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("source_page", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "scans",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        *_page(),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("copy_key", sa.String(120), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("scanned_at", sa.String(27), nullable=False),
        sa.Column("scanned_by", sa.String(400), nullable=False),
    )
    op.create_table(
        "tray_pages",
        sa.Column("id", sa.String(32), primary_key=True),
        *_page(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.String(27), nullable=False),
        sa.Column("taken_by", sa.String(400), nullable=False),
    )
    for table in ("scans", "tray_pages"):
        for column in ("sha256", "source"):
            op.create_index(f"ix_{table}_{column}", table, [column])
