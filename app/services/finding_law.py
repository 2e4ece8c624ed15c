"""What a finding rests on, as every paper cites it: as its order writes it, else as the library does.

Whoever drafted an order looked its articles up and may have written them otherwise than the library. Two
papers of one visit must not cite different law, so all of them ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.law.citation import as_written, lacks_article
from app.law.duties import duties_of, parties, penalties_of
from app.law.library import Library
from app.models.enforcement import RectificationOrder
from app.models.inspection import Finding, Inspection
from app.services.citing import cited
from app.services.sheet_rows import CitedProvision, FindingRow
from app.vocabulary import Disposition, Obliged, SubjectKind

Cited = tuple[CitedProvision, ...]
Place = tuple[str, str]
"""The key of an order (empty for a finding without) and the id of a provision."""


@dataclass(frozen=True, slots=True)
class FindingLaw:
    """The provisions of one visit's findings and of their penalties; ``_own`` those ids, by a finding's key."""

    _duties: Mapping[Place, CitedProvision]
    _penalties: Mapping[Place, CitedProvision]
    _own: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

    def duties(self, finding: Finding) -> Cited:
        """What was violated: the duties of whom the finding, or its order, is directed at."""
        return _found(self._duties, finding.order_key, self._own[finding.key][0])

    def penalties(self, finding: Finding) -> Cited:
        """What the breach may be penalized by."""
        return _found(self._penalties, finding.order_key, self._own[finding.key][1])


def finding_law(session: Session, law: Library, findings: Iterable[Finding]) -> FindingLaw:
    """The law of all findings of one visit. One that is in no order goes by what an order wrote of the same."""
    by_order: dict[str, list[Finding]] = {}
    for each in findings:
        by_order.setdefault(each.order_key or "", []).append(each)
    duties: dict[Place, CitedProvision] = {}
    penalties: dict[Place, CitedProvision] = {}
    own: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for key, some in sorted(by_order.items()):
        order = _order(session, key, some)
        for each in some:
            bound = _bound(session, order, each)
            broken = duties_of(law, each.provision.split(), bound)
            own[each.key] = broken, penalties_of(law, each.penalty.split(), bound)
        known = cited(law, _ids(own[each.key][0] for each in some))
        duties |= {(key, each.id): each for each in _written(known, order, "violated")}
        known = cited(law, _ids(own[each.key][1] for each in some))
        penalties |= {(key, each.id): each for each in _written(known, order, "basis")}
    return FindingLaw(duties, penalties, own)


def _bound(session: Session, order: RectificationOrder | None, finding: Finding) -> frozenset[Obliged]:
    """As what whoever has to answer for a finding is bound."""
    kind = session.get_one(Inspection, finding.inspection_id).inspection_type
    return parties(kind, finding.against if order is None else order.subject_kind)


def law_of_visit(session: Session, law: Library, inspection_id: str) -> FindingLaw:
    """The law of all findings of a visit."""
    return finding_law(
        session, law, session.scalars(select(Finding).where(Finding.inspection_id == inspection_id))
    )


def is_own_breach(finding: Finding | FindingRow, duties: Sized) -> bool:
    """Whether a finding says that the inspected organization broke the law; ``duties`` are what it violated.

    What another party did is no breach of its own, nor is a nonconformity that rests on nothing but powers,
    notices and others' duties; what an inspector wrote without any provision, ordered to be mended or
    noted as a lead is.
    """
    if finding.against is not SubjectKind.ORGANIZATION:
        return False
    followed = finding.order_key is not None or finding.disposition is Disposition.CASE_LEAD
    return bool(duties) or followed or not finding.provision.strip()


def _order(session: Session, key: str, findings: list[Finding]) -> RectificationOrder | None:
    return session.get(RectificationOrder, (findings[0].inspection_id, key)) if key else None


def _ids(some: Iterable[Iterable[str]]) -> dict[str, None]:
    return dict.fromkeys(each for ids in some for each in ids)


def _written(known: Cited, order: RectificationOrder | None, column: str) -> Cited:
    """Provisions as an order writes them; with a name behind them they were compared with the official text."""
    if order is None:
        return known
    texts = as_written([each.text for each in known], str(getattr(order, column)))
    return tuple(
        replace(
            each,
            text=text,
            needs_confirmation=each.needs_confirmation and (not order.confirmed_by or lacks_article(text)),
        )
        for each, text in zip(known, texts, strict=True)
    )


def _found(known: Mapping[Place, CitedProvision], order_key: str | None, wanted: Iterable[str]) -> Cited:
    if order_key:
        return tuple(known[order_key, each] for each in wanted)
    written: dict[str, CitedProvision] = {}
    for (key, each), found in known.items():
        if key:
            written.setdefault(each, found)
    return tuple(written.get(each, known["", each]) for each in wanted)
