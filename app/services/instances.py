"""Instances of a checklist's repeated sections: what a visit goes through one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists import entries
from app.checklists.repeats import copy_of, split
from app.checklists.schema import Checklist, Section
from app.errors import BadInput
from app.models.base import new_id
from app.models.inspection import Answer, Evidence, Finding, Instance, Measurement
from app.services import questions
from app.services.inspecting import open_inspection
from app.services.prefilling import KEY_LENGTH, put
from app.services.workplace import Changes, Workplace

Rows = TypeVar("Rows", Answer, Measurement, Finding, Evidence)


@dataclass(frozen=True, slots=True)
class InstanceAdded:
    """The key of the new instance."""

    key: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Content:
    """What hangs on an instance: judged items, findings, photos; ``ordered`` findings are in an order."""

    answers: int
    findings: int
    photos: int
    ordered: int


def add_instance(
    place: Workplace,
    *,
    inspection_id: str,
    section: str,
    label: str = "",
    fields: Mapping[str, str] | None = None,
) -> InstanceAdded:
    """Add one more instance at the end of a repeated section, with what is known about it."""
    with place.write("inspecting.instance") as work:
        inspection = open_inspection(work.session, inspection_id)
        found = _section(questions.checklist_of(place, inspection), section)
        there = _of_section(work.session, inspection_id, section)
        assert found.repeat is not None
        if len(there) >= found.repeat.maximum:
            raise BadInput("inspecting.too_many_instances", section=found.title, maximum=found.repeat.maximum)
        key = new_id()[:KEY_LENGTH]
        sequence = max((row.sequence for row in there), default=0) + 1
        work.session.add(
            Instance(
                inspection_id=inspection_id, key=key, section=section, label=label.strip(), sequence=sequence
            )
        )
        for name, value in (fields or {}).items():
            put(work.session, inspection_id, *_stored_field(found, key, name, value))
        work.commit()
    return InstanceAdded(key, Changes.of("inspection", inspection_id))


def rename_instance(place: Workplace, *, inspection_id: str, key: str, label: str) -> Changes:
    """Call an instance otherwise."""
    with place.write("inspecting.instance") as work:
        open_inspection(work.session, inspection_id)
        _instance(work.session, inspection_id, key).label = label.strip()
        work.commit()
    return Changes.of("inspection", inspection_id)


def order_instances(place: Workplace, *, inspection_id: str, keys: Sequence[str]) -> Changes:
    """Bring instances of one section into the order of ``keys``; those not named keep theirs, behind."""
    with place.write("inspecting.instance") as work:
        open_inspection(work.session, inspection_id)
        first = _instance(work.session, inspection_id, keys[0]).section if keys else ""
        rows = {row.key: row for row in _of_section(work.session, inspection_id, first)}
        if unknown := [key for key in keys if key not in rows]:
            raise BadInput("inspecting.unknown_instance", key=unknown[0])
        rest = [key for key in rows if key not in set(keys)]
        for number, key in enumerate([*keys, *rest], 1):
            rows[key].sequence = number
        work.commit()
    return Changes.of("inspection", inspection_id)


def set_field(place: Workplace, *, inspection_id: str, key: str, field: str, value: str) -> Changes:
    """Fill in a field of an instance; text that is nothing of its kind is refused."""
    with place.write("inspecting.value") as work:
        inspection = open_inspection(work.session, inspection_id)
        row = _instance(work.session, inspection_id, key)
        section = _section(questions.checklist_of(place, inspection), row.section)
        put(work.session, inspection_id, *_stored_field(section, key, field, value))
        work.commit()
    return Changes.of("inspection", inspection_id)


def content_of(place: Workplace, *, inspection_id: str, key: str) -> Content:
    """What would go with an instance."""
    with place.read() as session:
        return _content(session, inspection_id, key)


def remove_instance(place: Workplace, *, inspection_id: str, key: str, confirmed: bool = False) -> Changes:
    """Remove an instance with its answers, values and findings; its photos stay with the visit.

    With answers or photos it must be ``confirmed``; with a finding in an order it is refused. What
    was sealed before keeps standing in the record's history.
    """
    with place.write("inspecting.instance") as work:
        open_inspection(work.session, inspection_id)
        content = _content(work.session, inspection_id, key)
        row = work.session.get(Instance, (inspection_id, key))
        if row is None and not content.answers:
            raise BadInput("inspecting.unknown_instance", key=key)
        _require_no_order(content)
        if (content.answers or content.photos) and not confirmed:
            raise BadInput("inspecting.instance_answered", answers=content.answers, photos=content.photos)
        if row is not None:
            work.session.delete(row)
        _clear(work.session, inspection_id, key)
        work.commit()
    return Changes.of("inspection", inspection_id)


def take_out(session: Session, row: Instance) -> None:
    """Remove an instance with all that hangs on it; with a finding in an order it is refused."""
    _require_no_order(_content(session, row.inspection_id, row.key))
    session.delete(row)
    _clear(session, row.inspection_id, row.key)


def _require_no_order(content: Content) -> None:
    if content.ordered:
        raise BadInput("inspecting.instance_ordered", count=content.ordered)


def _clear(session: Session, inspection_id: str, key: str) -> None:
    for row in belongings(session, inspection_id, key):
        if isinstance(row, Evidence):
            row.item = ""
        else:
            session.delete(row)


def belongings(
    session: Session, inspection_id: str, key: str
) -> list[Answer | Measurement | Finding | Evidence]:
    """Everything in a visit that hangs on an instance: answers, values, findings and photos."""
    return [
        *(row for row in _rows_of(session, Answer, inspection_id) if split(row.item)[1] == key),
        *(
            row
            for row in _rows_of(session, Measurement, inspection_id)
            if split(row.key)[1].partition(".")[0] == key
        ),
        *(row for row in _rows_of(session, Finding, inspection_id) if split(row.item)[1] == key),
        *(row for row in _rows_of(session, Evidence, inspection_id) if split(row.item)[1] == key),
    ]


def _content(session: Session, inspection_id: str, key: str) -> Content:
    found = belongings(session, inspection_id, key)
    answers = [row for row in found if isinstance(row, Answer)]
    findings = [row for row in found if isinstance(row, Finding)]
    photos = [row for row in found if isinstance(row, Evidence)]
    return Content(
        sum(row.verdict is not None or bool(row.note or row.value) for row in answers),
        len(findings),
        len(photos),
        sum(row.order_key is not None for row in findings),
    )


def _rows_of(session: Session, kind: type[Rows], inspection_id: str) -> list[Rows]:
    return list(session.scalars(select(kind).where(kind.inspection_id == inspection_id)))


def _section(checklist: Checklist, section_id: str) -> Section:
    for section in checklist.sections:
        if section.id == section_id and section.repeat is not None:
            return section
    raise BadInput("inspecting.no_repeat", section=section_id)


def _instance(session: Session, inspection_id: str, key: str) -> Instance:
    found = session.get(Instance, (inspection_id, key))
    if found is None:
        raise BadInput("inspecting.unknown_instance", key=key)
    return found


def _of_section(session: Session, inspection_id: str, section: str) -> list[Instance]:
    wanted = select(Instance).where(Instance.inspection_id == inspection_id, Instance.section == section)
    return list(session.scalars(wanted.order_by(Instance.sequence, Instance.key)))


def _stored_field(section: Section, key: str, name: str, value: str) -> tuple[str, str]:
    fields = section.repeat.fields if section.repeat is not None else ()
    entry = next((each for each in fields if each.id == name), None)
    if entry is None:
        raise BadInput("inspecting.unknown_field", field=name)
    return f"{copy_of(section.id, key)}.{name}", entries.stored(entry, value)
