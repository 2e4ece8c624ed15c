"""What records are called: the organization of a visit or a task, the title of a plan, a name.

The one rule for it, read off the rows; a record that names nothing, or is not here, has no title.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from app.models.planning import Assignment
from app.models.registry import Organization
from app.services.workplace import Workplace
from app.sync.documents import slices
from app.sync.ledger import Key
from app.sync.shapes import RECORD_KINDS

_NAMES = ("subject_name", "title", "name")
"""Columns that name a record, the first one that says something."""


def record_titles(place: Workplace, keys: Iterable[Key]) -> dict[Key, str]:
    """Titles of the records ``(kind, id)`` that are here; those that are not are left out."""
    with place.read() as session:
        return titles_in(session, keys)


def titles_in(session: Session, keys: Iterable[Key]) -> dict[Key, str]:
    """The same inside an open scope."""
    by_kind: dict[str, set[str]] = {}
    for kind, record_id in keys:
        by_kind.setdefault(kind, set()).add(record_id)
    return {
        (kind, record_id): title
        for kind, ids in by_kind.items()
        for record_id, title in _titles(session, kind, ids).items()
    }


def title_in(session: Session, kind: str, record_id: str) -> str:
    """What one record is called; empty when it names nothing or is not here."""
    return titles_in(session, [(kind, record_id)]).get((kind, record_id), "")


def _titles(session: Session, kind: str, ids: Iterable[str]) -> dict[str, str]:
    wanted = _named(kind)
    if wanted is None:
        return {}
    key = wanted.selected_columns[0]
    return {
        record_id: title
        for some in slices(sorted(ids))
        for record_id, title in session.execute(wanted.where(key.in_(some)))
    }


def _named(kind: str) -> Select[str, str] | None:
    """Id and title of every record of a kind; ``None`` where it has no name."""
    if kind == "assignment":
        return select(Assignment.id, Organization.name).join(
            Organization, Organization.id == Assignment.organization_id
        )
    shape = RECORD_KINDS.get(kind)
    names = [each for each in _NAMES if shape is not None and each in shape.root.fields]
    if shape is None or not names:
        return None
    said = [_said(shape.root.table.c[each]) for each in names]
    return select(cast(shape.root.root, String), func.coalesce(*said, ""))


def _said(column: ColumnElement[object]) -> ColumnElement[str]:
    """What a column says; nothing where it is empty."""
    return func.nullif(cast(column, String), "")
