"""The stored set of revisions: reading it, adding to it, and where each record stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.among import among
from app.models.bulk import add_rows
from app.models.journal import HomeFact
from app.models.people import Device
from app.models.revisions import RecordState
from app.models.revisions import Revision as StoredRevision
from app.sync.documents import slices
from app.sync.revision import Sealed, opened
from app.sync.rights import Hand, Offices, governing
from app.sync.shapes import TIME_FORMAT
from app.sync.view import View, view

Key = tuple[str, str]
"""Kind and id of a record."""


ABOVE = "offices above"
"""The fact that names the offices above this home's own, a JSON list."""


def stored_of(session: Session, kind: str, ids: Iterable[str]) -> dict[str, list[Sealed]]:
    """Every stored revision of each record, by record id; records without any are left out."""
    found: dict[str, list[Sealed]] = {}
    columns = (StoredRevision.record_id, StoredRevision.id, StoredRevision.body, StoredRevision.signature)
    for some in slices(ids):
        wanted = select(*columns).where(
            StoredRevision.record_kind == kind, among(StoredRevision.record_id, some)
        )
        for record_id, name, body, signature in session.execute(wanted):
            found.setdefault(record_id, []).append(opened(body, signature, name))
    return found


def revisions_of(session: Session, kind: str, ids: Iterable[str]) -> dict[str, list[Sealed]]:
    """The revisions of each record that count here (:mod:`app.sync.rights`), by record id."""
    offices = offices_of(session)
    stored = stored_of(session, kind, ids)
    return {record_id: governing(kind, known, offices) for record_id, known in stored.items()}


def offices_of(session: Session) -> Offices:
    """Which office this home belongs to, which are above it, and whose hands the known devices are."""
    rows = session.execute(select(Device.id, Device.office, Device.role, Device.own)).all()
    fact = session.get(HomeFact, ABOVE)
    return Offices(
        own=next((office for _, office, _, own in rows if own), ""),
        above=frozenset(json.loads(fact.value)) if fact is not None else frozenset(),
        hands={name: Hand(office, role) for name, office, role, _ in rows},
    )


def view_of(session: Session, kind: str, record_id: str) -> View:
    """The present view of one record; empty when it was never sealed."""
    return view(revisions_of(session, kind, [record_id]).get(record_id, ()))


def known_ids(session: Session, ids: Iterable[str]) -> frozenset[str]:
    """Those of ``ids`` that are revisions of this store."""
    return frozenset(
        name
        for some in slices(ids)
        for name in session.scalars(select(StoredRevision.id).where(among(StoredRevision.id, some)))
    )


def add_revisions(session: Session, revisions: Iterable[Sealed], package_id: str | None = None) -> None:
    """Put new revisions into the set."""
    rows = [
        (
            each.id,
            each.revision.kind,
            each.revision.record,
            each.revision.device,
            each.revision.moment.strftime(TIME_FORMAT),
            each.body,
            each.signature,
            package_id,
        )
        for each in revisions
    ]
    add_rows(session, StoredRevision, rows)


def note_states(session: Session, kind: str, views: Mapping[str, View]) -> None:
    """Write down heads and conflicts of the records."""
    rows = [
        (
            kind,
            record_id,
            json.dumps(seen.heads),
            json.dumps(seen.conflicts, ensure_ascii=False),
            bool(seen.conflicts),
        )
        for record_id, seen in views.items()
    ]
    add_rows(session, RecordState, rows, replacing=True)
