"""The small year with everything else an office did: 41 inspections of every kind that is counted.

To the nineteen of ``small_year.py`` (CCC and organic) come selenium, management systems with witness
checks, a certification body, a testing laboratory, self-inspections of bodies, and a plan. The reasons
for the expected numbers stand in ``test_whole_year.py``.
"""

from __future__ import annotations

from datetime import date

from app.models.inspection import Answer, Finding, Measurement
from app.models.people import Device
from app.models.planning import Assignment, Plan, PlanTask
from app.models.registry import Certificate, Organization
from app.statistics.loader import load_tables
from app.vocabulary import (
    CaseStatus,
    CertificateStatus,
    Disposition,
    InspectionStatus,
    InspectionType,
    NotificationKind,
    ProductionStatus,
    ReferralKind,
    Role,
    Scheme,
    Severity,
    SubjectKind,
)
from tests.statistics.small_year import BODY, FIRST, LAST, LI, PENG, SUSPENDED, YI, Year, noon, small_year

SELENIUM, MS, WITNESS = InspectionType.SELENIUM_ORG, InspectionType.MS_ORG, InspectionType.MS_WITNESS
SELF = InspectionType.CB_SELF
NORMAL, STOPPED, CLOSED = ProductionStatus.NORMAL, ProductionStatus.STOPPED, ProductionStatus.CLOSED
TABLES = load_tables()[0]
OTHER_BODY = "华信认证有限公司"


def items_of(table: str, column: str, kind: InspectionType | None = None) -> list[str]:
    """Items that a column counts by, of one type of inspection; the data say which they are."""
    found = TABLES[table].column(column)
    assert found is not None
    if kind is None:
        return list(found.items)
    return [item.partition("/")[2] for item in found.items if item.startswith(f"{kind}/")]


def whole_year() -> Year:
    """The rows of the year."""
    year = small_year()
    _selenium(year)
    _management_systems(year)
    _bodies_and_laboratories(year)
    _self_inspections(year)
    _plans(year)
    return year


def problem(year: Year, visit: str, item: str, against: SubjectKind, *, confirmed: bool = True) -> None:
    """A finding under a checklist item."""
    year.rows.append(
        Finding(
            inspection_id=visit, key=year._next("f"), item=item, description="与要求不符",
            severity=Severity.MAJOR, disposition=Disposition.NOTIFY_BODY, confirmed=confirmed,
            against=against, noted_at=noon(6, 1),
        )
    )  # fmt: skip


def value(year: Year, visit: str, item: str, text: str) -> None:
    """What was entered for a named measure of an item."""
    year.rows.append(Measurement(inspection_id=visit, key=item, value=text))


def audit_plan(year: Year, visit: str, first: date, last: date) -> None:
    """The dates of the audit plan as the witness checklist holds them."""
    for item, day in zip(items_of("ms-annex2", "witnessed"), (first, last), strict=True):
        value(year, visit, item, day.isoformat())


def _selenium(year: Year) -> None:
    def held(holder: str, status: CertificateStatus = CertificateStatus.VALID, **days: date) -> Certificate:
        year.certificate(holder, None, status, scheme=Scheme.SELENIUM, **days)
        found = year.rows[-1]
        assert isinstance(found, Certificate)
        return found

    year.organization("rice2", "丰城富硒大米合作社", "91360900SELE000021")
    rice = held("rice2")
    rice.product, rice.number, rice.body_name = "富硒大米", "FX2024-021", BODY
    farm = next(row for row in year.rows if isinstance(row, Organization) and row.id == "rice2")
    farm.address, farm.contact, farm.phone = "丰城市董家镇 3 号", "熊菊", "0795-6600021"
    # suspended, and a second certificate that is not
    year.organization("oil", "宜春富硒茶油有限公司", "91360900SELE000022")
    oils = held("oil", SUSPENDED, suspended_from=date(2026, 6, 1)), held("oil")
    for oil, product, number in zip(
        oils, ("富硒茶油", "富硒菜油"), ("FX2024-022", "FX2024-023"), strict=True
    ):
        oil.product, oil.number, oil.body_name = product, number, OTHER_BODY
    # expired the day before the end
    year.organization("egg", "高安富硒禽蛋厂", "91360900SELE000023")
    held("egg", CertificateStatus.EXPIRED, expires_on=date(2026, 7, 30))
    # issued on the last day, without a code, never inspected but in a record in conflict
    year.organization("white", "靖安富硒白茶厂")
    held("white", issued_on=LAST).number = "FX2026-024"
    # withdrawn the day after the end
    year.organization("bean", "奉新富硒豆业有限公司", "91360900SELE000025")
    held("bean", CertificateStatus.WITHDRAWN, ended_on=date(2026, 8, 1)).number = "FX2024-025"
    year.visit("s1", "rice2", noon(3, 10), kind=SELENIUM)
    year.visit("s2", "rice2", noon(5, 10), kind=SELENIUM, officers=(PENG, YI, LI))
    year.visit("s3", "oil", noon(4, 15), met=STOPPED, kind=SELENIUM)
    year.visit("s4", "egg", noon(4, 16), kind=SELENIUM)
    year.visit("s5", "bean", noon(6, 6), met=CLOSED, kind=SELENIUM, expert=True)
    year.visit("s6", "white", noon(6, 7), kind=SELENIUM, in_conflict=True)
    year.finding("s3")
    year.finding("s4")
    year.finding("s6")
    year.order("s3", date(2026, 4, 16), passed_on=date(2026, 5, 1))
    year.order("s4", date(2026, 4, 17))
    year.case("s4", "11", filed_on=date(2026, 5, 5), decided_on=date(2026, 6, 5), fine=500_000,
              confiscated=100_000, goods_value=2_000_000, status=CaseStatus.DECIDED)  # fmt: skip
    # referred before any decision
    year.case("s3", "11", filed_on=date(2026, 4, 20), referral=ReferralKind.JUDICIAL,
              referred_on=date(2026, 7, 1))  # fmt: skip
    year.notice("s3", date(2026, 4, 18), NotificationKind.CERTIFICATION_BODY)
    year.notice("s5", date(2026, 6, 8), NotificationKind.PROVINCE)


