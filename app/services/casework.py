"""What goes beyond an order: leads and cases, referrals, notices to bodies, reports to the province."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import select

from app.errors import BadInput, Place
from app.files import resource
from app.models.base import new_id
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.lifecycle import may_follow
from app.services.days import require_done
from app.services.disputes import require_settled
from app.services.enforcing import Drafted
from app.services.inspecting import settled_inspection
from app.services.numbering import require_free
from app.services.workplace import Changes, Workplace
from app.vocabulary import CaseStatus, NotificationKind, ReferralKind, SubjectKind
from app.wording import label


@cache
def case_causes() -> dict[str, str]:
    """The causes a case can have: code → name (the 19-row table of domain.md §3.9, without its total)."""
    content = tomllib.loads(resource("tables", "causes.toml").read_text("utf8"))
    return {row["code"]: row["name"] for row in content["causes"]}


@dataclass(frozen=True, slots=True)
class Lead:
    """What is known when a lead is noted. An empty subject means the inspected organization."""

    cause: str
    facts: str
    subject_kind: SubjectKind = SubjectKind.ORGANIZATION
    subject_name: str = ""
    subject_code: str = ""
    order_key: str | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A lead or case as listed; money in 分."""

    inspection_id: str
    key: str
    number: str
    status: CaseStatus
    cause: str
    subject_kind: SubjectKind
    subject_name: str
    subject_code: str
    order_key: str | None
    facts: str
    noted_on: date
    filed_on: date | None
    goods_value: int | None
    decided_on: date | None
    decision_number: str
    confiscated: int | None
    fine: int | None
    referral: ReferralKind | None
    referred_on: date | None
    referred_to: str


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notice to a body or a report to the province."""

    inspection_id: str
    key: str
    kind: NotificationKind
    body_name: str
    body_approval: str
    number: str
    content: str
    reason_code: str
    sent_on: date


def note_lead(place: Workplace, *, inspection_id: str, lead: Lead) -> Drafted:
    """Note a lead found during an inspection."""
    if lead.cause not in case_causes():
        raise BadInput("casework.unknown_cause", cause=lead.cause)
    if not lead.facts.strip():
        raise BadInput("casework.no_facts")
    with place.write("casework.lead") as work:
        inspection = settled_inspection(work.session, inspection_id)
        if lead.order_key and work.session.get(RectificationOrder, (inspection_id, lead.order_key)) is None:
            raise BadInput("enforcing.unknown_order", key=lead.order_key)
        own = lead.subject_kind is SubjectKind.ORGANIZATION and not lead.subject_name.strip()
        if not own and not lead.subject_name.strip():
            raise BadInput("casework.no_subject")
        key = new_id()
        work.session.add(
            Case(
                inspection_id=inspection_id,
                key=key,
                status=CaseStatus.NOTED,
                cause=lead.cause,
                subject_kind=lead.subject_kind,
                subject_name=inspection.subject_name if own else lead.subject_name.strip(),
                subject_code=inspection.subject_code if own else lead.subject_code.strip(),
                order_key=lead.order_key,
                facts=lead.facts.strip(),
                noted_on=place.today(),
            )
        )
        work.commit()
    return Drafted(key, Changes.of("inspection", inspection_id))


def verify_lead(place: Workplace, *, inspection_id: str, key: str, on: date) -> Changes:
    """Note that a lead was verified."""
    return _step(place, inspection_id, key, CaseStatus.VERIFIED, {"verified_on": on})


def file_case(
    place: Workplace, *, inspection_id: str, key: str, number: str, on: date, goods_value: int | None = None
) -> Changes:
    """File a verified lead as a case; ``goods_value`` in 分."""
    if not number.strip():
        raise BadInput("casework.no_number")
    _require_money(goods_value)
    values = {"number": number.strip(), "filed_on": on, "goods_value": goods_value}
    return _step(place, inspection_id, key, CaseStatus.FILED, values)


def do_not_file(place: Workplace, *, inspection_id: str, key: str, reason: str) -> Changes:
    """Decide, with a reason, that a verified lead is not filed."""
    if not reason.strip():
        raise BadInput("casework.no_reason")
    return _step(place, inspection_id, key, CaseStatus.NOT_FILED, {"not_filed_reason": reason.strip()})


def decide_case(
    place: Workplace,
    *,
    inspection_id: str,
    key: str,
    on: date,
    confiscated: int,
    fine: int,
    number: str = "",
) -> Changes:
    """Enter the decision: its number where it is known, what was confiscated and fined, in 分."""
    _require_money(confiscated, fine)
    values = {"decided_on": on, "decision_number": number.strip(), "confiscated": confiscated, "fine": fine}
    return _step(place, inspection_id, key, CaseStatus.DECIDED, values)


def number_decision(place: Workplace, *, inspection_id: str, key: str, number: str) -> Changes:
    """Enter the number of a decision that was entered without, or another where it was wrong."""
    if not number.strip():
        raise BadInput("casework.no_decision_number")

    def enter(case: Case) -> None:
        if case.decided_on is None:
            raise BadInput("casework.not_decided")
        case.decision_number = number.strip()

    return _change(place, "casework.number", inspection_id, key, enter)


def close_case(place: Workplace, *, inspection_id: str, key: str, on: date) -> Changes:
    """Close a decided case."""
    return _step(place, inspection_id, key, CaseStatus.CLOSED, {"closed_on": on})


def refer_case(
    place: Workplace, *, inspection_id: str, key: str, kind: ReferralKind, to: str, on: date
) -> Changes:
    """Refer a case to a judicial organ or another authority; an event of its own, not a status."""
    if not to.strip():
        raise BadInput("casework.no_receiver")
    require_done(place, day=on)

    def refer(case: Case) -> None:
        if case.referred_on is not None:
            raise BadInput("casework.already_referred", to=case.referred_to)
        case.referral, case.referred_to, case.referred_on = kind, to.strip(), on

    return _change(place, "casework.refer", inspection_id, key, refer)


def _require_after(earlier: date | None, later: date | None) -> None:
    if earlier is not None and later is not None and later < earlier:
        where = Place(column="on")
        raise BadInput("casework.too_early", where, on=later.isoformat(), earlier=earlier.isoformat())


def _require_money(*amounts: int | None) -> None:
    if any(amount is not None and amount < 0 for amount in amounts):
        raise BadInput("casework.negative_money")


_DAYS = ("verified_on", "filed_on", "decided_on", "closed_on")


def _step(
    place: Workplace, inspection_id: str, key: str, step: CaseStatus, values: dict[str, Any]
) -> Changes:
    for name in _DAYS:
        require_done(place, day=values.get(name))

    def advance(case: Case) -> None:
        if not may_follow(case.status, step):
            now, then = (label("case_status", each) for each in (case.status, step))
            raise BadInput("casework.wrong_step", now=now, then=then)
        _require_after(case.filed_on, values.get("decided_on"))
        _require_after(case.decided_on, values.get("closed_on"))
        case.status = step
        for name, value in values.items():
            setattr(case, name, value)

    return _change(place, f"casework.{step}", inspection_id, key, advance)


def _change(
    place: Workplace, action: str, inspection_id: str, key: str, change: Callable[[Case], None]
) -> Changes:
    with place.write(action) as work:
        case = work.session.get(Case, (inspection_id, key))
        if case is None:
            raise BadInput("casework.unknown_case", key=key)
        require_settled(work.session, "inspection", inspection_id)
        change(case)
        work.commit()
    return Changes.of("inspection", inspection_id)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice about a body; ``reason_code`` suggests a suspension or withdrawal reason (domain.md §5.1)."""

    body_name: str
    content: str
    on: date
    body_approval: str = ""
    number: str = ""
    reason_code: str = ""


