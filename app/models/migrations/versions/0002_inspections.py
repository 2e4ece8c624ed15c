"""Inspections and what follows them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _inspections() -> None:
    op.create_table(
        "inspections",
        sa.Column("assignment_id", sa.String(32)),
        sa.Column("organization_id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32)),
        sa.Column("task_key", sa.String(120)),
        sa.Column("inspection_type", sa.String(32), nullable=False),
        sa.Column("checklist_id", sa.String(60), nullable=False),
        sa.Column("checklist_version", sa.String(20), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("office", sa.String(400), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("subject_name", sa.String(400), nullable=False),
        sa.Column("subject_code", sa.String(18), nullable=False),
        sa.Column("subject_address", sa.Text(), nullable=False),
        sa.Column("subject_representative", sa.String(400), nullable=False),
        sa.Column("subject_phone", sa.String(400), nullable=False),
        sa.Column("product_class", sa.String(32)),
        sa.Column("production_status", sa.String(32)),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("task_source", sa.String(32)),
        sa.Column("approval_number", sa.String(400), nullable=False),
        sa.Column("approval_by", sa.String(400), nullable=False),
        sa.Column("approval_on", sa.Date()),
        sa.Column("notice_number", sa.String(400), nullable=False),
        sa.Column("credentials_shown", sa.Boolean(), nullable=False),
        sa.Column("rights_told", sa.Boolean(), nullable=False),
        sa.Column("party_present", sa.Boolean(), nullable=False),
        sa.Column("previous_rectification", sa.Text(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("recorder", sa.String(400), nullable=False),
        sa.Column("number", sa.String(400), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("finished_at", sa.String(27)),
        sa.Column("finalised_at", sa.String(27)),
        sa.Column("review_remark", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.String(400), nullable=False),
        sa.Column("reviewed_at", sa.String(27)),
        sa.Column("id", sa.String(32), primary_key=True),
    )
    op.create_index("ix_inspections_assignment_id", "inspections", ["assignment_id"])
    op.create_index("ix_inspections_finalised", "inspections", ["finalised_at"])
    op.create_index("ix_inspections_organization_id", "inspections", ["organization_id"])
    op.create_index("ix_inspections_subject_code", "inspections", ["subject_code"])


def _inspection_officers() -> None:
    op.create_table(
        "inspection_officers",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("credential", sa.String(120), primary_key=True),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("officer", sa.Boolean(), nullable=False),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("item", sa.String(120), primary_key=True),
        sa.Column("verdict", sa.String(32)),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("value", sa.String(400), nullable=False),
        sa.Column("answered_at", sa.String(27)),
        sa.Column("answered_by", sa.String(400), nullable=False),
    )


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(32), nullable=False),
        sa.Column("disposition", sa.String(32), nullable=False),
        sa.Column("against", sa.String(32), nullable=False),
        sa.Column("provision", sa.String(400), nullable=False),
        sa.Column("penalty", sa.String(400), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("order_key", sa.String(120)),
        sa.Column("noted_at", sa.String(27), nullable=False),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("captured_at", sa.String(27)),
        sa.Column("taken_at", sa.String(27), nullable=False),
        sa.Column("taken_by", sa.String(400), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("finding_key", sa.String(120)),
        sa.Column("follow_up_key", sa.String(120)),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
    )
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])


def _signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("party", sa.String(120), primary_key=True),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("witness", sa.String(400), nullable=False),
        sa.Column("image", sa.String(64)),
        sa.Column("signed_at", sa.String(27), nullable=False),
    )


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("path", sa.String(400), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.String(400), nullable=False),
        sa.Column("corrected_at", sa.String(27), nullable=False),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("number", sa.String(400), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_name", sa.String(400), nullable=False),
        sa.Column("subject_code", sa.String(18), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("working_days", sa.Integer()),
        sa.Column("due_on", sa.Date()),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("violated", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("requirements", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(400), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("issued_by", sa.String(400), nullable=False),
        sa.Column("delivered_on", sa.Date()),
        sa.Column("delivery", sa.String(32)),
        sa.Column("received_by", sa.String(400), nullable=False),
        sa.Column("closed_on", sa.Date()),
    )


def _follow_ups() -> None:
    op.create_table(
        "follow_ups",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("order_key", sa.String(120), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.String(400), nullable=False),
        sa.Column("result", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("new_due_on", sa.Date()),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("number", sa.String(400), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(8), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_name", sa.String(400), nullable=False),
        sa.Column("subject_code", sa.String(18), nullable=False),
        sa.Column("order_key", sa.String(120)),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("verified_on", sa.Date()),
        sa.Column("not_filed_reason", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date()),
        sa.Column("goods_value", sa.BigInteger()),
        sa.Column("decided_on", sa.Date()),
        sa.Column("confiscated", sa.BigInteger()),
        sa.Column("fine", sa.BigInteger()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("referral", sa.String(32)),
        sa.Column("referred_on", sa.Date()),
        sa.Column("referred_to", sa.String(400), nullable=False),
    )


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column(
            "inspection_id",
            sa.String(32),
            sa.ForeignKey("inspections.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body_name", sa.String(400), nullable=False),
        sa.Column("body_approval", sa.String(400), nullable=False),
        sa.Column("number", sa.String(400), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.String(8), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(400), nullable=False),
    )


def upgrade() -> None:
    """Create the tables of this step."""
    _inspections()
    _inspection_officers()
    _answers()
    _findings()
    _evidence()
    _signatures()
    _corrections()
    _orders()
    _follow_ups()
    _cases()
    _notifications()
