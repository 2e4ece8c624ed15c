"""Lists for the public: results of a plan's inspections (结果公示) and penalties decided (信用信息).

Only what is approved and in no conflict is published; what was left out is counted and named. Nothing
personal goes in: no persons, no telephones, and a code only where it is a sound 统一社会信用代码 (an
identity number is none).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.files import atomic_file
from app.intake.identifiers import is_credit_code
from app.law.duties import duties_of, parties
from app.law.library import Library
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.models.planning import Plan
from app.models.revisions import RecordState
from app.services.finding_law import is_own_breach
from app.services.lawbook import law_of
from app.services.list_words import (
    Cancelled,
    Progress,
    Steps,
    columns_of,
    list_data,
    made_on,
    rows_of,
    title_of,
)
from app.services.planning import find_plan
from app.services.workplace import Workplace
from app.statistics.paper_list import PaperList, write_list
from app.vocabulary import (
    CaseStatus,
    Disposition,
    InspectionStatus,
    InspectionType,
    ProductionStatus,
    SubjectKind,
)
from app.wording import label

_MET = {
    ProductionStatus.NOT_FOUND: "not_found",
    ProductionStatus.CLOSED: "closed",
    ProductionStatus.MOVED: "moved",
}
CHUNK = 500


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One inspection of the public list; ``result`` and ``measure`` in the list's words."""

    record_id: str
    subject: str
    code: str
    inspection_type: InspectionType
    on: date
    office: str
    result: str
    measure: str


@dataclass(frozen=True, slots=True)
class PublicList:
    """The list with what it leaves out.

    ``left_out`` names inspections by reason (``unapproved``, ``draft``, ``returned``,
    ``in_conflict``); ``uncoded`` those whose subject has no sound code: perhaps a natural person, whose
    name is to be looked at before publishing.
    """

    title: str
    rows: tuple[PublicRow, ...]
    left_out: dict[str, tuple[str, ...]]
    uncoded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListWritten:
    """A written list."""

    path: Path
    told: PublicList


def public_list(place: Workplace, *, plan_id: str) -> PublicList:
    """The results of a plan's inspections, by type, organization and day."""
    data = list_data(place, "public")
    with place.read() as session:
        plan = find_plan(session, plan_id)
        title = title_of(place, data, plan)
        found, left_out = _sorted_out(session, plan)
        rows = tuple(Results(place, session, data["words"]).rows(found))
    uncoded = tuple(row.record_id for row in rows if not row.code)
    ordered = sorted(rows, key=lambda row: (row.inspection_type, row.subject, row.on, row.record_id))
    return PublicList(title, tuple(ordered), left_out, uncoded)


