"""What is found wrong in the demonstration could be found there, and is punished as the law says."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import pytest

from app.checklists.loader import catalog
from app.checklists.schema import Checklist
from app.demo.faults import Fault, chosen, faults, lapsed
from app.demo.rehearsal import SHARES
from app.law.duties import duties_of, parties, penalties_of
from app.law.library import library
from app.services.casework import case_causes
from app.services.sheet_rows import CertificateRow
from app.vocabulary import CertificateStatus, Disposition, InspectionType, SubjectKind

KINDS = sorted(SHARES)
ALL = [(kind, fault) for kind in KINDS for fault in faults(kind)]
DECIDED = [(kind, fault) for kind, fault in ALL if fault.course == "decided"]
THOUSAND = 100_000


def current(kind: InspectionType) -> Checklist:
    return next(each for each in catalog().values() if each.inspection_type is kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_visit_has_its_faults_on_items_that_are_asked_at_once(kind: InspectionType) -> None:
    asked = {item.id: item for item in current(kind).items()}
    for fault in faults(kind):
        assert asked[fault.item].condition in {None, "not production.idle"}, fault.item
    found = chosen(kind, 3, "decided", Random(3))
    assert [each.course for each in found.values()] == ["decided", "", ""]
    assert all(key == each.item for key, each in found.items())
    assert not any(each.course for each in chosen(kind, 3, "", Random(3)).values())


@pytest.mark.parametrize("kind, fault", ALL)
def test_a_fault_is_a_breach_of_the_enterprise_s_own(kind: InspectionType, fault: Fault) -> None:
    item = current(kind).item(fault.item)
    bound = parties(kind, SubjectKind.ORGANIZATION)
    if fault.course != "authority":  # that one is another authority's to judge
        assert duties_of(library(), item.references, bound), item.text
    assert set(item.dispositions) & {Disposition.RECTIFY_BY_DATE, Disposition.CASE_LEAD}
    assert bool(fault.course) is bool(fault.cause) is bool(fault.answer)
    assert not fault.cause or fault.cause in case_causes()


@pytest.mark.parametrize("kind, fault", DECIDED)
def test_a_fine_lies_in_the_range_of_a_provision_that_the_item_names(
    kind: InspectionType, fault: Fault
) -> None:
    item = current(kind).item(fault.item)
    assert fault.penalty in penalties_of(
        library(), item.penalty_references, parties(kind, SubjectKind.ORGANIZATION)
    )
    provision = library().get(fault.penalty)
    low, high = (each * THOUSAND for each in fault.fine)
    assert 0 < low <= high
    # 货值金额等值以下 where the provision names no amount
    limit = provision.penalty_max_fen or fault.goods[0] * THOUSAND
    assert (provision.penalty_min_fen or 0) <= low <= high <= limit
    assert fault.goods[0] * THOUSAND >= (provision.small_goods_fen or 0)


@pytest.mark.parametrize("kind, fault", ALL)
def test_the_days_in_a_text_lie_before_the_visit(kind: InspectionType, fault: Fault) -> None:
    on = date(2026, 1, 9)
    text = fault.told(on, Random(1))
    for year, month, day in re.findall(r"(\d{4})年(\d+)月(?:(\d+)日)?", text):
        assert date(int(year), int(month), int(day or 1)) < on
        assert (int(year), int(month)) == (2025, 12)
    assert "{" not in text


def test_a_certificate_that_is_not_valid_is_no_conforming_answer() -> None:
    def held(
        number: str, status: CertificateStatus, until: date, *, in_scheme: bool = True
    ) -> CertificateRow:
        return CertificateRow(number, "电线", "", "", status, None, None, until, None, in_scheme)

    on, later, before = date(2026, 3, 4), date(2027, 1, 1), date(2026, 2, 3)
    rows = [
        held("A1", CertificateStatus.VALID, later),
        held("A2", CertificateStatus.SUSPENDED, later),
        held("A3", CertificateStatus.VALID, before),
        held("A4", CertificateStatus.CANCELLED, later, in_scheme=False),
    ]
    found = lapsed(InspectionType.MS_ORG, rows, on)
    assert {item: each.note[:4] for item, each in found.items()} == {"1.5": "证书A2", "1.4": "证书A3"}
    assert "2026年2月3日" in found["1.4"].note
    assert "A4" not in str(lapsed(InspectionType.CCC_PRODUCER, rows, on))
