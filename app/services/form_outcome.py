"""What a visit's record already tells of the choices on the random inspection's sheet (domain.md §9).

A proposal for whoever fills the sheet in, who may change each. What the record does not tell stays open:
whether papers or other authorities were consulted, whether the party obstructed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.enforcement import Case, RectificationOrder
from app.services.citing import marked
from app.services.finding_law import is_own_breach
from app.services.sheet_rows import FindingRow, Sheet
from app.vocabulary import (
    CaseStatus,
    Conclusion,
    Disposition,
    InspectionType,
    ProductionStatus,
    RepeatSubject,
)
from app.wording import joined, label

Data = dict[str, object]

_MET: Final[Mapping[ProductionStatus | None, str]] = {
    ProductionStatus.NOT_FOUND: "not_found",
    ProductionStatus.CLOSED: "closed",
    ProductionStatus.MOVED: "deregistered",
}
"""What was met instead of an enterprise at work.

The sheet names moving in one choice only, 注销／被吊销／被撤销／迁出; whoever knows that the enterprise
moved within the district chooses otherwise, as the hint at the entry says.
"""

_HANDLED: Final = {Disposition.RECTIFY_BY_DATE: "rectify", Disposition.CASE_LEAD: "case"}
"""Dispositions that the sheet has a choice of its own for; the others are named behind 其他."""

_CITED: Final = 3
"""Provisions named on the sheet's one line; how many there are stands behind them."""


def outcome_data(session: Session, shown: Sheet) -> Data:
    """``methods``, ``results`` and ``next`` as the codes of the sheet's choices, ``violated``, ``next_other``.

    ``unverified``: whether anything that was violated still has to be compared with the official text.
    """
    findings = [row for row in shown.findings if row.confirmed]
    breaches = [row for row in findings if is_own_breach(row, row.cited)]
    results = list(_results(shown, breaches))
    others = list(_others(findings))
    return {
        "methods": list(_methods(shown, findings)),
        "results": results,
        "violated": _violated(breaches),
        "unverified": "yes" if _doubtful(breaches) else None,
        "next": list(_next(session, shown, results, findings)) + (["other"] if others else []),
        "next_other": joined("names", others),
    }


def order_numbers(session: Session, shown: Sheet) -> dict[str, str]:
    """The orders of a visit by key, as they are told behind a disposition."""
    wanted = select(RectificationOrder).where(RectificationOrder.inspection_id == shown.header.id)
    return {row.key: row.number for row in session.scalars(wanted) if row.number}


def _methods(shown: Sheet, findings: Iterable[FindingRow]) -> Iterator[str]:
    looked = {
        section.group.of if section.group else None
        for section in shown.sections
        if any(item.verdict is not None for item in section.items)
    }
    met = shown.header.production_status is not None
    if shown.header.inspection_type is InspectionType.CB_SELF:
        # A certification body looks at itself; what comes in is its written account.
        yield from ["written"] if looked else []
    elif looked - {RepeatSubject.LINK} or met:
        yield "on_site"
    if RepeatSubject.SAMPLE in looked or any(row.disposition is Disposition.SAMPLING for row in findings):
        yield "testing"
    if RepeatSubject.LINK in looked:
        yield "network"


def _results(shown: Sheet, breaches: list[FindingRow]) -> Iterator[str]:
    met = _MET.get(shown.header.production_status)
    if met:
        yield met
    if breaches or (shown.conclusion and shown.conclusion.result is Conclusion.NONCONFORMING):
        yield "violation"
    elif not met and _answered(shown):
        yield "none"


def _answered(shown: Sheet) -> bool:
    """Whether everything that must be answered is, with no finding that waits to be confirmed."""
    items = [item for section in shown.sections for item in section.items]
    done = all(item.verdict is not None for item in items if item.required)
    return bool(items) and done and all(row.confirmed for row in shown.findings)


def _looked_at(shown: Sheet) -> bool:
    """Whether anything was checked; an enterprise that moved may have been visited where it is now."""
    return any(item.verdict is not None for section in shown.sections for item in section.items)


def _violated(findings: Iterable[FindingRow]) -> str:
    texts = list(dict.fromkeys(marked(each) for row in findings for each in row.cited))
    named = joined("names", texts[:_CITED])
    if len(texts) <= _CITED:
        return named
    return label("paper_outcome", "and_more").format(named=named, count=len(texts))


def _doubtful(findings: Iterable[FindingRow]) -> bool:
    return any(each.needs_confirmation for row in findings for each in row.cited)


def _next(session: Session, shown: Sheet, results: list[str], findings: list[FindingRow]) -> Iterator[str]:
    here = shown.header.id
    chosen = {_HANDLED[row.disposition] for row in findings if row.disposition in _HANDLED}
    orders = select(RectificationOrder.at_once).where(RectificationOrder.inspection_id == here)
    if not all(session.scalars(orders)):
        chosen.add("rectify")
    cases = select(Case.key).where(Case.inspection_id == here, Case.status != CaseStatus.NOT_FILED)
    if session.scalars(cases).first() is not None:
        chosen.add("case")
    if results == ["none"] and not chosen and not findings:
        yield "none"
    moved = "deregistered" in results
    if {"not_found", "closed"} & set(results) or (moved and not _looked_at(shown)):
        yield "stopped"
    yield from (word for word in ("rectify", "case") if word in chosen)


def _others(findings: Iterable[FindingRow]) -> dict[str, None]:
    named = (row.disposition for row in findings if row.disposition not in _HANDLED)
    return dict.fromkeys(label("disposition", each) for each in named)
