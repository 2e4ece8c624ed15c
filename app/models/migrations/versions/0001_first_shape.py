"""The first shape of the store: registry, people, plans, journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _organizations() -> None:
    op.create_table(
        "organizations",
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=False),
        sa.Column("code_state", sa.String(8), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("region_name", sa.String(400), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("legal_representative", sa.String(400), nullable=False),
        sa.Column("contact", sa.String(400), nullable=False),
        sa.Column("phone", sa.String(400), nullable=False),
        sa.Column("employees", sa.Integer()),
        sa.Column("risk", sa.String(8), nullable=False),
        sa.Column("dossier_on", sa.Date()),
        sa.Column("as_of", sa.Date()),
        sa.Column("initials", sa.String(400), nullable=False),
        sa.Column("source_id", sa.String(32)),
        sa.Column("source_row", sa.Integer()),
        sa.Column("id", sa.String(32), primary_key=True),
    )
    op.create_index("ix_organizations_credit_code", "organizations", ["credit_code"])
    op.create_index("ix_organizations_name", "organizations", ["name"])
    op.create_index("ix_organizations_region", "organizations", ["region"])


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column(
            "organization_id",
            sa.String(32),
            sa.ForeignKey("organizations.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("number", sa.String(120), primary_key=True),
        sa.Column("scheme", sa.String(32), nullable=False),
        sa.Column("project", sa.String(400), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("product_class", sa.String(32)),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("body_name", sa.String(400), nullable=False),
        sa.Column("body_approval", sa.String(400), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("status_reason", sa.String(400), nullable=False),
        sa.Column("suspended_from", sa.Date()),
        sa.Column("suspended_to", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("issued_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("first_issued_on", sa.Date()),
        sa.Column("as_of", sa.Date()),
        sa.Column("source_id", sa.String(32)),
        sa.Column("source_row", sa.Integer()),
    )
    op.create_index("ix_certificates_number", "certificates", ["number"])
    op.create_index("ix_certificates_scheme", "certificates", ["scheme"])


def _certification_bodies() -> None:
    op.create_table(
        "certification_bodies",
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("approval", sa.String(400), nullable=False),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.UniqueConstraint("name"),
    )


def _registry_sources() -> None:
    op.create_table(
        "registry_sources",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("layout", sa.String(400), nullable=False),
        sa.Column("as_of", sa.Date()),
        sa.Column("imported_at", sa.String(27), nullable=False),
        sa.Column("imported_by", sa.String(400), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
    )
    op.create_index("ix_registry_sources_sha256", "registry_sources", ["sha256"])


def _registry_history() -> None:
    op.create_table(
        "registry_history",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("organization_id", sa.String(32), nullable=False),
        sa.Column("certificate_number", sa.String(120), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("former_source_id", sa.String(32)),
        sa.Column("former_row", sa.Integer()),
        sa.Column("former_as_of", sa.Date()),
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.Column("source_row", sa.Integer()),
        sa.Column("replaced_at", sa.String(27), nullable=False),
    )
    op.create_index("ix_registry_history_organization_id", "registry_history", ["organization_id"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("credential", sa.String(60), nullable=False),
        sa.Column("office", sa.String(400), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("phone", sa.String(400), nullable=False),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.UniqueConstraint("credential"),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("credential", sa.String(60), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("office", sa.String(400), nullable=False),
        sa.Column("recipient", sa.String(400), nullable=False),
        sa.Column("verify_key", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(19), nullable=False),
        sa.Column("enrolled_at", sa.String(27), nullable=False),
        sa.Column("revoked_at", sa.String(27)),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("office_device", sa.Boolean(), nullable=False),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("document", sa.String(400), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("id", sa.String(32), primary_key=True),
    )


def _plan_tasks() -> None:
    op.create_table(
        "plan_tasks",
        sa.Column(
            "plan_id",
            sa.String(32),
            sa.ForeignKey("plans.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("inspection_type", sa.String(32), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("required_count", sa.Integer()),
        sa.Column("required_permille", sa.Integer()),
        sa.Column("own_deadline", sa.Date()),
        sa.Column("superior_deadline", sa.Date()),
        sa.Column("document", sa.String(400), nullable=False),
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("task_key", sa.String(120), nullable=False),
        sa.Column("organization_id", sa.String(32), nullable=False),
        sa.Column("inspection_type", sa.String(32), nullable=False),
        sa.Column("device_id", sa.String(32), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("superior_due_on", sa.Date()),
        sa.Column("document", sa.String(400), nullable=False),
        sa.Column("assigned_at", sa.String(27), nullable=False),
        sa.Column("assigned_by", sa.String(400), nullable=False),
        sa.Column("cancelled_at", sa.String(27)),
        sa.Column("id", sa.String(32), primary_key=True),
    )
    op.create_index("ix_assignments_device_id", "assignments", ["device_id"])
    op.create_index("ix_assignments_organization_id", "assignments", ["organization_id"])
    op.create_index("ix_assignments_plan_id", "assignments", ["plan_id"])


def _assignment_officers() -> None:
    op.create_table(
        "assignment_officers",
        sa.Column(
            "assignment_id",
            sa.String(32),
            sa.ForeignKey("assignments.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
            primary_key=True,
        ),
        sa.Column("credential", sa.String(120), primary_key=True),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("sequence", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("device_id", sa.String(32), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )


def _home_facts() -> None:
    op.create_table(
        "home_facts",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def upgrade() -> None:
    """Create the tables of this step."""
    _organizations()
    _certificates()
    _certification_bodies()
    _registry_sources()
    _registry_history()
    _people()
    _devices()
    _plans()
    _plan_tasks()
    _assignments()
    _assignment_officers()
    _journal()
    _home_facts()
