"""A finished visit shows the certificates of its day: what came later changes nothing of it."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import Workbook

from app.models.inspection import Inspection
from app.models.registry import Certificate, Organization
from app.services import inspecting, sheets
from app.services.registering import import_registry, organization_detail, organization_ids
from app.services.registry_then import certificates_then, status_on
from app.vocabulary import CertificateStatus, InspectionStatus
from tests.services.conftest import DUTIES
from tests.services.parcels import ASSIGNMENT, ORG, introduce, make_task, receive, send

DAY, NEXT_DAY = date(2026, 8, 12), date(2026, 8, 13)
HEADER = ["证书编号", "认证项目", "证书状态", "到期日期", "获证组织名称", "统一社会信用代码"]
VALID, WITHDRAWN = CertificateStatus.VALID, CertificateStatus.WITHDRAWN


def take(office, folder, as_of: str, *rows: tuple[str, str, str]) -> None:
    """Import a list of (number, status, last day) of one enterprise."""
    book = Workbook()
    book.active.append([f"数据截至 {as_of}"])
    book.active.append(HEADER)
    for number, status, until in rows:
        book.active.append([number, "质量管理体系认证", status, until, "甲公司", "914403001922038216"])
    book.save(folder / f"{as_of}.xlsx")
    import_registry(office, path=folder / f"{as_of}.xlsx")


def then(place, organization, day):
    with place.read() as session:
        found = certificates_then(session, organization, day)
    return {row.number: (row.status, row.expires_on, row.as_of) for row in found.certificates}, found.kept


def test_an_office_undoes_what_its_files_said_after_the_day(office, clock, tmp_path):
    take(office, tmp_path, "2026-01-31", ("Z1", "有效", "2027-03-01"), ("Z2", "有效", "2027-03-01"))
    (organization,) = organization_ids(office)
    clock.move(days=1)
    take(office, tmp_path, "2026-06-30", ("Z1", "撤销", "2028-01-01"))
    clock.move(days=1)
    take(office, tmp_path, "2026-07-31", ("Z1", "有效", "2029-01-01"))
    first = {name: (VALID, date(2027, 3, 1), date(2026, 1, 31)) for name in ("Z1", "Z2")}
    assert then(office, organization, DAY) == (first, True)
    second = first | {"Z1": (WITHDRAWN, date(2028, 1, 1), date(2026, 6, 30))}
    assert then(office, organization, NEXT_DAY) == (second, True)
    now = {row.number: row.expires_on for row in organization_detail(office, organization).certificates}
    assert now["Z1"] == date(2029, 1, 1), "looking back changed nothing"


def test_before_the_first_file_today_s_word_has_to_do_and_that_is_said(office, tmp_path):
    take(office, tmp_path, "2026-01-31", ("Z1", "有效", "2027-03-01"))
    (organization,) = organization_ids(office)
    found, kept = then(office, organization, date(2026, 3, 1))
    assert (list(found), kept) == (["Z1"], False)
    detail = organization_detail(office, organization, on=date(2026, 3, 1))
    assert (detail.on, detail.kept, len(detail.certificates)) == (date(2026, 3, 1), False, 1)


def test_a_laptop_keeps_to_what_had_come_by_the_day(office, laptop, clock, tmp_path):
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path / "1.cyb", to=laptop.device_id))
    visit = inspecting.start(laptop, duties=DUTIES, assignment_id=ASSIGNMENT).id
    clock.move(days=1)
    with office.write("test.withdraw") as work:
        work.session.get(Certificate, (ORG, "2020010105/1")).status = WITHDRAWN
        work.session.get(Organization, ORG).address = "搬走了"
        work.commit()
    receive(laptop, send(office, tmp_path / "2.cyb", to=laptop.device_id))
    under_way = sheets.sheet(laptop, inspection_id=visit)
    assert [row.status for row in under_way.certificates] == [WITHDRAWN], "who is there must know it"
    assert under_way.registry_on is None
    with laptop.write("test.finish") as work:
        work.session.get(Inspection, visit).status = InspectionStatus.FINALISED
        work.commit()
    done = sheets.sheet(laptop, inspection_id=visit)
    assert [row.status for row in done.certificates] == [VALID]
    assert (done.registry_on, done.registry_kept) == (DAY, True)
    assert then(laptop, ORG, NEXT_DAY)[0]["2020010105/1"][0] is WITHDRAWN


@pytest.mark.parametrize(
    "word, days, on_the_day",
    [
        (WITHDRAWN, {"ended_on": NEXT_DAY}, VALID),
        (WITHDRAWN, {"ended_on": DAY}, WITHDRAWN),
        (WITHDRAWN, {}, WITHDRAWN),
        (CertificateStatus.SUSPENDED, {"suspended_from": NEXT_DAY}, VALID),
        (CertificateStatus.SUSPENDED, {"suspended_from": DAY}, CertificateStatus.SUSPENDED),
        (CertificateStatus.EXPIRED, {"expires_on": DAY}, VALID),
        (CertificateStatus.EXPIRED, {"expires_on": date(2026, 8, 11)}, CertificateStatus.EXPIRED),
    ],
)
def test_what_began_after_the_day_had_not_begun(word, days, on_the_day):
    assert status_on({"status": word, **days}, DAY) is on_the_day


def test_what_was_issued_later_was_not_there(laptop):
    with laptop.write("test.registry") as work:
        work.session.add(Organization(id=ORG, name="甲公司"))
        work.session.flush()
        for number, issued in (("A", DAY), ("B", NEXT_DAY), ("C", None)):
            work.session.add(
                Certificate(organization_id=ORG, number=number, scheme="ccc", status=VALID, issued_on=issued)
            )
        work.commit()
    assert list(then(laptop, ORG, DAY)[0]) == ["A", "C"]
