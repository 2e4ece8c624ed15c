"""Counting holds as much for many inspections as for few: memory goes by the registry alone."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from app.models.enforcement import Case, FollowUp, RectificationOrder
from app.models.inspection import Finding, Inspection, InspectionOfficer
from app.models.registry import Certificate, Organization
from app.models.revisions import RecordState
from app.services import reporting
from app.services.workplace import Workplace
from app.statistics.gather_visits import AT_ONCE
from app.vocabulary import (
    CertificateStatus,
    InspectionStatus,
    InspectionType,
    OrderStatus,
    ProductClass,
    ProductionStatus,
    Scheme,
    SubjectKind,
)
from tests.statistics.small_year import noon

ORGANIZATIONS = 300
CLASSES, STATES = list(ProductClass), list(ProductionStatus)
FEW, MANY = 3 * AT_ONCE, 7 * AT_ONCE
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

Row = tuple[type, dict[str, object]]


def registry() -> Iterator[Row]:
    for number in range(ORGANIZATIONS):
        key = f"org{number:03d}"
        yield Organization, {"id": key, "name": f"宜春第{number}电器厂", "credit_code": f"9136{number:014d}"}
        yield Certificate, {
            "organization_id": key, "number": f"C{number}", "scheme": Scheme.CCC, "status": CertificateStatus.VALID,
            "product_class": CLASSES[number % len(CLASSES)] if number % 9 else None, "as_of": LAST,
        }  # fmt: skip


def visits(numbers: range) -> Iterator[Row]:
    for number in numbers:
        owner, key = number % ORGANIZATIONS, f"v{number:06d}"
        subject = {"subject_name": f"宜春第{owner}电器厂", "subject_code": f"9136{owner:014d}"}
        # The order of the ids is not that of the days.
        at = noon(1, 5) + timedelta(hours=number * 7919 % 8000)
        yield Inspection, {
            "id": key, "organization_id": f"org{owner:03d}", "inspection_type": InspectionType.CCC_PRODUCER,
            "checklist_id": "c", "checklist_version": "1", "status": InspectionStatus.FINALISED, **subject,
            "product_class": CLASSES[number % len(CLASSES)], "production_status": STATES[number % len(STATES)],
            "started_at": at, "finalised_at": at,
        }  # fmt: skip
        yield (
            RecordState,
            {"record_kind": "inspection", "record_id": key, "heads": "[]", "in_conflict": number % 50 == 0},
        )
        for officer in range(2):
            yield (
                InspectionOfficer,
                {"inspection_id": key, "credential": f"赣C{officer:08d}", "name": "彭建华"},
            )
        yield Finding, {
            "inspection_id": key, "key": "f1", "confirmed": True, "against": SubjectKind.ORGANIZATION,
            "noted_at": at, "severity": "major", "disposition": "rectify_by_date",
        }  # fmt: skip
        yield from _consequences(key, number, at, subject)


def _consequences(key: str, number: int, at: datetime, subject: dict[str, str]) -> Iterator[Row]:
    part, day = {"inspection_id": key, "subject_kind": SubjectKind.ORGANIZATION, **subject}, at.date()
    if number % 2:
        yield RectificationOrder, {
            "key": "o1", "status": OrderStatus.ISSUED, "at_once": False, "drafted_on": day, "issued_on": day, **part,
        }  # fmt: skip
    if number % 6 == 1:
        yield (
            FollowUp,
            {"inspection_id": key, "key": "u1", "order_key": "o1", "done_on": day, "result": "passed"},
        )
    if number % 5 == 0:
        yield Case, {
            "key": "k1", "status": "decided", "cause": str(2 + number % 15), "noted_on": day, "filed_on": day,
            "decided_on": day, "fine": number, "confiscated": 100, **part,
        }  # fmt: skip


def write(place: Workplace, rows: Iterator[Row]) -> None:
    by_table: dict[type, list[dict[str, object]]] = {}
    for mapped, row in rows:
        by_table.setdefault(mapped, []).append(row)
    with place.write("test.many") as work:
        for mapped, some in by_table.items():
            work.session.execute(insert(mapped), some)
        work.commit()


def peak_of_counting(place: Workplace) -> tuple[int, int]:
    """The most bytes that counting every table takes, and how many inspections were counted."""
    gc.collect()
    gc.disable()  # when a collection comes by chance moves the peak by a tenth
    tracemalloc.start()
    try:
        tables = reporting.tables(place, period_from=FIRST, period_to=LAST)
        counted = {table.id: table.counted for table in tables}
        return tracemalloc.get_traced_memory()[1], counted["ccc-annex1"]
    finally:
        tracemalloc.stop()
        gc.enable()


def test_counting_twice_as_many_holds_no_more(office: Workplace) -> None:
    write(office, registry())
    write(office, visits(range(FEW)))
    peak_of_counting(office)  # what is loaded once
    few, counted = peak_of_counting(office)
    assert counted == FEW - FEW // 50
    write(office, visits(range(FEW, MANY)))
    many, counted = peak_of_counting(office)
    assert counted == MANY - MANY // 50
    # a list of the other ones' ids alone would take 700,000 bytes
    assert many < few * 1.05, f"{few:,} bytes for {FEW:,}, {many:,} for {MANY:,}"