def notify_body(place: Workplace, *, inspection_id: str, notice: Notice) -> Drafted:
    """Tell a certification body about an organization that it certified."""
    return _notify(place, inspection_id, NotificationKind.CERTIFICATION_BODY, notice)


def report_province(place: Workplace, *, inspection_id: str, notice: Notice) -> Drafted:
    """Report a certification body to the province."""
    return _notify(place, inspection_id, NotificationKind.PROVINCE, notice)


def _notify(place: Workplace, inspection_id: str, kind: NotificationKind, notice: Notice) -> Drafted:
    if not notice.body_name.strip() or not notice.content.strip():
        raise BadInput("casework.incomplete_notice")
    require_done(place, day=notice.on)
    key = new_id()
    with place.write(f"casework.notify_{kind}") as work:
        inspection = settled_inspection(work.session, inspection_id)
        if number := notice.number.strip():
            require_free(work.session, number, office=inspection.office)
        work.session.add(
            Notification(
                inspection_id=inspection_id,
                key=key,
                kind=kind,
                body_name=notice.body_name.strip(),
                body_approval=notice.body_approval.strip(),
                number=notice.number.strip(),
                content=notice.content.strip(),
                reason_code=notice.reason_code,
                sent_on=notice.on,
                sent_by=place.owner.name,
            )
        )
        work.commit()
    return Drafted(key, Changes.of("inspection", inspection_id))


def case_rows(place: Workplace, *, inspection_id: str | None = None) -> tuple[CaseRow, ...]:
    """Leads and cases (of one inspection), newest first."""
    wanted = select(Case).order_by(Case.noted_on.desc(), Case.key)
    if inspection_id is not None:
        wanted = wanted.where(Case.inspection_id == inspection_id)
    with place.read() as session:
        return tuple(
            CaseRow(**{name: getattr(row, name) for name in CaseRow.__slots__})
            for row in session.scalars(wanted)
        )


def notification_rows(place: Workplace, *, inspection_id: str | None = None) -> tuple[NotificationRow, ...]:
    """Notices and reports (of one inspection), newest first."""
    wanted = select(Notification).order_by(Notification.sent_on.desc(), Notification.key)
    if inspection_id is not None:
        wanted = wanted.where(Notification.inspection_id == inspection_id)
    with place.read() as session:
        return tuple(
            NotificationRow(**{name: getattr(row, name) for name in NotificationRow.__slots__})
            for row in session.scalars(wanted)
        )
