"""信用信息: penalties decided in a period, with the days by which and until which they are shown.

The rules are those of 市场监督管理行政处罚信息公示规定 (2021): within the working days of the law
library's limit ``penalty-disclosure``; three months where nothing but a fine of a small amount was
imposed, otherwise three years (numbers in ``resources/documents/lists.toml``). What is small is set by
the province (setting ``small_fine_yuan``). Where the program cannot know, the row says what to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files import atomic_file
from app.models.enforcement import Case
from app.models.inspection import Finding, Inspection
from app.planning.workdays import Deadline, add_working_days, months_after
from app.services.casework import case_causes
from app.services.enforcing import extra_days
from app.services.finding_law import law_of_visit
from app.services.lawbook import law_of, law_on
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
from app.services.publishing import public_code
from app.services.scopes import DONE, in_conflict
from app.services.workplace import Workplace
from app.statistics.paper_list import A3, PaperList, write_list
from app.statistics.period import Period, PeriodRule, chosen_period
from app.statistics.summary_words import yuan

LIMIT = "penalty-disclosure"
USUAL_WORKING_DAYS = 20


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A penalty: ``deadline`` is the last day to show it, ``until`` the day its showing ends.

    ``until`` is ``None`` where that cannot be known; ``remarks`` are the words of what to check. Money
    in 分.
    """

    record_id: str
    key: str
    document: str
    filing: str
    party: str
    code: str
    cause: str
    facts: str
    basis: str
    fine: int
    confiscated: int
    decided_on: date
    deadline: date
    until: date | None
    term: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditList:
    """The penalties, and the cases of inspections that are not counted yet (in conflict, unfinished)."""

    title: str
    period: Period
    rows: tuple[CreditRow, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditWritten:
    """A written list."""

    path: Path
    told: CreditList


def credit_list(
    place: Workplace, *, plan_id: str = "", period_from: date | None = None, period_to: date | None = None
) -> CreditList:
    """Penalties of a plan's inspections, or of all, by the day of decision (this year unless asked otherwise)."""
    data = list_data(place, "credit")
    period = chosen_period(PeriodRule(), place.today(), period_from, period_to)
    with place.read() as session:
        plan = find_plan(session, plan_id) if plan_id else None
        title = title_of(place, data, plan)
        decided = (
            select(Case, Inspection)
            .join(Inspection, Inspection.id == Case.inspection_id)
            .where(Case.decided_on.between(period.first, period.last))
            .order_by(Case.decided_on, Case.inspection_id, Case.key)
        )
        if plan is not None:
            decided = decided.where(Inspection.plan_id == plan.id)
        counting = (Inspection.status.in_(DONE), ~in_conflict())
        found = session.execute(decided.where(*counting)).all()
        told = _Penalties(place, session, data)
        rows = tuple(told.row(case, inspection) for case, inspection in found)
        known = {(row.record_id, row.key) for row in rows}
        every = ((case.inspection_id, case.key) for case, _ in session.execute(decided))
        left_out = tuple(dict.fromkeys(each[0] for each in every if each not in known))
    return CreditList(title, period, rows, left_out)


class _Penalties:
    """Words penalties with their days."""

    def __init__(self, place: Workplace, session: Session, data: dict[str, Any]) -> None:
        self._place, self._session, self._data = place, session, data
        self._words: dict[str, str] = data["words"]
        self._causes = case_causes()

    def row(self, case: Case, inspection: Inspection) -> CreditRow:
        """One decided case."""
        assert case.decided_on is not None
        fine, confiscated = case.fine or 0, case.confiscated or 0
        deadline = self._deadline(case.decided_on)
        term, until = self._term(fine, confiscated, deadline.on)
        basis = self._basis(case, inspection)
        return CreditRow(
            record_id=case.inspection_id,
            key=case.key,
            document=case.decision_number,
            filing=case.number,
            party=case.subject_name,
            code=public_code(case.subject_code),
            cause=self._causes.get(case.cause, case.cause),
            facts=case.facts,
            basis=basis,
            fine=fine,
            confiscated=confiscated,
            decided_on=case.decided_on,
            deadline=deadline.on,
            until=until,
            term=term,
            remarks=tuple(self._remarks(case, deadline, basis)),
        )

    def _deadline(self, decided_on: date) -> Deadline:
        limit = law_on(self._place, decided_on).limit(LIMIT)
        days = limit.amount if limit is not None else USUAL_WORKING_DAYS
        return add_working_days(decided_on, days, extra_days(self._place))

    def _term(self, fine: int, confiscated: int, shown_from: date) -> tuple[str, date | None]:
        """How long a penalty is shown, in words, and the day it ends; nothing where no money tells."""
        if not fine and not confiscated:
            return "", None
        small = not confiscated and fine <= self._place.settings.small_fine_yuan * 100
        months = self._data["small_months" if small else "months"]
        return self._words["term_small" if small else "term_long"], months_after(shown_from, months)

    def _basis(self, case: Case, inspection: Inspection) -> str:
        """The penalty provisions of the case's order, or of all findings where it has none."""
        wanted = select(Finding).where(Finding.inspection_id == case.inspection_id, Finding.confirmed)
        if case.order_key:
            wanted = wanted.where(Finding.order_key == case.order_key)
        rests = law_of_visit(self._session, law_of(self._place, inspection), inspection.id)
        findings = self._session.scalars(wanted.order_by(Finding.noted_at, Finding.key))
        found = (each for finding in findings for each in rests.penalties(finding))
        return self._words["semicolon"].join(
            dict.fromkeys(
                self._words["doubtful"].format(citation=each.text) if each.needs_confirmation else each.text
                for each in found
            )
        )

    def _remarks(self, case: Case, deadline: Deadline, basis: str) -> Iterator[str]:
        fine, confiscated = case.fine or 0, case.confiscated or 0
        if not case.decision_number:
            yield self._words["no_document"]
        if not fine and not confiscated:
            yield self._words["no_money"]
        if fine and not confiscated and not self._place.settings.small_fine_yuan:
            yield self._words["maybe_small"]
        if not basis:
            yield self._words["no_basis"]
        if deadline.on < self._place.today():
            yield self._words["late"]
        if not deadline.certain:
            yield self._words["guessed"]


def write_credit(
    place: Workplace,
    *,
    out: Path,
    plan_id: str = "",
    period_from: date | None = None,
    period_to: date | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> CreditWritten:
    """Write the penalties as a workbook, whole or not at all."""
    told = credit_list(place, plan_id=plan_id, period_from=period_from, period_to=period_to)
    data = list_data(place, "credit")
    columns = columns_of(data)
    lines = (_line(place, data["words"], number, row) for number, row in enumerate(told.rows, 1))
    sheet = PaperList(
        told.title, place.owner.office, made_on(place), tuple(columns.values()), rows_of(columns, lines),
        tuple(data.get("notes", {}).values()), A3,
    )  # fmt: skip
    with atomic_file(out) as target:
        write_list(target, sheet, Steps(len(sheet.rows), out.name, progress, cancelled))
    return CreditWritten(out, told)


def _line(place: Workplace, words: dict[str, str], number: int, row: CreditRow) -> dict[str, str]:
    amounts = (("fine", row.fine), ("confiscated", row.confiscated))
    return {
        "number": str(number),
        "document": row.document,
        "filing": row.filing,
        "party": row.party,
        "code": row.code,
        "cause": row.cause,
        "facts": row.facts,
        "basis": row.basis,
        "penalty": words["comma"].join(words[key].format(amount=yuan(fen)) for key, fen in amounts if fen),
        "office": place.owner.office,
        "decided": row.decided_on.isoformat(),
        "deadline": row.deadline.isoformat(),
        "term": row.term,
        "until": row.until.isoformat() if row.until else "",
        "remark": words["semicolon"].join(row.remarks),
    }
