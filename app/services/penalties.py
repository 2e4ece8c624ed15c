"""Amounts of a decision against what the cited provisions allow: questions, never refusals.

The officer knows what the program does not: several acts in one case, a mitigated penalty, a range
that another provision sets. So an amount that no cited provision allows is asked about, once.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.law.citation import names_confiscation
from app.law.library import Library
from app.law.provision import NO_MAXIMUM, Provision
from app.models.enforcement import Case
from app.models.inspection import Finding, Inspection
from app.services.lawbook import law_of
from app.services.workplace import Workplace
from app.wording import joined, label


def doubts(
    place: Workplace, *, inspection_id: str, key: str, fine: int, confiscated: int
) -> tuple[Problem, ...]:
    """What is unusual about the amounts (分) of a case's decision; empty when nothing is, or nothing is known."""
    with place.read() as session:
        case, inspection = session.get(Case, (inspection_id, key)), session.get(Inspection, inspection_id)
        if case is None or inspection is None:
            raise BadInput("casework.unknown_case", key=key)
        law = law_of(place, inspection)
        found = _penalties(session, law, case)
    return (*_about_fine(law, found, case, fine), *_about_confiscation(law, found, confiscated))


def _penalties(session: Session, law: Library, case: Case) -> list[Provision]:
    """The penalty provisions of the case's order, or of all findings when it goes back to none."""
    wanted = select(Finding.penalty).where(Finding.inspection_id == case.inspection_id, Finding.confirmed)
    if case.order_key:
        wanted = wanted.where(Finding.order_key == case.order_key)
    ids = dict.fromkeys(each for written in session.scalars(wanted) for each in written.split())
    return [found for each in ids if (found := law.get(each)) is not None]


def _about_fine(law: Library, penalties: Sequence[Provision], case: Case, fine: int) -> list[Problem]:
    """Ask when no cited provision allows the fine; one that varies without bounds allows any."""
    ranged = [(each, ranges) for each in penalties if (ranges := each.fines(case.goods_value))]
    allowed = any(low <= fine <= high for _, ranges in ranged for low, high in ranges)
    if not fine or not ranged or allowed or any(each.penalty_varies for each in penalties):
        return []
    usual = [ranges[0] for _, ranges in ranged]
    low, high = min(low for low, _ in usual), max(high for _, high in usual)
    cited = _cited(law, [each for each, _ in ranged])
    return [Problem("casework.fine_outside", values={"range": _range(low, high), "citation": cited})]


def _range(low: int, high: int) -> str:
    key = "from" if high == NO_MAXIMUM else "between"
    return label("fine_range", key).format(low=_yuan(low), high=_yuan(high))


def _yuan(amount: int) -> str:
    """分 as 元, with decimals only where it is no whole number."""
    return f"{amount / 100:.2f}".removesuffix(".00")


def _about_confiscation(law: Library, penalties: Sequence[Provision], confiscated: int) -> list[Problem]:
    if not confiscated or not penalties or any(names_confiscation(each.penalty) for each in penalties):
        return []
    return [Problem("casework.confiscation_outside", values={"citation": _cited(law, penalties)})]


def _cited(law: Library, penalties: Sequence[Provision]) -> str:
    return joined("clauses", (law.cite(each.id) for each in penalties))
