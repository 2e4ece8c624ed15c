"""A small year made by hand: 1 January to 31 July 2026 of an office, with every trap of the counting rules.

The reasons for the expected numbers stand in ``test_small_year.py``, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from app.clock import LOCAL
from app.models.base import Base
from app.models.enforcement import Case, FollowUp, Notification, RectificationOrder
from app.models.inspection import Finding, Inspection, InspectionOfficer
from app.models.registry import Certificate, Organization
from app.models.revisions import RecordState
from app.services.workplace import Workplace
from app.vocabulary import (
    CaseStatus,
    CertificateStatus,
    Disposition,
    FollowUpResult,
    InspectionStatus,
    InspectionType,
    NotificationKind,
    OrderStatus,
    ProductClass,
    ProductionStatus,
    ReferralKind,
    Scheme,
    Severity,
    SubjectKind,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 7, 31)
PENG, YI, LI = "赣C36090001", "赣C36090002", "赣C36090003"
BODY = "中衡认证中心有限公司"
LABORATORY = "赣江电线电缆检测站"

VALID, SUSPENDED = CertificateStatus.VALID, CertificateStatus.SUSPENDED
WITHDRAWN, EXPIRED = CertificateStatus.WITHDRAWN, CertificateStatus.EXPIRED
CCC, ORGANIC = InspectionType.CCC_PRODUCER, InspectionType.ORGANIC_ORG


def noon(month: int, day: int, year: int = 2026) -> datetime:
    """Noon where the work is done."""
    return datetime(year, month, day, 12, tzinfo=LOCAL)


@dataclass
class Year:
    """Rows to be written, gathered by short calls."""

    rows: list[Base] = field(default_factory=list)
    _numbers: count = field(default_factory=lambda: count(1))

    def _next(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):03d}"

    def organization(self, key: str, name: str, code: str = "", dossier_on: date | None = None) -> str:
        self.rows.append(Organization(id=key, name=name, credit_code=code, dossier_on=dossier_on))
        return key

    def certificate(
        self,
        holder: str,
        product_class: ProductClass | None,
        status: CertificateStatus = VALID,
        *,
        scheme: Scheme = Scheme.CCC,
        **days: date,
    ) -> None:
        days = {"issued_on": date(2024, 1, 1), "expires_on": date(2029, 1, 1), **days}
        self.rows.append(
            Certificate(
                organization_id=holder, number=self._next("C"), scheme=scheme, product_class=product_class,
                status=status, as_of=date(2026, 8, 10), **days,
            )
        )  # fmt: skip

    def visit(
        self,
        key: str,
        organization: str,
        at: datetime | None,
        product_class: ProductClass | None = None,
        met: ProductionStatus | None = ProductionStatus.NORMAL,
        *,
        officers: tuple[str, ...] = (PENG, YI),
        expert: bool = False,
        kind: InspectionType = CCC,
        status: InspectionStatus = InspectionStatus.FINALISED,
        started_at: datetime | None = None,
        in_conflict: bool = False,
    ) -> str:
        subject = next(row for row in self.rows if isinstance(row, Organization) and row.id == organization)
        self.rows.append(
            Inspection(
                id=key, organization_id=organization, inspection_type=kind, checklist_id="c",
                checklist_version="1", status=status, subject_name=subject.name,
                subject_code=subject.credit_code, product_class=product_class, production_status=met,
                started_at=started_at or at, finalised_at=at, number=f"检{key}",
            )
        )  # fmt: skip
        for credential in officers:
            self.rows.append(InspectionOfficer(inspection_id=key, credential=credential, name=credential))
        if expert:
            self.rows.append(
                InspectionOfficer(inspection_id=key, credential="专家001", name="周工", officer=False)
            )
        self.rows.append(
            RecordState(record_kind="inspection", record_id=key, heads="[]", in_conflict=in_conflict)
        )
        return key

    def finding(
        self, visit: str, *, confirmed: bool = True, against: SubjectKind = SubjectKind.ORGANIZATION
    ) -> None:
        self.rows.append(
            Finding(
                inspection_id=visit, key=self._next("f"), description="关键件与证书不一致",
                severity=Severity.MAJOR, disposition=Disposition.RECTIFY_BY_DATE, confirmed=confirmed,
                against=against, noted_at=noon(3, 1),
            )
        )  # fmt: skip

    def order(
        self,
        visit: str,
        issued_on: date | None,
        passed_on: date | None = None,
        body: str = "",
        status: OrderStatus = OrderStatus.ISSUED,
    ) -> None:
        inspection = self._visit(visit)
        key = self._next("o")
        self.rows.append(
            RectificationOrder(
                inspection_id=visit, key=key, number=f"责改〔2026〕{issued_on:%m%d}号" if issued_on else "", status=status,
                subject_kind=SubjectKind.CERTIFICATION_BODY if body else SubjectKind.ORGANIZATION,
                subject_name=body or inspection.subject_name,
                subject_code="" if body else inspection.subject_code,
                at_once=False, drafted_on=FIRST, issued_on=issued_on, closed_on=passed_on,
            )
        )  # fmt: skip
        if passed_on:
            self.rows.append(
                FollowUp(
                    inspection_id=visit, key=self._next("u"), order_key=key, done_on=passed_on,
                    result=FollowUpResult.PASSED,
                )
            )  # fmt: skip

    def case(
        self,
        visit: str,
        cause: str = "2",
        *,
        status: CaseStatus = CaseStatus.FILED,
        kind: SubjectKind = SubjectKind.ORGANIZATION,
        name: str = "",
        **values: object,
    ) -> None:
        inspection = self._visit(visit)
        self.rows.append(
            Case(
                inspection_id=visit, key=self._next("k"), number="", status=status, cause=cause,
                subject_kind=kind, subject_name=name or inspection.subject_name,
                subject_code="" if name else inspection.subject_code, noted_on=FIRST, **values,
            )
        )  # fmt: skip

    def notice(
        self, visit: str, sent_on: date, kind: NotificationKind, body: str = BODY, approval: str = ""
    ) -> None:
        self.rows.append(
            Notification(
                inspection_id=visit, key=self._next("n"), kind=kind, body_name=body, body_approval=approval,
                sent_on=sent_on,
            )
        )  # fmt: skip

    def _visit(self, key: str) -> Inspection:
        return next(row for row in self.rows if isinstance(row, Inspection) and row.id == key)

    def write(self, place: Workplace) -> None:
        with place.write("test.year") as work:
            work.session.add_all(self.rows)
            work.commit()


def small_year() -> Year:
    """The rows of the year."""
    year = Year()
    _registry(year)
    _visits(year)
    _consequences(year)
    _organic(year)
    return year


def _registry(year: Year) -> None:
    year.organization("toys", "宜春童乐玩具厂", "91360900TOYS000001", date(2026, 3, 1))
    year.certificate("toys", ProductClass.CHILDREN)
    year.certificate("toys", ProductClass.CHILDREN)
    # certified in two classes
    year.organization("wire", "袁州恒𬭎电缆有限公司", "91360900WIRE000002")
    year.certificate("wire", ProductClass.CABLE)
    year.certificate("wire", ProductClass.ELECTRICAL)
    # suspended counts; a dossier made after the period's end does not
    year.organization("parts", "明月山汽配有限公司", "91360900PART000003", date(2026, 8, 1))
    year.certificate("parts", ProductClass.VEHICLE, SUSPENDED)
    # withdrawn before and after the end
    year.organization("gone", "樟树车灯厂", "91360900GONE000004", date(2025, 1, 1))
    year.certificate("gone", ProductClass.VEHICLE, WITHDRAWN, ended_on=date(2026, 5, 1))
    year.organization("stove", "丰城灶具有限公司", "91360900STOV000005", date(2025, 1, 1))
    year.certificate("stove", ProductClass.GAS_APPLIANCE, WITHDRAWN, ended_on=date(2026, 8, 10))
    # expired on the last day; issued a day too late; status unknown
    year.organization("alarm", "高安消防器材厂", "91360900ALAR000006", LAST)
    year.certificate("alarm", ProductClass.FIRE, EXPIRED, expires_on=LAST)
    year.certificate("alarm", ProductClass.CABLE, issued_on=date(2026, 8, 1))
    year.organization("riddle", "靖安门业有限公司", "91360900RIDD000007")
    year.certificate("riddle", ProductClass.FIRE, CertificateStatus.UNKNOWN)
    year.organization("maker", "袁州无名插座作坊")
    year.organization("bike", "铜鼓电动车有限公司", "91360900BIKE000008", date(2025, 1, 1))
    year.certificate("bike", ProductClass.ELECTRIC_BICYCLE)
    # one enterprise under two records
    year.organization("twin1", "宜丰线缆有限公司", "91360900TWIN000009", date(2025, 1, 1))
    year.organization("twin2", "江西宜丰线缆有限公司", "91360900TWIN000009")
    year.certificate("twin1", ProductClass.CABLE)
    year.certificate("twin2", ProductClass.CABLE)
    # no class in the registry: inspected as farm machinery; never inspected
    year.organization("plough", "上高农机厂")
    year.certificate("plough", None)
    year.organization("quiet", "万载器材厂")
    year.certificate("quiet", None)


def _visits(year: Year) -> None:
    # 2025-12-31 16:00 UTC is midnight of 1 January where the work is done
    year.visit("v01", "toys", datetime(2025, 12, 31, 16, tzinfo=UTC), ProductClass.CHILDREN)
    year.visit("v02", "toys", noon(6, 10), ProductClass.CHILDREN, ProductionStatus.STOPPED,
               officers=(PENG, YI, LI), expert=True)  # fmt: skip
    year.visit("v03", "wire", noon(3, 3), ProductClass.CABLE)
    year.visit("v04", "parts", noon(4, 2), ProductClass.VEHICLE, ProductionStatus.STOPPED)
    year.visit("v05", "gone", noon(3, 9), ProductClass.VEHICLE)
    year.visit("v06", "maker", noon(4, 20), ProductClass.ELECTRICAL)
    year.visit("v07", "bike", noon(5, 5), ProductClass.ELECTRIC_BICYCLE, ProductionStatus.MOVED)
    year.visit("v08", "twin1", noon(5, 6), ProductClass.CABLE, ProductionStatus.STOPPED)
    year.visit("v09", "twin2", noon(5, 7), ProductClass.CABLE, status=InspectionStatus.APPROVED)
    year.visit("v10", "plough", noon(6, 1), ProductClass.FARM_MACHINERY)
    year.visit("v11", "alarm", datetime(2026, 7, 31, 15, 59, 59, tzinfo=UTC), ProductClass.FIRE)
    # outside by a second, on either side
    year.visit("x1", "toys", datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), ProductClass.CHILDREN)
    year.visit("x2", "toys", datetime(2026, 7, 31, 16, tzinfo=UTC), ProductClass.CHILDREN,
               started_at=noon(8, 1))  # fmt: skip
    # left out
    year.visit("l1", "alarm", noon(6, 20), ProductClass.FIRE, in_conflict=True)
    year.visit("l2", "stove", None, ProductClass.GAS_APPLIANCE, started_at=noon(7, 30),
               status=InspectionStatus.IN_PROGRESS)  # fmt: skip
    year.visit("l3", "bike", noon(7, 1), ProductClass.ELECTRIC_BICYCLE, status=InspectionStatus.RETURNED)


def _consequences(year: Year) -> None:
    for visit in ("v01", "v03", "v06", "v11", "l1"):
        year.finding(visit)
    year.finding("v04", confirmed=False)
    year.finding("v07", against=SubjectKind.CERTIFICATION_BODY)
    # one order closed in time, one late
    year.order("v03", date(2026, 3, 5), passed_on=date(2026, 3, 20))
    year.order("v03", date(2026, 4, 1), passed_on=date(2026, 8, 5))
    year.order("v04", date(2026, 4, 3), passed_on=date(2026, 4, 30))
    year.order("v04", None, status=OrderStatus.DRAFTED)
    year.order("v06", date(2026, 4, 20))
    year.order("v10", date(2026, 6, 2), body=BODY)
    year.order("v11", date(2026, 6, 3), body=BODY)
    # an order of an earlier inspection; one of an inspection in conflict
    year.order("x1", date(2026, 1, 4), passed_on=date(2026, 1, 9))
    year.order("l1", date(2026, 6, 21))
    year.case("v06", "3", filed_on=date(2026, 5, 1), decided_on=date(2026, 6, 1), fine=1_234_540,
              goods_value=300_000, status=CaseStatus.DECIDED)  # fmt: skip
    year.case("v11", "2", filed_on=date(2026, 6, 30), decided_on=LAST, fine=1_000_000, confiscated=234_540,
              goods_value=5_000_000, referral=ReferralKind.JUDICIAL, referred_on=date(2026, 7, 15),
              status=CaseStatus.DECIDED)  # fmt: skip
    year.case("v11", "19", filed_on=date(2026, 7, 1), kind=SubjectKind.DESIGNATED_LABORATORY, name=LABORATORY)
    # no cases: not filed; referred as a lead; filed a day late
    year.case("v04", status=CaseStatus.NOT_FILED)
    year.case("v04", status=CaseStatus.VERIFIED, referral=ReferralKind.JUDICIAL, referred_on=date(2026, 5, 1))
    year.case("v03", filed_on=date(2026, 8, 1))
    # filed last year, decided this year
    year.case("x1", filed_on=date(2025, 12, 20), decided_on=date(2026, 2, 2), fine=2_000_000,
              status=CaseStatus.CLOSED)  # fmt: skip
    year.notice("v03", date(2026, 3, 6), NotificationKind.CERTIFICATION_BODY)
    year.notice("v03", date(2026, 4, 6), NotificationKind.CERTIFICATION_BODY, "华信认证有限公司")
    year.notice("v08", date(2026, 5, 8), NotificationKind.CERTIFICATION_BODY)
    year.notice("v09", date(2026, 5, 9), NotificationKind.CERTIFICATION_BODY)
    year.notice("v10", date(2026, 8, 1), NotificationKind.CERTIFICATION_BODY)


def _organic(year: Year) -> None:
    year.organization("tea", "靖安有机茶场", "91360900TEA0000010")
    year.certificate("tea", None, scheme=Scheme.ORGANIC)
    year.organization("rice", "奉新有机大米合作社", "91360900RICE000011")
    year.certificate("rice", None, scheme=Scheme.ORGANIC)
    year.visit("g1", "tea", noon(5, 20), kind=ORGANIC)
    year.visit("g2", "tea", noon(6, 20), kind=ORGANIC, officers=(PENG, YI, LI))
    year.visit("g3", "rice", noon(6, 21), kind=ORGANIC, met=ProductionStatus.NOT_FOUND)
    year.finding("g2")
    year.order("g2", date(2026, 6, 20), passed_on=date(2026, 7, 1))
    year.case("g2", "11", filed_on=date(2026, 7, 2))
    # one body under its name, under its number, and a second one
    year.notice("g2", date(2026, 6, 22), NotificationKind.PROVINCE, BODY, "CNCA-R-2010-001")
    year.notice("g3", date(2026, 6, 23), NotificationKind.PROVINCE, BODY)
    year.notice("g3", date(2026, 6, 23), NotificationKind.PROVINCE, "华信认证有限公司")
