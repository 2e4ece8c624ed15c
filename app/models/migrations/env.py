"""Alembic's environment: run on the connection that :mod:`app.models.migrate` hands over."""

from __future__ import annotations

from alembic import context

from app.models.all import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
    transactional_ddl=False,
)
context.run_migrations()
