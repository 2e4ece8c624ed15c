"""Officers who come and go during a visit: both stay in its record, with the time.

The law asks for no fewer than two officers (domain.md §1.3), and that at every moment of the visit: a
change that would leave one of them alone is refused, and a visit whose record says so cannot be finished.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, Place
from app.models.inspection import Inspection, InspectionOfficer, Signature
from app.models.people import Person
from app.services.inspecting import open_inspection
from app.services.team import alone_from, team_rows, when
from app.services.workplace import Changes, Workplace


def change_team(
    place: Workplace,
    *,
    inspection_id: str,
    leaving: str = "",
    joining: str = "",
    at: datetime | None = None,
    reason: str = "",
) -> Changes:
    """One officer leaves, another joins, or both at once (credentials); ``at`` is now unless said.

    Somebody who left does not come back into the same record: one line tells of one stay.
    """
    moment = at or place.now()
    if not leaving and not joining:
        raise BadInput("inspecting.nobody_changes")
    with place.write("inspecting.team") as work:
        inspection = open_inspection(work.session, inspection_id)
        if not inspection.started_at <= moment <= place.now():
            raise _outside(moment, inspection.started_at, place.now())
        if joining:
            _join(work.session, inspection, joining, moment, reason.strip())
        if leaving:
            _leave(work.session, inspection, leaving, moment, reason.strip(), now=place.now())
        work.session.flush()
        _require_two(work.session, inspection_id)
        work.commit()
    return Changes.of("inspection", inspection_id)


def take_back(place: Workplace, *, inspection_id: str, credential: str) -> Changes:
    """Take a change back that was entered by mistake: who left is there again, who joined never was."""
    with place.write("inspecting.team") as work:
        open_inspection(work.session, inspection_id)
        row = _row(work.session, inspection_id, credential)
        if row.left_at is not None:
            row.left_at = None
            row.change_reason = row.change_reason if row.joined_at is not None else ""
        elif row.joined_at is not None:
            signed = work.session.get(Signature, (inspection_id, f"officer:{credential}"))
            if signed is not None:
                raise BadInput("inspecting.officer_signed", name=row.name)
            work.session.delete(row)
        else:
            raise BadInput("inspecting.never_changed", name=row.name)
        work.session.flush()
        _require_two(work.session, inspection_id)
        work.commit()
    return Changes.of("inspection", inspection_id)


def _join(session: Session, inspection: Inspection, credential: str, moment: datetime, reason: str) -> None:
    if session.get(InspectionOfficer, (inspection.id, credential)) is not None:
        raise BadInput("inspecting.officer_was_there", credential=credential)
    person = session.scalar(select(Person).where(Person.credential == credential))
    if person is None:
        raise BadInput("inspecting.unknown_officer", credential=credential)
    session.add(
        InspectionOfficer(
            inspection_id=inspection.id, credential=credential, name=person.name, joined_at=moment,
            change_reason=reason,
        )
    )  # fmt: skip


def _leave(
    session: Session, inspection: Inspection, credential: str, moment: datetime, reason: str, *, now: datetime
) -> None:
    row = _row(session, inspection.id, credential)
    if row.left_at is not None:
        told = when(row.left_at, inspection.started_at, now)
        raise BadInput("inspecting.officer_left", name=row.name, time=told)
    if row.joined_at is not None and moment <= row.joined_at:
        raise _outside(moment, row.joined_at, now)
    row.left_at, row.change_reason = moment, reason or row.change_reason


def _outside(moment: datetime, since: datetime, now: datetime) -> BadInput:
    """Not between the two; with days unless all of it is of one."""
    days = moment, since, now
    values = {"time": when(moment, *days), "since": when(since, *days), "now": when(now, *days)}
    return BadInput("inspecting.change_outside", Place(column="at"), **values)


def _row(session: Session, inspection_id: str, credential: str) -> InspectionOfficer:
    row = session.get(InspectionOfficer, (inspection_id, credential))
    if row is None:
        raise BadInput("inspecting.unknown_officer", credential=credential)
    return row


def _require_two(session: Session, inspection_id: str) -> None:
    rows = team_rows(session, inspection_id)
    found = alone_from([(row.joined_at, row.left_at) for row in rows])
    if found is not None:
        told = when(found, rows[0].began) if isinstance(found, datetime) else ""
        raise BadInput("inspecting.left_alone", time=told)
