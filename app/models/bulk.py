"""Many rows into one table, past the mapper and past the columns' types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from app.models.base import Base

Stored = str | int | bytes | None
"""A value as the store holds it: times as their text in UTC, truth values as 0 and 1."""


def add_rows(
    session: Session, model: type[Base], rows: Sequence[tuple[Stored, ...]], *, replacing: bool = False
) -> None:
    """Put in ``rows``, each with a value for every column in the order of the table.

    ``replacing`` those with the same key. The journal is not told.
    """
    if rows:
        session.connection().exec_driver_sql(_statement(model, replacing), list(rows))


@cache
def _statement(model: type[Base], replacing: bool) -> str:
    statement = insert(model)
    return str(
        (statement.prefix_with("OR REPLACE") if replacing else statement).compile(dialect=sqlite.dialect())
    )
