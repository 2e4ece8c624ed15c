"""录入对照表: what of each inspection is typed into 认证行政监管系统, in the order of its fields, to be ticked.

The order of that system's fields is not public; the shipped one says 建议版式, and an office puts its own
into ``templates/lists.toml`` of its home. Values stand alone in their cells, so that they can be copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import LOCAL, local_date
from app.errors import BadInput
from app.files import atomic_file
from app.models.base import Base
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Finding, Inspection, InspectionOfficer
from app.models.planning import Plan, PlanTask
from app.models.registry import Organization
from app.services import questions
from app.services.casework import case_causes
from app.services.finding_law import law_of_visit
from app.services.lawbook import law_of
from app.services.list_words import Cancelled, Progress, Steps, list_data, made_on, title_of
from app.services.naming import vocabulary
from app.services.planning import find_plan
from app.services.prefilling import certificates_of
from app.services.publishing import Results
from app.services.scopes import DONE, in_conflict
from app.services.workplace import Workplace
from app.statistics.paper_list import Block, BlockWords, FieldGroup, ListColumn, write_blocks
from app.statistics.summary_words import yuan
from app.wording import joined, label

MONEY = frozenset({"fine", "confiscated", "goods_value"})
MINUTE = "%Y-%m-%d %H:%M"
OVERVIEW = (
    ("number", 6, True),
    ("subject", 34, False),
    ("code", 22, True),
    ("type", 20, True),
    ("on", 12, True),
)
"""Columns of the overview: key of the public list's heading, width, whether it is centred."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What is to be entered of a plan: one block an inspection; ``left_out`` are not finished or disputed."""

    title: str
    record_ids: tuple[str, ...]
    blocks: tuple[Block, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntriesWritten:
    """A written sheet."""

    path: Path
    told: Entries


def entries(
    place: Workplace, *, plan_id: str, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Entries:
    """The fields of every finished inspection of a plan that is in no conflict, oldest first."""
    data = list_data(place, "entries")
    with place.read() as session:
        plan = find_plan(session, plan_id)
        title = title_of(place, data, plan)
        of_plan = select(Inspection.id).where(Inspection.plan_id == plan_id)
        order = (Inspection.started_at, Inspection.id)
        ready = of_plan.where(Inspection.status.in_(DONE), ~in_conflict()).order_by(*order)
        ids = tuple(session.scalars(ready))
        known = set(ids)
        left_out = tuple(each for each in session.scalars(of_plan.order_by(*order)) if each not in known)
        step = Steps(2 * len(ids), title, progress, cancelled)
        reader = _Reader(place, session, plan, data)
        blocks = []
        for number, inspection_id in enumerate(ids, 1):
            blocks.append(reader.block(number, inspection_id))
            step(1)
    return Entries(title, ids, tuple(blocks), left_out)


def write_entries(
    place: Workplace,
    *,
    plan_id: str,
    out: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> EntriesWritten:
    """Write the sheet to tick, whole or not at all."""
    told = entries(place, plan_id=plan_id, progress=progress, cancelled=cancelled)
    data = list_data(place, "entries")
    step = Steps(2 * len(told.blocks), out.name, progress, cancelled, len(told.blocks))
    said = _words(place, data, told.title)
    with atomic_file(out) as target:
        write_blocks(target, told.blocks, said, (place.owner.office, made_on(place)), step)
    return EntriesWritten(out, told)


def _words(place: Workplace, data: dict[str, Any], title: str) -> BlockWords:
    headings = list_data(place, "public")["columns"]
    return BlockWords(
        title=title,
        remark=data["proposal"],
        overview=data["overview"],
        sheet=data["sheet"],
        columns=tuple(
            ListColumn(headings[key]["title"], width, centred=centred) for key, width, centred in OVERVIEW
        ),
        systems=(data["system"], data["publicity"]),
        fields=(data["field"], data["content"], data["ticked"]),
        tick=data["tick"],
    )


class _Reader:
    """Reads one inspection after the other into the groups of the data file."""

    def __init__(self, place: Workplace, session: Session, plan: Plan, data: dict[str, Any]) -> None:
        self._place, self._session, self._plan, self._data = place, session, plan, data
        self._results = Results(place, session, list_data(place, "public")["words"])
        self._causes = case_causes()

    def block(self, number: int, inspection_id: str) -> Block:
        """The block of one inspection."""
        inspection = self._session.get_one(Inspection, inspection_id)
        kind, on = label("inspection_type", inspection.inspection_type), local_date(inspection.started_at)
        single = {**self._task(inspection), **self._subject(inspection), **self._visit(inspection)}
        repeated = {
            "certificates": [self._texts(each) for each in certificates_of(self._session, inspection)],
            "findings": [self._finding(inspection, each) for each in self._parts(Finding, inspection_id)],
            "orders": [self._texts(each) for each in self._parts(RectificationOrder, inspection_id)],
            "cases": [self._case(each) for each in self._parts(Case, inspection_id)],
            "notifications": [
                {**self._texts(each), "kind": label("notification", each.kind)}
                for each in self._parts(Notification, inspection_id)
            ],
        }
        head = self._data["head"].format(
            number=number, subject=inspection.subject_name, type=kind, on=on.isoformat()
        )
        line = (str(number), inspection.subject_name, inspection.subject_code, kind, on.isoformat())
        return Block(head, line, tuple(self._groups(single, repeated)))

    def _groups(
        self, single: dict[str, str], repeated: dict[str, list[dict[str, str]]]
    ) -> Iterator[FieldGroup]:
        """The groups of the file; one that repeats comes for each, and not at all where there is none."""
        for group in self._data["groups"]:
            rows = repeated.get(group["each"], []) if "each" in group else [single]
            for number, row in enumerate(rows, 1):
                title = group["title"]
                if len(rows) > 1:
                    title = self._data["nth"].format(name=title, number=number)
                yield FieldGroup(
                    title, tuple((name, row.get(key, "")) for key, name in group["fields"].items())
                )

    def _parts(self, part: type[Base], inspection_id: str) -> Sequence[Any]:
        columns = part.__table__.columns
        query = select(part).where(columns["inspection_id"] == inspection_id)
        if part is Finding:
            query = query.where(Finding.confirmed)
        return self._session.scalars(query.order_by(columns["key"])).all()

    def _task(self, inspection: Inspection) -> dict[str, str]:
        key = (inspection.plan_id, inspection.task_key)
        task = self._session.get(PlanTask, key) if all(key) else None
        return {
            "task.plan": self._plan.title,
            "task.title": task.title if task else "",
            "task.document": (task.document if task else "") or self._plan.document,
            "task.source": label("task_source", inspection.task_source),
            "inspection.type": label("inspection_type", inspection.inspection_type),
        }

    def _subject(self, inspection: Inspection) -> dict[str, str]:
        holder = self._session.get(Organization, inspection.organization_id)
        return {
            "subject.name": inspection.subject_name,
            "subject.code": inspection.subject_code,
            "subject.region": inspection.region or (holder.region if holder else ""),
            "subject.address": inspection.subject_address,
            "subject.representative": inspection.subject_representative,
            "subject.phone": inspection.subject_phone,
        }

    def _visit(self, inspection: Inspection) -> dict[str, str]:
        people = self._session.scalars(
            select(InspectionOfficer)
            .where(InspectionOfficer.inspection_id == inspection.id)
            .order_by(InspectionOfficer.credential)
        ).all()
        found = self._results.row(inspection)
        return {
            "inspection.number": inspection.number,
            "inspection.started": _text(inspection.started_at),
            "inspection.finished": _text(inspection.finished_at),
            "inspection.place": inspection.place,
            "inspection.officers": joined(
                "names", (f"{each.name} {each.credential}" for each in people if each.officer)
            ),
            "inspection.experts": joined("names", (each.name for each in people if not each.officer)),
            "inspection.production": label("production_status", inspection.production_status),
            "inspection.class": label("product_class", inspection.product_class),
            "inspection.situation": inspection.situation,
            "inspection.result": found.result,
            "inspection.measure": found.measure,
            "inspection.opinion": inspection.opinion,
        }

    def _finding(self, inspection: Inspection, finding: Finding) -> dict[str, str]:
        law = law_of(self._place, inspection)
        provisions = law_of_visit(self._session, law, inspection.id).duties(finding)
        return {
            **self._texts(finding),
            "item": self._item(inspection, finding.item.partition("@")[0]),
            "disposition": label("disposition", finding.disposition),
            "provision": joined("clauses", dict.fromkeys(each.text for each in provisions)),
        }

    def _item(self, inspection: Inspection, item: str) -> str:
        try:
            found = questions.checklist_of(self._place, inspection).item(item)
        except BadInput:
            return item  # a checklist that is not here: the item keeps its number
        return f"{found.shown} {found.text}" if found else item

    def _case(self, case: Case) -> dict[str, str]:
        return {**self._texts(case), "cause": self._causes.get(case.cause, case.cause)}

    def _texts(self, row: Base) -> dict[str, str]:
        """Every column of a part as text: coded words by their labels, money in 元, days as ISO."""
        part = getattr(row, "__part__", "")
        told = partial(self._value, part)
        return {column.key: told(column.key, getattr(row, column.key)) for column in row.__table__.columns}

    def _value(self, part: str, key: str, value: object) -> str:
        if key in MONEY:
            return yuan(value) if isinstance(value, int) else ""
        text = _text(value)
        return label(vocabulary(f"{part}/-/{key}"), text) if text else ""


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(LOCAL).strftime(MINUTE)
        case date():
            return value.isoformat()
        case bool():
            return label("record_value", "yes" if value else "no")
    return str(value)
