"""The coded words of the field, named by their standard English terms (ISO/IEC 17000 usage).

Values are what the store, packages and JSON hold; the Chinese labels live in
``resources/wording/labels.toml`` under the vocabulary's name given in each docstring.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Who works on a device (``role``)."""

    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"


class Scheme(StrEnum):
    """Certification scheme of a certificate (``scheme``)."""

    CCC = "ccc"
    ORGANIC = "organic"
    SELENIUM = "selenium"
    MANAGEMENT_SYSTEM = "management_system"
    OTHER = "other"


class CertificateStatus(StrEnum):
    """The registry's word about a certificate (``certificate_status``), codes 01 to 05.

    Withdrawn (撤销) and cancelled (注销) are different things and are never merged.
    """

    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class InspectionType(StrEnum):
    """What kind of inspection is done (``inspection_type``); domain.md §2.

    ``CB_SELF`` is what a certification body fills in about itself.
    """

    CCC_PRODUCER = "CCC_PRODUCER"
    CCC_LAB = "CCC_LAB"
    CCC_EXEMPTION = "CCC_EXEMPTION"
    CCC_CIRCULATION = "CCC_CIRCULATION"
    MS_ORG = "MS_ORG"
    MS_WITNESS = "MS_WITNESS"
    MS_CB = "MS_CB"
    ORGANIC_ORG = "ORGANIC_ORG"
    ORGANIC_SALES = "ORGANIC_SALES"
    SELENIUM_ORG = "SELENIUM_ORG"
    SH_BRAND = "SH_BRAND"
    CMA_LAB = "CMA_LAB"
    CB_SELF = "CB_SELF"


class ProductClass(StrEnum):
    """Rows of 附件1 (``product_class``); one main class for each inspection."""

    CHILDREN = "children"
    FIRE = "fire"
    ELECTRICAL = "electrical"
    CABLE = "cable"
    FARM_MACHINERY = "farm_machinery"
    ELECTRIC_BICYCLE = "electric_bicycle"
    VEHICLE = "vehicle"
    GAS_APPLIANCE = "gas_appliance"
    OTHER = "other"


class Verdict(StrEnum):
    """Answer to a checklist item (``verdict``): 符合 / 不符合 / 不适用 / 未查."""

    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


class Conclusion(StrEnum):
    """What a whole checklist comes to (``conclusion``): 符合 / 基本符合 / 不符合."""

    CONFORMING = "conforming"
    BASICALLY_CONFORMING = "basically_conforming"
    NONCONFORMING = "nonconforming"


class RepeatSubject(StrEnum):
    """What a section of a checklist is gone through for, one at a time (``repeat_subject``)."""

    CERTIFICATE = "certificate"
    PRODUCT = "product"
    AUDITOR = "auditor"
    FILE = "file"
    SITE = "site"
    LINK = "link"
    SAMPLE = "sample"


class Severity(StrEnum):
    """Weight of a finding (``severity``)."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Disposition(StrEnum):
    """What is done about a finding (``disposition``)."""

    ON_SITE_GUIDANCE = "on_site_guidance"
    ADMONITION = "admonition"
    RECTIFY_AT_ONCE = "rectify_at_once"
    RECTIFY_BY_DATE = "rectify_by_date"
    SAMPLING = "sampling"
    CASE_LEAD = "case_lead"
    NOTIFY_BODY = "notify_body"
    REPORT_PROVINCE = "report_province"
    REFER_SUPERIOR = "refer_superior"


class ProductionStatus(StrEnum):
    """What was met on the spot (``production_status``); the last three count neither as normal nor stopped."""

    NORMAL = "normal"
    STOPPED = "stopped"
    MOVED = "moved"
    CLOSED = "closed"
    NOT_FOUND = "not_found"


class TaskSource(StrEnum):
    """Why the visit is made (``task_source``)."""

    DOUBLE_RANDOM = "double_random"
    SPECIAL = "special"
    LEAD = "lead"
    SUPERIOR = "superior"
    COMPLAINT = "complaint"
    DAILY = "daily"


class InspectionStatus(StrEnum):
    """Life of an inspection (``inspection_status``)."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    FINALISED = "finalised"
    APPROVED = "approved"
    RETURNED = "returned"


