"""Columns that do not travel because they are worked out: made again after rows were projected."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.models.registry import Organization
from app.services.pinyin import initials
from app.sync.documents import slices


def refresh(session: Session, kind: str, ids: Iterable[str]) -> None:
    """Bring the derived columns of the records ``ids`` of ``kind`` up to date."""
    if kind == "organization":
        _refresh_initials(session, ids)


def _refresh_initials(session: Session, ids: Iterable[str]) -> None:
    columns = (Organization.id, Organization.name, Organization.initials)
    for some in slices(ids):
        rows = session.execute(select(*columns).where(Organization.id.in_(some)))
        stale = [
            {"at": key, "to": letters} for key, name, former in rows if (letters := initials(name)) != former
        ]
        if stale:
            table = Organization.__table__
            statement = update(Organization).where(table.c.id == bindparam("at"))
            session.connection().execute(statement.values(initials=bindparam("to")), stale)
    session.expire_all()
