"""Who is one 家 and who is two: codes, records, names and approval numbers meet in the store."""

from __future__ import annotations

from datetime import date

from app.models.registry import CertificationBody, Organization
from app.services import reporting
from app.services.workplace import Workplace
from app.statistics.table import Table
from app.vocabulary import NotificationKind, ProductClass, SubjectKind
from tests.statistics.small_year import Year, noon

DAY = date(2026, 3, 2)


def ccc(place: Workplace, year: Year) -> Table:
    year.write(place)
    return reporting.table(place, table="ccc-annex1")


def organization(year: Year, key: str) -> Organization:
    return next(row for row in year.rows if isinstance(row, Organization) and row.id == key)


def test_a_code_seen_on_a_visit_serves_where_the_registry_has_none(office: Workplace) -> None:
    year = Year()
    year.organization("a", "宜丰线缆有限公司", "91360900TWIN000009")
    year.organization("b", "江西宜丰线缆有限公司", "91360900TWIN000009")
    year.certificate("a", ProductClass.CABLE)
    year.visit("v1", "a", noon(3, 1), ProductClass.CABLE)
    year.visit("v2", "b", noon(3, 2), ProductClass.CABLE)
    organization(year, "b").credit_code = ""  # written on the spot, unknown to the registry
    table = ccc(office, year)
    assert table.cells["cable"]["inspected"].value == 1
    assert table.cells["cable"]["inspected"].record_ids == ("v1", "v2")


def test_a_code_that_the_registry_corrected_is_still_the_same_enterprise(office: Workplace) -> None:
    year = Year()
    year.organization("a", "宜丰线缆有限公司", "91360900WRONG00001")
    year.certificate("a", ProductClass.CABLE)
    year.visit("v1", "a", noon(3, 1), ProductClass.CABLE)
    year.order("v1", DAY)
    year.case("v1", filed_on=DAY)
    organization(year, "a").credit_code = "91360900RIGHT00001"
    year.visit("v2", "a", noon(3, 5), ProductClass.CABLE)
    year.order("v2", DAY)
    cells = ccc(office, year).cells["cable"]
    assert (cells["inspected"].value, cells["ordered_enterprises"].value) == (1, 1)
    assert cells["offenders"].value == 1


def test_without_codes_two_records_are_two_enterprises(office: Workplace) -> None:
    year = Year()
    for key in "ab":
        year.organization(key, "宜丰线缆有限公司")
        year.certificate(key, ProductClass.CABLE)
        year.visit(f"v{key}", key, noon(3, 1), ProductClass.CABLE)
        year.order(f"v{key}", DAY)
    cells = ccc(office, year).cells["cable"]
    assert (cells["inspected"].value, cells["ordered_enterprises"].value) == (2, 2)


def test_an_inspection_of_a_record_that_is_not_here_counts_by_its_code(office: Workplace) -> None:
    year = Year()
    year.organization("a", "宜丰线缆有限公司", "91360900TWIN000009")
    year.visit("v1", "a", noon(3, 1))
    year.visit("v2", "a", noon(3, 2))
    year.rows = [row for row in year.rows if not isinstance(row, Organization)]
    year.write(office)
    table = reporting.table(office, table="shanghai-annex2")
    assert table.cells["CCC_PRODUCER"]["inspected"].value == 1


def test_a_case_against_someone_else_is_someone_else(office: Workplace) -> None:
    year = Year()
    year.organization("a", "宜丰线缆有限公司", "91360900TWIN000009")
    year.visit("v1", "a", noon(3, 1), ProductClass.CABLE)
    year.case("v1", "3", filed_on=DAY)
    year.case("v1", "3", filed_on=DAY, name="路边无名作坊")
    assert ccc(office, year).cells["cable"]["unlicensed"].value == 2


def test_a_body_is_one_under_its_name_and_its_number(office: Workplace) -> None:
    year = Year()
    year.organization("a", "宜丰线缆有限公司")
    year.rows += [
        CertificationBody(id="b1", name="中衡认证中心有限公司", approval="CNCA-R-2010-001"),
        CertificationBody(id="b2", name="中衡认证中心", approval="CNCA-R-2010-001"),
    ]
    for number, name in enumerate(("中衡认证中心有限公司", "中衡认证中心", "华信认证有限公司")):
        visit = year.visit(f"v{number}", "a", noon(3, 1), ProductClass.CABLE)
        year.order(visit, DAY, body=name)
        year.case(visit, "4", filed_on=DAY, kind=SubjectKind.CERTIFICATION_BODY, name=name)
        year.notice(visit, DAY, NotificationKind.PROVINCE, name, "其他编号" if number == 1 else "")
    cells = ccc(office, year).cells["cable"]
    assert (cells["ordered_bodies"].value, cells["offending_bodies"].value) == (2, 2)