def _management_systems(year: Year) -> None:
    def held(holder: str, status: CertificateStatus = CertificateStatus.VALID, **days: date) -> None:
        year.certificate(holder, None, status, scheme=Scheme.MANAGEMENT_SYSTEM, **days)

    year.organization("cast", "袁州精密铸造有限公司", "91360900MSYS000031")
    held("cast")
    year.organization("pack", "樟树包装有限公司", "91360900MSYS000032")
    held("pack")
    year.organization("cloth", "上高纺织厂", "91360900MSYS000033")
    held("cloth", SUSPENDED)
    # under its first audit: no certificate yet
    year.organization("food", "万载食品有限公司", "91360900MSYS000034")
    year.organization("ended", "铜鼓竹业有限公司", "91360900MSYS000035")
    held("ended", CertificateStatus.CANCELLED, ended_on=date(2026, 2, 1))
    # witness checks: inside the plan; on its only day; a day late; of no known plan; after the period
    year.visit("w1", "cast", noon(4, 10), kind=WITNESS)
    audit_plan(year, "w1", date(2026, 4, 9), date(2026, 4, 11))
    year.visit("w2", "food", noon(5, 12), kind=WITNESS)
    audit_plan(year, "w2", date(2026, 5, 12), date(2026, 5, 12))
    year.visit("w3", "pack", noon(5, 20), kind=WITNESS)
    audit_plan(year, "w3", date(2026, 5, 18), date(2026, 5, 19))
    year.visit("w4", "pack", noon(6, 2), kind=WITNESS)
    year.visit("w5", "cast", noon(8, 3), kind=WITNESS)
    audit_plan(year, "w5", date(2026, 8, 3), date(2026, 8, 4))
    # verification checks; the last is not finished
    year.visit("o1", "cast", noon(6, 15), kind=MS)
    year.visit("o2", "cloth", noon(6, 20), met=STOPPED, kind=MS)
    year.visit("o3", "ended", noon(6, 22), kind=MS)
    year.visit("o4", "pack", None, kind=MS, status=InspectionStatus.IN_PROGRESS, started_at=noon(7, 28))
    body = SubjectKind.CERTIFICATION_BODY
    short = items_of("ms-annex2", "too_short", MS)[0]
    problem(year, "w1", items_of("ms-annex2", "too_short", WITNESS)[0], body)
    # an auditor who was not on the plan; others who were not qualified, in a witness and a verification check
    problem(year, "w1", items_of("ms-annex2", "off_plan", WITNESS)[-1], body)
    problem(year, "w2", items_of("ms-annex2", "unqualified", WITNESS)[0], body)
    problem(year, "o2", items_of("ms-annex2", "unqualified", MS)[0], body)
    # two of one kind in one audit; one of a repeated section
    steps = items_of("ms-annex2", "procedure", WITNESS)
    problem(year, "w2", steps[0], body)
    problem(year, "w2", f"{steps[0]}@file2", body)
    problem(year, "w4", steps[0], body, confirmed=False)
    problem(year, "o1", short, body)
    problem(year, "o1", items_of("ms-annex2", "no_sign_in", MS)[0], body)
    problem(year, "o2", "3.1", SubjectKind.ORGANIZATION)
    problem(year, "o3", short, body)
    year.case("w1", "7", kind=body, name=BODY, filed_on=date(2026, 5, 1), decided_on=date(2026, 7, 20),
              fine=5_000_000, status=CaseStatus.DECIDED)  # fmt: skip
    year.case("o3", "11", filed_on=date(2026, 7, 1))
    year.order("w1", date(2026, 4, 11), passed_on=date(2026, 5, 11), body=BODY)
    year.order("o2", date(2026, 6, 20), passed_on=date(2026, 8, 5))  # late
    year.notice("o2", date(2026, 6, 25), NotificationKind.CERTIFICATION_BODY)
    year.notice("w1", date(2026, 4, 12), NotificationKind.PROVINCE)


