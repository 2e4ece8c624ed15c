"""What records are called: the organization of a visit or a task, the title of a plan, a name."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, String, cast, select
from sqlalchemy.orm import Session

from app.models.planning import Assignment
from app.models.registry import Organization
from app.services.workplace import Workplace
from app.sync.documents import slices
from app.sync.ledger import Key
from app.sync.shapes import RECORD_KINDS

_NAMES = ("subject_name", "title", "name")
"""Columns that name a record, the first one that a kind has."""


def record_titles(place: Workplace, keys: Iterable[Key]) -> dict[Key, str]:
    """Titles of the records ``(kind, id)`` that are here; those that are not are left out."""
    by_kind: dict[str, set[str]] = {}
    for kind, record_id in keys:
        by_kind.setdefault(kind, set()).add(record_id)
    with place.read() as session:
        return {
            (kind, record_id): title
            for kind, ids in by_kind.items()
            for record_id, title in _titles(session, kind, ids).items()
        }


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
    name = next((each for each in _NAMES if shape is not None and each in shape.root.fields), None)
    if shape is None or name is None:
        return None
    return select(cast(shape.root.root, String), cast(shape.root.table.c[name], String))