class OrderStatus(StrEnum):
    """Life of a rectification order (``order_status``); overdue is computed, never stored."""

    DRAFTED = "drafted"
    ISSUED = "issued"
    DELIVERED = "delivered"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"
    EXTENDED = "extended"
    ESCALATED = "escalated"


class PaperStatus(StrEnum):
    """Life of a paper that is filled in for itself (``paper_status``); a voided one keeps its number."""

    DRAFTED = "drafted"
    ISSUED = "issued"
    VOIDED = "voided"


class CaseStatus(StrEnum):
    """Life of a lead and its case (``case_status``)."""

    NOTED = "noted"
    VERIFIED = "verified"
    NOT_FILED = "not_filed"
    FILED = "filed"
    DECIDED = "decided"
    CLOSED = "closed"


class SubjectKind(StrEnum):
    """Whom an order or a case is directed at (``subject_kind``)."""

    ORGANIZATION = "organization"
    CERTIFICATION_BODY = "certification_body"
    DESIGNATED_LABORATORY = "designated_laboratory"


class ReferralKind(StrEnum):
    """Where a case is referred to (``referral``)."""

    JUDICIAL = "judicial"
    OTHER_AUTHORITY = "other_authority"
    SUPERIOR = "superior"


class NotificationKind(StrEnum):
    """Whom a written notice about a finding goes to (``notification``)."""

    CERTIFICATION_BODY = "certification_body"
    PROVINCE = "province"


class DeliveryMethod(StrEnum):
    """How a document is served (``delivery_method``)."""

    DIRECT = "direct"
    LEFT_WITH_WITNESS = "left_with_witness"
    ELECTRONIC = "electronic"
    POST = "post"
    ENTRUSTED = "entrusted"
    PUBLIC_NOTICE = "public_notice"


class FollowUpResult(StrEnum):
    """What the re-inspection after an order found (``follow_up_result``)."""

    PASSED = "passed"
    FAILED = "failed"
    EXTENDED = "extended"


class SignatureState(StrEnum):
    """Whether a party signed (``signature_state``); refusal and absence need a reason."""

    SIGNED = "signed"
    REFUSED = "refused"
    ABSENT = "absent"


class Confidence(StrEnum):
    """How far a provision's text was verified (``confidence``); below VERIFIED it shows 待核对."""

    VERIFIED = "verified"
    EXCERPT = "excerpt"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


class ProvisionKind(StrEnum):
    """What a provision is (``provision_kind``). Only a DUTY can be broken.

    ``NOTICE`` is a notice to offices or a voluntary standard, ``STATEMENT`` what a certificate or a
    status is.
    """

    DUTY = "duty"
    POWER = "power"
    PROCEDURE = "procedure"
    NOTICE = "notice"
    PENALTY = "penalty"
    STATEMENT = "statement"


class Obliged(StrEnum):
    """Whom a provision binds (``obliged``); an enterprise makes, sells, imports or holds a certificate."""

    ENTERPRISE = "enterprise"
    PLATFORM = "platform"
    CERTIFICATION_BODY = "certification_body"
    LABORATORY = "laboratory"
    PERSON = "person"


SCHEME_OF: dict[InspectionType, Scheme] = {
    InspectionType.CCC_PRODUCER: Scheme.CCC,
    InspectionType.CCC_LAB: Scheme.OTHER,
    InspectionType.CCC_EXEMPTION: Scheme.OTHER,
    InspectionType.CCC_CIRCULATION: Scheme.CCC,
    InspectionType.MS_ORG: Scheme.MANAGEMENT_SYSTEM,
    InspectionType.MS_WITNESS: Scheme.MANAGEMENT_SYSTEM,
    InspectionType.MS_CB: Scheme.OTHER,
    InspectionType.ORGANIC_ORG: Scheme.ORGANIC,
    InspectionType.ORGANIC_SALES: Scheme.ORGANIC,
    InspectionType.SELENIUM_ORG: Scheme.SELENIUM,
    InspectionType.SH_BRAND: Scheme.OTHER,
    InspectionType.CMA_LAB: Scheme.OTHER,
    InspectionType.CB_SELF: Scheme.OTHER,
}
"""The scheme whose certificates an inspection of each type is about; ``OTHER`` where there is none."""