def write_public(
    place: Workplace,
    *,
    plan_id: str,
    out: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ListWritten:
    """Write the list of results as a workbook, whole or not at all."""
    told = public_list(place, plan_id=plan_id)
    columns = columns_of(list_data(place, "public"))
    lines = (_public_line(number, row) for number, row in enumerate(told.rows, 1))
    sheet = PaperList(
        told.title, place.owner.office, made_on(place), tuple(columns.values()), rows_of(columns, lines)
    )
    with atomic_file(out) as target:
        write_list(target, sheet, Steps(len(sheet.rows), out.name, progress, cancelled))
    return ListWritten(out, told)


def _public_line(number: int, row: PublicRow) -> dict[str, str]:
    return {
        "number": str(number),
        "subject": row.subject,
        "code": row.code,
        "type": label("inspection_type", row.inspection_type),
        "on": row.on.isoformat(),
        "office": row.office,
        "result": row.result,
        "measure": row.measure,
    }


def _sorted_out(session: Session, plan: Plan) -> tuple[list[Inspection], dict[str, tuple[str, ...]]]:
    """A plan's inspections that may be published, and the others by reason."""
    query = (
        select(Inspection, RecordState.in_conflict)
        .outerjoin(
            RecordState,
            (RecordState.record_kind == Inspection.__record__) & (RecordState.record_id == Inspection.id),
        )
        .where(Inspection.plan_id == plan.id)
        .order_by(Inspection.started_at, Inspection.id)
    )
    good: list[Inspection] = []
    left: dict[str, list[str]] = defaultdict(list)
    for inspection, in_conflict in session.execute(query):
        reason = withheld(inspection.status, in_conflict=bool(in_conflict))
        if reason:
            left[reason].append(inspection.id)
        else:
            good.append(inspection)
    return good, {reason: tuple(ids) for reason, ids in left.items()}


def withheld(status: InspectionStatus, *, in_conflict: bool) -> str:
    """Why an inspection is not published yet; empty when it is approved and nothing is disputed."""
    if in_conflict:
        return "in_conflict"
    if status is InspectionStatus.APPROVED:
        return ""
    waiting = {InspectionStatus.FINALISED: "unapproved", InspectionStatus.RETURNED: "returned"}
    return waiting.get(status, "draft")


def public_code(code: str) -> str:
    """A code as it may be published: a sound credit code, nothing else."""
    return code if is_credit_code(code) else ""


class Results:
    """Words the result of inspections; findings, orders and cases are read some inspections at a time."""

    def __init__(self, place: Workplace, session: Session, words: dict[str, str]) -> None:
        self._place, self._session, self._words = place, session, words

    def row(self, inspection: Inspection) -> PublicRow:
        """The line of one inspection."""
        return next(self.rows([inspection]))

    def rows(self, inspections: list[Inspection]) -> Iterator[PublicRow]:
        """The lines of inspections, in their order."""
        for start in range(0, len(inspections), CHUNK):
            some = inspections[start : start + CHUNK]
            ids = [each.id for each in some]
            findings, followed = self._findings(ids), self._followed(ids)
            for each in some:
                yield self._row(each, findings[each.id], followed[each.id])

    def _findings(self, ids: list[str]) -> defaultdict[str, list[Finding]]:
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        query = select(Finding).where(Finding.inspection_id.in_(ids), Finding.confirmed)
        for each in self._session.scalars(query.order_by(Finding.noted_at, Finding.key)):
            found[each.inspection_id].append(each)
        return found

    def _followed(self, ids: list[str]) -> defaultdict[str, set[str]]:
        """Whether there is an order to the organization that was issued, or a case against it, by inspection."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        orders = select(RectificationOrder.inspection_id).where(
            RectificationOrder.inspection_id.in_(ids),
            RectificationOrder.issued_on.is_not(None),
            RectificationOrder.subject_kind == SubjectKind.ORGANIZATION,
        )
        going_on = Case.status != CaseStatus.NOT_FILED
        of_its_own = Case.subject_kind == SubjectKind.ORGANIZATION
        for word, query in (
            ("order", orders),
            ("case", select(Case.inspection_id).where(Case.inspection_id.in_(ids), going_on, of_its_own)),
        ):
            for inspection_id in self._session.scalars(query):
                found[inspection_id].add(word)
        return found

    def _row(self, inspection: Inspection, every: list[Finding], followed: set[str]) -> PublicRow:
        findings = [each for each in every if each.against is SubjectKind.ORGANIZATION]
        return PublicRow(
            record_id=inspection.id,
            subject=inspection.subject_name,
            code=public_code(inspection.subject_code),
            inspection_type=inspection.inspection_type,
            on=local_date(inspection.started_at),
            office=inspection.office or self._place.owner.office,
            result=self.result(inspection, findings),
            measure=self.measure(inspection, findings, followed),
        )

    def result(self, inspection: Inspection, findings: list[Finding]) -> str:
        """What was met on the spot, else whether the organization broke any law, and which.

        ``findings`` are those against the organization.
        """
        met = _MET.get(inspection.production_status) if inspection.production_status else None
        if met is not None:
            return self._words[met]
        law, bound = (
            law_of(self._place, inspection),
            parties(inspection.inspection_type, SubjectKind.ORGANIZATION),
        )
        broken = {each.key: duties_of(law, each.provision.split(), bound) for each in findings}
        if not any(is_own_breach(each, broken[each.key]) for each in findings):
            return self._words["none"]
        titles = dict.fromkeys(_documents(law, (each for ids in broken.values() for each in ids)))
        if not titles:
            return self._words["against_unnamed"]
        named = self._words["comma"].join(self._words["law"].format(title=each) for each in titles)
        return self._words["against"].format(law=named)

    def measure(self, inspection: Inspection, findings: list[Finding], followed: set[str]) -> str:
        """What follows: the gravest that there is."""
        if "case" in followed or any(each.disposition is Disposition.CASE_LEAD for each in findings):
            return self._words["case"]
        if "order" in followed:
            return self._words["order"]
        if inspection.production_status in _MET:
            return self._words["stopped"]
        if not findings:
            return self._words["no_measure"]
        named = dict.fromkeys(label("disposition", each.disposition) for each in findings)
        return self._words["other"].format(named=self._words["comma"].join(named))


def _documents(law: Library, ids: Iterable[str]) -> Iterator[str]:
    """Titles of the documents that provisions belong to."""
    for provision_id in ids:
        if provision := law.get(provision_id):
            yield provision.document.title
