"""Deadlines for other calendars: one file of RFC 5545, whose second import brings the first up to date.

Each deadline has a UID made from its record, so that it is the same event in every export and on every
device. What was settled since goes out once more as cancelled. An event says what is due, for which
enterprise, under which number: nothing about persons, findings or addresses leaves the vault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files import write_atomically
from app.models.base import derived_id
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Inspection
from app.models.planning import Assignment
from app.services.due import Due, due_rows
from app.services.workplace import Workplace
from app.vocabulary import CaseStatus, OrderStatus
from app.wording import joined, label

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//chayan//deadlines//ZH"
DOMAIN = "chayan"
REMEMBERED = timedelta(days=400)
"""So long a settled deadline is still taken out of calendars that have it."""
REMINDER = timedelta(hours=-15)
"""Nine in the morning of the day before."""

_SETTLED_ORDERS = (OrderStatus.FOLLOWED_UP, OrderStatus.CLOSED, OrderStatus.ESCALATED)
_SETTLED_CASES = (CaseStatus.NOT_FILED, CaseStatus.DECIDED, CaseStatus.CLOSED)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CalendarWritten:
    """What a calendar file holds: deadlines, how many of them are overdue, and events taken back."""

    file: Path
    events: int
    overdue: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class _Gone:
    uid: str
    on: date
    summary: str


def export_calendar(place: Workplace, *, out: Path) -> CalendarWritten:
    """Write every open deadline, and those settled since, to ``out``; a file of that name is replaced."""
    rows = due_rows(place)
    uids = {uid_of(row) for row in rows}
    with place.read() as session:
        gone = {each.uid: each for each in _gone(session, place) if each.uid not in uids}
    write_atomically(out, calendar_bytes(rows, tuple(gone.values()), place.now()))
    return CalendarWritten(out, len(rows), sum(row.overdue for row in rows), len(gone))


def uid_of(row: Due) -> str:
    """The event of a deadline: an order keeps its own from the draft to the last re-inspection."""
    return _uid(_FAMILY[row.kind], row.record, row.key)


_FAMILY = {"order": "order", "follow_up": "order", "lead": "case", "case": "case", "target": "target"}


def _uid(family: str, record: str, key: str) -> str:
    return f"{derived_id(f'due {family}', f'{record} {key}')}@{DOMAIN}"


def calendar_bytes(rows: tuple[Due, ...], gone: tuple[_Gone, ...], now: datetime) -> bytes:
    """The calendar as bytes: lines folded, CRLF, UTF-8."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", label("calendar", "name"))
    for row in rows:
        made.add_component(_event(row, now))
    for each in gone:
        event = _dated(each.uid, each.on, each.summary, now)
        event.add("status", "CANCELLED")
        made.add_component(event)
    return bytes(made.to_ical())


def _event(row: Due, now: datetime) -> Event:
    from icalendar import Alarm

    event = _dated(uid_of(row), row.on, summary(row), now)
    event.add("status", "CONFIRMED")
    event.add("description", _description(row))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary(row))
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)
    return event


def _dated(uid: str, on: date, text: str, now: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    # Calendars take the later of two events of one UID: minutes only grow.
    event.add("sequence", int((now - _EPOCH).total_seconds() // 60))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", text)
    return event


def summary(row: Due) -> str:
    """What is due for whom."""
    return joined("calendar", (label("due_kind", row.kind), row.organization))


def _description(row: Due) -> str:
    said = [
        label("inspection_type", row.inspection_type),
        row.number,
        label("calendar", "superior").format(on=row.superior_on.isoformat()) if row.superior_on else "",
        "" if row.certain else label("calendar", "uncertain"),
    ]
    return joined("clauses", said)


def _gone(session: Session, place: Workplace) -> Iterator[_Gone]:
    """Deadlines that were open once and are settled now, as far back as calendars are looked at."""
    since = place.today() - REMEMBERED
    orders = (
        select(RectificationOrder, Inspection.subject_name)
        .join(Inspection, Inspection.id == RectificationOrder.inspection_id)
        .where(RectificationOrder.status.in_(_SETTLED_ORDERS))
    )
    for order, name in session.execute(orders):
        on = order.due_on or order.delivered_on or order.issued_on
        if on is not None and on >= since:
            yield _Gone(_uid("order", order.inspection_id, order.key), on, _settled("follow_up", name))
    cases = (
        select(Case, Inspection.subject_name)
        .join(Inspection, Inspection.id == Case.inspection_id)
        .where(Case.status.in_(_SETTLED_CASES), Case.noted_on >= since)
    )
    for case, name in session.execute(cases):
        yield _Gone(_uid("case", case.inspection_id, case.key), case.noted_on, _settled("case", name))
    yield from _gone_targets(session, since)


def _gone_targets(session: Session, since: date) -> Iterator[_Gone]:
    """Targets that were begun or taken back."""
    begun = select(Inspection.assignment_id).where(Inspection.assignment_id.is_not(None))
    tasks = select(Assignment).where(Assignment.cancelled_at.is_not(None) | Assignment.id.in_(begun))
    for task in session.scalars(tasks):
        on = task.due_on or task.superior_due_on
        if on is not None and on >= since:
            yield _Gone(_uid("target", task.id, ""), on, label("due_kind", "target"))


def _settled(kind: str, name: str) -> str:
    return joined("calendar", (label("due_kind", kind), name))