def _bodies_and_laboratories(year: Year) -> None:
    year.organization("seller", "江西某某认证咨询有限公司", "91360900BODY000041")
    year.visit("c1", "seller", noon(3, 20), kind=InspectionType.MS_CB)
    year.case("c1", "5", filed_on=date(2026, 3, 25), decided_on=date(2026, 4, 25), fine=10_000_000,
              confiscated=3_000_000, status=CaseStatus.DECIDED)  # fmt: skip
    year.organization("tests", "宜春市测试中心", "91360900LABO000042")
    year.visit("c2", "tests", noon(5, 25), kind=InspectionType.CMA_LAB)
    year.case("c2", "19", filed_on=date(2026, 6, 1), decided_on=date(2026, 6, 30), fine=8_000_000,
              referral=ReferralKind.OTHER_AUTHORITY, referred_on=date(2026, 6, 30),
              status=CaseStatus.DECIDED)  # fmt: skip
    year.organization("brand", "上海某某食品有限公司", "91310000BRAN000043")
    year.visit("b1", "brand", noon(7, 31), kind=InspectionType.SH_BRAND)
    # decided a day too late
    year.case("c2", "17", filed_on=date(2026, 7, 15), decided_on=date(2026, 8, 1), fine=1_000_000,
              status=CaseStatus.DECIDED)  # fmt: skip


ASKED = (
    "certified_ms", "certified_ccc", "checked", "with_problems", "rectified", "suspended", "withdrawn",
    "helped", "remarks",
)  # fmt: skip


def _self_inspections(year: Year) -> None:
    year.organization("body1", BODY, "91110000BODY000051")
    year.organization("body2", OTHER_BODY, "91110000BODY000052")
    year.organization("body3", "方圆认证有限公司", "91110000BODY000053")

    def told(visit: str, texts: tuple[str, ...]) -> None:
        for column, text in zip(ASKED, texts, strict=True):
            item = items_of("zhejiang-annex1", column)[0]
            if column == "checked":  # as the one value of its item
                year.rows.append(Answer(inspection_id=visit, item=item, value=text))
            elif text:
                value(year, visit, item, text)

    # the later of two; one with gaps and a word instead of a number; one that is not finished
    year.visit("z1", "body1", noon(5, 30), kind=SELF, officers=())
    told("z1", ("300", "40", "100", "9", "1", "0", "0", "3", ""))
    year.visit("z2", "body1", noon(7, 15), kind=SELF, officers=())
    told("z2", ("310", "40", "350", "20", "18", "2", "1", "12", "另有两家正在整改"))
    year.visit("z3", "body2", noon(7, 1), kind=SELF, officers=())
    told("z3", ("55", "", "55", "4", "4", "0", "不详", "", ""))
    year.visit("z4", "body3", None, kind=SELF, officers=(), started_at=noon(7, 30),
               status=InspectionStatus.IN_PROGRESS)  # fmt: skip


def _plans(year: Year) -> None:
    year.rows += [
        Plan(id="plan26", title="2026年认证监管工作计划", document="宜市监〔2026〕9号", year=2026,
             starts_on=date(2026, 4, 1)),
        Plan(id="plan25", title="2025年认证监管工作计划", year=2025),
        PlanTask(plan_id="plan26", key="t1", sequence=1, title="强制性产品认证获证组织抽查",
                 inspection_type=InspectionType.CCC_PRODUCER, scope="全市CCC获证组织", required_count=100,
                 own_deadline=date(2026, 8, 19), superior_deadline=date(2026, 8, 31)),
        PlanTask(plan_id="plan26", key="t2", sequence=2, title="管理体系认证见证检查",
                 inspection_type=WITNESS, scope="本年度认证活动", required_permille=50,
                 superior_deadline=date(2026, 10, 31)),
        PlanTask(plan_id="plan26", key="t3", sequence=3, title="有机产品全覆盖检查",
                 inspection_type=InspectionType.ORGANIC_ORG),
        PlanTask(plan_id="plan25", key="t1", sequence=1, title="去年的任务",
                 inspection_type=InspectionType.CCC_PRODUCER),
    ]  # fmt: skip
    for number, office in enumerate(("袁州区市场监督管理局", "丰城市市场监督管理局", "靖安县市场监督管理局")):
        year.rows += [
            Device(id=f"device{number}", name="笔记本", credential=PENG, role=Role.INSPECTOR, office=office,
                   recipient="", verify_key="0" * 64, fingerprint=f"fp{number}", enrolled_at=noon(1, 5)),
            Assignment(id=f"given{number}", plan_id="plan26", task_key="t1", organization_id="toys",
                       inspection_type=InspectionType.CCC_PRODUCER, device_id=f"device{number}",
                       assigned_at=noon(4, 2), cancelled_at=noon(4, 3) if number == 2 else None),
        ]  # fmt: skip


__all__ = ["FIRST", "LAST", "whole_year"]
