"""Every type of inspection from its blank form to the end of a visit."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from sqlalchemy import select

from app.checklists.loader import catalog
from app.checklists.schema import Checklist, Item, Measure, MeasureKind
from app.models.registry import Organization
from app.services import evidence, inspecting, instances, issuing, questions
from app.services.sheet_rows import ConclusionRow, ItemRow
from app.services.workplace import Workplace
from app.vocabulary import Conclusion, InspectionStatus, InspectionType, Verdict
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
        assert f"{'★' if item.starred else ''}{item.shown}" in text
        for measure in measures_of(item):
            assert f"{plain(measure.label)}{room(measure)}{measure.unit}" in text, (item.id, measure.label)
    assert text.count("★") == sum(item.starred for item in checklist.items()) + any_starred(checklist)
    concluded = "附件4核查结论" if kind == InspectionType.CMA_LAB else "检查结论"
    assert (concluded in text) is bool(checklist.conclusion)


@pytest.mark.parametrize("kind", TYPES)
def test_the_blank_form_has_room_for_every_instance_that_is_wanted(laptop: Workplace, kind: str) -> None:
    checklist = questions.newest(laptop, InspectionType(kind))
    text = text_of(issuing.print_blank(laptop, form="checklist", inspection_type=InspectionType(kind)).pdf)
    repeated = [section for section in checklist.sections if section.repeat is not None]
    assert text.count("名称或者编号：＿") == sum(max(each.repeat.minimum, 1) for each in repeated)
    for section in repeated:
        assert f"{plain(section.repeat.title or section.title)}第" in text
        for field in section.repeat.fields:
            assert f"{plain(field.label)}{room(field)}{field.unit}" in text, (section.id, field.label)


def any_starred(checklist: Checklist) -> bool:
    """Whether the note about the stars, which has one itself, stands below the items."""
    return any(item.starred for item in checklist.items())


def measures_of(item: Item) -> tuple[Measure, ...]:
    return (*([item.measure] if item.measure else []), *item.measures)


def plain(text: str) -> str:
    return "".join(text.split())


def room(measure: Measure) -> str:
    """What there is to write a value on."""
    rooms = {
        MeasureKind.DATE: "＿＿＿＿年＿＿月＿＿日",
        MeasureKind.TIME: "＿＿时＿＿分",
        MeasureKind.NUMBER: "＿＿＿＿",
    }
    return rooms.get(measure.kind, "＿＿＿＿＿＿＿＿＿＿")


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


def begun(laptop: Workplace, kind: str) -> Visit:
    """A visit of a type, with an instance of each repeated part."""
    add_target(laptop)
    with laptop.read() as session:
        organization = session.scalars(select(Organization.id)).one()
    started = inspecting.start(
        laptop, duties=DUTIES, organization_id=organization, inspection_type=InspectionType(kind),
        officers=("赣C36090001", "赣C36090002"),
    )  # fmt: skip
    for section in questions.newest(laptop, InspectionType(kind)).sections:
        if section.repeat is not None:
            fields = {field.id: fitting(field) for field in section.repeat.fields}
            instances.add_instance(laptop, inspection_id=started.id, section=section.id, fields=fields)
    return Visit(laptop, started.id)


@pytest.mark.parametrize("kind", TYPES)
def test_a_visit_of_a_type_can_be_begun_and_finished(laptop: Workplace, kind: str) -> None:
    visit = begun(laptop, kind)
    visit.fill_header()
    while rows := [row for part in visit.sheet().sections for row in part.items if not row.verdict]:
        for row in rows:
            answer(visit, row)
    visit.sign_all()
    inspecting.finish(laptop, inspection_id=visit.id)
    assert visit.sheet().header.status is InspectionStatus.FINALISED
    text = text_of(issuing.print_form(laptop, form="checklist", inspection_id=visit.id).pdf)
    assert "草稿" not in text
    for section in visit.sheet().sections:
        for row in section.items:
            assert f"{'★' if row.starred else ''}{row.number}" in text
            for label in entered(row):
                assert plain(label) in text, row.id
        for field in section.instance.fields if section.instance else ():
            assert plain(f"{field.entry.label}{field.value}{field.entry.unit}") in text, section.id


def test_the_official_table_has_no_result_while_a_clause_that_decides_was_left_unchecked(laptop) -> None:
    visit = begun(laptop, InspectionType.CMA_LAB)
    rows = [row for part in visit.sheet().sections for row in part.items]
    for row in rows:
        left = Verdict.NOT_CHECKED if row.starred else Verdict.CONFORMING
        inspecting.answer(laptop, inspection_id=visit.id, item=row.id, verdict=left)
    # Among them one that is asked because another one was not found to conform.
    waiting = [
        row for part in visit.sheet().sections for row in part.items if row.verdict is not Verdict.CONFORMING
    ]
    assert visit.sheet().conclusion == ConclusionRow(None, len(waiting))
    text = text_of(issuing.print_form(laptop, form="checklist", inspection_id=visit.id).pdf)
    assert f"附件4核查结论符合基本符合不符合尚有{len(waiting)}项未判定或者未查，结论未定" in text

    for row in waiting:
        inspecting.answer(laptop, inspection_id=visit.id, item=row.id, verdict=Verdict.CONFORMING)
    false_report = next(row.id for row in rows if row.id.startswith("B.5"))
    inspecting.answer(laptop, inspection_id=visit.id, item=false_report, verdict=Verdict.NONCONFORMING)
    assert visit.sheet().conclusion == ConclusionRow(Conclusion.CONFORMING, 0)
    text = text_of(issuing.print_form(laptop, form="checklist", inspection_id=visit.id).pdf)
    assert "结论未定" not in text
    assert "检查结论" not in text, (
        "a false report is none of the table's clauses; what is said is the table's"
    )


def entered(row: ItemRow) -> list[str]:
    """Every value of an item as the form has it."""
    own = [f"{row.measure.label}{row.value}{row.measure.unit}"] if row.measure else []
    return own + [f"{each.entry.label}{each.value}{each.entry.unit}" for each in row.measures]
