"""Every type of inspection from its blank form to the end of a visit."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from sqlalchemy import select

from app.checklists.loader import catalog
from app.checklists.schema import Measure, MeasureKind
from app.models.registry import Organization
from app.services import evidence, inspecting, instances, issuing, questions
from app.services.sheet_rows import ItemRow
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus, InspectionType, Verdict
from tests.services.conftest import DUTIES, Visit, add_target, jpeg

TYPES = sorted(found.inspection_type for found in catalog().values())


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


@pytest.mark.parametrize("kind", TYPES)
def test_the_blank_form_of_a_type_carries_its_questions_and_provisions(laptop: Workplace, kind: str) -> None:
    printed = issuing.print_blank(laptop, form="checklist", inspection_type=InspectionType(kind))
    text = text_of(printed.pdf)
    checklist = questions.newest(laptop, InspectionType(kind))
    assert "".join(checklist.title.split()) in text
    for section in checklist.sections:
        assert "".join(section.title.split()) in text
    for item in checklist.items():
        assert "".join(item.text.split()) in text, item.id


SAID = {
    MeasureKind.DATE: "2026-08-01",
    MeasureKind.TIME: "09:30",
    MeasureKind.TEXT: "见备注",
    MeasureKind.CODE: "2024010708696171",
    MeasureKind.PLACE: "28.1,114.4",
}


def fitting(measure: Measure) -> str:
    """A value of the measure's kind inside its limits."""
    if measure.kind is not MeasureKind.NUMBER:
        return SAID[measure.kind]
    return str(measure.minimum if measure.minimum is not None else min(1, measure.maximum or 1))


def answer(visit: Visit, row: ItemRow) -> None:
    """Judge an item as conforming with all its values and photos."""
    values = {"inspection_id": visit.id, "item": row.id}
    inspecting.answer(visit.place, **values, verdict=Verdict.CONFORMING)
    if row.measure is not None:
        inspecting.set_value(visit.place, **values, value=fitting(row.measure))
    for each in row.measures:
        inspecting.set_value(visit.place, **values, measure=each.entry.id, value=fitting(each.entry))
    for number in range(row.photos_required):
        evidence.add_photo_bytes(
            visit.place, inspection_id=visit.id, data=jpeg(size=(16, 12)),
            file_name=f"{row.id}-{number}.jpg", link=evidence.Link(item=row.id),
        )  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_a_visit_of_a_type_can_be_begun_and_finished(laptop: Workplace, kind: str) -> None:
    add_target(laptop)
    with laptop.read() as session:
        organization = session.scalars(select(Organization.id)).one()
    started = inspecting.start(
        laptop, duties=DUTIES, organization_id=organization, inspection_type=InspectionType(kind),
        officers=("赣C36090001", "赣C36090002"),
    )  # fmt: skip
    visit = Visit(laptop, started.id)
    for section in questions.newest(laptop, InspectionType(kind)).sections:
        if section.repeat is not None:
            fields = {field.id: fitting(field) for field in section.repeat.fields}
            instances.add_instance(laptop, inspection_id=visit.id, section=section.id, fields=fields)
    visit.fill_header()
    while rows := [row for part in visit.sheet().sections for row in part.items if not row.verdict]:
        for row in rows:
            answer(visit, row)
    visit.sign_all()
    inspecting.finish(laptop, inspection_id=visit.id)
    assert visit.sheet().header.status is InspectionStatus.FINALISED
    printed = issuing.print_form(laptop, form="checklist", inspection_id=visit.id)
    assert "草稿" not in text_of(printed.pdf)
