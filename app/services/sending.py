"""Tables that were sent: frozen with their date; what changes later is told in a dated supplement.

Common rule 11 of specs/statistics.md. A report is counted anew with the definition and the switches it
was sent with, so that a supplement tells of changed data, never of changed rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from app.clock import local_date
from app.errors import BadInput, EnvironmentFault
from app.files import atomic_file
from app.models.base import new_id
from app.models.sent import SentTable
from app.services import reporting
from app.services.workplace import Changes, Workplace
from app.statistics.changes import CellChange, changes_between
from app.statistics.count import Head, count_table
from app.statistics.explain import name_records
from app.statistics.frozen import Frozen, freeze, thaw
from app.statistics.table import Table

RECORD = "sent_table"


@dataclass(frozen=True, slots=True)
class SentRow:
    """A report (``sequence`` 0) or one of its supplements."""

    id: str
    report_id: str
    sequence: int
    table: str
    title: str
    unit: str
    period_from: date
    period_to: date
    sent_at: datetime
    sent_by: str
    changed_cells: int
    digest: str


@dataclass(frozen=True, slots=True)
class SentView:
    """A sent table as it was; ``changes`` are those that a supplement told."""

    row: SentRow
    table: Table
    changes: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A report or supplement that was just marked as sent."""

    row: SentRow
    told: tuple[CellChange, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class SentExported:
    """A written workbook of a sent table."""

    path: Path
    view: SentView


def send(
    place: Workplace,
    *,
    table: str,
    period_from: date | None = None,
    period_to: date | None = None,
    unit: str = "",
) -> Sent:
    """Freeze a table as sent today. A failed cross check forbids it, and so does an earlier report."""
    counted = reporting.table(place, table=table, period_from=period_from, period_to=period_to, unit=unit)
    _require_final(counted)
    body, digest = freeze(counted)
    with place.write("statistics.send") as work:
        query = _of_period(counted)
        if work.session.scalar(query) is not None:
            period = counted.period
            raise BadInput(
                "statistics.already_sent",
                table=table,
                first=period.first.isoformat(),
                last=period.last.isoformat(),
            )
        key = new_id()
        row = _row(place, counted, report_id=key, sequence=0, key=key, digest=digest, body=body)
        work.session.add(row)
        work.commit()
        return Sent(_shown(row), (), Changes.of(RECORD, row.id))


def supplement(place: Workplace, *, sent: str) -> Sent:
    """Freeze what changed since a report, or since its last supplement, as a supplement of today."""
    last, present, told = _compared(place, sent)
    if not told:
        raise BadInput("statistics.nothing_changed", day=local_date(last.row.sent_at).isoformat())
    _require_final(present)
    body, digest = freeze(present, told)
    with place.write("statistics.supplement") as work:
        row = _row(
            place, present, report_id=last.row.report_id, sequence=last.row.sequence + 1, key=new_id(),
            digest=digest, body=body,
        )  # fmt: skip
        row.changed_cells = len(told)
        work.session.add(row)
        work.commit()
        return Sent(_shown(row), told, Changes.of(RECORD, row.id))


def later_changes(place: Workplace, *, sent: str) -> tuple[CellChange, ...]:
    """What the data say now that was not yet told, since the report or its last supplement."""
    return _compared(place, sent)[2]


def sent_rows(place: Workplace, *, table: str = "") -> tuple[SentRow, ...]:
    """Everything sent, the newest first; of one ``table`` alone if it is named."""
    newest = (SentTable.sent_at.desc(), SentTable.sequence.desc())
    query = select(SentTable).options(defer(SentTable.body)).order_by(*newest)
    if table:
        query = query.where(SentTable.table_id == table)
    with place.read() as session:
        return tuple(_shown(row) for row in session.scalars(query))


def sent_table(place: Workplace, *, sent: str) -> SentView:
    """A sent table as it was."""
    with place.read() as session:
        return _view(session, sent)


def last_report(place: Workplace, counted: Table) -> SentView | None:
    """What was sent last of the same table and unit, for the period before or for this one."""
    query = (
        select(SentTable.id)
        .where(SentTable.table_id == counted.id, SentTable.unit == counted.unit)
        .where(SentTable.period_to <= counted.period.last)
        .order_by(SentTable.period_to.desc(), SentTable.sent_at.desc(), SentTable.sequence.desc())
        .limit(1)
    )
    with place.read() as session:
        found = session.scalar(query)
        return None if found is None else _view(session, found)


def export_sent(place: Workplace, *, sent: str, out: Path) -> SentExported:
    """Write the workbook of a sent table; a supplement marks and lists what it changed."""
    from app.statistics.workbook import Mark, table_workbook

    view = sent_table(place, sent=sent)
    mark = Mark(view.row.sent_at, view.row.sent_by, view.row.sequence, view.changes)
    with atomic_file(out) as target:
        table_workbook(view.table, mark=mark).save(target)
    return SentExported(out, view)


def _compared(place: Workplace, sent: str) -> tuple[SentView, Table, tuple[CellChange, ...]]:
    """The last word on a report, the same counted now, and what differs."""
    with place.read() as session:
        chosen = _found(session, sent)
        newest = select(SentTable.id).where(SentTable.report_id == chosen.report_id)
        last = _view(session, session.scalars(newest.order_by(SentTable.sequence.desc())).first() or sent)
        frozen = last.table
        head = Head(frozen.unit, place.today())
        present = count_table(
            place.read, frozen.definition, frozen.period, switches=frozen.switches, head=head
        )
        return last, present, _named(session, present, changes_between(frozen, present))


def _named(session: Session, counted: Table, told: tuple[CellChange, ...]) -> tuple[CellChange, ...]:
    """Changes with what people call the records that made them."""
    named = []
    for each in told:
        column = counted.definition.column(each.column)
        measure = None if column is None else reporting.measure_behind(counted, column)
        names = name_records(session, measure.record, each.records) if measure else {}
        named.append(replace(each, names=tuple(names.get(record, record) for record in each.records)))
    return tuple(named)


def _require_final(counted: Table) -> None:
    failed = [check for check in counted.checks if not check.passed]
    if failed:
        raise BadInput("statistics.checks_failed", table=counted.id, count=len(failed), first=failed[0].label)


def _of_period(counted: Table) -> Select[str]:
    return select(SentTable.id).where(
        SentTable.table_id == counted.id,
        SentTable.unit == counted.unit,
        SentTable.period_from == counted.period.first,
        SentTable.period_to == counted.period.last,
    )


def _row(
    place: Workplace, counted: Table, *, report_id: str, sequence: int, key: str, digest: str, body: bytes
) -> SentTable:
    return SentTable(
        id=key,
        report_id=report_id,
        sequence=sequence,
        table_id=counted.id,
        title=counted.title,
        unit=counted.unit,
        period_from=counted.period.first,
        period_to=counted.period.last,
        sent_at=place.now(),
        sent_by=place.owner.name,
        changed_cells=0,
        digest=digest,
        body=body,
    )


def _found(session: Session, sent: str) -> SentTable:
    row = session.get(SentTable, sent)
    if row is None:
        raise BadInput("statistics.unknown_sent", sent=sent)
    return row


def _view(session: Session, sent: str) -> SentView:
    row = _found(session, sent)
    frozen: Frozen | None = thaw(row.body, row.digest)
    if frozen is None:
        raise EnvironmentFault(
            "statistics.sent_damaged", title=row.title, day=local_date(row.sent_at).isoformat()
        )
    return SentView(_shown(row), frozen.table, frozen.changes)


def _shown(row: SentTable) -> SentRow:
    return SentRow(
        id=row.id,
        report_id=row.report_id,
        sequence=row.sequence,
        table=row.table_id,
        title=row.title,
        unit=row.unit,
        period_from=row.period_from,
        period_to=row.period_to,
        sent_at=row.sent_at,
        sent_by=row.sent_by,
        changed_cells=row.changed_cells,
        digest=row.digest,
    )
